//! Keys that customers' backends sign with. Secrets are sealed before they come here.

mod signers;

use admit_domain::{
    id::{ProjectId, SigningKeyId},
    secret::Sealed,
    time::Timestamp,
};

use crate::{
    db::{Db, Tx},
    dialect::{Both, both},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one, opt},
};

pub use signers::{Signers, of_video};

/// How often the use of a key is written down at most.
const TOUCH_EVERY_MS: i64 = 60_000;

/// A key as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: SigningKeyId,
    pub project: ProjectId,
    pub name: String,
    /// The spelling of [`Dialect`](admit_domain::dialects::Dialect).
    pub dialect: String,
    pub secret: Option<Sealed>,
    /// A JWK set.
    pub public_keys: Option<String>,
    /// Where the JWK set is fetched from, again and again.
    pub jwks_url: Option<String>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// A key, and how many sessions that came of it can still watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub key: Record,
    pub live_sessions: u64,
}

macro_rules! columns {
    () => {
        "id, project_id, name, dialect, secret, public_keys, jwks_url, created_at, last_used_at, revoked_at"
    };
}

/// `false` when the project has as many active keys as it may.
pub async fn insert(tx: &mut Tx, key: &Record, keys_max: u32) -> Result<bool> {
    // Whoever holds the project's row counts alone.
    const HOLD: Both = both!("SELECT id FROM projects WHERE id = $1", for_update, "");
    let project = key.project.as_str();
    opt!(tx, (String,), HOLD, project)?;
    let text = concat!(
        "INSERT INTO signing_keys (",
        columns!(),
        ") SELECT $1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL WHERE $9 > (
            SELECT COUNT(*) FROM signing_keys WHERE project_id = $2 AND revoked_at IS NULL)"
    );
    let secret = key.secret.as_ref().map(|sealed| sealed.0.as_str());
    let done = exec!(
        tx,
        text,
        key.id.as_str(),
        project,
        &key.name,
        &key.dialect,
        secret,
        &key.public_keys,
        &key.jwks_url,
        key.created_at.as_millis(),
        i64::from(keys_max),
    )?;
    Ok(done > 0)
}

/// The keys that may sign for the project now, oldest first: no more than it may have.
pub async fn active(db: &Db, project: &ProjectId, keys_max: u32) -> Result<Vec<Record>> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM signing_keys WHERE project_id = $1 AND revoked_at IS NULL ORDER BY created_at, id LIMIT $2"
    );
    let rows = all!(db, KeyRow, text, project.as_str(), i64::from(keys_max))?;
    rows.into_iter().map(KeyRow::read).collect()
}

pub async fn get(db: &Db, project: &ProjectId, id: &SigningKeyId, now: Timestamp) -> Result<Option<Listed>> {
    let text = concat!("SELECT ", columns!(), " FROM signing_keys WHERE project_id = $1 AND id = $2");
    let Some(row) = opt!(db, KeyRow, text, project.as_str(), id.as_str())? else { return Ok(None) };
    listed(db, row, now).await.map(Some)
}

/// The project's keys, revoked ones too, newest first.
pub async fn list(db: &Db, project: &ProjectId, paging: Paging, now: Timestamp) -> Result<Page<Listed>> {
    let text = concat!(
        "SELECT ",
        columns!(),
        " FROM signing_keys WHERE project_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3"
    );
    let count = "SELECT COUNT(*) FROM signing_keys WHERE project_id = $1";
    let rows = all!(db, KeyRow, text, project.as_str(), paging.limit(), paging.offset())?;
    let (total,): (i64,) = one!(db, (i64,), count, project.as_str())?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(listed(db, row, now).await?);
    }
    Ok(Page { items, total: Row::of("signing_keys", project.as_str()).number("count", total)? })
}

async fn listed(db: &Db, row: KeyRow, now: Timestamp) -> Result<Listed> {
    let text = "SELECT COUNT(*) FROM sessions
        WHERE source = $2 AND project_id = $1 AND ended_at IS NULL AND ends_at > $3";
    let key = row.read()?;
    let (live,): (i64,) = one!(db, (i64,), text, key.project.as_str(), key.id.as_str(), now.as_millis())?;
    let live_sessions = Row::of("sessions", key.id.as_str()).number("count", live)?;
    Ok(Listed { key, live_sessions })
}

/// `false` when there is no such key, or it was revoked before.
pub async fn revoke(tx: &mut Tx, project: &ProjectId, id: &SigningKeyId, now: Timestamp) -> Result<bool> {
    let text = "UPDATE signing_keys SET revoked_at = $3, secret = NULL
        WHERE project_id = $1 AND id = $2 AND revoked_at IS NULL";
    Ok(exec!(tx, text, project.as_str(), id.as_str(), now.as_millis())? > 0)
}

/// Was the use of the key written down within the last minute? Then it need not be again.
pub async fn was_used_lately(db: &Db, project: &ProjectId, id: &SigningKeyId, now: Timestamp) -> Result<bool> {
    let text = "SELECT id FROM signing_keys WHERE project_id = $1 AND id = $2 AND last_used_at >= $3";
    let since = now.as_millis() - TOUCH_EVERY_MS;
    Ok(opt!(db, (String,), text, project.as_str(), id.as_str(), since)?.is_some())
}

/// Remembers that the key was used; never moves backwards.
pub async fn touch(tx: &mut Tx, project: &ProjectId, id: &SigningKeyId, now: Timestamp) -> Result<()> {
    let text = "UPDATE signing_keys SET last_used_at = $3
        WHERE project_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < $3)";
    exec!(tx, text, project.as_str(), id.as_str(), now.as_millis())?;
    Ok(())
}

/// A key whose public keys are to be fetched, taken so that nobody else fetches them before `next`. Of all projects: it
/// is the worker that asks.
pub async fn claim_fetch(tx: &mut Tx, before: Timestamp, now: Timestamp) -> Result<Option<Record>> {
    const TEXT: Both = both!(
        concat!(
            "UPDATE signing_keys SET jwks_checked_at = $2 WHERE id = (SELECT id FROM signing_keys
                WHERE jwks_url IS NOT NULL AND revoked_at IS NULL AND (jwks_checked_at IS NULL OR jwks_checked_at < $1)
                ORDER BY jwks_checked_at NULLS FIRST LIMIT 1"
        ),
        skip_locked,
        concat!(") RETURNING ", columns!())
    );
    opt!(tx, KeyRow, TEXT, before.as_millis(), now.as_millis())?.map(KeyRow::read).transpose()
}

/// Puts what was fetched in the place of what was known.
pub async fn set_public_keys(tx: &mut Tx, project: &ProjectId, id: &SigningKeyId, public_keys: &str) -> Result<bool> {
    let text = "UPDATE signing_keys SET public_keys = $3 WHERE project_id = $1 AND id = $2 AND revoked_at IS NULL";
    Ok(exec!(tx, text, project.as_str(), id.as_str(), public_keys)? > 0)
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    project_id: String,
    name: String,
    dialect: String,
    secret: Option<String>,
    public_keys: Option<String>,
    jwks_url: Option<String>,
    created_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl KeyRow {
    fn read(self) -> Result<Record> {
        let row = Row::of("signing_keys", &self.id);
        Ok(Record {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            name: self.name,
            dialect: self.dialect,
            secret: self.secret.map(Sealed),
            public_keys: self.public_keys,
            jwks_url: self.jwks_url,
            created_at: Timestamp::from_millis(self.created_at),
            last_used_at: self.last_used_at.map(Timestamp::from_millis),
            revoked_at: self.revoked_at.map(Timestamp::from_millis),
        })
    }
}
