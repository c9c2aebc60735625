//! Keys that pages show: each names its project, and opens nothing by itself.

use admit_domain::{
    id::{ProjectId, PublishableKeyId},
    time::Timestamp,
    video::Visibility,
};

use crate::{
    db::{Db, Tx},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one, opt},
};

/// A key that was not revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: PublishableKeyId,
    pub project: ProjectId,
    pub name: String,
    pub created_at: Timestamp,
}

pub async fn insert(tx: &mut Tx, key: &Record) -> Result<()> {
    let text = "INSERT INTO publishable_keys (id, project_id, name, created_at) VALUES ($1, $2, $3, $4)";
    exec!(tx, text, key.id.as_str(), key.project.as_str(), &key.name, key.created_at.as_millis())?;
    Ok(())
}

/// What a page that shows a key asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Film {
    pub title: String,
    pub visibility: Visibility,
}

/// The key, and the film of its project that is asked for with it. Names no project because it is from the key that the
/// project is learned.
pub async fn find(db: &Db, id: &PublishableKeyId, film: &str) -> Result<Option<(Record, Option<Film>)>> {
    let text = "SELECT k.id, k.project_id, k.name, k.created_at, v.title, v.public FROM publishable_keys k
        LEFT JOIN videos v ON v.project_id = k.project_id AND v.id = $2 AND v.discarded_at IS NULL
        WHERE k.id = $1 AND k.revoked_at IS NULL";
    let Some(row) = opt!(db, BesideRow, text, id.as_str(), film)? else { return Ok(None) };
    let BesideRow { id, project_id, name, created_at, title, public } = row;
    let film = title.zip(public);
    let film = film.map(|(title, public)| Film { title, visibility: Visibility::from_public(public) });
    Ok(Some((KeyRow { id, project_id, name, created_at }.read()?, film)))
}

/// The project's keys, newest first.
pub async fn list(db: &Db, project: &ProjectId, paging: Paging) -> Result<Page<Record>> {
    let text = "SELECT id, project_id, name, created_at FROM publishable_keys
        WHERE project_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3";
    let count = "SELECT COUNT(*) FROM publishable_keys WHERE project_id = $1 AND revoked_at IS NULL";
    let rows = all!(db, KeyRow, text, project.as_str(), paging.limit(), paging.offset())?;
    let (total,): (i64,) = one!(db, (i64,), count, project.as_str())?;
    let items = rows.into_iter().map(KeyRow::read).collect::<Result<_>>()?;
    Ok(Page { items, total: Row::of("publishable_keys", project.as_str()).number("count", total)? })
}

/// `false` when there is no such key, or it was revoked before.
pub async fn revoke(tx: &mut Tx, project: &ProjectId, id: &PublishableKeyId, now: Timestamp) -> Result<bool> {
    let text = "UPDATE publishable_keys SET revoked_at = $3 WHERE project_id = $1 AND id = $2 AND revoked_at IS NULL";
    Ok(exec!(tx, text, project.as_str(), id.as_str(), now.as_millis())? > 0)
}

/// A key, and a film of its project where there is such a one.
#[derive(sqlx::FromRow)]
struct BesideRow {
    id: String,
    project_id: String,
    name: String,
    created_at: i64,
    title: Option<String>,
    public: Option<bool>,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    project_id: String,
    name: String,
    created_at: i64,
}

impl KeyRow {
    fn read(self) -> Result<Record> {
        let row = Row::of("publishable_keys", &self.id);
        Ok(Record {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            name: self.name,
            created_at: Timestamp::from_millis(self.created_at),
        })
    }
}
