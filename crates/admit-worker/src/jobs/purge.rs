//! Deletes what a deleted video left in storage. The second run finds nothing to do.

use admit_db::{jobs, transaction, videos};
use admit_domain::object_key::ObjectPrefix;

use crate::context::{Context, JobError};

pub(crate) async fn run(context: &Context<'_>) -> Result<(), JobError> {
    if is_gone(context).await? {
        let (objects, video) = (&context.worker.objects, context.lease.video);
        objects.delete_all(ObjectPrefix::Upload(video)).await?;
        objects.delete_all(ObjectPrefix::Video(video)).await?;
    }
    context.finish(async |_| Ok(())).await
}

/// A discarded video goes for good, now that its time is over. One that was had back meanwhile stays.
async fn is_gone(context: &Context<'_>) -> Result<bool, JobError> {
    let (worker, lease) = (context.worker, context.lease);
    Ok(transaction!(worker.db, |tx| {
        let now = (worker.now)();
        let Some(held) = videos::hold(tx, &lease.project, &lease.video).await? else { return Ok(true) };
        if held.discarded.is_none_or(|discarded| discarded.deletes_at > now) {
            return Ok(false);
        }
        videos::delete(tx, &lease.project, &lease.video).await?;
        jobs::cancel_others(tx, &lease, now).await?;
        Ok(true)
    })?)
}
