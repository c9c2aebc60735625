//! What is told to webhooks: a queue held by leases, as that of jobs is, and the record of what was told.

use admit_domain::{
    id::{EventId, ProjectId, WebhookId},
    limits::{DELIVERIES_KEPT_MAX, DELIVERIES_PER_PROJECT_MAX, DELIVERIES_WAITING_MAX, DELIVERY_LEASE},
    time::Timestamp,
    webhook::{DeliveryState, Event, EventKind},
};

use crate::{
    db::{Db, Tx},
    dialect::{Both, both},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one, opt},
    transaction,
};

/// A delivery in the hands of a worker, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    pub webhook: WebhookId,
    pub project: ProjectId,
    pub event: EventId,
    pub body: String,
    pub url: String,
    /// From 1.
    pub attempt: u32,
    pub epoch: i64,
}

/// A line of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub event: EventId,
    pub kind: EventKind,
    pub state: DeliveryState,
    pub attempts: u32,
    /// What the receiver last answered, if it did.
    pub status: Option<u16>,
    pub created_at: Timestamp,
    /// While it waits.
    pub next_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub state: DeliveryState,
    pub status: Option<u16>,
    /// For one that waits again.
    pub retry_at: Option<Timestamp>,
}

/// Writes the event down for every webhook of the project that wishes to hear of it and has room; for how many.
pub async fn enqueue(tx: &mut Tx, project: &ProjectId, event: &Event, now: Timestamp) -> Result<u64> {
    let text = "INSERT INTO deliveries
            (webhook_id, project_id, event_id, event, body, state, attempt, claimable_at, lease_epoch, created_at)
        SELECT w.id, w.project_id, $2, $3, $4, 'waiting', 0, $5, 0, $5 FROM webhooks w
        WHERE w.project_id = $1 AND w.disabled_at IS NULL AND w.events LIKE $6 AND $7 > (
            SELECT COUNT(*) FROM deliveries d WHERE d.webhook_id = w.id AND d.state IN ('waiting', 'delivering'))";
    let Event { id, kind, body } = event;
    let (wanted, most) = (format!("%,{},%", kind.as_str()), i64::from(DELIVERIES_WAITING_MAX));
    exec!(tx, text, project.as_str(), id.as_str(), kind.as_str(), body, now.as_millis(), wanted, most)
}

