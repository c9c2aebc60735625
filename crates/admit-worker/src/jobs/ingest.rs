//! Puts the parts together, edits the film where that was wished, looks inside, and decides what is to be made.

use admit_db::{
    edits, jobs, renditions,
    source_facts::{self, SourceSummary},
    uploads,
};
use admit_domain::{
    edit::Remake,
    id::JobId,
    image::Image,
    job::{NewJob, Work},
    ladder::{self, Plan},
    object_key::{ObjectKey, ObjectPrefix},
    source::SourceFacts,
    upload::StoredPart,
    video::{Rendition, RenditionKind, RenditionStatus},
};

use bytes::Bytes;

use crate::context::{Context, JobError};

/// Making one more film watchable goes before making another better.
pub(super) const FIRST_PRIORITY: i64 = 10;

pub(crate) async fn run(context: &Context<'_>) -> Result<(), JobError> {
    let (worker, lease) = (context.worker, context.lease);
    let source = ObjectKey::Source { video: lease.video };
    if !worker.objects.exists(&source).await? {
        receive(context).await?;
        make_source(context).await?;
    }
    // The source is whole and on the disk; whatever it turns out to be, what it was made of is not needed any more.
    worker.objects.delete_all(ObjectPrefix::Upload(lease.video)).await?;
    let facts = context.probe().await?;
    let plan = ladder::plan(&facts)?;
    let first = context.new_job(Work::First, FIRST_PRIORITY)?;
    context
        .finish(async |tx| {
            source_facts::put(tx, &lease.project, &lease.video, &summary(&facts)).await?;
            renditions::replace_plan(tx, &lease.project, &lease.video, &lines(&plan)).await?;
            jobs::insert(tx, &first, (worker.now)()).await.map(drop)
        })
        .await
}

/// Puts the parts together. A film that we fetched ourselves is there already.
async fn receive(context: &Context<'_>) -> Result<(), JobError> {
    let Context { worker, lease, .. } = context;
    let whole = ObjectKey::Received { video: lease.video };
    if !worker.objects.exists(&whole).await? {
        let progress = uploads::progress(&worker.db, &lease.project, &lease.video).await?;
        let part =
            |part: &StoredPart| ObjectKey::UploadPart { video: lease.video, place: part.place, edition: part.edition };
        let parts: Vec<_> = progress.parts.iter().map(part).collect();
        // Visible only when it is whole, so a second run finds either all of it or nothing.
        worker.objects.join(&parts, &whole).await?;
    }
    Ok(())
}

/// What was sent becomes the source, edited where that was wished: from here on there is nothing else to be shown.
///
/// Stored without a note to take it back, as what it is made of will soon be gone.
async fn make_source(context: &Context<'_>) -> Result<(), JobError> {
    let Context { worker, lease, scratch, .. } = context;
    let (received, source) = (ObjectKey::Received { video: lease.video }, ObjectKey::Source { video: lease.video });
    let edit = edits::get(&worker.db, &lease.project, &lease.video).await?;
    if edit.is_none() {
        return Ok(worker.objects.rename(&received, &source).await?);
    }
    let (mark, picture) = match edit.mark {
        Some(mark) => {
            let picture = worker.objects.get(&ObjectKey::Mark { video: lease.video }).await?;
            let image = Image::read(&picture).ok_or(JobError::Missing("the watermark is no picture"))?;
            (Some((mark.place, image)), picture)
        }
        None => (None, Bytes::new()),
    };
    let film = worker.objects.file(&received).await?;
    let facts = worker.toolbox.probe(&film, scratch).await?;
    let remake = Remake::plan(&facts, edit.clip, mark)?;
    let edited = worker.toolbox.edit(&film, &facts, &remake, &picture, scratch).await?;
    worker.objects.put_file(&source, &edited).await?;
    Ok(())
}

/// What the status shows from now on, best quality first, the progressive file last.
fn lines(plan: &Plan) -> Vec<Rendition> {
    let waiting = |kind, quality| Rendition { kind, quality, status: RenditionStatus::Waiting, percent: 0 };
    let qualities = plan.qualities();
    let mp4 = qualities.first().map(|best| waiting(RenditionKind::Mp4, *best));
    qualities.iter().map(|quality| waiting(RenditionKind::Hls, *quality)).chain(mp4).collect()
}

fn summary(facts: &SourceFacts) -> SourceSummary {
    let (video, audio) = (facts.video.as_ref(), facts.audio.as_ref());
    SourceSummary {
        bytes: Some(facts.size_bytes),
        duration_ms: Some(facts.duration_ms),
        width: video.map(|video| video.width),
        height: video.map(|video| video.height),
        bits_per_second: video.map(|video| video.bits_per_second.into()),
        frame_rate: video.map(|video| (video.frame_rate.millis() + 500) / 1_000),
        sample_rate: audio.map(|audio| audio.sample_rate_hz),
        video_codec: video.map(|video| video.codec.name().to_owned()),
        audio_codec: audio.map(|audio| audio.codec.name().to_owned()),
        aspect_ratio: video.map(|video| aspect_ratio(video.width, video.height)),
    }
}

/// As `16/9`.
fn aspect_ratio(width: u32, height: u32) -> String {
    let (mut a, mut b) = (width.max(1), height.max(1));
    while b != 0 {
        (a, b) = (b, a % b);
    }
    format!("{}/{}", width / a, height / a)
}

impl Context<'_> {
    /// Looks inside the source.
    pub(super) async fn probe(&self) -> Result<SourceFacts, JobError> {
        let file = self.source().await?;
        Ok(self.worker.toolbox.probe(&file, &self.scratch).await?)
    }

    pub(super) async fn source(&self) -> Result<std::fs::File, JobError> {
        Ok(self.worker.objects.file(&ObjectKey::Source { video: self.lease.video }).await?)
    }

    /// A job for the same video.
    pub(super) fn new_job(&self, work: Work, priority: i64) -> Result<NewJob, JobError> {
        let chance = (self.worker.chance)().map_err(JobError::Chance)?;
        let id = JobId::from_random(chance.first_chunk().copied().unwrap_or_default());
        Ok(NewJob { id, project: self.lease.project, video: self.lease.video, work, priority })
    }
}
