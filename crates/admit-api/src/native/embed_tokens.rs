//! `/embed-tokens`: opaque tokens for one video each. What they demand is kept here; to delete one is to take it back.

use admit_db::{
    Paging,
    embed_tokens::{self, Kind, Record},
};
use admit_domain::{limits::KEY_NAME_CHARS_MAX, rules::Rules, time::Timestamp};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::access_rules::{self, AccessRulesBody};
use crate::{
    actions::embed_tokens::{self as tokens, NewToken},
    apivideo::{
        list::{find, pairs},
        page::{List, Page},
        videos::read_id,
        wire::atom,
    },
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewEmbedTokenBody {
    video_id: Option<String>,
    /// For the owner's eyes.
    name: Option<String>,
    #[schema(value_type = Option<AccessRulesBody>)]
    rules: Option<Value>,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// Absent members stay as they are; null takes them away.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ChangedEmbedTokenBody {
    name: Option<String>,
    #[expect(clippy::option_option, reason = "null takes away, and what is absent stays")]
    #[serde(default, deserialize_with = "check::said")]
    #[schema(value_type = Option<AccessRulesBody>)]
    rules: Option<Option<Value>>,
    #[expect(clippy::option_option, reason = "null takes away, and what is absent stays")]
    #[serde(default, deserialize_with = "check::said")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Option<String>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EmbedTokenBody {
    pub(super) embed_token_id: String,
    pub(super) video_id: String,
    pub(super) name: String,
    /// Shown once, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<String>,
    /// The embed page with the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    pub(super) rules: AccessRulesBody,
    pub(super) created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<String>,
}

impl EmbedTokenBody {
    fn of(app: &App, token: Record, text: Option<String>) -> Result<Self, ApiError> {
        let rules = access_rules::from_text(&token.rules)?;
        let url = text.as_ref().map(|text| format!("{}/embed/{}?token={text}", app.bases.embed, token.video));
        Ok(Self {
            embed_token_id: token.id.to_string(),
            video_id: token.video.to_string(),
            name: token.name,
            token: text,
            url,
            rules: AccessRulesBody::with_words(&rules),
            created_at: atom(token.created_at),
            expires_at: token.expires_at.map(atom),
        })
    }
}

/// What is said of a new token or link, judged.
pub(super) fn wish(kind: Kind, body: &NewEmbedTokenBody, now: Timestamp) -> Result<NewToken, ApiError> {
    let video = body.video_id.as_deref().ok_or_else(|| ApiError::attribute_required("videoId"))?;
    let name = body.name.clone().unwrap_or_default();
    if let Some(fault) = check::text("name", &name, KEY_NAME_CHARS_MAX) {
        return Err(fault);
    }
    Ok(NewToken {
        kind,
        video: read_id(video)?,
        name,
        rules: rules(body.rules.as_ref())?.unwrap_or_default(),
        expires_at: body.expires_at.as_deref().map(|text| check::future("expiresAt", text, now)).transpose()?,
    })
}

fn rules(said: Option<&Value>) -> Result<Option<Rules>, ApiError> {
    said.map(|said| access_rules::read(said.to_string().as_bytes())).transpose()
}

/// Create an embed token.
#[utoipa::path(post, path = "/embed-tokens", tag = "Embed tokens", request_body = NewEmbedTokenBody, responses(
    (status = 201, body = EmbedTokenBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<EmbedTokenBody>), ApiError> {
    let wish = wish(Kind::Embed, &check::json(&body)?, caller.now)?;
    let (token, text) = tokens::create(&app, caller, wish).await?;
    Ok((StatusCode::CREATED, Json(EmbedTokenBody::of(&app, token, Some(text))?)))
}

/// List embed tokens, newest first.
#[utoipa::path(get, path = "/embed-tokens", tag = "Embed tokens", params(
    ("videoId" = Option<String>, Query), ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)),
    responses((status = 200, body = List<EmbedTokenBody>), (status = 400, body = Problem),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<EmbedTokenBody>>, ApiError> {
    let pairs = pairs(query.as_deref());
    let (page, video) = (Page::of(&pairs)?, find(&pairs, "videoId").map(read_id).transpose()?);
    let paging = Paging { page: page.number, size: page.size };
    let found = embed_tokens::list(&app.db, Kind::Embed, &caller.project, video.as_ref(), paging).await?;
    let bodies = found.items.into_iter().map(|token| EmbedTokenBody::of(&app, token, None));
    Ok(Json(page.wrap("/embed-tokens", bodies.collect::<Result<_, _>>()?, found.total)))
}

/// Show an embed token, without the token.
#[utoipa::path(get, path = "/embed-tokens/{embedTokenId}", tag = "Embed tokens",
    params(("embedTokenId" = String, Path)), responses(
    (status = 200, body = EmbedTokenBody), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
pub(crate) async fn get(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<EmbedTokenBody>, ApiError> {
    let token = known(&app, caller, Kind::Embed, &id).await?;
    Ok(Json(EmbedTokenBody::of(&app, token, None)?))
}

/// Change what an embed token demands, from its next use on.
#[utoipa::path(patch, path = "/embed-tokens/{embedTokenId}", tag = "Embed tokens",
    params(("embedTokenId" = String, Path)), request_body = ChangedEmbedTokenBody, responses(
    (status = 200, body = EmbedTokenBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn patch(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Json<EmbedTokenBody>, ApiError> {
    let body: ChangedEmbedTokenBody = check::json(&body)?;
    let mut token = known(&app, caller, Kind::Embed, &id).await?;
    if let Some(name) = body.name {
        if let Some(fault) = check::text("name", &name, KEY_NAME_CHARS_MAX) {
            return Err(fault);
        }
        token.name = name;
    }
    if let Some(said) = body.rules {
        token.rules = access_rules::to_text(&rules(said.as_ref())?.unwrap_or_default())?;
    }
    if let Some(said) = body.expires_at {
        token.expires_at = said.map(|text| check::future("expiresAt", &text, caller.now)).transpose()?;
    }
    tokens::update(&app, caller, Kind::Embed, &token).await?;
    Ok(Json(EmbedTokenBody::of(&app, token, None)?))
}

/// Delete an embed token: it is refused from now on, and the sessions that came of it end.
#[utoipa::path(delete, path = "/embed-tokens/{embedTokenId}", tag = "Embed tokens",
    params(("embedTokenId" = String, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn delete(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = id.parse().map_err(|_| ApiError::not_found("embedTokenId"))?;
    tokens::delete(&app, caller, Kind::Embed, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn known(app: &App, caller: Caller, kind: Kind, id: &str) -> Result<Record, ApiError> {
    let unknown = || ApiError::not_found("embedTokenId");
    let id = id.parse().map_err(|_| unknown())?;
    embed_tokens::get(&app.db, kind, &caller.project, &id).await?.ok_or_else(unknown)
}
