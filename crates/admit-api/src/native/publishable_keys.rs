//! `/publishable-keys`: keys that pages show to the playback API. Each names a project and opens nothing by itself.

use admit_db::{
    Paging,
    publishable_keys::{self, Record},
    transaction,
};
use admit_domain::{id::PublishableKeyId, limits::KEY_NAME_CHARS_MAX};
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
pub(crate) struct NewPublishableKeyBody {
    name: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublishableKeyBody {
    publishable_key_id: String,
    name: String,
    key: String,
    created_at: String,
}

impl PublishableKeyBody {
    fn of(app: &App, key: Record) -> Self {
        Self {
            publishable_key_id: key.id.to_string(),
            key: secrets::publishable(app, key.id.as_str()),
            name: key.name,
            created_at: atom(key.created_at),
        }
    }
}

/// Create a publishable key.
#[utoipa::path(post, path = "/publishable-keys", tag = "Publishable keys", request_body = NewPublishableKeyBody,
    responses((status = 201, body = PublishableKeyBody), (status = 400, body = Problem),
    (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<PublishableKeyBody>), ApiError> {
    let body: NewPublishableKeyBody = check::json(&body)?;
    let name = body.name.ok_or_else(|| ApiError::attribute_required("name"))?;
    if let Some(fault) = check::text("name", &name, KEY_NAME_CHARS_MAX) {
        return Err(fault);
    }
    let id = PublishableKeyId::from_random(app.chance()?);
    let key = Record { id, project: caller.project, name, created_at: caller.now };
    transaction!(app.db, |tx| {
        publishable_keys::insert(tx, &key).await?;
        audit::note(tx, &caller, "publishable-key.created", id).await
    })?;
    Ok((StatusCode::CREATED, Json(PublishableKeyBody::of(&app, key))))
}

/// List publishable keys, newest first.
#[utoipa::path(get, path = "/publishable-keys", tag = "Publishable keys", params(
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<PublishableKeyBody>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem)))]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<PublishableKeyBody>>, ApiError> {
    let page = Page::of(&pairs(query.as_deref()))?;
    let paging = Paging { page: page.number, size: page.size };
    let found = publishable_keys::list(&app.db, &caller.project, paging).await?;
    let bodies = found.items.into_iter().map(|key| PublishableKeyBody::of(&app, key)).collect();
    Ok(Json(page.wrap("/publishable-keys", bodies, found.total)))
}

/// Revoke a publishable key: the playback API takes it no more. Sessions go on.
#[utoipa::path(delete, path = "/publishable-keys/{publishableKeyId}", tag = "Publishable keys",
    params(("publishableKeyId" = String, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn revoke(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let unknown = || ApiError::not_found("publishableKeyId");
    let id = id.parse().map_err(|_| unknown())?;
    let found = transaction!(app.db, |tx| {
        let found = publishable_keys::revoke(tx, &caller.project, &id, caller.now).await?;
        if found {
            audit::note(tx, &caller, "publishable-key.revoked", id).await?;
        }
        Ok(found)
    })?;
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}
