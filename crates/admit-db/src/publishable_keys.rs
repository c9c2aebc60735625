//! Keys that pages show: each names its project, and opens nothing by itself.

use admit_domain::{
    id::{ProjectId, PublishableKeyId},
    time::Timestamp,
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

/// The key. Names no project because it is from the key that the project is learned.
pub async fn find(db: &Db, id: &PublishableKeyId) -> Result<Option<Record>> {
    let text = "SELECT id, project_id, name, created_at FROM publishable_keys WHERE id = $1 AND revoked_at IS NULL";
    opt!(db, KeyRow, text, id.as_str())?.map(KeyRow::read).transpose()
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
