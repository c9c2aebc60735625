//! Videos as their customers describe them, and how far they have come.

mod discarded;
mod labels;
mod list;
mod row;
mod shelf;
mod tags;

use admit_domain::{
    id::{PlayerId, ProjectId, VideoId},
    time::Timestamp,
    video::{Description, Ingest, Video},
};

pub use self::{
    discarded::{discard, restore},
    list::{Filter, Order, Sort, SortBy, list},
    shelf::{
        Demands, OwnRules, poster_at, publish_presentation, published, published_with_demands, rules, segments_per_key,
        set_mp4, set_poster_at, set_rules, set_segments_per_key, set_thumbnail,
    },
    tags::{Tag, TagSort, tags},
};
use self::{
    labels::Labels,
    row::{VideoRow, columns, selected},
};
use crate::{
    db::{Db, Tx},
    dialect::{Both, both},
    error::Result,
    letters::folded,
    statement::{exec, opt},
};

pub async fn insert(tx: &mut Tx, video: &Video) -> Result<()> {
    let text = concat!(
        "INSERT INTO videos (title_folded, description_folded, ",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    );
    // A new video is not a discarded one.
    let Video { id, project, about, created_at, updated_at, published_at, ingest, shelf, discarded: _ } = video;
    exec!(
        tx,
        text,
        folded(&about.title),
        folded(&about.description),
        id.as_str(),
        project.as_str(),
        &about.title,
        &about.description,
        about.visibility.is_public(),
        about.panoramic,
        about.mp4_support,
        about.player_id.as_ref().map(PlayerId::as_str),
        &about.language,
        created_at.as_millis(),
        updated_at.as_millis(),
        published_at.map(Timestamp::as_millis),
        ingest.as_str(),
        shelf.presentation.map(|edition| edition.0),
        shelf.mp4.map(|edition| edition.0),
        shelf.thumbnail.map(|edition| edition.0),
    )?;
    labels::insert(tx, project, id, about).await
}

/// The video, unless it was discarded.
pub async fn get(db: &Db, project: &ProjectId, id: &VideoId) -> Result<Option<Video>> {
    let text =
        concat!("SELECT ", selected!(), " FROM videos WHERE project_id = $1 AND id = $2 AND discarded_at IS NULL");
    find(db, text, project, id).await
}

/// The video, if it was discarded.
pub async fn get_discarded(db: &Db, project: &ProjectId, id: &VideoId) -> Result<Option<Video>> {
    let text =
        concat!("SELECT ", selected!(), " FROM videos WHERE project_id = $1 AND id = $2 AND discarded_at IS NOT NULL");
    find(db, text, project, id).await
}

async fn find(db: &Db, text: &'static str, project: &ProjectId, id: &VideoId) -> Result<Option<Video>> {
    let Some(row) = opt!(db, VideoRow, text, project.as_str(), id.as_str())? else { return Ok(None) };
    let mut labels = Labels::of(db, project, std::iter::once(id.as_str())).await?;
    row.read(&mut labels).map(Some)
}

/// The video, discarded or not, which nobody else can change or delete until the transaction ends: for what is read, changed and
/// written back.
pub async fn hold(tx: &mut Tx, project: &ProjectId, id: &VideoId) -> Result<Option<Video>> {
    const TEXT: Both =
        both!(concat!("SELECT ", selected!(), " FROM videos WHERE project_id = $1 AND id = $2"), for_update, "");
    let Some(row) = opt!(tx, VideoRow, TEXT, project.as_str(), id.as_str())? else { return Ok(None) };
    let mut labels = Labels::of_in(tx, project, id).await?;
    row.read(&mut labels).map(Some)
}

/// Replaces all that the customer says about the video; `false` when there is none.
pub async fn update_about(
    tx: &mut Tx,
    project: &ProjectId,
    id: &VideoId,
    about: &Description,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE videos SET title = $3, title_folded = $4, description = $5, description_folded = $6,
            public = $7, panoramic = $8, mp4_support = $9, player_id = $10, language = $11, updated_at = $12
        WHERE project_id = $1 AND id = $2";
    let touched = exec!(
        tx,
        text,
        project.as_str(),
        id.as_str(),
        &about.title,
        folded(&about.title),
        &about.description,
        folded(&about.description),
        about.visibility.is_public(),
        about.panoramic,
        about.mp4_support,
        about.player_id.as_ref().map(PlayerId::as_str),
        &about.language,
        now.as_millis(),
    )?;
    if touched == 0 {
        return Ok(false);
    }
    labels::delete(tx, project, id).await?;
    labels::insert(tx, project, id, about).await?;
    Ok(true)
}

/// Sets how far the bytes have come; `failure` is the code that says why a source cannot be used.
pub async fn set_ingest(
    tx: &mut Tx,
    project: &ProjectId,
    id: &VideoId,
    ingest: Ingest,
    failure: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE videos SET ingest = $3, failure = $4, updated_at = $5 WHERE project_id = $1 AND id = $2";
    Ok(exec!(tx, text, project.as_str(), id.as_str(), ingest.as_str(), failure, now.as_millis())? > 0)
}

/// Moves from one state to the next; of any number of attempts one is told `true`, and follows it up.
pub async fn move_ingest(
    tx: &mut Tx,
    project: &ProjectId,
    id: &VideoId,
    from: Ingest,
    to: Ingest,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE videos SET ingest = $4, failure = NULL, updated_at = $5
        WHERE project_id = $1 AND id = $2 AND ingest = $3";
    Ok(exec!(tx, text, project.as_str(), id.as_str(), from.as_str(), to.as_str(), now.as_millis())? > 0)
}

/// Why the source could not be used, if that is so.
pub async fn failure(db: &Db, project: &ProjectId, id: &VideoId) -> Result<Option<String>> {
    let text = "SELECT failure FROM videos WHERE project_id = $1 AND id = $2";
    Ok(opt!(db, (Option<String>,), text, project.as_str(), id.as_str())?.and_then(|(failure,)| failure))
}

/// Is there such a video? Of all projects: what lies in storage names none.
pub async fn exists(db: &Db, id: &VideoId) -> Result<bool> {
    Ok(opt!(db, (String,), "SELECT id FROM videos WHERE id = $1", id.as_str())?.is_some())
}

/// Deletes the video and all rows that are part of it; `false` when there is none. Its jobs, its sessions and
/// what was audited remain.
pub async fn delete(tx: &mut Tx, project: &ProjectId, id: &VideoId) -> Result<bool> {
    let text = "DELETE FROM videos WHERE project_id = $1 AND id = $2";
    Ok(exec!(tx, text, project.as_str(), id.as_str())? > 0)
}
