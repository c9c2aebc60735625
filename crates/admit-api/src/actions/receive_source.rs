//! Takes a source in, whole or in pieces, in any order, over any number of restarts.
//!
//! Every piece is an object of its own until all are there, so a piece is either on the disk and in the
//! database, or it never happened. A whole source is the part 1 of 1.

use admit_db::{
    DbError, Tx, copies, imports, jobs,
    token_uploads::{self, Sender},
    transaction, uploads, videos,
};
use admit_domain::{
    id::{JobId, VideoId},
    job::{NewJob, Work},
    object_key::{Edition, ObjectKey},
    upload::{PieceBounds, StoredPart, UploadRange},
    video::{Ingest, Video},
};
use admit_objects::Incoming;
use bytes::Bytes;

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Looking at a new source goes before working on an old one.
pub(super) const INGEST_PRIORITY: i64 = 1;

/// A piece on its way in.
pub struct Receiving {
    range: UploadRange,
    key: ObjectKey,
    edition: Edition,
    incoming: Incoming,
    bytes_max: u64,
}

/// Whose the piece is.
pub enum Owner {
    Video(VideoId),
    /// A video that comes into being with this piece, and by what its other pieces are recognised.
    New(Box<Video>, Sender),
}

/// What a finished piece made of the upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// More is to come.
    Part,
    /// The source is whole, and a job to look at it is in the queue.
    Whole,
}

impl Receiving {
    /// Refuses what can be refused before a byte is read.
    pub async fn begin(
        app: &App,
        caller: Caller,
        video: VideoId,
        range: Option<UploadRange>,
    ) -> Result<Self, ApiError> {
        expect_open(app, caller, video).await?;
        let progress = uploads::progress(&app.db, &caller.project, &video).await?;
        progress.expects(range.unwrap_or(UploadRange::WHOLE), bounds(app))?;
        Self::open(app, video, range).await
    }

    /// The same while it is not known yet whose the piece is: it lies under a name that only `finish` can tell.
    pub async fn begin_unclaimed(app: &App, range: Option<UploadRange>) -> Result<Self, ApiError> {
        Self::open(app, VideoId::from_random(app.chance()?), range).await
    }

    async fn open(app: &App, video: VideoId, range: Option<UploadRange>) -> Result<Self, ApiError> {
        let bytes_max = if range.is_some() { app.policy.source_bytes_max } else { app.policy.one_shot_bytes_max };
        let range = range.unwrap_or(UploadRange::WHOLE);
        let edition = app.edition()?;
        let key = ObjectKey::UploadPart { video, place: range.place(), edition };
        let incoming = app.objects.begin(&key).await?;
        Ok(Self { range, key, edition, incoming, bytes_max })
    }

    pub async fn write(&mut self, slice: Bytes) -> Result<(), ApiError> {
        if self.incoming.bytes() + slice.len() as u64 > self.bytes_max {
            return Err(too_large());
        }
        Ok(self.incoming.write(slice).await?)
    }

    /// Makes the piece count. On any refusal its bytes are gone again.
    pub async fn finish(self, app: &App, caller: Caller, owner: Owner) -> Result<(VideoId, Received), ApiError> {
        let Self { range, key, edition, incoming, .. } = self;
        if incoming.bytes() == 0 {
            incoming.abort().await?;
            return Err(ApiError::bad_upload("uploaded-file-empty", "The uploaded file is empty."));
        }
        let video = match &owner {
            Owner::Video(id) => *id,
            Owner::New(video, _) => video.id,
        };
        let stored = incoming.finish().await?;
        let part = StoredPart { place: range.place(), bytes: stored.bytes, sha256: stored.sha256, edition };
        let own = ObjectKey::UploadPart { video, place: part.place, edition };
        if own != key {
            app.objects.rename(&key, &own).await?;
        }
        let outcome = record(app, caller, &owner, range, part).await;
        if !matches!(outcome, Ok((_, true))) {
            app.objects.delete(&own).await?;
        }
        let (received, _) = outcome?;
        if received == Received::Whole {
            app.signals.work_waits.notify_one();
        }
        Ok((video, received))
    }
}

/// The video is there and still lacks its source, or some of it.
pub async fn expect_open(app: &App, caller: Caller, video: VideoId) -> Result<(), ApiError> {
    let known = videos::get(&app.db, &caller.project, &video).await?.ok_or_else(|| ApiError::not_found("videoId"))?;
    if is_open(&known) {
        return Ok(());
    }
    Err(already_there(app, caller, video).await?)
}

/// One transaction: the piece, and, when it was the last one missing, the job that follows. The flag says
/// whether the piece is new; a repeated one leaves its elder's bytes in place.
async fn record(
    app: &App,
    caller: Caller,
    owner: &Owner,
    range: UploadRange,
    part: StoredPart,
) -> Result<(Received, bool), ApiError> {
    let job = JobId::from_random(app.chance()?);
    transaction!(app.db, |tx| {
        let Some(video) = hold(tx, caller, owner).await? else { return Ok(Err(ApiError::not_found("videoId"))) };
        if !is_open(&video) {
            // Nothing but another upload comes between the look before and this one.
            return Ok(Err(already_uploaded()));
        }
        let mut progress = uploads::progress_in(tx, &caller.project, &video.id).await?;
        let is_new = match progress.add(range, part.clone(), bounds(app)) {
            Ok(is_new) => is_new,
            Err(fault) => return Ok(Err(fault.into())),
        };
        if progress.bytes() > app.policy.source_bytes_max {
            return Ok(Err(too_large()));
        }
        if is_new && !uploads::insert_part(tx, &caller.project, &video.id, &part, progress.total).await? {
            return Err(DbError::Conflict);
        }
        if !progress.is_complete() {
            videos::set_ingest(tx, &caller.project, &video.id, Ingest::Uploading, None, caller.now).await?;
            return Ok(Ok((Received::Part, is_new)));
        }
        videos::set_ingest(tx, &caller.project, &video.id, Ingest::Uploaded, None, caller.now).await?;
        let (project, video) = (caller.project, video.id);
        let ingest = NewJob { id: job, project, video, work: Work::Ingest, priority: INGEST_PRIORITY };
        jobs::insert(tx, &ingest, caller.now).await?;
        audit::note(tx, &caller, "video.uploaded", video).await?;
        Ok(Ok((Received::Whole, is_new)))
    })?
}

/// The video, held until the commit: of two last pieces at once, the second sees the first.
async fn hold(tx: &mut Tx, caller: Caller, owner: &Owner) -> admit_db::Result<Option<Video>> {
    match owner {
        Owner::Video(id) => videos::hold(tx, &caller.project, id).await,
        Owner::New(video, sender) => {
            videos::insert(tx, video).await?;
            token_uploads::insert(tx, &caller.project, &video.id, sender, caller.now).await?;
            audit::note(tx, &caller, "video.created", video.id).await?;
            Ok(Some((**video).clone()))
        }
    }
}

const fn is_open(video: &Video) -> bool {
    matches!(video.ingest, Ingest::Empty | Ingest::Uploading)
}

const fn bounds(app: &App) -> PieceBounds {
    PieceBounds { bytes_min: app.policy.part_bytes_min, range_bytes_max: app.policy.one_shot_bytes_max }
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

fn already_uploaded() -> ApiError {
    ApiError::bad_upload("video-source-already-uploaded", "The source of the video is already uploaded.")
}

fn too_large() -> ApiError {
    ApiError::bad_upload("uploaded-file-too-large", "The uploaded file is too large.")
}
