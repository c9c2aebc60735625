//! Puts captions or chapters beside a video, in the place of those in the same language.

use admit_db::{revocations, timed_texts, transaction, videos};
use admit_domain::{
    id::VideoId,
    language::Language,
    limits::TIMED_TEXTS_MAX,
    object_key::ObjectKey,
    timed_text::{TextKind, TimedText},
};
use bytes::Bytes;

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Returns when every edge of this process serves it. What was the default stays it.
pub async fn put_text(
    app: &App,
    caller: Caller,
    video: VideoId,
    kind: TextKind,
    language: Language,
    text: Bytes,
) -> Result<TimedText, ApiError> {
    let edition = app.edition()?;
    let new = TimedText { kind, language, edition, is_default: false };
    app.objects.put(&ObjectKey::of_text(video, &new), text).await?;
    let outcome = transaction!(app.db, |tx| {
        // Held until the commit: of two texts in one language, the second replaces the first.
        if videos::hold(tx, &caller.project, &video).await?.is_none() {
            return Ok(Err(ApiError::not_found("videoId")));
        }
        let old = timed_texts::get_in(tx, &caller.project, &video, kind, &language).await?;
        if old.is_none() && timed_texts::count(tx, &caller.project, &video, kind).await? >= TIMED_TEXTS_MAX {
            let detail = format!("This video has {} in {TIMED_TEXTS_MAX} languages already.", kind.as_str());
            return Ok(Err(ApiError::invalid_attribute("language", detail)));
        }
        let new = TimedText { is_default: old.is_some_and(|old| old.is_default), ..new };
        timed_texts::put(tx, &caller.project, &video, &new).await?;
        revocations::changed(tx, &caller.project, video, caller.now).await?;
        audit::note(tx, &caller, &format!("{}.put", kind.as_str()), video).await?;
        Ok(Ok((new, old)))
    });
    let (new, old) = match outcome.map_err(ApiError::from).flatten() {
        Ok(put) => put,
        Err(error) => {
            app.objects.delete(&ObjectKey::of_text(video, &new)).await?;
            return Err(error);
        }
    };
    app.feed.catch_up().await?;
    if let Some(old) = old {
        app.objects.delete(&ObjectKey::of_text(video, &old)).await?;
    }
    Ok(new)
}
