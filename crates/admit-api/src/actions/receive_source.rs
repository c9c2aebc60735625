//! Takes a source in, whole or in parts, in any order, over any number of restarts.
//!
//! Every part is an object of its own until all are there, so a part is either on the disk and in the
//! database, or it never happened. A whole source is the part 1 of 1.

use admit_db::{DbError, copies, imports, jobs, transaction, uploads, videos};
use admit_domain::{
    id::{JobId, VideoId},
    job::{NewJob, Work},
    object_key::{Edition, ObjectKey},
    upload::{PartRange, StoredPart},
    video::Ingest,
};
use admit_objects::Incoming;
use bytes::Bytes;

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Looking at a new source goes before working on an old one.
pub(super) const INGEST_PRIORITY: i64 = 1;
/// A source in one request.
pub const WHOLE: PartRange = PartRange { part: 1, total: Some(1) };

/// A part on its way in.
pub struct Receiving {
    caller: Caller,
    video: VideoId,
    range: PartRange,
    key: ObjectKey,
    edition: Edition,
    incoming: Incoming,
    bytes_max: u64,
}

/// What a finished part made of the upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// More parts are to come.
    Part,
    /// The source is whole, and a job to look at it is in the queue.
    Whole,
}

impl Receiving {
    /// Refuses what can be refused before a byte is read.
    pub async fn begin(app: &App, caller: Caller, video: VideoId, range: Option<PartRange>) -> Result<Self, ApiError> {
        let known =
            videos::get(&app.db, &caller.project, &video).await?.ok_or_else(|| ApiError::not_found("videoId"))?;
        if !matches!(known.ingest, Ingest::Empty | Ingest::Uploading) {
            return Err(already_there(app, caller, video).await?);
        }
        let progress = uploads::progress(&app.db, &caller.project, &video).await?;
        let bytes_max = match range {
            None => app.policy.one_shot_bytes_max,
            Some(_) => app.policy.source_bytes_max.saturating_sub(progress.bytes()),
        };
        let range = range.unwrap_or(WHOLE);
        progress.expects(range)?;
        let edition = Edition(i64::from_be_bytes(app.chance()?) & i64::MAX);
        let key = ObjectKey::UploadPart { video, part: range.part, edition };
        let incoming = app.objects.begin(&key).await?;
        Ok(Self { caller, video, range, key, edition, incoming, bytes_max })
    }

    pub async fn write(&mut self, slice: Bytes) -> Result<(), ApiError> {
        if self.incoming.bytes() + slice.len() as u64 > self.bytes_max {
            return Err(ApiError::bad_upload("uploaded-file-too-large", "The uploaded file is too large."));
        }
        Ok(self.incoming.write(slice).await?)
    }

    /// Makes the part count. On any refusal its bytes are gone again.
    pub async fn finish(self, app: &App) -> Result<Received, ApiError> {
        let Self { caller, video, range, key, edition, incoming, .. } = self;
        if incoming.bytes() == 0 {
            incoming.abort().await?;
            return Err(ApiError::bad_upload("uploaded-file-empty", "The uploaded file is empty."));
        }
        let stored = incoming.finish().await?;
        let part = StoredPart { part: range.part, bytes: stored.bytes, sha256: stored.sha256, edition };
        let outcome = record(app, caller, video, range, part).await;
        if !matches!(outcome, Ok((_, true))) {
            app.objects.delete(&key).await?;
        }
        let (received, _) = outcome?;
        if received == Received::Whole {
            app.signals.work_waits.notify_one();
        }
        Ok(received)
    }
}

/// One transaction: the part, and, when it was the last one missing, the job that follows. The flag says
/// whether the part is new; a repeated one leaves its elder's bytes in place.
async fn record(
    app: &App,
    caller: Caller,
    video: VideoId,
    range: PartRange,
    part: StoredPart,
) -> Result<(Received, bool), ApiError> {
    let job = JobId::from_random(app.chance()?);
    transaction!(app.db, |tx| {
        // Held until the commit: of two last parts at once, the second sees the first.
        let Some(held) = videos::hold(tx, &caller.project, &video).await? else {
            return Ok(Err(ApiError::not_found("videoId")));
        };
        if !matches!(held.ingest, Ingest::Empty | Ingest::Uploading) {
            // Nothing but another upload comes between the look above and this one.
            return Ok(Err(already_uploaded()));
        }
        let mut progress = uploads::progress_in(tx, &caller.project, &video).await?;
        let is_new = match progress.add(range, part.clone(), app.policy.part_bytes_min) {
            Ok(is_new) => is_new,
            Err(fault) => return Ok(Err(fault.into())),
        };
        if is_new && !uploads::insert_part(tx, &caller.project, &video, &part, progress.total).await? {
            return Err(DbError::Conflict);
        }
        if !progress.is_complete() {
            videos::set_ingest(tx, &caller.project, &video, Ingest::Uploading, None, caller.now).await?;
            return Ok(Ok((Received::Part, is_new)));
        }
        videos::set_ingest(tx, &caller.project, &video, Ingest::Uploaded, None, caller.now).await?;
        let ingest = NewJob { id: job, project: caller.project, video, work: Work::Ingest, priority: INGEST_PRIORITY };
        jobs::insert(tx, &ingest, caller.now).await?;
        audit::note(tx, &caller, "video.uploaded", video).await?;
        Ok(Ok((Received::Whole, is_new)))
    })?
}

fn already_uploaded() -> ApiError {
    ApiError::bad_upload("video-source-already-uploaded", "The source of the video is already uploaded.")
}

/// Says where the source came from that is there, or on its way.
async fn already_there(app: &App, caller: Caller, video: VideoId) -> Result<ApiError, ApiError> {
    if imports::get(&app.db, &caller.project, &video).await?.is_some() {
        let title = "The source of the video is already downloaded.";
        return Ok(ApiError::bad_upload("video-source-already-downloaded", title));
    }
    if copies::is_one(&app.db, &caller.project, &video).await? {
        let title = "The source of the video is already copied.";
        return Ok(ApiError::bad_upload("video-source-already-copied", title));
    }
    Ok(already_uploaded())
}
