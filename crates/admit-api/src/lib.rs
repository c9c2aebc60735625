//! The control plane's face: every route in one table, actions apart from spelling.

pub mod actions;
pub mod apivideo;
pub mod app;
mod audit;
mod caller;
mod check;
mod error;
pub mod feed;
mod native;

use admit_domain::limits::JSON_BODY_BYTES_MAX;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, Response, StatusCode, header},
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
    apivideo::{auth, source, status, thumbnail, videos, watermarks, webhooks},
    app::App,
    error::ApiError,
    native::{deliveries, sessions},
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
        .routes(routes!(status::status))
        .routes(routes!(thumbnail::upload).layer(whole_files))
        .routes(routes!(thumbnail::pick))
        .routes(routes!(watermarks::create, watermarks::list).layer(whole_files))
        .routes(routes!(watermarks::delete))
        .routes(routes!(webhooks::create, webhooks::list))
        .routes(routes!(webhooks::get, webhooks::delete))
        .routes(routes!(deliveries::list))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
}

/// The API, ready to serve.
pub fn router(app: App) -> Router {
    let (router, document) = table().split_for_parts();
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
        .layer(axum::middleware::map_response(guarded))
        .with_state(app)
}

/// The OpenAPI document as it is served; also checked in, and compared by a test.
pub fn openapi() -> utoipa::openapi::OpenApi {
    table().split_for_parts().1
}

/// What every answer of the API carries.
async fn guarded<B>(mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
