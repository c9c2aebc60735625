//! Has a discarded video back: it is as if it had never been away, and who could watch it goes on.

use admit_db::{jobs, revocations, transaction, videos};
use admit_domain::{id::VideoId, job::Work, revocation::Subject};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn restore_video(app: &App, caller: Caller, id: VideoId) -> Result<(), ApiError> {
    let project = &caller.project;
    let found = transaction!(app.db, |tx| {
        if !videos::restore(tx, project, &id, caller.now).await? {
            return Ok(false);
        }
        jobs::call_off(tx, project, &id, Work::Purge, caller.now).await?;
        revocations::append(tx, project, &Subject::Restored(id), "video restored", caller.now).await?;
        audit::note(tx, &caller, "video.restored", id).await?;
        Ok(true)
    })?;
    if !found {
        return Err(ApiError::not_found("videoId"));
    }
    app.feed.catch_up().await?;
    Ok(())
}
