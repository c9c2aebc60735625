//! Videos that were deleted and can still be had back.

use admit_domain::{
    id::{ProjectId, VideoId},
    time::Timestamp,
};

use crate::{db::Tx, error::Result, statement::exec};

/// Takes the video out of every list and away from every viewer; `false` when there is none, or it is away already.
pub async fn discard(
    tx: &mut Tx,
    project: &ProjectId,
    id: &VideoId,
    now: Timestamp,
    deletes_at: Timestamp,
) -> Result<bool> {
    let text = "UPDATE videos SET discarded_at = $3, deletes_at = $4
        WHERE project_id = $1 AND id = $2 AND discarded_at IS NULL";
    Ok(exec!(tx, text, project.as_str(), id.as_str(), now.as_millis(), deletes_at.as_millis())? > 0)
}

/// Brings it back; `false` when it is not among the discarded.
pub async fn restore(tx: &mut Tx, project: &ProjectId, id: &VideoId, now: Timestamp) -> Result<bool> {
    let text = "UPDATE videos SET discarded_at = NULL, deletes_at = NULL, updated_at = $3
        WHERE project_id = $1 AND id = $2 AND discarded_at IS NOT NULL";
    Ok(exec!(tx, text, project.as_str(), id.as_str(), now.as_millis())? > 0)
}
