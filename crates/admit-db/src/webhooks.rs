//! Addresses that wish to hear of events. Their secrets are derived from their ids, and not here.

use admit_domain::{
    id::{ProjectId, WebhookId},
    limits::WEBHOOKS_PER_PROJECT_MAX,
    time::Timestamp,
    webhook::{EventKind, Webhook},
};

use crate::{
    db::{Db, Tx},
    dialect::{Both, both},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one, opt},
};

/// `false`, and nothing is stored, when the project has as many as it may have.
pub async fn insert(tx: &mut Tx, webhook: &Webhook) -> Result<bool> {
    // Of two that would be the last, the second counts the first.
    const HOLD: Both = both!("SELECT id FROM projects WHERE id = $1", for_update, "");
    let text = "INSERT INTO webhooks (id, project_id, created_at, url, events, given_up)
        SELECT $1, $2, $3, $4, $5, 0 WHERE $6 > (SELECT COUNT(*) FROM webhooks WHERE project_id = $2)";
    let Webhook { id, project, created_at, url, events } = webhook;
    let _: (String,) = one!(tx, (String,), HOLD, project.as_str())?;
    let (events, most) = (joined(events), i64::from(WEBHOOKS_PER_PROJECT_MAX));
    Ok(exec!(tx, text, id.as_str(), project.as_str(), created_at.as_millis(), url, events, most)? > 0)
}

pub async fn get(db: &Db, project: &ProjectId, id: &WebhookId) -> Result<Option<Webhook>> {
    let text = "SELECT id, project_id, created_at, url, events FROM webhooks WHERE project_id = $1 AND id = $2";
    opt!(db, WebhookRow, text, project.as_str(), id.as_str())?.map(WebhookRow::read).transpose()
}

/// The project's webhooks, latest first; only those that hear of that event, if one is named.
pub async fn list(db: &Db, project: &ProjectId, event: Option<EventKind>, paging: Paging) -> Result<Page<Webhook>> {
    macro_rules! filtered {
        ($select:literal, $tail:literal) => {
            concat!("SELECT ", $select, " FROM webhooks WHERE project_id = $1 AND events LIKE $2", $tail)
        };
    }
    let page =
        filtered!("id, project_id, created_at, url, events", " ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4");
    let event = event.map_or("%".to_owned(), |event| format!("%,{},%", event.as_str()));
    let (project, limit, offset) = (project.as_str(), paging.limit(), paging.offset());
    let rows = all!(db, WebhookRow, page, project, &event, limit, offset)?;
    let (total,): (i64,) = one!(db, (i64,), filtered!("COUNT(*)", ""), project, &event)?;
    let items = rows.into_iter().map(WebhookRow::read).collect::<Result<_>>()?;
    Ok(Page { items, total: Row::of("webhooks", project).number("count", total)? })
}

/// Deletes the webhook and all that it was or is still to be told; `false` when there is none.
pub async fn delete(tx: &mut Tx, project: &ProjectId, id: &WebhookId) -> Result<bool> {
    let text = "DELETE FROM webhooks WHERE project_id = $1 AND id = $2";
    Ok(exec!(tx, text, project.as_str(), id.as_str())? > 0)
}

/// It heard an event: what was given up before counts no more.
pub async fn heard(tx: &mut Tx, project: &ProjectId, id: &WebhookId) -> Result<()> {
    let text = "UPDATE webhooks SET given_up = 0 WHERE project_id = $1 AND id = $2 AND given_up > 0";
    exec!(tx, text, project.as_str(), id.as_str())?;
    Ok(())
}

/// An event was given up; how many that makes one after another.
pub async fn missed(tx: &mut Tx, project: &ProjectId, id: &WebhookId) -> Result<u32> {
    let text = "UPDATE webhooks SET given_up = given_up + 1 WHERE project_id = $1 AND id = $2 RETURNING given_up";
    let given_up = opt!(tx, (i64,), text, project.as_str(), id.as_str())?;
    Row::of("webhooks", id.as_str()).number("given_up", given_up.map_or(0, |(given_up,)| given_up))
}

/// It is told nothing any more, not even what waits; how much that was.
pub async fn disable(tx: &mut Tx, project: &ProjectId, id: &WebhookId, now: Timestamp) -> Result<u64> {
    let text = "UPDATE webhooks SET disabled_at = $3 WHERE project_id = $1 AND id = $2 AND disabled_at IS NULL";
    exec!(tx, text, project.as_str(), id.as_str(), now.as_millis())?;
    let text = "UPDATE deliveries SET state = 'failed', finished_at = $3
        WHERE project_id = $1 AND webhook_id = $2 AND state = 'waiting'";
    exec!(tx, text, project.as_str(), id.as_str(), now.as_millis())
}

/// Each name between two commas, so that it can be looked for whole.
fn joined(events: &[EventKind]) -> String {
    events.iter().fold(String::from(","), |list, event| list + event.as_str() + ",")
}

#[derive(sqlx::FromRow)]
struct WebhookRow {
    id: String,
    project_id: String,
    created_at: i64,
    url: String,
    events: String,
}

impl WebhookRow {
    fn read(self) -> Result<Webhook> {
        let row = Row::of("webhooks", &self.id);
        let events = self.events.split(',').filter(|name| !name.is_empty()).map(EventKind::parse);
        Ok(Webhook {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            created_at: Timestamp::from_millis(self.created_at),
            events: row.known("events", events.collect())?,
            url: self.url,
        })
    }
}
