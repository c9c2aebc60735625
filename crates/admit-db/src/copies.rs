//! Videos whose source is a copy of another's.

use admit_domain::id::{ProjectId, VideoId};

use crate::{
    db::{Db, Tx},
    error::Result,
    statement::{exec, opt},
};

pub async fn insert(tx: &mut Tx, project: &ProjectId, video: &VideoId, source: &VideoId) -> Result<()> {
    let text = "INSERT INTO copies (video_id, project_id, source_id) VALUES ($1, $2, $3)";
    exec!(tx, text, video.as_str(), project.as_str(), source.as_str())?;
    Ok(())
}

/// Is its source a copy?
pub async fn is_one(db: &Db, project: &ProjectId, video: &VideoId) -> Result<bool> {
    let text = "SELECT source_id FROM copies WHERE project_id = $1 AND video_id = $2";
    Ok(opt!(db, (String,), text, project.as_str(), video.as_str())?.is_some())
}
