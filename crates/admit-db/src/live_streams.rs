//! Live streams as records: by name, by stream key, by page.

use admit_domain::{
    id::{LiveStreamId, PlayerId, ProjectId},
    live_stream::{LiveDescription, LiveStream, Restream},
    object_key::Edition,
    secret::{Fingerprint, Sealed},
    time::Timestamp,
    video::Visibility,
};

use crate::{
    db::{Db, Tx},
    dialect::{Both, both, rows},
    error::Result,
    letters::containing,
    page::{Page, Paging},
    players::SortBy,
    row::Row,
    statement::{all, exec, one, opt},
    videos::Order,
};

/// What a live stream must have to be listed: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Contained in the name, whatever the case of its letters.
    pub name: Option<String>,
    /// Of its stream key.
    pub stream_key: Option<Fingerprint>,
}

macro_rules! columns {
    () => {
        "id, project_id, name, public, player_id, restreams, thumbnail, created_at, updated_at"
    };
}

/// A statement over the live streams of project $1 that pass the filter in $2 and $3.
macro_rules! filtered {
    ($select:expr, $tail:expr) => {
        concat!(
            "SELECT ",
            $select,
            " FROM live_streams WHERE project_id = $1 AND ($2 = '' OR name_folded LIKE $2 ESCAPE '!')
                AND ($3 = '' OR stream_key_hash = $3) ",
            $tail
        )
    };
}

macro_rules! page_by {
    ($order:literal) => {
        filtered!(columns!(), concat!("ORDER BY ", $order, " LIMIT $4 OFFSET $5"))
    };
}

/// `stream_key` is what the stream will be found by; the key itself is not stored.
pub async fn insert(tx: &mut Tx, live: &LiveStream, stream_key: &Fingerprint) -> Result<()> {
    let text = "INSERT INTO live_streams (id, project_id, name, name_folded, public, player_id, restreams,
            stream_key_hash, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let LiveStream { id, project, about, created_at, updated_at, .. } = live;
    exec!(
        tx,
        text,
        id.as_str(),
        project.as_str(),
        &about.name,
        about.name.to_lowercase(),
        about.visibility.is_public(),
        about.player_id.as_ref().map(PlayerId::as_str),
        restreams(&about.restreams),
        stream_key.to_hex(),
        created_at.as_millis(),
        updated_at.as_millis(),
    )?;
    Ok(())
}

pub async fn get(db: &Db, project: &ProjectId, id: &LiveStreamId) -> Result<Option<LiveStream>> {
    let text = concat!("SELECT ", columns!(), " FROM live_streams WHERE project_id = $1 AND id = $2");
    opt!(db, LiveRow, text, project.as_str(), id.as_str())?.map(LiveRow::read).transpose()
}

/// The live stream, which nobody else can change or delete until the transaction ends.
pub async fn hold(tx: &mut Tx, project: &ProjectId, id: &LiveStreamId) -> Result<Option<LiveStream>> {
    const TEXT: Both =
        both!(concat!("SELECT ", columns!(), " FROM live_streams WHERE project_id = $1 AND id = $2"), for_update, "");
    opt!(tx, LiveRow, TEXT, project.as_str(), id.as_str())?.map(LiveRow::read).transpose()
}

pub async fn list(
    db: &Db,
    project: &ProjectId,
    filter: &Filter,
    sort: (SortBy, Order),
    paging: Paging,
) -> Result<Page<LiveStream>> {
    let text = match sort {
        (SortBy::Name, Order::Ascending) => page_by!("name_folded, id"),
        (SortBy::Name, Order::Descending) => page_by!("name_folded DESC, id DESC"),
        (SortBy::CreatedAt, Order::Ascending) => page_by!("created_at, id"),
        (SortBy::CreatedAt, Order::Descending) => page_by!("created_at DESC, id DESC"),
        (SortBy::UpdatedAt, Order::Ascending) => page_by!("updated_at, id"),
        (SortBy::UpdatedAt, Order::Descending) => page_by!("updated_at DESC, id DESC"),
    };
    let name = containing(filter.name.as_deref());
    let key = filter.stream_key.as_ref().map(Fingerprint::to_hex).unwrap_or_default();
    let found = all!(db, LiveRow, text, project.as_str(), &name, &key, paging.limit(), paging.offset())?;
    let (total,): (i64,) = one!(db, (i64,), filtered!("COUNT(*)", ""), project.as_str(), &name, &key)?;
    let total = Row::of("live_streams", project.as_str()).number("count", total)?;
    Ok(Page { items: found.into_iter().map(LiveRow::read).collect::<Result<_>>()?, total })
}

