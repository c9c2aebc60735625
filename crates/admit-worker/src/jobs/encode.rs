//! Makes the tracks of one step of the ladder and puts them on the shelf.

use std::sync::atomic::{AtomicU8, Ordering};

use admit_db::{deliveries, jobs, renditions, transaction};
use admit_domain::{
    job::{NewJob, Work},
    ladder::{self, Plan, Quality, Step},
    object_key::ObjectKey,
    presentation::Track,
    source::SourceFacts,
    video::{Rendition, RenditionKind, RenditionStatus},
};
use admit_media::track_path;
use tokio::sync::Notify;

use super::ingest::FIRST_PRIORITY;
use crate::context::{Context, JobError};

/// After the film can be watched: its pictures, one file of it, then its other rungs in their order.
const PICTURES_PRIORITY: i64 = FIRST_PRIORITY + 1;
const MP4_PRIORITY: i64 = FIRST_PRIORITY + 2;
const RUNG_PRIORITY: i64 = FIRST_PRIORITY + 3;

/// The step after which the film can be watched. What else is to be made follows from it.
pub(crate) async fn first(context: &Context<'_>) -> Result<(), JobError> {
    let facts = context.probe().await?;
    // A copy that failed once, whatever the facts promised, is not tried again.
    let plan = if context.lease.attempt == 1 { ladder::plan(&facts)? } else { ladder::plan_without_copy(&facts)? };
    let step = plan.first().ok_or(JobError::Missing("the ladder is empty"))?;
    let mut follow = vec![context.new_job(Work::Pictures, PICTURES_PRIORITY)?];
    for (priority, quality) in (RUNG_PRIORITY..).zip(plan.later_qualities()) {
        follow.push(context.new_job(Work::Rung(quality), priority)?);
    }
    if is_best(&plan, step) {
        follow.push(context.new_job(Work::Mp4, MP4_PRIORITY)?);
    }
    make(context, &facts, step, follow).await
}

pub(crate) async fn rung(context: &Context<'_>, quality: Quality) -> Result<(), JobError> {
    let facts = context.probe().await?;
    let (plan, other) = (ladder::plan(&facts)?, ladder::plan_without_copy(&facts)?);
    let step = plan.later(quality).or_else(|| other.later(quality));
    let step = step.ok_or(JobError::Missing("the ladder has no such rung"))?;
    let is_due = is_best(&plan, step) && context.shelf().await?.mp4.is_none();
    let follow = if is_due { vec![context.new_job(Work::Mp4, MP4_PRIORITY)?] } else { Vec::new() };
    make(context, &facts, step, follow).await
}

/// The one progressive file is made of the best rung, as soon as that is there.
fn is_best(plan: &Plan, step: &Step) -> bool {
    step.video.map(|rung| rung.quality) == plan.qualities().first().copied()
}

async fn make(context: &Context<'_>, facts: &SourceFacts, step: &Step, follow: Vec<NewJob>) -> Result<(), JobError> {
    let worker = context.worker;
    let quality = step.video.map(|rung| rung.quality);
    let known = renditions::list(&worker.db, &context.lease.project, &context.lease.video).await?;
    // The copy of a heavy source is followed by a lighter rung of the same name: what can be watched stays so.
    let reported = quality.filter(|quality| !known.contains(&line(*quality, RenditionStatus::Encoded, 100)));
    let source = context.source().await?;
    let percent = Percent::default();
    let mut hear = |fraction: f32| percent.set(fraction);
    let making = worker.toolbox.make(&source, facts, step, &context.scratch, &mut hear);
    let mut tracks = tokio::select! {
        tracks = making => tracks?,
        never = context.report(&percent, reported) => match never {},
    };
    for track in &mut tracks {
        store(context, track).await?;
    }
    let lease = context.lease;
    let event = reported.map(|quality| context.quality_completed(RenditionKind::Hls, quality)).transpose()?;
    context
        .publish(
            |presentation| {
                presentation.duration_ms = facts.duration_ms;
                for track in &tracks {
                    presentation.put(track.clone());
                }
            },
            async |tx| {
                if let Some(quality) = quality {
                    renditions::set(tx, &lease.project, &lease.video, &line(quality, RenditionStatus::Encoded, 100))
                        .await?;
                }
                if let Some(event) = &event {
                    deliveries::enqueue(tx, &lease.project, event, (worker.now)()).await?;
                }
                for job in &follow {
                    jobs::insert(tx, job, (worker.now)()).await?;
                }
                Ok(())
            },
        )
        .await?;
    worker.work_waits.notify_one();
    Ok(())
}

async fn store(context: &Context<'_>, track: &mut Track) -> Result<(), JobError> {
    let edition = context.edition()?;
    track.edition = edition;
    let key = ObjectKey::Track { video: context.lease.video, track: track.name, edition };
    context.store_file(key, &track_path(&context.scratch, track.name)).await
}

const fn line(quality: Quality, status: RenditionStatus, percent: u8) -> Rendition {
    Rendition { kind: RenditionKind::Hls, quality, status, percent }
}

/// How far a run has come, between the program's voice and the database.
#[derive(Default)]
struct Percent {
    value: AtomicU8,
    moved: Notify,
}

impl Percent {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=99 before")]
    fn set(&self, fraction: f32) {
        let percent = (fraction * 100.0).clamp(0.0, 99.0) as u8;
        if self.value.swap(percent, Ordering::Relaxed) != percent {
            self.moved.notify_one();
        }
    }
}

/// Never comes back; dropped when the work it reports on is done.
enum Never {}

impl Context<'_> {
    async fn report(&self, percent: &Percent, quality: Option<Quality>) -> Never {
        let Some(quality) = quality else { return std::future::pending().await };
        loop {
            let value = percent.value.load(Ordering::Relaxed);
            let shown = line(quality, RenditionStatus::Encoding, value);
            let outcome = transaction!(self.worker.db, |tx| {
                renditions::set(tx, &self.lease.project, &self.lease.video, &shown).await
            });
            if let Err(error) = outcome {
                tracing::debug!(%error, "show progress");
            }
            percent.moved.notified().await;
        }
    }
}
