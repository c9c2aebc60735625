//! What captions and chapters have in common: a language in the address, and a `WebVTT` file.

use admit_db::{Page, Paging, timed_texts};
use admit_domain::{
    id::VideoId,
    language::Language,
    limits::TIMED_TEXT_BYTES_MAX,
    timed_text::{TextKind, TimedText, is_webvtt},
    video::Video,
};
use axum::extract::{Multipart, multipart::MultipartRejection};

use super::{multipart::small_file, page, videos::read, wire::Media};
use crate::{actions::put_text::put_text, app::App, caller::Caller, error::ApiError};

/// A language a caller wants to put something in.
pub(super) fn language(text: &str) -> Result<Language, ApiError> {
    text.parse()
        .map_err(|bad: admit_domain::language::BadLanguage| ApiError::invalid_attribute("language", bad.to_string()))
}

/// A language something may be in; what is none names nothing.
pub(super) fn named(text: &str) -> Result<Language, ApiError> {
    text.parse().map_err(|_| ApiError::not_found("language"))
}

/// The text, and where its video's media is.
pub(super) async fn get(
    app: &App,
    caller: Caller,
    video: VideoId,
    kind: TextKind,
    language: Language,
) -> Result<(TimedText, Media), ApiError> {
    let media = media(app, caller, video).await?;
    let found = timed_texts::get(&app.db, &caller.project, &video, kind, &language).await?;
    Ok((found.ok_or_else(|| ApiError::not_found("language"))?, media))
}

pub(super) async fn media(app: &App, caller: Caller, video: VideoId) -> Result<Media, ApiError> {
    let Video { id, about, .. } = read(app, caller, video).await?;
    Media::of(app, id, about.visibility, caller)
}

/// Takes the one file of the form in, if it is `WebVTT`.
pub(super) async fn upload(
    app: &App,
    caller: Caller,
    video: VideoId,
    kind: TextKind,
    language: Language,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(TimedText, Media), ApiError> {
    let media = media(app, caller, video).await?;
    let text = small_file(form, TIMED_TEXT_BYTES_MAX).await?;
    if !is_webvtt(&text) {
        return Err(ApiError::unsupported_file("Only [vtt, VTT] extensions are supported."));
    }
    Ok((put_text(app, caller, video, kind, language, text).await?, media))
}

pub(super) async fn list(
    app: &App,
    caller: Caller,
    video: VideoId,
    kind: TextKind,
    page: page::Page,
) -> Result<(Page<TimedText>, Media), ApiError> {
    let media = media(app, caller, video).await?;
    let paging = Paging { page: page.number, size: page.size };
    Ok((timed_texts::list(&app.db, &caller.project, &video, kind, paging).await?, media))
}

/// Where the API says what is known of the text.
pub(super) fn uri(video: VideoId, text: &TimedText) -> String {
    format!("/videos/{video}/{}/{}", text.kind.as_str(), text.language)
}
