//! The queue of work, held by leases: a worker that lost its lease can no longer change anything.

use std::time::Duration;

use admit_domain::{
    id::{ProjectId, VideoId},
    job::{Lease, NewJob, Work},
    limits::{IMPORTS_PER_PROJECT_MAX, JOB_ATTEMPTS_MAX},
    time::Timestamp,
};

use crate::{
    db::{Db, Tx},
    dialect::{Both, both},
    error::Result,
    row::Row,
    statement::{all, exec, opt},
    transaction,
};

/// What a failed job said; the rest of a long message helps nobody.
const ERROR_BYTES_MAX: usize = 2_048;

/// How many jobs of a project are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub queued: u64,
    pub leased: u64,
    pub done: u64,
    pub failed: u64,
    pub cancelled: u64,
}

/// Puts the job in the queue. `false`, and nothing is queued, when the same work on the same video waits or runs
/// already: an upload that is finished twice is ingested once.
pub async fn insert(tx: &mut Tx, job: &NewJob, now: Timestamp) -> Result<bool> {
    let text = "INSERT INTO jobs (id, project_id, video_id, kind, argument, priority, state, attempt,
            claimable_at, lease_epoch, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, $7, 0, $7) ON CONFLICT DO NOTHING";
    let NewJob { id, project, video, work, priority } = job;
    let (id, project, video) = (id.as_str(), project.as_str(), video.as_str());
    Ok(exec!(tx, text, id, project, video, work.kind(), work.argument(), priority, now.as_millis())? > 0)
}

/// Takes a job away from the others, until its lease ends.
macro_rules! claim {
    ($which:literal) => {
        both!(
            concat!(
                "UPDATE jobs SET state = 'leased', attempt = attempt + 1, lease_epoch = lease_epoch + 1,
                    lease_owner = $1, claimable_at = $3
                WHERE seq = (SELECT seq FROM jobs j
                    WHERE state IN ('queued', 'leased') AND claimable_at <= $2 AND attempt < $4 AND ",
                $which,
                " ORDER BY priority, seq LIMIT 1"
            ),
            skip_locked,
            ") RETURNING id, project_id, video_id, kind, argument, lease_epoch, attempt"
        )
    };
}

/// Takes the first job that waits or whose worker was not heard of in time, but no import: that waits for others, and
/// has hands of its own. Of all projects: there is one pool of workers. Never a job that was tried often enough; see
/// [`give_up`].
pub async fn claim(db: &Db, owner: &str, now: Timestamp, lease: Duration) -> Result<Option<Lease>> {
    const TEXT: Both = claim!("kind <> 'import'");
    let (until, attempts) = (now.plus(lease).as_millis(), i64::from(JOB_ATTEMPTS_MAX));
    let claimed = transaction!(db, |tx| opt!(tx, LeaseRow, TEXT, owner, now.as_millis(), until, attempts))?;
    claimed.map(|row| row.read()).transpose()
}

/// The same for imports: the first of a project that has not its fill of them. Callers that count on that claim one
/// after another.
pub async fn claim_import(db: &Db, owner: &str, now: Timestamp, lease: Duration) -> Result<Option<Lease>> {
    const TEXT: Both = claim!(
        "kind = 'import' AND $5 > (SELECT COUNT(*) FROM jobs o
            WHERE o.project_id = j.project_id AND o.kind = 'import' AND o.state = 'leased' AND o.claimable_at > $2)"
    );
    let (until, attempts) = (now.plus(lease).as_millis(), i64::from(JOB_ATTEMPTS_MAX));
    let most = i64::from(IMPORTS_PER_PROJECT_MAX);
    let claimed = transaction!(db, |tx| opt!(tx, LeaseRow, TEXT, owner, now.as_millis(), until, attempts, most))?;
    claimed.map(|row| row.read()).transpose()
}

/// Calls failed what was tried often enough and whose last worker was not heard of in time, and says what that
/// was, so that the video can be told in the same transaction. Of all projects, as [`claim`].
pub async fn give_up(tx: &mut Tx, now: Timestamp) -> Result<Vec<Lease>> {
    let text = "UPDATE jobs SET state = 'failed', lease_epoch = lease_epoch + 1, finished_at = $1,
            last_error = COALESCE(last_error, 'its worker was not heard of again')
        WHERE state IN ('queued', 'leased') AND claimable_at <= $1 AND attempt >= $2
        RETURNING id, project_id, video_id, kind, argument, lease_epoch, attempt";
    let rows = all!(tx, LeaseRow, text, now.as_millis(), i64::from(JOB_ATTEMPTS_MAX))?;
    rows.iter().map(LeaseRow::read).collect()
}

/// Keeps the job until then; `false` when it is in other hands, or done, or cancelled.
pub async fn renew(db: &Db, lease: &Lease, until: Timestamp) -> Result<bool> {
    let text = "UPDATE jobs SET claimable_at = $4
        WHERE project_id = $1 AND id = $2 AND lease_epoch = $3 AND state = 'leased'";
    let (project, id) = (lease.project.as_str(), lease.id.as_str());
    transaction!(db, |tx| Ok(exec!(tx, text, project, id, lease.epoch, until.as_millis())? > 0))
}

