//! Deletes what a deleted video left in storage. The second run finds nothing to do.

use admit_domain::object_key::ObjectPrefix;

use crate::context::{Context, JobError};

pub(crate) async fn run(context: &Context<'_>) -> Result<(), JobError> {
    let (objects, video) = (&context.worker.objects, context.lease.video);
    objects.delete_all(ObjectPrefix::Upload(video)).await?;
    objects.delete_all(ObjectPrefix::Video(video)).await?;
    context.finish(async |_| Ok(())).await
}
