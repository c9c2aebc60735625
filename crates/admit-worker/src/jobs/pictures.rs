//! A poster, and the storyboard a player shows above its time line.

use admit_db::{jobs, videos};
use admit_domain::{job::Work, object_key::ObjectKey};

use super::poster::POSTER_PRIORITY;
use crate::context::{Context, JobError};

pub(crate) async fn run(context: &Context<'_>) -> Result<(), JobError> {
    let (worker, lease) = (context.worker, context.lease);
    let source = context.source().await?;
    let facts = context.probe().await?;
    // A poster that the customer picked before there was a film is a job of its own.
    let picked = match context.wish().await? {
        Some(_) => Some(context.new_job(Work::Poster, POSTER_PRIORITY)?),
        None => None,
    };
    let poster = match picked {
        Some(_) => None,
        None => worker.toolbox.poster(&source, &facts, None, &context.scratch).await?,
    };
    let thumbnail = match poster {
        Some(file) => {
            let edition = context.edition()?;
            context.store_file(ObjectKey::Thumbnail { video: lease.video, edition }, &file).await?;
            Some(edition)
        }
        None => None,
    };
    let board = worker.toolbox.storyboard(&source, &facts, &context.scratch).await?;
    let board = match board {
        Some((mut board, sheets)) => {
            board.edition = context.edition()?;
            for (sheet, file) in (0..).zip(&sheets) {
                let key = ObjectKey::StoryboardSheet { video: lease.video, edition: board.edition, sheet };
                context.store_file(key, file).await?;
            }
            Some(board)
        }
        None => None,
    };
    context
        .publish(
            |presentation| presentation.storyboard = board,
            async |tx| {
                if let Some(poster) = picked {
                    jobs::insert(tx, &poster, (worker.now)()).await?;
                }
                // A poster that the customer sent meanwhile stays.
                videos::set_thumbnail(tx, &lease.project, &lease.video, None, thumbnail).await.map(drop)
            },
        )
        .await?;
    worker.work_waits.notify_one();
    Ok(())
}
