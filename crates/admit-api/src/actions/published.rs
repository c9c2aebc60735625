//! What an edge is told of a video, with the rules of the video and of its project laid together.

use admit_db::videos;
use admit_domain::{id::VideoId, video::Published};

use crate::{app::App, error::ApiError, native::access_rules};

pub async fn published(app: &App, video: VideoId) -> Result<Option<Published>, ApiError> {
    let Some((facts, texts)) = videos::published_with_rules(&app.db, &video).await? else { return Ok(None) };
    // Rules that cannot be read let nobody in.
    let read = |text: Option<String>| text.as_deref().map(access_rules::from_text).transpose();
    let (of_project, of_video) = (read(texts.project)?.unwrap_or_default(), read(texts.video)?.unwrap_or_default());
    Ok(Some(Published { rules: of_project.and(of_video), ..facts }))
}
