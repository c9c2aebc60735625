//! `/api-keys`: the keys that operators' own programs sign in with, and what each may do.

use admit_db::{api_keys, transaction};
use admit_domain::{
    id::ApiKeyId,
    limits::KEY_NAME_CHARS_MAX,
    scope::{Scope, Scopes},
    secret::Fingerprint,
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    apivideo::{
        list::pairs,
        page::{List, Page},
        wire::atom,
    },
    app::App,
    audit,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
    secrets,
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApiKeyBody {
    name: Option<String>,
    /// What it may do; everything, when nothing is said: `videos:read`, `videos:write`, `access:mint`, `keys:write`,
    /// `sessions:read`, `sessions:write`, `settings:write`, `webhooks:write`, `audit:read`.
    scopes: Option<Vec<String>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKeyBody {
    api_key_id: String,
    name: String,
    /// Empty for a key that may do everything.
    scopes: Vec<&'static str>,
    /// Shown once, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
}

impl ApiKeyBody {
    fn of(key: api_keys::ApiKey, secret: Option<String>) -> Self {
        Self {
            api_key_id: key.id.to_string(),
            name: key.name,
            scopes: Scopes::parse(&key.scopes).words(),
            key: secret,
            created_at: atom(key.created_at),
            last_used_at: key.last_used_at.map(atom),
        }
    }
}

/// Create an API key.
#[utoipa::path(post, path = "/api-keys", tag = "API keys", request_body = NewApiKeyBody, responses(
    (status = 201, body = ApiKeyBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem)))]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<ApiKeyBody>), ApiError> {
    let body: NewApiKeyBody = check::json(&body)?;
    let name = body.name.ok_or_else(|| ApiError::attribute_required("name"))?;
    if let Some(fault) = check::text("name", &name, KEY_NAME_CHARS_MAX) {
        return Err(fault);
    }
    let scopes = match &body.scopes {
        None => Scopes::EVERYTHING,
        Some(words) => read_scopes(words)?,
    };
    let (id, secret) = (ApiKeyId::from_random(app.chance()?), secrets::api_key(&app)?);
    let fingerprint = Fingerprint::of(&app.keys.pepper, &secret);
    let scopes = scopes.words().join(" ");
    transaction!(app.db, |tx| {
        api_keys::insert(tx, &caller.project, &id, (&name, &scopes), &fingerprint, caller.now).await?;
        audit::note(tx, &caller, "api-key.created", id).await
    })?;
    let (project, created_at) = (caller.project, caller.now);
    let key = api_keys::ApiKey { id, project, name, scopes, created_at, last_used_at: None };
    Ok((StatusCode::CREATED, Json(ApiKeyBody::of(key, Some(secret)))))
}

fn read_scopes(words: &[String]) -> Result<Scopes, ApiError> {
    let mut scopes = Scopes::NOTHING;
    for word in words {
        let scope = Scope::parse(word);
        scopes = scopes.with(scope.ok_or_else(|| ApiError::invalid_attribute("scopes", "There is no such scope."))?);
    }
    if words.is_empty() {
        return Err(ApiError::invalid_attribute("scopes", "This collection should contain 1 element or more."));
    }
    Ok(scopes)
}

/// List API keys, oldest first.
#[utoipa::path(get, path = "/api-keys", tag = "API keys", params(
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<ApiKeyBody>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem)))]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<ApiKeyBody>>, ApiError> {
    let page = Page::of(&pairs(query.as_deref()))?;
    let keys = api_keys::list(&app.db, &caller.project).await?;
    let total = keys.len() as u64;
    let shown = page.cut(keys.into_iter().map(|key| ApiKeyBody::of(key, None)));
    Ok(Json(page.wrap("/api-keys", shown, total)))
}

/// Revoke an API key, and the access tokens it was exchanged for.
#[utoipa::path(delete, path = "/api-keys/{apiKeyId}", tag = "API keys", params(("apiKeyId" = String, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn revoke(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let unknown = || ApiError::not_found("apiKeyId");
    let id = id.parse().map_err(|_| unknown())?;
    let found = transaction!(app.db, |tx| {
        let found = api_keys::revoke(tx, &caller.project, &id, caller.now).await?;
        if found {
            audit::note(tx, &caller, "api-key.revoked", id).await?;
        }
        Ok(found)
    })?;
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}
