//! Creates a video: its edit is remembered, and its source fetched or copied where the customer named one.

use admit_db::{copies, edits, imports, jobs, transaction, videos, watermarks};
use admit_domain::{
    edit::Edit,
    id::{JobId, VideoId},
    job::{NewJob, Work},
    object_key::{ObjectKey, ObjectPrefix},
    outbound::Target,
    video::{Description, Ingest, Video},
};

use super::receive_source::INGEST_PRIORITY;
use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Fetching is waiting for others; it keeps nobody from working.
const IMPORT_PRIORITY: i64 = 1;
/// Said of an id that names none, or that of another project.
pub const NO_WATERMARK: &str = "There is no such watermark.";

/// Where the bytes are to come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceWish {
    /// They are sent afterwards.
    Upload,
    /// They are fetched from there.
    Import(Target),
    /// They are those of that video's source.
    Copy(VideoId),
}

pub async fn create_video(
    app: &App,
    caller: Caller,
    about: Description,
    source: SourceWish,
    edit: Edit,
) -> Result<Video, ApiError> {
    let ingest = match source {
        SourceWish::Upload => Ingest::Empty,
        SourceWish::Import(_) => Ingest::Ingesting,
        SourceWish::Copy(_) => Ingest::Ingested,
    };
    let empty = Video::empty(VideoId::from_random(app.chance()?), caller.project, about, caller.now);
    let video = Video { ingest, ..empty };
    let mut made = gather(app, caller, video.id, &source, &edit).await;
    if made.is_ok() {
        made = record(app, caller, &video, &source, &edit).await;
    }
    if let Err(refused) = made {
        app.objects.delete_all(ObjectPrefix::Upload(video.id)).await?;
        return Err(refused);
    }
    if source != SourceWish::Upload {
        app.signals.work_waits.notify_one();
    }
    Ok(video)
}

/// Keeps what the film will be made of, whatever is deleted before that is done.
async fn gather(app: &App, caller: Caller, video: VideoId, source: &SourceWish, edit: &Edit) -> Result<(), ApiError> {
    if let Some(mark) = edit.mark {
        let from = ObjectKey::Watermark { watermark: mark.watermark };
        let is_known = watermarks::get(&app.db, &caller.project, &mark.watermark).await?.is_some();
        if !is_known || !app.objects.copy(&from, &ObjectKey::Mark { video }).await? {
            return Err(ApiError::invalid_attribute("watermark[id]", NO_WATERMARK));
        }
    }
    if let SourceWish::Copy(original) = source {
        if videos::get(&app.db, &caller.project, original).await?.is_none() {
            return Err(ApiError::invalid_attribute("source", "There is no such video."));
        }
        let from = ObjectKey::Source { video: *original };
        if !app.objects.copy(&from, &ObjectKey::Received { video }).await? {
            return Err(ApiError::invalid_attribute("source", "This video has no source yet that could be copied."));
        }
    }
    Ok(())
}

async fn record(app: &App, caller: Caller, video: &Video, source: &SourceWish, edit: &Edit) -> Result<(), ApiError> {
    let job = JobId::from_random(app.chance()?);
    let job = |work, priority| NewJob { id: job, project: caller.project, video: video.id, work, priority };
    transaction!(app.db, |tx| {
        videos::insert(tx, video).await?;
        if !edit.is_none() {
            edits::insert(tx, &caller.project, &video.id, edit).await?;
        }
        match source {
            SourceWish::Upload => {}
            SourceWish::Import(target) => {
                imports::insert(tx, &caller.project, &video.id, target.as_str()).await?;
                jobs::insert(tx, &job(Work::Import, IMPORT_PRIORITY), caller.now).await?;
            }
            SourceWish::Copy(original) => {
                copies::insert(tx, &caller.project, &video.id, original).await?;
                jobs::insert(tx, &job(Work::Ingest, INGEST_PRIORITY), caller.now).await?;
            }
        }
        audit::note(tx, &caller, "video.created", video.id).await
    })?;
    Ok(())
}
