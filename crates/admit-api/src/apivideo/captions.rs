//! `/videos/{videoId}/captions`: what is said in the film, in any number of languages.

use admit_domain::{
    id::VideoId,
    timed_text::{TextKind, TimedText},
};
use axum::{
    Json,
    extract::{Multipart, Path, RawQuery, State, multipart::MultipartRejection},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
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
    actions::{choose_captions::choose_captions, delete_text::delete_text},
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

const KIND: TextKind = TextKind::Captions;

/// Captions in one language.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Caption {
    uri: String,
    /// Where the file is. At a private video's it takes the session of the token in it.
    src: String,
    srclang: String,
    /// What those who speak it call it.
    language_name: String,
    /// Shown unless the viewer chooses otherwise.
    default: bool,
}

impl Caption {
    fn of(video: VideoId, media: &Media, text: &TimedText) -> Self {
        Self {
            uri: texts::uri(video, text),
            src: media.text(text),
            srclang: text.language.to_string(),
            language_name: text.language.name(),
            default: text.is_default,
        }
    }
}

/// Upload captions: a WebVTT file of at most 4 MiB. Those in the same language are replaced.
#[utoipa::path(post, path = "/videos/{videoId}/captions/{language}", tag = "Captions",
    params(("videoId" = String, Path), ("language" = String, Path)),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Caption), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn upload(
    caller: Caller,
    State(app): State<App>,
    Path((id, language)): Path<(String, String)>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<Caption>, ApiError> {
    let (id, language) = (read_id(&id)?, texts::language(&language)?);
    let (text, media) = texts::upload(&app, caller, id, KIND, language, form).await?;
    Ok(Json(Caption::of(id, &media, &text)))
}

/// Read what is known of captions.
#[utoipa::path(get, path = "/videos/{videoId}/captions/{language}", tag = "Captions",
    params(("videoId" = String, Path), ("language" = String, Path)),
    responses((status = 200, body = Caption), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(
    caller: Caller,
    State(app): State<App>,
    Path((id, language)): Path<(String, String)>,
) -> Result<Json<Caption>, ApiError> {
    let (id, language) = (read_id(&id)?, texts::language(&language)?);
    let (text, media) = texts::get(&app, caller, id, KIND, language).await?;
    Ok(Json(Caption::of(id, &media, &text)))
}

#[derive(Deserialize, ToSchema)]
pub struct ChoiceBody {
    /// Shown unless the viewer chooses otherwise; the captions that were are no longer.
    default: Option<bool>,
}

/// Make captions the ones that are shown, or not.
#[utoipa::path(patch, path = "/videos/{videoId}/captions/{language}", tag = "Captions",
    params(("videoId" = String, Path), ("language" = String, Path)), request_body = ChoiceBody,
    responses((status = 200, body = Caption), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn patch(
    caller: Caller,
    State(app): State<App>,
    Path((id, language)): Path<(String, String)>,
    JsonObject(body): JsonObject,
) -> Result<Json<Caption>, ApiError> {
    let (id, language) = (read_id(&id)?, texts::language(&language)?);
    let ChoiceBody { default } = check::json(&body)?;
    let (known, media) = texts::get(&app, caller, id, KIND, language).await?;
    let text = match default {
        Some(is_default) => choose_captions(&app, caller, id, language, is_default).await?,
        None => known,
    };
    Ok(Json(Caption::of(id, &media, &text)))
}

/// Delete captions.
#[utoipa::path(delete, path = "/videos/{videoId}/captions/{language}", tag = "Captions",
    params(("videoId" = String, Path), ("language" = String, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(
    caller: Caller,
    State(app): State<App>,
    Path((id, language)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let (id, language) = (read_id(&id)?, texts::language(&language)?);
    delete_text(&app, caller, id, KIND, language).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the captions of a video, by language.
#[utoipa::path(get, path = "/videos/{videoId}/captions", tag = "Captions", params(("videoId" = String, Path),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<Caption>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Caption>>, ApiError> {
    let id = read_id(&id)?;
    let page = Page::of(&list::pairs(query.as_deref()))?;
    let (found, media) = texts::list(&app, caller, id, KIND, page).await?;
    let bodies = found.items.iter().map(|text| Caption::of(id, &media, text)).collect();
    Ok(Json(page.wrap(&format!("/videos/{id}/captions"), bodies, found.total)))
}
