//! Puts another poster in the window.

use admit_db::{revocations, transaction, videos};
use admit_domain::{id::VideoId, object_key::ObjectKey};
use bytes::Bytes;

use crate::{app::App, caller::Caller, error::ApiError};

pub async fn set_thumbnail(app: &App, caller: Caller, video: VideoId, image: Bytes) -> Result<(), ApiError> {
    let edition = app.edition()?;
    let key = ObjectKey::Thumbnail { video, edition };
    app.objects.put(&key, image).await?;
    let replaced = transaction!(app.db, |tx| {
        let Some(held) = videos::hold(tx, &caller.project, &video).await? else { return Ok(None) };
        let old = held.shelf.thumbnail;
        let is_set = videos::set_thumbnail(tx, &caller.project, &video, old, Some(edition)).await?;
        // What was picked before is no longer wished.
        videos::set_poster_at(tx, &caller.project, &video, None).await?;
        revocations::changed(tx, &caller.project, video, caller.now).await?;
        Ok(is_set.then_some(old))
    })?;
    app.feed.catch_up().await?;
    match replaced {
        Some(Some(old)) => app.objects.delete(&ObjectKey::Thumbnail { video, edition: old }).await?,
        Some(None) => {}
        None => {
            app.objects.delete(&key).await?;
            return Err(ApiError::not_found("videoId"));
        }
    }
    Ok(())
}
