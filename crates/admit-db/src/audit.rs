//! Who did what: rows are only ever added.

use admit_domain::{id::ProjectId, time::Timestamp};

use crate::{
    db::{Db, Tx},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one},
};

/// Something that happened and that an operator may ask about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub happened_at: Timestamp,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
}

pub async fn insert(tx: &mut Tx, project: &ProjectId, event: &Event) -> Result<()> {
    let text = "INSERT INTO audit (project_id, happened_at, actor, action, subject, detail)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let Event { happened_at, actor, action, subject, detail } = event;
    exec!(tx, text, project.as_str(), happened_at.as_millis(), actor, action, subject, detail)?;
    Ok(())
}

/// The project's events, latest first.
pub async fn list(db: &Db, project: &ProjectId, paging: Paging) -> Result<Page<Event>> {
    let text = "SELECT happened_at, actor, action, subject, detail FROM audit
        WHERE project_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3";
    let rows = all!(db, EventRow, text, project.as_str(), paging.limit(), paging.offset())?;
    let count = "SELECT COUNT(*) FROM audit WHERE project_id = $1";
    let (total,): (i64,) = one!(db, (i64,), count, project.as_str())?;
    let total = Row::of("audit", project.as_str()).number("count", total)?;
    Ok(Page { items: rows.into_iter().map(EventRow::read).collect(), total })
}

#[derive(sqlx::FromRow)]
struct EventRow {
    happened_at: i64,
    actor: String,
    action: String,
    subject: String,
    detail: String,
}

impl EventRow {
    fn read(self) -> Event {
        let Self { happened_at, actor, action, subject, detail } = self;
        Event { happened_at: Timestamp::from_millis(happened_at), actor, action, subject, detail }
    }
}
