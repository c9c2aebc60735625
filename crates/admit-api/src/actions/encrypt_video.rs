//! Has a video's segments encrypted from now on, or no longer.

use admit_db::{revocations, transaction, videos};
use admit_domain::id::VideoId;

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// `segments_per_key` is how many segments share a key; without it they are not encrypted.
pub async fn encrypt_video(
    app: &App,
    caller: Caller,
    video: VideoId,
    segments_per_key: Option<u32>,
) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        let found = videos::set_segments_per_key(tx, &caller.project, &video, segments_per_key).await?;
        if found {
            revocations::changed(tx, &caller.project, video, caller.now).await?;
            audit::note(tx, &caller, "encryption.changed", video).await?;
        }
        Ok(found)
    })?;
    if !found {
        return Err(ApiError::not_found("videoId"));
    }
    Ok(app.feed.catch_up().await?)
}
