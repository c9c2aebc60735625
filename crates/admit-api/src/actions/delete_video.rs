//! Deletes a video: every session for it ends, and its row and its bytes go, at once or when the time is over in which
//! the project can have it back.

use std::time::Duration;

use admit_db::{jobs, projects, revocations, transaction, videos};
use admit_domain::{
    id::{JobId, VideoId},
    job::{NewJob, Work},
    revocation::Subject,
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Deleting goes before making: it frees space.
const PURGE_PRIORITY: i64 = 0;
const DAY: Duration = Duration::from_hours(24);

pub async fn delete_video(app: &App, caller: Caller, id: VideoId) -> Result<(), ApiError> {
    let project = &caller.project;
    let kept_for = DAY * projects::settings(&app.db, project).await?.discarded_days;
    let is_final = kept_for.is_zero();
    let deletes_at = caller.now.plus(kept_for);
    let job = JobId::from_random(app.chance()?);
    let purge = NewJob { id: job, project: *project, video: id, work: Work::Purge, priority: PURGE_PRIORITY };
    let found = transaction!(app.db, |tx| {
        let found = if is_final {
            videos::delete(tx, project, &id).await?
        } else {
            videos::discard(tx, project, &id, caller.now, deletes_at).await?
        };
        if !found {
            return Ok(false);
        }
        if is_final {
            jobs::cancel(tx, project, &id, caller.now).await?;
        }
        revocations::append(tx, project, &Subject::Video(id), "video deleted", caller.now).await?;
        jobs::insert_for(tx, &purge, deletes_at, caller.now).await?;
        audit::note(tx, &caller, if is_final { "video.deleted" } else { "video.discarded" }, id).await?;
        Ok(true)
    })?;
    if !found {
        return Err(ApiError::not_found("videoId"));
    }
    app.feed.catch_up().await?;
    app.signals.work_waits.notify_one();
    Ok(())
}
