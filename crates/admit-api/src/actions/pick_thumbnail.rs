//! Remembers where in the film the poster is wished from, and has it made.

use admit_db::{jobs, source_facts, transaction, videos};
use admit_domain::{
    id::{JobId, VideoId},
    job::{NewJob, Work},
    source::FrameRate,
    timecode::Timecode,
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Somebody waits to see it; only deleting and looking at new sources go before.
const POSTER_PRIORITY: i64 = 2;

pub async fn pick_thumbnail(app: &App, caller: Caller, id: VideoId, moment: Timecode) -> Result<(), ApiError> {
    let facts = source_facts::get(&app.db, &caller.project, &id).await?;
    let rate = facts.and_then(|facts| facts.frame_rate).map(|rate| FrameRate::new(rate, 1));
    let at = moment.millis(rate);
    let job = JobId::from_random(app.chance()?);
    let poster = NewJob { id: job, project: caller.project, video: id, work: Work::Poster, priority: POSTER_PRIORITY };
    let found = transaction!(app.db, |tx| {
        // Held until the commit: a source that becomes whole meanwhile finds the wish, or the wish finds the source.
        let Some(held) = videos::hold(tx, &caller.project, &id).await? else { return Ok(false) };
        videos::set_poster_at(tx, &caller.project, &id, Some(at)).await?;
        if held.ingest.is_whole() {
            jobs::insert(tx, &poster, caller.now).await?;
        }
        audit::note(tx, &caller, "thumbnail.picked", id).await?;
        Ok(true)
    })?;
    if !found {
        return Err(ApiError::not_found("videoId"));
    }
    app.signals.work_waits.notify_one();
    Ok(())
}
