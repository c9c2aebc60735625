//! Deletes a video: the row, every session for it, and, by a job, its bytes.

use admit_db::{jobs, revocations, transaction, videos};
use admit_domain::{
    id::{JobId, VideoId},
    job::{NewJob, Work},
    revocation::Subject,
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Deleting goes before making: it frees space.
const PURGE_PRIORITY: i64 = 0;

pub async fn delete_video(app: &App, caller: Caller, id: VideoId) -> Result<(), ApiError> {
    let job = JobId::from_random(app.chance()?);
    let purge = NewJob { id: job, project: caller.project, video: id, work: Work::Purge, priority: PURGE_PRIORITY };
    let found = transaction!(app.db, |tx| {
        if !videos::delete(tx, &caller.project, &id).await? {
            return Ok(false);
        }
        jobs::cancel(tx, &caller.project, &id, caller.now).await?;
        revocations::append(tx, &caller.project, &Subject::Video(id), "video deleted", caller.now).await?;
        jobs::insert(tx, &purge, caller.now).await?;
        audit::note(tx, &caller, "video.deleted", id).await?;
        Ok(true)
    })?;
    if !found {
        return Err(ApiError::not_found("videoId"));
    }
    app.feed.catch_up().await?;
    (app.signals.video_changed)(id);
    app.signals.work_waits.notify_one();
    Ok(())
}