/// Takes the first delivery that is due, of all projects; never two for one webhook, and of a project no more than its
/// fill. Callers that count on that claim one after another.
pub async fn claim(db: &Db, now: Timestamp) -> Result<Option<Claimed>> {
    const TEXT: Both = both!(
        "UPDATE deliveries SET state = 'delivering', attempt = attempt + 1, lease_epoch = lease_epoch + 1,
                claimable_at = $2
            WHERE seq = (SELECT d.seq FROM deliveries d
                WHERE d.state IN ('waiting', 'delivering') AND d.claimable_at <= $1
                    AND NOT EXISTS (SELECT 1 FROM deliveries o
                        WHERE o.webhook_id = d.webhook_id AND o.state = 'delivering' AND o.claimable_at > $1)
                    AND $3 > (SELECT COUNT(*) FROM deliveries o
                        WHERE o.project_id = d.project_id AND o.state = 'delivering' AND o.claimable_at > $1)
                ORDER BY d.claimable_at, d.seq LIMIT 1",
        skip_locked,
        ") RETURNING webhook_id, project_id, event_id, body, attempt, lease_epoch,
                (SELECT w.url FROM webhooks w WHERE w.id = webhook_id) AS url"
    );
    let (until, most) = (now.plus(DELIVERY_LEASE).as_millis(), i64::from(DELIVERIES_PER_PROJECT_MAX));
    let claimed = transaction!(db, |tx| opt!(tx, ClaimedRow, TEXT, now.as_millis(), until, most))?;
    claimed.map(ClaimedRow::read).transpose()
}

/// Records how the attempt ended; `false` when the delivery is in other hands, or gone.
pub async fn end(tx: &mut Tx, claimed: &Claimed, ended: Ended, now: Timestamp) -> Result<bool> {
    let text = "UPDATE deliveries SET state = $5, status = $6, claimable_at = COALESCE($7, claimable_at),
            finished_at = $8
        WHERE project_id = $1 AND webhook_id = $2 AND event_id = $3 AND lease_epoch = $4 AND state = 'delivering'";
    let Claimed { webhook, project, event, epoch, .. } = claimed;
    let (webhook, project, event) = (webhook.as_str(), project.as_str(), event.as_str());
    let (state, status) = (ended.state.as_str(), ended.status.map(i64::from));
    let retry_at = ended.retry_at.map(Timestamp::as_millis);
    let finished_at = if ended.retry_at.is_none() { Some(now.as_millis()) } else { None };
    Ok(exec!(tx, text, project, webhook, event, epoch, state, status, retry_at, finished_at)? > 0)
}

/// The attempt was broken off through no fault of the receiver: it does not count.
pub async fn give_back(tx: &mut Tx, claimed: &Claimed, now: Timestamp) -> Result<bool> {
    let text = "UPDATE deliveries SET state = 'waiting', attempt = attempt - 1, claimable_at = $5
        WHERE project_id = $1 AND webhook_id = $2 AND event_id = $3 AND lease_epoch = $4 AND state = 'delivering'";
    let Claimed { webhook, project, event, epoch, .. } = claimed;
    let (webhook, project, event) = (webhook.as_str(), project.as_str(), event.as_str());
    Ok(exec!(tx, text, project, webhook, event, epoch, now.as_millis())? > 0)
}

/// Forgets what was told to the webhook longest ago; how much.
pub async fn sweep(tx: &mut Tx, project: &ProjectId, webhook: &WebhookId) -> Result<u64> {
    let text = "DELETE FROM deliveries WHERE project_id = $1 AND webhook_id = $2
        AND state IN ('delivered', 'failed') AND seq <= (SELECT seq FROM deliveries
            WHERE project_id = $1 AND webhook_id = $2 AND state IN ('delivered', 'failed')
            ORDER BY seq DESC LIMIT 1 OFFSET $3)";
    exec!(tx, text, project.as_str(), webhook.as_str(), i64::from(DELIVERIES_KEPT_MAX))
}

/// What is and was told to the webhook, latest first.
pub async fn list(db: &Db, project: &ProjectId, webhook: &WebhookId, paging: Paging) -> Result<Page<Record>> {
    let page = "SELECT event_id, event, state, attempt, status, created_at, claimable_at, finished_at FROM deliveries
        WHERE project_id = $1 AND webhook_id = $2 ORDER BY seq DESC LIMIT $3 OFFSET $4";
    let count = "SELECT COUNT(*) FROM deliveries WHERE project_id = $1 AND webhook_id = $2";
    let (project, webhook) = (project.as_str(), webhook.as_str());
    let rows = all!(db, RecordRow, page, project, webhook, paging.limit(), paging.offset())?;
    let (total,): (i64,) = one!(db, (i64,), count, project, webhook)?;
    let items = rows.iter().map(RecordRow::read).collect::<Result<_>>()?;
    Ok(Page { items, total: Row::of("deliveries", webhook).number("count", total)? })
}

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    webhook_id: String,
    project_id: String,
    event_id: String,
    body: String,
    url: String,
    attempt: i64,
    lease_epoch: i64,
}

impl ClaimedRow {
    fn read(self) -> Result<Claimed> {
        let row = Row::of("deliveries", &self.event_id);
        Ok(Claimed {
            webhook: row.id("webhook_id", &self.webhook_id)?,
            project: row.id("project_id", &self.project_id)?,
            event: row.id("event_id", &self.event_id)?,
            attempt: row.number("attempt", self.attempt)?,
            epoch: self.lease_epoch,
            body: self.body,
            url: self.url,
        })
    }
}

#[derive(sqlx::FromRow)]
struct RecordRow {
    event_id: String,
    event: String,
    state: String,
    attempt: i64,
    status: Option<i64>,
    created_at: i64,
    claimable_at: i64,
    finished_at: Option<i64>,
}

impl RecordRow {
    fn read(&self) -> Result<Record> {
        let row = Row::of("deliveries", &self.event_id);
        let state = row.known("state", DeliveryState::parse(&self.state))?;
        Ok(Record {
            event: row.id("event_id", &self.event_id)?,
            kind: row.known("event", EventKind::parse(&self.event))?,
            state,
            attempts: row.number("attempt", self.attempt)?,
            status: self.status.map(|status| row.number("status", status)).transpose()?,
            created_at: Timestamp::from_millis(self.created_at),
            next_at: (state == DeliveryState::Waiting).then_some(Timestamp::from_millis(self.claimable_at)),
            finished_at: self.finished_at.map(Timestamp::from_millis),
        })
    }
}
