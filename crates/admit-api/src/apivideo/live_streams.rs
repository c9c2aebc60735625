//! `/live-streams`: records of live streams. Nothing is broadcast yet.

use admit_db::{
    Paging,
    live_streams::{self, Filter},
    players::SortBy,
    videos::Order,
};
use admit_domain::{id::LiveStreamId, live_stream::LiveStream, secret::Fingerprint};
use axum::{
    Json,
    extract::{Multipart, Path, RawQuery, State, multipart::MultipartRejection},
    http::StatusCode,
};

use super::{
    list,
    live_wire::{LiveAboutBody, LiveStreamBody},
    page::{List, Page},
    source::FileForm,
    thumbnail::poster,
};
use crate::{
    actions::{
        create_live_stream::create_live_stream, delete_live_stream::delete_live_stream,
        set_live_thumbnail::set_live_thumbnail, update_live_stream::update_live_stream,
    },
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

/// Create a live stream.
#[utoipa::path(post, path = "/live-streams", tag = "Live streams", request_body = LiveAboutBody, responses(
    (status = 200, body = LiveStreamBody), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<Json<LiveStreamBody>, ApiError> {
    let body: LiveAboutBody = check::json(&body)?;
    let id = LiveStreamId::from_random(app.chance()?);
    let about = body.over(&app, caller, id, None).await?;
    let live = create_live_stream(&app, caller, id, about).await?;
    Ok(Json(LiveStreamBody::of(&app, live, caller)?))
}

/// List live streams, filtered, sorted and by pages.
#[utoipa::path(get, path = "/live-streams", tag = "Live streams", params(
    ("streamKey" = Option<String>, Query), ("name" = Option<String>, Query, description = "Part of the name"),
    ("sortBy" = Option<String>, Query, description = "`name`, `createdAt` or `updatedAt`"),
    ("sortOrder" = Option<String>, Query, description = "`asc` or `desc`"),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<LiveStreamBody>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<LiveStreamBody>>, ApiError> {
    let pairs = list::pairs(query.as_deref());
    let page = Page::of(&pairs)?;
    let columns = [("createdAt", SortBy::CreatedAt), ("name", SortBy::Name), ("updatedAt", SortBy::UpdatedAt)];
    let sort = list::sort_among(&pairs, &columns, Order::Descending)?;
    let find = |name: &str| pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let filter =
        Filter { name: find("name"), stream_key: find("streamKey").map(|key| Fingerprint::of(&app.keys.pepper, &key)) };
    let paging = Paging { page: page.number, size: page.size };
    let found = live_streams::list(&app.db, &caller.project, &filter, sort, paging).await?;
    let bodies = found.items.into_iter().map(|live| LiveStreamBody::of(&app, live, caller));
    Ok(Json(page.wrap("/live-streams", bodies.collect::<Result<_, _>>()?, found.total)))
}

/// Read a live stream. Each read of a private one mints a private token.
#[utoipa::path(get, path = "/live-streams/{liveStreamId}", tag = "Live streams", params(("liveStreamId" = String, Path)),
    responses((status = 200, body = LiveStreamBody), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<LiveStreamBody>, ApiError> {
    let live = read(&app, caller, read_id(&id)?).await?;
    Ok(Json(LiveStreamBody::of(&app, live, caller)?))
}

/// Change what is said about a live stream. Absent attributes stay as they are; restreams are replaced as a whole.
#[utoipa::path(patch, path = "/live-streams/{liveStreamId}", tag = "Live streams",
    params(("liveStreamId" = String, Path)), request_body = LiveAboutBody, responses(
    (status = 200, body = LiveStreamBody), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn patch(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Json<LiveStreamBody>, ApiError> {
    let id = read_id(&id)?;
    let body: LiveAboutBody = check::json(&body)?;
    let known = read(&app, caller, id).await?;
    let about = body.over(&app, caller, id, Some(known.about)).await?;
    update_live_stream(&app, caller, id, &about).await?;
    Ok(Json(LiveStreamBody::of(&app, read(&app, caller, id).await?, caller)?))
}

/// Delete a live stream.
#[utoipa::path(delete, path = "/live-streams/{liveStreamId}", tag = "Live streams",
    params(("liveStreamId" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(caller: Caller, State(app): State<App>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    delete_live_stream(&app, caller, read_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Upload a poster: a JPEG, PNG or WebP picture of at most 8 MiB.
#[utoipa::path(post, path = "/live-streams/{liveStreamId}/thumbnail", tag = "Live streams",
    params(("liveStreamId" = String, Path)),
    request_body(content = FileForm, content_type = "multipart/form-data"), responses(
    (status = 201, body = LiveStreamBody), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn upload_thumbnail(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<LiveStreamBody>), ApiError> {
    let id = read_id(&id)?;
    read(&app, caller, id).await?;
    let live = set_live_thumbnail(&app, caller, id, Some(poster(form).await?)).await?;
    Ok((StatusCode::CREATED, Json(LiveStreamBody::of(&app, live, caller)?)))
}

/// Delete the poster of a live stream.
#[utoipa::path(delete, path = "/live-streams/{liveStreamId}/thumbnail", tag = "Live streams",
    params(("liveStreamId" = String, Path)), responses(
    (status = 200, body = LiveStreamBody), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn delete_thumbnail(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<LiveStreamBody>, ApiError> {
    let live = set_live_thumbnail(&app, caller, read_id(&id)?, None).await?;
    Ok(Json(LiveStreamBody::of(&app, live, caller)?))
}

/// End a broadcast. There is none, so there is nothing to do.
#[utoipa::path(put, path = "/live-streams/{liveStreamId}/complete", tag = "Live streams",
    params(("liveStreamId" = String, Path)),
    responses((status = 202), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn complete(caller: Caller, State(app): State<App>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    read(&app, caller, read_id(&id)?).await?;
    Ok(StatusCode::ACCEPTED)
}

fn read_id(text: &str) -> Result<LiveStreamId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found("liveStreamId"))
}

async fn read(app: &App, caller: Caller, id: LiveStreamId) -> Result<LiveStream, ApiError> {
    let found = live_streams::get(&app.db, &caller.project, &id).await?;
    found.ok_or_else(|| ApiError::not_found("liveStreamId"))
}