/// Is the job still in these hands? While `true`, nobody else can take it until the transaction ends; callers
/// put what they publish midway into that transaction, and answer `false` with `DbError::Conflict`.
pub async fn hold(tx: &mut Tx, lease: &Lease) -> Result<bool> {
    const TEXT: Both = both!(
        "SELECT seq FROM jobs WHERE project_id = $1 AND id = $2 AND lease_epoch = $3 AND state = 'leased'",
        for_update,
        ""
    );
    Ok(opt!(tx, (i64,), TEXT, lease.project.as_str(), lease.id.as_str(), lease.epoch)?.is_some())
}

/// The work is done. Callers publish its result in the same transaction, and answer `false` (the job is in other
/// hands) with `DbError::Conflict`, so that nothing of a late worker is ever seen.
pub async fn finish(tx: &mut Tx, lease: &Lease, now: Timestamp) -> Result<bool> {
    let text = "UPDATE jobs SET state = 'done', finished_at = $4, last_error = NULL
        WHERE project_id = $1 AND id = $2 AND lease_epoch = $3 AND state = 'leased'";
    let (project, id) = (lease.project.as_str(), lease.id.as_str());
    Ok(exec!(tx, text, project, id, lease.epoch, now.as_millis())? > 0)
}

/// The attempt failed: the job waits until `retry_at`, or has failed for good. `false` when it is in other hands.
pub async fn fail(
    tx: &mut Tx,
    lease: &Lease,
    error: &str,
    retry_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE jobs SET state = $5, claimable_at = COALESCE($6, claimable_at), finished_at = $7,
            last_error = $4
        WHERE project_id = $1 AND id = $2 AND lease_epoch = $3 AND state = 'leased'";
    let state = if retry_at.is_some() { "queued" } else { "failed" };
    let finished_at = if retry_at.is_some() { None } else { Some(now.as_millis()) };
    let (project, id) = (lease.project.as_str(), lease.id.as_str());
    let (error, retry_at) = (cut(error), retry_at.map(Timestamp::as_millis));
    Ok(exec!(tx, text, project, id, lease.epoch, error, state, retry_at, finished_at)? > 0)
}

/// The worker stops before the work is done, through no fault of the work: the attempt does not count.
pub async fn give_back(tx: &mut Tx, lease: &Lease, now: Timestamp) -> Result<bool> {
    let text = "UPDATE jobs SET state = 'queued', attempt = attempt - 1, claimable_at = $4
        WHERE project_id = $1 AND id = $2 AND lease_epoch = $3 AND state = 'leased'";
    let (project, id) = (lease.project.as_str(), lease.id.as_str());
    Ok(exec!(tx, text, project, id, lease.epoch, now.as_millis())? > 0)
}

/// Takes all open work on the video out of the queue and out of the hands of workers; how many.
pub async fn cancel(tx: &mut Tx, project: &ProjectId, video: &VideoId, now: Timestamp) -> Result<u64> {
    let text = "UPDATE jobs SET state = 'cancelled', lease_epoch = lease_epoch + 1, finished_at = $3
        WHERE project_id = $1 AND video_id = $2 AND state IN ('queued', 'leased')";
    exec!(tx, text, project.as_str(), video.as_str(), now.as_millis())
}

pub async fn counts(db: &Db, project: &ProjectId) -> Result<Counts> {
    let text = "SELECT state, COUNT(*) FROM jobs WHERE project_id = $1 GROUP BY state";
    let mut counts = Counts::default();
    let row = Row::of("jobs", project.as_str());
    for (state, jobs) in all!(db, (String, i64), text, project.as_str())? {
        let slot = match state.as_str() {
            "queued" => Some(&mut counts.queued),
            "leased" => Some(&mut counts.leased),
            "done" => Some(&mut counts.done),
            "failed" => Some(&mut counts.failed),
            "cancelled" => Some(&mut counts.cancelled),
            _ => None,
        };
        *row.known("state", slot)? = row.number("count", jobs)?;
    }
    Ok(counts)
}

#[derive(sqlx::FromRow)]
struct LeaseRow {
    id: String,
    project_id: String,
    video_id: String,
    kind: String,
    argument: String,
    lease_epoch: i64,
    attempt: i64,
}

impl LeaseRow {
    fn read(&self) -> Result<Lease> {
        let row = Row::of("jobs", &self.id);
        Ok(Lease {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            video: row.id("video_id", &self.video_id)?,
            work: row.known("kind", Work::parse(&self.kind, &self.argument))?,
            epoch: self.lease_epoch,
            attempt: row.number("attempt", self.attempt)?,
        })
    }
}

fn cut(error: &str) -> &str {
    &error[..error.floor_char_boundary(ERROR_BYTES_MAX)]
}
