//! Makes a video's captions in one language those that are shown unless the viewer chooses otherwise, or no longer so.

use admit_db::{revocations, timed_texts, transaction, videos};
use admit_domain::{
    id::VideoId,
    language::Language,
    timed_text::{TextKind, TimedText},
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn choose_captions(
    app: &App,
    caller: Caller,
    video: VideoId,
    language: Language,
    is_default: bool,
) -> Result<TimedText, ApiError> {
    let changed = transaction!(app.db, |tx| {
        // Held until the commit: of two choices at once, one counts.
        videos::hold(tx, &caller.project, &video).await?;
        let known = timed_texts::get_in(tx, &caller.project, &video, TextKind::Captions, &language).await?;
        let Some(known) = known else { return Ok(None) };
        if is_default {
            timed_texts::clear_default(tx, &caller.project, &video, TextKind::Captions).await?;
        }
        let new = TimedText { is_default, ..known };
        timed_texts::put(tx, &caller.project, &video, &new).await?;
        revocations::changed(tx, &caller.project, video, caller.now).await?;
        audit::note(tx, &caller, "captions.chosen", video).await?;
        Ok(Some(new))
    })?;
    app.feed.catch_up().await?;
    changed.ok_or_else(|| ApiError::not_found("language"))
}