/// Replaces all that the customer says about the live stream; `false` when there is none.
pub async fn update_about(
    tx: &mut Tx,
    project: &ProjectId,
    id: &LiveStreamId,
    about: &LiveDescription,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE live_streams
        SET name = $3, name_folded = $4, public = $5, player_id = $6, restreams = $7, updated_at = $8
        WHERE project_id = $1 AND id = $2";
    let touched = exec!(
        tx,
        text,
        project.as_str(),
        id.as_str(),
        &about.name,
        about.name.to_lowercase(),
        about.visibility.is_public(),
        about.player_id.as_ref().map(PlayerId::as_str),
        restreams(&about.restreams),
        now.as_millis(),
    )?;
    Ok(touched > 0)
}

/// Puts the picture in the place of the one before, or none; `false` when there is no live stream.
pub async fn set_thumbnail(
    tx: &mut Tx,
    project: &ProjectId,
    id: &LiveStreamId,
    thumbnail: Option<Edition>,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE live_streams SET thumbnail = $3, updated_at = $4 WHERE project_id = $1 AND id = $2";
    let thumbnail = thumbnail.map(|edition| edition.0);
    Ok(exec!(tx, text, project.as_str(), id.as_str(), thumbnail, now.as_millis())? > 0)
}

/// `false` when there is none.
pub async fn delete(tx: &mut Tx, project: &ProjectId, id: &LiveStreamId) -> Result<bool> {
    let text = "DELETE FROM live_streams WHERE project_id = $1 AND id = $2";
    Ok(exec!(tx, text, project.as_str(), id.as_str())? > 0)
}

/// Who may see the picture of a live stream, and which it is. Names no project because a viewer's address does not.
pub async fn thumbnail(db: &Db, id: &LiveStreamId) -> Result<Option<(Visibility, Option<Edition>)>> {
    let text = "SELECT public, thumbnail FROM live_streams WHERE id = $1";
    let found = opt!(db, (bool, Option<i64>), text, id.as_str())?;
    Ok(found.map(|(public, thumbnail)| (Visibility::from_public(public), thumbnail.map(Edition))))
}

fn restreams(restreams: &[Restream]) -> String {
    rows(&restreams.iter().map(|to| (&to.name, &to.server_url, &to.stream_key.0)).collect::<Vec<_>>())
}

#[derive(sqlx::FromRow)]
struct LiveRow {
    id: String,
    project_id: String,
    name: String,
    public: bool,
    player_id: Option<String>,
    restreams: String,
    thumbnail: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl LiveRow {
    fn read(self) -> Result<LiveStream> {
        let row = Row::of("live_streams", &self.id);
        let restreams: Option<Vec<(String, String, String)>> = serde_json::from_str(&self.restreams).ok();
        let restream =
            |(name, server_url, key): (String, String, String)| Restream { name, server_url, stream_key: Sealed(key) };
        Ok(LiveStream {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            about: LiveDescription {
                name: self.name,
                visibility: Visibility::from_public(self.public),
                player_id: self.player_id.as_deref().map(|id| row.id("player_id", id)).transpose()?,
                restreams: row.known("restreams", restreams)?.into_iter().map(restream).collect(),
            },
            thumbnail: self.thumbnail.map(Edition),
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
        })
    }
}
