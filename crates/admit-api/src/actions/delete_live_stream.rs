//! Deletes a live stream and its picture.

use admit_db::{live_streams, transaction};
use admit_domain::{id::LiveStreamId, live_stream::LiveStream};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn delete_live_stream(app: &App, caller: Caller, id: LiveStreamId) -> Result<(), ApiError> {
    let deleted = transaction!(app.db, |tx| {
        let held = live_streams::hold(tx, &caller.project, &id).await?;
        if live_streams::delete(tx, &caller.project, &id).await? {
            audit::note(tx, &caller, "live-stream.deleted", id).await?;
        }
        Ok(held)
    })?;
    let live = deleted.ok_or_else(|| ApiError::not_found("liveStreamId"))?;
    if let Some(edition) = live.thumbnail {
        app.objects.delete(&LiveStream::thumbnail_key(id, edition)).await?;
    }
    Ok(())
}
