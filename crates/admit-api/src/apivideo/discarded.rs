//! `/discarded/videos`: what was deleted and can still be had back.

use admit_db::videos;
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    page::List,
    videos::{list_of, read, read_id},
    wire::VideoBody,
};
use crate::{
    actions::restore_video::restore_video,
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

#[derive(Deserialize, ToSchema)]
pub struct DiscardedBody {
    /// `false` restores the video.
    #[schema(value_type = bool)]
    discarded: Option<bool>,
}

/// List discarded videos.
#[utoipa::path(get, path = "/discarded/videos", tag = "Videos", params(
    ("title" = Option<String>, Query, description = "Part of the title"),
    ("description" = Option<String>, Query, description = "Part of the description"),
    ("tags[]" = Option<Vec<String>>, Query, description = "Tags the video must all have"),
    ("metadata" = Option<String>, Query, description = "`metadata[key]=value`; all must match"),
    ("sortBy" = Option<String>, Query, description = "`title`, `createdAt`, `publishedAt` or `updatedAt`"),
    ("sortOrder" = Option<String>, Query, description = "`asc` or `desc`"),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<VideoBody>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<VideoBody>>, ApiError> {
    list_of(&app, caller, "/discarded/videos", query.as_deref(), true).await
}

/// Show a discarded video.
#[utoipa::path(get, path = "/discarded/videos/{videoId}", tag = "Videos",
    params(("videoId" = String, Path)), responses(
    (status = 200, body = VideoBody), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(caller: Caller, State(app): State<App>, Path(id): Path<String>) -> Result<Json<VideoBody>, ApiError> {
    let found = videos::get_discarded(&app.db, &caller.project, &read_id(&id)?).await?;
    let video = found.ok_or_else(|| ApiError::not_found("videoId"))?;
    Ok(Json(VideoBody::of(&app, video, caller)?))
}

/// Restore a discarded video.
#[utoipa::path(patch, path = "/discarded/videos/{videoId}", tag = "Videos",
    params(("videoId" = String, Path)), request_body = DiscardedBody, responses(
    (status = 200, body = VideoBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 404, body = Problem)))]
pub async fn patch(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Json<VideoBody>, ApiError> {
    let id = read_id(&id)?;
    let body: DiscardedBody = check::json(&body)?;
    match body.discarded {
        Some(false) => restore_video(&app, caller, id).await?,
        Some(true) => return Err(ApiError::invalid_attribute("discarded", "Value must be false.")),
        None => return Err(ApiError::attribute_required("discarded")),
    }
    Ok(Json(VideoBody::of(&app, read(&app, caller, id).await?, caller)?))
}
