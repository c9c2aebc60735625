//! A poster, and the storyboard a player shows above its time line.

use admit_db::videos;
use admit_domain::object_key::ObjectKey;

use crate::context::{Context, JobError};

pub(crate) async fn run(context: &Context<'_>) -> Result<(), JobError> {
    let (worker, lease) = (context.worker, context.lease);
    let source = context.source().await?;
    let facts = context.probe().await?;
    let poster = worker.toolbox.poster(&source, &facts, None, &context.scratch).await?;
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
                // A poster that the customer sent meanwhile stays.
                videos::set_thumbnail(tx, &lease.project, &lease.video, None, thumbnail).await.map(drop)
            },
        )
        .await
}
