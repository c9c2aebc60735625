//! Changes what the customer says about a video.

use admit_db::{revocations, transaction, videos};
use admit_domain::{id::VideoId, video::Description};

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Returns when every edge of this process judges by the new visibility.
pub async fn update_video(app: &App, caller: Caller, id: VideoId, about: &Description) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        let found = videos::update_about(tx, &caller.project, &id, about, caller.now).await?;
        if found {
            revocations::changed(tx, &caller.project, id, caller.now).await?;
            audit::note(tx, &caller, "video.updated", id).await?;
        }
        Ok(found)
    })?;
    app.feed.catch_up().await?;
    if found { Ok(()) } else { Err(ApiError::not_found("videoId")) }
}
