//! The control plane's face: every route in one table, actions apart from spelling.

pub mod actions;
pub mod apivideo;
pub mod app;
mod audit;
mod caller;
mod check;
mod cors;
pub mod edges;
mod error;
mod everywhere;
pub mod feed;
mod keyring;
pub mod ledger;
mod native;
pub mod rate;
mod scopes;
pub mod secrets;

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
    apivideo::{
        auth, captions, chapters, discarded, live_streams, players, source, status, tags, thumbnail, upload_tokens,
        videos, watermarks, webhooks,
    },
    app::App,
    error::ApiError,
    native::{
        api_keys, deliveries, edges as edge_list, embed_tokens, encryption, events, explain, links, playback,
        publishable_keys, replay, revocations, rules, sessions, settings, signed_urls, signing_keys,
    },
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
        components.add_security_scheme("publishable", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
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
        .routes(routes!(webhooks::create, webhooks::list))
        .routes(routes!(webhooks::get, webhooks::delete))
        .routes(routes!(deliveries::list))
        .routes(routes!(captions::upload).layer(whole_files))
        .routes(routes!(captions::get, captions::patch, captions::delete))
        .routes(routes!(captions::list))
        .routes(routes!(chapters::upload).layer(whole_files))
        .routes(routes!(chapters::get, chapters::delete))
        .routes(routes!(chapters::list))
        .routes(routes!(players::create, players::list))
        .routes(routes!(players::get, players::patch, players::delete))
        .routes(routes!(players::upload_logo).layer(whole_files))
        .routes(routes!(players::delete_logo))
        .routes(routes!(live_streams::create, live_streams::list))
        .routes(routes!(live_streams::get, live_streams::patch, live_streams::delete))
        .routes(routes!(live_streams::upload_thumbnail).layer(whole_files))
        .routes(routes!(live_streams::delete_thumbnail))
        .routes(routes!(live_streams::complete))
        .routes(routes!(watermarks::create, watermarks::list).layer(whole_files))
        .routes(routes!(watermarks::delete))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(settings::get, settings::patch))
        .routes(routes!(signing_keys::create, signing_keys::list))
        .routes(routes!(signing_keys::get, signing_keys::revoke))
        .routes(routes!(publishable_keys::create, publishable_keys::list))
        .routes(routes!(publishable_keys::revoke))
        .routes(routes!(api_keys::create, api_keys::list))
        .routes(routes!(api_keys::revoke))
        .routes(routes!(embed_tokens::create, embed_tokens::list))
        .routes(routes!(embed_tokens::get, embed_tokens::patch, embed_tokens::delete))
        .routes(routes!(links::create, links::list))
        .routes(routes!(links::delete))
        .routes(routes!(signed_urls::create))
        .routes(routes!(revocations::create))
        .routes(routes!(edge_list::list))
        .routes(routes!(edge_list::remove))
        .routes(routes!(rules::get_project, rules::put_project))
        .routes(routes!(rules::get_video, rules::put_video))
        .routes(routes!(replay::of_project))
        .routes(routes!(replay::of_video))
        .routes(routes!(encryption::get, encryption::put))
        .routes(routes!(playback::get))
        .routes(routes!(explain::explain))
        .routes(routes!(explain::of_request))
        .routes(routes!(events::list))
}

/// The API, ready to serve.
pub fn router(app: App) -> Router {
    let (router, document) = parts();
    let document = document.to_json().unwrap_or_default();
    let ready = app.db.clone();
    router
        .merge(edges::router())
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
        .layer(middleware::from_fn_with_state(app.rates.clone(), rate::metered))
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
