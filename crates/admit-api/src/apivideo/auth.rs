//! `/auth/…`: an API key, or a refresh token, for a bearer token.

use admit_domain::time::Timestamp;
use axum::{Extension, Json, extract::State};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{
    actions::sign_in::{self, ACCESS_TOKEN_TTL, TokenPair},
    app::App,
    check::JsonObject,
    error::{ApiError, Problem},
};

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyBody {
    api_key: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefreshBody {
    refresh_token: String,
}

#[derive(Serialize, ToSchema)]
pub struct AccessTokenBody {
    token_type: &'static str,
    expires_in: u64,
    access_token: String,
    refresh_token: String,
}

/// Exchange an API key for an access token.
#[utoipa::path(post, path = "/auth/api-key", tag = "Authentication", security(()), request_body = ApiKeyBody, responses(
    (status = 200, body = AccessTokenBody), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn api_key(
    State(app): State<App>,
    Extension(now): Extension<Timestamp>,
    JsonObject(body): JsonObject,
) -> Result<Json<AccessTokenBody>, ApiError> {
    let ApiKeyBody { api_key } = json(&body, "apiKey")?;
    Ok(answer(sign_in::with_key(&app, &api_key, now).await?))
}

/// Exchange a refresh token for a new pair.
#[utoipa::path(post, path = "/auth/refresh", tag = "Authentication", security(()), request_body = RefreshBody, responses(
    (status = 200, body = AccessTokenBody), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn refresh(
    State(app): State<App>,
    Extension(now): Extension<Timestamp>,
    JsonObject(body): JsonObject,
) -> Result<Json<AccessTokenBody>, ApiError> {
    let RefreshBody { refresh_token } = json(&body, "refreshToken")?;
    Ok(answer(sign_in::with_refresh(&app, &refresh_token, now).await?))
}

/// The browser uploader sends JSON as plain text, so the content type is not looked at.
fn json<T: DeserializeOwned>(body: &[u8], name: &'static str) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => ApiError::attribute_required(name),
        _ => ApiError::invalid_payload("The body is not a JSON object."),
    })
}

fn answer(pair: TokenPair) -> Json<AccessTokenBody> {
    Json(AccessTokenBody {
        token_type: "Bearer",
        expires_in: ACCESS_TOKEN_TTL.as_secs(),
        access_token: pair.access,
        refresh_token: pair.refresh,
    })
}
