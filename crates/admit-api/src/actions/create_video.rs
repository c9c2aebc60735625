//! Creates a video, and has its source fetched where the customer named one.

use admit_db::{imports, jobs, transaction, videos};
use admit_domain::{
    id::{JobId, VideoId},
    job::{NewJob, Work},
    outbound::Target,
    video::{Description, Ingest, Shelf, Video},
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Fetching is waiting for others; it keeps nobody from working.
const IMPORT_PRIORITY: i64 = 1;

/// Where the bytes are to come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceWish {
    /// They are sent afterwards.
    Upload,
    /// They are fetched from there.
    Import(Target),
}

pub async fn create_video(
    app: &App,
    caller: Caller,
    about: Description,
    source: SourceWish,
) -> Result<Video, ApiError> {
    let ingest = match source {
        SourceWish::Upload => Ingest::Empty,
        SourceWish::Import(_) => Ingest::Ingesting,
    };
    let video = Video {
        id: VideoId::from_random(app.chance()?),
        project: caller.project,
        about,
        created_at: caller.now,
        updated_at: caller.now,
        published_at: None,
        ingest,
        shelf: Shelf::default(),
    };
    let job = JobId::from_random(app.chance()?);
    let job = |work, priority| NewJob { id: job, project: caller.project, video: video.id, work, priority };
    transaction!(app.db, |tx| {
        videos::insert(tx, &video).await?;
        match &source {
            SourceWish::Upload => {}
            SourceWish::Import(target) => {
                imports::insert(tx, &caller.project, &video.id, target.as_str()).await?;
                jobs::insert(tx, &job(Work::Import, IMPORT_PRIORITY), caller.now).await?;
            }
        }
        audit::note(tx, &caller, "video.created", video.id).await
    })?;
    if source != SourceWish::Upload {
        app.signals.work_waits.notify_one();
    }
    Ok(video)
}
