//! The poster the customer picked, in the place of any other.

use admit_db::{DbError, jobs, revocations, transaction, videos};
use admit_domain::{
    job::Work,
    object_key::{Edition, ObjectKey},
};

use super::ingest::FIRST_PRIORITY;
use crate::context::{Context, JobError};

/// As soon as the film can be watched.
pub(super) const POSTER_PRIORITY: i64 = FIRST_PRIORITY + 1;

pub(crate) async fn run(context: &Context<'_>) -> Result<(), JobError> {
    let (worker, lease) = (context.worker, context.lease);
    let (project, video) = (&lease.project, lease.video);
    let wish = context.wish().await?;
    let made = match wish {
        Some(at) => make(context, at).await?,
        // The customer has sent a poster meanwhile, and that stays.
        None => None,
    };
    let again = context.new_job(Work::Poster, POSTER_PRIORITY)?;
    let outcome = transaction!(worker.db, |tx| {
        let now = (worker.now)();
        let Some(held) = videos::hold(tx, project, &video).await? else { return Err(DbError::Conflict) };
        if !jobs::finish(tx, &lease, now).await? {
            return Err(DbError::Conflict);
        }
        if videos::poster_at(tx, project, &video).await? != wish {
            // Wished anew while this job ran, which kept another from being queued.
            jobs::insert(tx, &again, now).await?;
            return Ok(made);
        }
        if made.is_none() {
            return Ok(None);
        }
        let old = held.shelf.thumbnail;
        videos::set_thumbnail(tx, project, &video, old, made).await?;
        revocations::changed(tx, project, video, now).await?;
        Ok(old)
    });
    let superseded = match outcome {
        Err(DbError::Conflict) => return Err(JobError::Lost),
        other => other?,
    };
    context.commit();
    worker.log_grew.notify_one();
    worker.work_waits.notify_one();
    if let Some(edition) = superseded {
        let key = ObjectKey::Thumbnail { video, edition };
        if let Err(error) = worker.objects.delete(&key).await {
            tracing::warn!(%error, ?key, "delete a poster that was replaced");
        }
    }
    Ok(())
}

/// A picture of that moment, or of the beginning when the film ends before. None of a film without pictures, nor
/// of a source that is not put together yet: whoever makes its pictures will find the wish.
async fn make(context: &Context<'_>, at_ms: u64) -> Result<Option<Edition>, JobError> {
    let (worker, video) = (context.worker, context.lease.video);
    if !worker.objects.exists(&ObjectKey::Source { video }).await? {
        return Ok(None);
    }
    let source = context.source().await?;
    let facts = context.probe().await?;
    let at = if at_ms < facts.duration_ms { at_ms } else { 0 };
    let Some(file) = worker.toolbox.poster(&source, &facts, Some(at), &context.scratch).await? else {
        return Ok(None);
    };
    let edition = context.edition()?;
    context.store_file(ObjectKey::Thumbnail { video, edition }, &file).await?;
    Ok(Some(edition))
}

impl Context<'_> {
    /// Where in the film the customer wishes the poster from.
    pub(super) async fn wish(&self) -> Result<Option<u64>, JobError> {
        let Self { worker, lease, .. } = self;
        Ok(transaction!(worker.db, |tx| videos::poster_at(tx, &lease.project, &lease.video).await)?)
    }
}
