//! `/sessions`: who was let in, and the way to show them out.

use admit_db::{
    Paging,
    sessions::{self, Filter, Record},
};
use admit_domain::{claims::Viewer, session::Source};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    actions::end_session::end_session,
    apivideo::{
        list::{find, pairs},
        page::{List, Page},
        videos::read_id,
        wire::atom,
    },
    app::App,
    caller::Caller,
    error::{ApiError, Problem},
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionBody {
    pub(crate) session_id: String,
    pub(crate) video_id: String,
    /// Whom the signer of its token named.
    #[serde(skip_serializing_if = "Option::is_none")]
    viewer_id: Option<String>,
    /// The key that signed its token.
    #[serde(skip_serializing_if = "Option::is_none")]
    signing_key_id: Option<String>,
    /// The embed token or share link it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    embed_token_id: Option<String>,
    pub(crate) created_at: String,
    /// The absolute end, unless it is ended before.
    pub(crate) ends_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ended_at: Option<String>,
    /// The network the redeem came from: a /24 or a /56.
    pub(crate) network: String,
    pub(crate) agent: String,
}

impl From<Record> for SessionBody {
    fn from(session: Record) -> Self {
        Self {
            session_id: session.id.to_string(),
            video_id: session.video.to_string(),
            viewer_id: session.viewer.map(|viewer| viewer.as_str().to_owned()),
            signing_key_id: match session.source {
                Source::SigningKey(id) => Some(id.to_string()),
                Source::EmbedToken(_) | Source::PrivateToken => None,
            },
            embed_token_id: match session.source {
                Source::EmbedToken(id) => Some(id.to_string()),
                Source::SigningKey(_) | Source::PrivateToken => None,
            },
            created_at: atom(session.created_at),
            ends_at: atom(session.ends_at),
            ended_at: session.ended_at.map(atom),
            network: session.client.network,
            agent: session.client.agent,
        }
    }
}

/// List sessions, newest first.
#[utoipa::path(get, path = "/sessions", tag = "Sessions", params(
    ("videoId" = Option<String>, Query), ("viewerId" = Option<String>, Query),
    ("signingKeyId" = Option<String>, Query), ("embedTokenId" = Option<String>, Query), ("active" = Option<bool>, Query, description = "Only those that can still watch"),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<SessionBody>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 404, body = Problem)))]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<SessionBody>>, ApiError> {
    let pairs = pairs(query.as_deref());
    let page = Page::of(&pairs)?;
    let active_at = match find(&pairs, "active") {
        None | Some("false") => None,
        Some("true") => Some(caller.now),
        Some(_) => return Err(ApiError::invalid_query("active")),
    };
    let viewer = find(&pairs, "viewerId");
    let viewer =
        viewer.map(|text| Viewer::parse(text).ok_or_else(|| ApiError::invalid_query("viewerId"))).transpose()?;
    let source = ["signingKeyId", "embedTokenId"].into_iter().find_map(|name| Some((name, find(&pairs, name)?)));
    let source = source.map(|(name, text)| {
        let read = Source::parse(text).filter(|source| *source != Source::PrivateToken);
        read.ok_or_else(|| ApiError::invalid_query(name))
    });
    let video = find(&pairs, "videoId").map(read_id).transpose()?;
    let filter = Filter { video, viewer, source: source.transpose()?, active_at };
    let found =
        sessions::list(&app.db, &caller.project, &filter, Paging { page: page.number, size: page.size }).await?;
    Ok(Json(page.wrap("/sessions", found.items.into_iter().map(SessionBody::from).collect(), found.total)))
}

/// End a session: its next media request is refused.
#[utoipa::path(delete, path = "/sessions/{sessionId}", tag = "Sessions", params(("sessionId" = String, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn end(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = id.parse().map_err(|_| ApiError::not_found("sessionId"))?;
    end_session(&app, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
