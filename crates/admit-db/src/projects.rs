//! Tenants. Until an operator can make more there is one.

use admit_domain::{id::ProjectId, time::Timestamp};

use crate::{
    db::{Db, Tx},
    error::Result,
    row::Row,
    statement::{exec, opt},
};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    pub created_at: Timestamp,
}

/// Makes the project unless it exists.
pub async fn ensure(tx: &mut Tx, id: &ProjectId, name: &str, now: Timestamp) -> Result<()> {
    let text = "INSERT INTO projects (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    exec!(tx, text, id.as_str(), name, now.as_millis())?;
    Ok(())
}

/// The oldest project: the one an installation begins with.
pub async fn first(db: &Db) -> Result<Option<Project>> {
    let text = "SELECT id, name, created_at FROM projects ORDER BY created_at, id LIMIT 1";
    let Some((id, name, created_at)) = opt!(db, (String, String, i64), text)? else { return Ok(None) };
    let id = Row::of("projects", &id).id("id", &id)?;
    Ok(Some(Project { id, name, created_at: Timestamp::from_millis(created_at) }))
}
