//! Sources that are fetched from an address outside.

use admit_domain::id::{ProjectId, VideoId};

use crate::{
    db::{Db, Tx},
    error::Result,
    statement::{exec, opt},
};

/// What is known of the import of a video.
#[derive(Clone, PartialEq, Eq)]
pub struct Import {
    /// Until it is over; the address may open something by itself.
    pub url: Option<String>,
}

pub async fn insert(tx: &mut Tx, project: &ProjectId, video: &VideoId, url: &str) -> Result<()> {
    let text = "INSERT INTO imports (video_id, project_id, url) VALUES ($1, $2, $3)";
    exec!(tx, text, video.as_str(), project.as_str(), url)?;
    Ok(())
}

pub async fn get(db: &Db, project: &ProjectId, video: &VideoId) -> Result<Option<Import>> {
    let text = "SELECT url FROM imports WHERE project_id = $1 AND video_id = $2";
    Ok(opt!(db, (Option<String>,), text, project.as_str(), video.as_str())?.map(|(url,)| Import { url }))
}

/// The import is over, well or badly: its address is forgotten. `false` when there is none.
pub async fn forget_address(tx: &mut Tx, project: &ProjectId, video: &VideoId) -> Result<bool> {
    let text = "UPDATE imports SET url = NULL WHERE project_id = $1 AND video_id = $2";
    Ok(exec!(tx, text, project.as_str(), video.as_str())? > 0)
}
