//! The control plane's face: every route in one table, actions apart from spelling.

pub mod actions;
pub mod apivideo;
pub mod app;
mod audit;
mod caller;
mod check;
mod cors;
mod error;
mod everywhere;
pub mod feed;
mod native;
pub mod rate;

use admit_domain::limits::JSON_BODY_BYTES_MAX;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, Response, StatusCode, header},
    middleware,
    routing::get,
};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

use crate::{
    apivideo::{auth, discarded, source, status, tags, thumbnail, upload_tokens, videos},
    app::App,
    error::ApiError,
    native::{sessions, settings},
};

/// The document's frame; the paths come from the table below.
#[derive(OpenApi)]
#[openapi(
    info(title = "admit", description = "A self-hosted server for private video."),
    modifiers(&Security),
    security(("basic" = []), ("bearer" = []))
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("basic", SecurityScheme::Http(Http::new(HttpAuthScheme::Basic)));
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// Every address of the API.
fn table() -> OpenApiRouter<App> {
    let whole_files = DefaultBodyLimit::disable();
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(auth::api_key))
        .routes(routes!(auth::refresh))
        .routes(routes!(videos::create, videos::list))
        .routes(routes!(videos::get, videos::patch, videos::delete))
        .routes(routes!(source::upload).layer(whole_files))
        .routes(routes!(source::upload_by_token).layer(whole_files))
        .routes(routes!(status::status))
        .routes(routes!(thumbnail::upload).layer(whole_files))
        .routes(routes!(thumbnail::pick))
        .routes(routes!(discarded::list))
        .routes(routes!(discarded::get, discarded::patch))
        .routes(routes!(tags::list))
        .routes(routes!(upload_tokens::create, upload_tokens::list))
        .routes(routes!(upload_tokens::get, upload_tokens::delete))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(settings::get, settings::patch))
}

/// The API, ready to serve.
pub fn router(app: App) -> Router {
    let (router, document) = parts();
    let document = document.to_json().unwrap_or_default();
    let ready = app.db.clone();
    router
        .route("/openapi.json", get(async move || ([(header::CONTENT_TYPE, "application/json")], document)))
        .route("/livez", get(async || StatusCode::NO_CONTENT))
        .route(
            "/readyz",
            get(async move || match ready.check().await {
                Ok(()) => StatusCode::NO_CONTENT,
                Err(_) => StatusCode::SERVICE_UNAVAILABLE,
            }),
        )
        .fallback(async || ApiError::unknown_route())
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(DefaultBodyLimit::max(JSON_BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(app.clone(), rate::metered))
        .layer(middleware::map_response(guarded))
        .layer(middleware::from_fn(cors::open))
        .with_state(app)
}

/// The OpenAPI document as it is served; also checked in, and compared by a test.
pub fn openapi() -> utoipa::openapi::OpenApi {
    parts().1
}

fn parts() -> (Router<App>, utoipa::openapi::OpenApi) {
    let (router, mut document) = table().split_for_parts();
    everywhere::complete(&mut document);
    (router, document)
}

/// What every answer of the API carries.
async fn guarded<B>(mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
