//! Creates an empty video; its source follows.

use admit_db::{transaction, videos};
use admit_domain::{
    id::VideoId,
    video::{Description, Video},
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn create_video(app: &App, caller: Caller, about: Description) -> Result<Video, ApiError> {
    let video = Video::empty(VideoId::from_random(app.chance()?), caller.project, about, caller.now);
    transaction!(app.db, |tx| {
        videos::insert(tx, &video).await?;
        audit::note(tx, &caller, "video.created", video.id).await
    })?;
    Ok(video)
}
