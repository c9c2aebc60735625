//! Every job there is, and what becomes of a video when one has failed for good.

mod encode;
mod import;
mod ingest;
mod mp4;
mod pictures;
mod poster;
mod purge;

use admit_db::{Result, Tx, imports, renditions, videos};
use admit_domain::{
    job::{Lease, Work},
    ladder::Quality,
    time::Timestamp,
    video::{Ingest, Rendition, RenditionKind, RenditionStatus},
};

use crate::context::{Context, JobError};

/// Why there is no source: it could not be fetched. The job keeps what exactly happened.
const IMPORT_FAILED: &str = "import_failed";
/// Why a source could not be used when it was not the source's fault.
const PROCESSING_FAILED: &str = "processing_failed";

pub(crate) async fn perform(context: &Context<'_>) -> Result<(), JobError> {
    match context.lease.work {
        Work::Import => import::run(context).await,
        Work::Ingest => ingest::run(context).await,
        Work::First => encode::first(context).await,
        Work::Rung(quality) => encode::rung(context, quality).await,
        Work::Pictures => pictures::run(context).await,
        Work::Poster => poster::run(context).await,
        Work::Mp4 => mp4::run(context).await,
        Work::Purge => purge::run(context).await,
    }
}

/// A job will not be tried again: what it should have made is called failed.
pub(crate) async fn give_up(tx: &mut Tx, lease: &Lease, reason: Option<&JobError>, now: Timestamp) -> Result<()> {
    let Lease { project, video, work, .. } = lease;
    let code = match reason {
        Some(JobError::Unsupported(reason)) => reason.code(),
        Some(JobError::Call(_)) => IMPORT_FAILED,
        _ => PROCESSING_FAILED,
    };
    if *work == Work::Import {
        imports::forget_address(tx, project, video).await?;
    }
    if matches!(work, Work::Import | Work::Ingest | Work::First) {
        videos::set_ingest(tx, project, video, Ingest::Failed, Some(code), now).await?;
    }
    let lines = renditions::list_in(tx, project, video).await?;
    if matches!(work, Work::Import | Work::Ingest) && lines.is_empty() {
        // Nothing was planned, so nothing could be seen to fail: one line says that nothing will come.
        let failed =
            Rendition { kind: RenditionKind::Hls, quality: Quality::P240, status: RenditionStatus::Failed, percent: 0 };
        renditions::replace_plan(tx, project, video, &[failed]).await?;
    }
    for mut line in lines {
        let is_lost = match work {
            Work::Import | Work::Ingest | Work::First => true,
            Work::Rung(quality) => line.kind == RenditionKind::Hls && line.quality == *quality,
            Work::Mp4 => line.kind == RenditionKind::Mp4,
            Work::Pictures | Work::Poster | Work::Purge => false,
        };
        if is_lost && line.status != RenditionStatus::Encoded {
            line.status = RenditionStatus::Failed;
            renditions::set(tx, project, video, &line).await?;
        }
    }
    Ok(())
}
