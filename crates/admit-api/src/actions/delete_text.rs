//! Takes captions or chapters away from a video.

use admit_db::{timed_texts, transaction};
use admit_domain::{id::VideoId, language::Language, timed_text::TextKind};

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Returns when no edge of this process serves it any more.
pub async fn delete_text(
    app: &App,
    caller: Caller,
    video: VideoId,
    kind: TextKind,
    language: Language,
) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        let found = timed_texts::get_in(tx, &caller.project, &video, kind, &language).await?;
        if timed_texts::delete(tx, &caller.project, &video, kind, &language).await? {
            audit::note(tx, &caller, &format!("{}.deleted", kind.as_str()), video).await?;
        }
        Ok(found)
    })?;
    (app.signals.video_changed)(video);
    let old = found.ok_or_else(|| ApiError::not_found("language"))?;
    Ok(app.objects.delete(&old.key(video)).await?)
}
