//! Fetches the source from the address the customer named.

use admit_db::{imports, jobs, videos};
use admit_domain::{job::Work, object_key::ObjectKey, video::Ingest};
use admit_objects::Incoming;

use crate::{
    context::{Context, JobError},
    outbound::{CallError, Stream},
};

/// As soon as an upload is looked at.
const INGEST_PRIORITY: i64 = 1;

pub(crate) async fn run(context: &Context<'_>) -> Result<(), JobError> {
    let (worker, lease) = (context.worker, context.lease);
    let whole = ObjectKey::Received { video: lease.video };
    // Visible only when it is whole, so a second run finds either all of it or nothing.
    if !worker.objects.exists(&whole).await? {
        let import = imports::get(&worker.db, &lease.project, &lease.video).await?;
        let address = import.and_then(|import| import.url).ok_or(JobError::Lost)?;
        fetch(context, &address, &whole).await?;
    }
    let ingest = context.new_job(Work::Ingest, INGEST_PRIORITY)?;
    let finished = context
        .finish(async |tx| {
            let now = (worker.now)();
            imports::forget_address(tx, &lease.project, &lease.video).await?;
            videos::set_ingest(tx, &lease.project, &lease.video, Ingest::Ingested, None, now).await?;
            jobs::insert(tx, &ingest, now).await.map(drop)
        })
        .await;
    if matches!(finished, Err(JobError::Lost)) && videos::published(&worker.db, &lease.video).await?.is_none() {
        // The video was deleted, and its storage emptied, while the last bytes came in.
        worker.objects.delete(&whole).await?;
    }
    finished?;
    worker.work_waits.notify_one();
    Ok(())
}

async fn fetch(context: &Context<'_>, address: &str, key: &ObjectKey) -> Result<(), JobError> {
    let worker = context.worker;
    let mut stream = worker.outbound.get(address, worker.source_bytes_max).await?;
    let mut incoming = worker.objects.begin(key).await?;
    match receive(&mut stream, &mut incoming).await {
        Ok(()) => {
            incoming.finish().await?;
            Ok(())
        }
        Err(error) => {
            incoming.abort().await?;
            Err(error)
        }
    }
}

async fn receive(stream: &mut Stream, incoming: &mut Incoming) -> Result<(), JobError> {
    while let Some(slice) = stream.next().await? {
        incoming.write(slice).await?;
    }
    if incoming.bytes() == 0 { Err(CallError::Empty.into()) } else { Ok(()) }
}
