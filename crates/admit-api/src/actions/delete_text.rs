//! Takes captions or chapters away from a video.

use admit_db::{revocations, timed_texts, transaction, videos};
use admit_domain::{id::VideoId, language::Language, object_key::ObjectKey, timed_text::TextKind};

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Returns when no edge of this process serves it any more.
pub async fn delete_text(
    app: &App,
    caller: Caller,
    video: VideoId,
    kind: TextKind,
    language: Language,
) -> Result<(), ApiError> {
    let deleted = transaction!(app.db, |tx| {
        // Held until the commit: no other text takes its place meanwhile.
        if videos::hold(tx, &caller.project, &video).await?.is_none() {
            return Ok(Err(ApiError::not_found("videoId")));
        }
        let old = timed_texts::get_in(tx, &caller.project, &video, kind, &language).await?;
        if timed_texts::delete(tx, &caller.project, &video, kind, &language).await? {
            revocations::changed(tx, &caller.project, video, caller.now).await?;
            audit::note(tx, &caller, &format!("{}.deleted", kind.as_str()), video).await?;
        }
        Ok(old.ok_or_else(|| ApiError::not_found("language")))
    })?;
    let old = deleted?;
    app.feed.catch_up().await?;
    Ok(app.objects.delete(&ObjectKey::of_text(video, &old)).await?)
}
