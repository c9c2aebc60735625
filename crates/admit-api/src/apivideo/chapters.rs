//! `/videos/{videoId}/chapters`: the parts of the film by their names, in any number of languages.

use admit_domain::{
    id::VideoId,
    timed_text::{TextKind, TimedText},
};
use axum::{
    Json,
    extract::{Multipart, Path, RawQuery, State, multipart::MultipartRejection},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    list,
    page::{List, Page},
    source::FileForm,
    texts,
    videos::read_id,
    wire::Media,
};
use crate::{
    actions::delete_text::delete_text,
    app::App,
    caller::Caller,
    error::{ApiError, Problem},
};

const KIND: TextKind = TextKind::Chapters;

/// Chapters in one language.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Chapter {
    uri: String,
    /// Where the file is. At a private video's it takes the session of the token in it.
    src: String,
    language: String,
}

impl Chapter {
    fn of(video: VideoId, media: &Media, text: &TimedText) -> Self {
        Self { uri: texts::uri(video, text), src: media.text(text), language: text.language.to_string() }
    }
}

/// Upload chapters: a WebVTT file of at most 4 MiB. Those in the same language are replaced.
#[utoipa::path(post, path = "/videos/{videoId}/chapters/{language}", tag = "Chapters",
    params(("videoId" = String, Path), ("language" = String, Path)),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Chapter), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn upload(
    caller: Caller,
    State(app): State<App>,
    Path((id, language)): Path<(String, String)>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<Chapter>, ApiError> {
    let (id, language) = (read_id(&id)?, texts::language(&language)?);
    let (text, media) = texts::upload(&app, caller, id, KIND, language, form).await?;
    Ok(Json(Chapter::of(id, &media, &text)))
}

/// Read what is known of chapters.
#[utoipa::path(get, path = "/videos/{videoId}/chapters/{language}", tag = "Chapters",
    params(("videoId" = String, Path), ("language" = String, Path)),
    responses((status = 200, body = Chapter), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(
    caller: Caller,
    State(app): State<App>,
    Path((id, language)): Path<(String, String)>,
) -> Result<Json<Chapter>, ApiError> {
    let (id, language) = (read_id(&id)?, texts::named(&language)?);
    let (text, media) = texts::get(&app, caller, id, KIND, language).await?;
    Ok(Json(Chapter::of(id, &media, &text)))
}

/// Delete chapters.
#[utoipa::path(delete, path = "/videos/{videoId}/chapters/{language}", tag = "Chapters",
    params(("videoId" = String, Path), ("language" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(
    caller: Caller,
    State(app): State<App>,
    Path((id, language)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let (id, language) = (read_id(&id)?, texts::named(&language)?);
    delete_text(&app, caller, id, KIND, language).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the chapters of a video, by language.
#[utoipa::path(get, path = "/videos/{videoId}/chapters", tag = "Chapters", params(("videoId" = String, Path),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<Chapter>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Chapter>>, ApiError> {
    let id = read_id(&id)?;
    let page = Page::of(&list::pairs(query.as_deref()))?;
    let (found, media) = texts::list(&app, caller, id, KIND, page).await?;
    let bodies = found.items.iter().map(|text| Chapter::of(id, &media, text)).collect();
    Ok(Json(page.wrap(&format!("/videos/{id}/chapters"), bodies, found.total)))
}
