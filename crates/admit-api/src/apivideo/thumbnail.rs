//! `/videos/{videoId}/thumbnail`: a poster, sent or picked.

use admit_domain::{image::Format, limits::THUMBNAIL_BYTES_MAX, timecode::Timecode};
use axum::{
    Json,
    body::Bytes,
    extract::{Multipart, Path, State, multipart::MultipartRejection},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    multipart::small_file,
    source::FileForm,
    videos::{read, read_id},
    wire::VideoBody,
};
use crate::{
    actions::{pick_thumbnail::pick_thumbnail, set_thumbnail::set_thumbnail},
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

/// Upload a poster: a JPEG, PNG or WebP picture of at most 8 MiB.
#[utoipa::path(post, path = "/videos/{videoId}/thumbnail", tag = "Videos", params(("videoId" = String, Path)),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 200, body = VideoBody), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn upload(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<VideoBody>, ApiError> {
    let id = read_id(&id)?;
    let video = read(&app, caller, id).await?;
    set_thumbnail(&app, caller, id, poster(form).await?).await?;
    Ok(Json(VideoBody::of(&app, video, caller)?))
}

/// A poster as it was sent. The name of the file proves nothing; its first bytes say what a browser will be shown.
pub(super) async fn poster(form: Result<Multipart, MultipartRejection>) -> Result<Bytes, ApiError> {
    let image = small_file(form, THUMBNAIL_BYTES_MAX).await?;
    let title = "Only [jpeg, jpg, JPG, JPEG, png, PNG, webp, WEBP] extensions are supported.";
    if Format::of(&image).is_some() { Ok(image) } else { Err(ApiError::unsupported_file(title)) }
}

#[derive(Deserialize, ToSchema)]
pub struct PickBody {
    /// `hh:mm:ss`, `hh:mm:ss.ms`, `hh:mm:ss:frame` or seconds. What lies behind the end is the beginning.
    #[schema(value_type = String)]
    timecode: Option<String>,
}

/// Pick a poster from the film. Before there is a source, the choice is remembered.
#[utoipa::path(patch, path = "/videos/{videoId}/thumbnail", tag = "Videos", params(("videoId" = String, Path)),
    request_body = PickBody, responses((status = 200, body = VideoBody), (status = 400, body = Problem),
    (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn pick(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Json<VideoBody>, ApiError> {
    let id = read_id(&id)?;
    let body: PickBody = check::json(&body)?;
    let text = body.timecode.ok_or_else(|| ApiError::attribute_required("timecode"))?;
    let moment = Timecode::parse(&text).ok_or_else(|| {
        ApiError::invalid_attribute("timecode", "This value must be hh:mm:ss, hh:mm:ss.ms, hh:mm:ss:frame or seconds.")
    })?;
    pick_thumbnail(&app, caller, id, moment).await?;
    Ok(Json(VideoBody::of(&app, read(&app, caller, id).await?, caller)?))
}
