//! `/edges`: which edges there are, and how far each is with what it must know.

use admit_db::{
    edges::{self, Applied, Edge},
    transaction,
};
use admit_domain::{id::EdgeId, time::Timestamp};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use serde::Serialize;
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
    edges::acks::LOCAL,
    error::{ApiError, Problem},
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EdgeBody {
    /// `local` for the edge of the process that answers.
    edge_id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    joined_at: Option<String>,
    /// When it was last heard of.
    #[serde(skip_serializing_if = "Option::is_none")]
    heard_at: Option<String>,
    /// The last entry of the log that it judges by.
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
    /// How long ago it knew all that there was to know, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    stale_ms: Option<u64>,
    /// From 0 to 1: how much of what was asked of it needed no question to us.
    #[serde(skip_serializing_if = "Option::is_none")]
    hit_ratio: Option<f64>,
    /// It serves private videos, as far as is known here.
    live: bool,
}

impl EdgeBody {
    fn of_here(app: &App) -> Self {
        let (now, caught_up_at) = (app.feed.now(), app.feed.caught_up_at());
        Self {
            edge_id: LOCAL.to_owned(),
            name: LOCAL.to_owned(),
            joined_at: None,
            heard_at: Some(atom(now)),
            seq: Some(app.feed.seq().0),
            stale_ms: Some(millis(now, caught_up_at)),
            hit_ratio: None,
            live: now.since(caught_up_at) < app.feed.max_staleness(),
        }
    }

    fn of(app: &App, edge: Edge) -> Self {
        // What was heard here is newer than what is written down, unless it was heard elsewhere.
        let heard = [edge.heard, app.edges.last(&edge.id)].into_iter().flatten().max_by_key(|(_, at)| *at);
        let now = app.feed.now();
        let applied = heard.map(|(applied, _)| applied);
        let stale_ms = heard.map(|(applied, at)| applied.stale_ms.saturating_add(millis(now, at)));
        let max_staleness = app.feed.max_staleness().as_millis();
        Self {
            edge_id: edge.id.to_string(),
            name: edge.name,
            joined_at: Some(atom(edge.joined_at)),
            heard_at: heard.map(|(_, at)| atom(at)),
            seq: applied.map(|applied| applied.seq.0),
            stale_ms,
            hit_ratio: applied.and_then(hit_ratio),
            live: stale_ms.is_some_and(|stale_ms| u128::from(stale_ms) < max_staleness),
        }
    }
}

fn millis(now: Timestamp, then: Timestamp) -> u64 {
    now.since(then).as_millis().try_into().unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a ratio is shown to three digits")]
fn hit_ratio(Applied { hits, misses, .. }: Applied) -> Option<f64> {
    let all = hits.saturating_add(misses);
    (all > 0).then(|| (hits as f64 / all as f64 * 1_000.0).round() / 1_000.0)
}

/// List edges, in the order in which they joined.
#[utoipa::path(get, path = "/edges", tag = "Edges", params(
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<EdgeBody>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem)))]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<EdgeBody>>, ApiError> {
    let page = Page::of(&pairs(query.as_deref()))?;
    let joined = edges::list(&app.db, &caller.project).await?;
    let total = joined.len() as u64 + 1;
    let all = std::iter::once(EdgeBody::of_here(&app)).chain(joined.into_iter().map(|edge| EdgeBody::of(&app, edge)));
    Ok(Json(page.wrap("/edges", page.cut(all), total)))
}

/// Remove an edge: its secret opens nothing any more.
#[utoipa::path(delete, path = "/edges/{edgeId}", tag = "Edges", params(("edgeId" = String, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn remove(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let unknown = || ApiError::not_found("edgeId");
    let id: EdgeId = id.parse().map_err(|_| unknown())?;
    let found = transaction!(app.db, |tx| {
        let found = edges::delete(tx, &caller.project, &id).await?;
        if found {
            audit::note(tx, &caller, "edge.removed", id).await?;
        }
        Ok(found)
    })?;
    app.edges.forget(&id);
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}
