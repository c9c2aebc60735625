//! `/links`: share links. Each is an embed token with a page of its own, whose address is all that a viewer needs.

use admit_db::{
    Paging,
    embed_tokens::{self, Kind, Record},
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access_rules::{self, AccessRulesBody},
    embed_tokens::{NewEmbedTokenBody, wish},
};
use crate::{
    actions::embed_tokens as tokens,
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

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkBody {
    link_id: String,
    video_id: String,
    name: String,
    /// Shown once, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    rules: AccessRulesBody,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

impl LinkBody {
    fn of(app: &App, link: Record, code: Option<&str>) -> Result<Self, ApiError> {
        let rules = access_rules::from_text(&link.rules)?;
        Ok(Self {
            link_id: link.id.to_string(),
            video_id: link.video.to_string(),
            name: link.name,
            url: code.map(|code| format!("{}/w/{code}", app.bases.embed)),
            rules: AccessRulesBody::with_words(&rules),
            created_at: atom(link.created_at),
            expires_at: link.expires_at.map(atom),
        })
    }
}

/// Create a share link.
#[utoipa::path(post, path = "/links", tag = "Share links", request_body = NewEmbedTokenBody, responses(
    (status = 201, body = LinkBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<LinkBody>), ApiError> {
    let wish = wish(Kind::Link, &check::json(&body)?, caller.now)?;
    let (link, code) = tokens::create(&app, caller, wish).await?;
    Ok((StatusCode::CREATED, Json(LinkBody::of(&app, link, Some(&code))?)))
}

/// List share links, newest first.
#[utoipa::path(get, path = "/links", tag = "Share links", params(
    ("videoId" = Option<String>, Query), ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)),
    responses((status = 200, body = List<LinkBody>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<LinkBody>>, ApiError> {
    let pairs = pairs(query.as_deref());
    let (page, video) = (Page::of(&pairs)?, find(&pairs, "videoId").map(read_id).transpose()?);
    let paging = Paging { page: page.number, size: page.size };
    let found = embed_tokens::list(&app.db, Kind::Link, &caller.project, video.as_ref(), paging).await?;
    let bodies = found.items.into_iter().map(|link| LinkBody::of(&app, link, None));
    Ok(Json(page.wrap("/links", bodies.collect::<Result<_, _>>()?, found.total)))
}

/// Delete a share link: it is refused from now on, and the sessions that came of it end.
#[utoipa::path(delete, path = "/links/{linkId}", tag = "Share links", params(("linkId" = String, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn delete(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = id.parse().map_err(|_| ApiError::not_found("linkId"))?;
    tokens::delete(&app, caller, Kind::Link, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
