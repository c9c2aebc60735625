//! What an edge is told of a video, with the rules of the video and of its project laid together.

use admit_db::videos::{self, Demands};
use admit_domain::{encryption::Encryption, id::VideoId, rules::Rules, video::Published};

use crate::{app::App, error::ApiError, native::access_rules};

pub async fn published(app: &App, video: VideoId) -> Result<Option<Published>, ApiError> {
    let Some((facts, demands)) = videos::published_with_demands(&app.db, &video).await? else { return Ok(None) };
    let (of_project, of_video) = demanded(&demands)?;
    let encryption = demands.segments_per_key.map(|count| Encryption::of(&app.keys.content, &video, count));
    Ok(Some(Published { rules: of_project.and(of_video), encryption, ..facts }))
}

/// What a project and a video demand, each by itself. Rules that cannot be read let nobody in.
pub(super) fn demanded(demands: &Demands) -> Result<(Rules, Rules), ApiError> {
    let read = |text: &Option<String>| text.as_deref().map(access_rules::from_text).transpose();
    Ok((read(&demands.project_rules)?.unwrap_or_default(), read(&demands.video_rules)?.unwrap_or_default()))
}
