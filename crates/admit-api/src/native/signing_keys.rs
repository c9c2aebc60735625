//! `/signing-keys`: keys that customers' backends sign credentials with.

mod read;

use admit_db::{
    Paging,
    signing_keys::{self, Listed},
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use self::read::NewSigningKeyBody;
use crate::{
    actions::signing_keys::{create_signing_key, revoke_signing_key},
    apivideo::{
        list::pairs,
        page::{List, Page},
        wire::atom,
    },
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
    keyring,
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SigningKeyBody {
    /// The `kid` of its tokens.
    signing_key_id: String,
    name: String,
    /// Shown once, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    algorithm: String,
    dialect: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_url: Option<String>,
    /// What is to be said of the dialect before it is relied on.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<String>,
    /// Sessions begun by its tokens that can still watch.
    live_sessions: u64,
}

impl SigningKeyBody {
    fn of(app: &App, listed: Listed, secret: Option<String>) -> Self {
        let Listed { key, live_sessions } = listed;
        let read = keyring::read(&app.keys.seal, &key);
        Self {
            signing_key_id: key.id.to_string(),
            algorithm: read.as_ref().map(keyring::algorithm).unwrap_or_default(),
            warning: read.and_then(|read| read.dialect.warning()).map(str::to_owned),
            name: key.name,
            secret,
            dialect: key.dialect,
            jwks_url: key.jwks_url,
            created_at: atom(key.created_at),
            last_used_at: key.last_used_at.map(atom),
            revoked_at: key.revoked_at.map(atom),
            live_sessions,
        }
    }
}

/// Create a signing key. Several may be active, so that one can take another's place without a pause.
#[utoipa::path(post, path = "/signing-keys", tag = "Signing keys", request_body = NewSigningKeyBody, responses(
    (status = 201, body = SigningKeyBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem)))]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<SigningKeyBody>), ApiError> {
    let body: NewSigningKeyBody = check::json(&body)?;
    let wish = read::wish(&app, body)?;
    let (key, secret) = create_signing_key(&app, caller, wish).await?;
    Ok((StatusCode::CREATED, Json(SigningKeyBody::of(&app, Listed { key, live_sessions: 0 }, secret))))
}

/// List signing keys, revoked ones too, newest first.
#[utoipa::path(get, path = "/signing-keys", tag = "Signing keys", params(
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<SigningKeyBody>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem)))]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<SigningKeyBody>>, ApiError> {
    let page = Page::of(&pairs(query.as_deref()))?;
    let paging = Paging { page: page.number, size: page.size };
    let found = signing_keys::list(&app.db, &caller.project, paging, caller.now).await?;
    let bodies = found.items.into_iter().map(|key| SigningKeyBody::of(&app, key, None)).collect();
    Ok(Json(page.wrap("/signing-keys", bodies, found.total)))
}

/// Show a signing key, without its secret.
#[utoipa::path(get, path = "/signing-keys/{signingKeyId}", tag = "Signing keys",
    params(("signingKeyId" = String, Path)), responses(
    (status = 200, body = SigningKeyBody), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
pub(crate) async fn get(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<SigningKeyBody>, ApiError> {
    let id = id.parse().map_err(|_| unknown())?;
    let key = signing_keys::get(&app.db, &caller.project, &id, caller.now).await?.ok_or_else(unknown)?;
    Ok(Json(SigningKeyBody::of(&app, key, None)))
}

/// Revoke a signing key: what it signed is refused from now on, and the sessions that came of it end.
#[utoipa::path(delete, path = "/signing-keys/{signingKeyId}", tag = "Signing keys",
    params(("signingKeyId" = String, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn revoke(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    revoke_signing_key(&app, caller, id.parse().map_err(|_| unknown())?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn unknown() -> ApiError {
    ApiError::not_found("signingKeyId")
}
