//! Keys that operators' programs sign in with. Only the fingerprint of a key is kept.

use admit_domain::{
    id::{ApiKeyId, ProjectId},
    secret::Fingerprint,
    time::Timestamp,
};

use crate::{
    db::{Db, Tx},
    error::Result,
    row::Row,
    statement::{all, exec, opt},
};

/// A key that was not revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub project: ProjectId,
    pub name: String,
    /// Words for what it may do; empty for everything.
    pub scopes: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

pub async fn insert(
    tx: &mut Tx,
    project: &ProjectId,
    id: &ApiKeyId,
    (name, scopes): (&str, &str),
    secret: &Fingerprint,
    now: Timestamp,
) -> Result<()> {
    let text = "INSERT INTO api_keys (id, project_id, name, secret_hash, created_at, scopes)
        VALUES ($1, $2, $3, $4, $5, $6)";
    exec!(tx, text, id.as_str(), project.as_str(), name, secret.to_hex(), now.as_millis(), scopes)?;
    Ok(())
}

/// The key with this secret. Names no project because it is from the key that a caller's project is learned.
pub async fn find(db: &Db, secret: &Fingerprint) -> Result<Option<ApiKey>> {
    let text = "SELECT id, project_id, name, scopes, created_at, last_used_at FROM api_keys
        WHERE secret_hash = $1 AND revoked_at IS NULL";
    opt!(db, KeyRow, text, secret.to_hex())?.map(KeyRow::read).transpose()
}

/// All keys of the project, oldest first. Operators make them by hand, so there are few.
pub async fn list(db: &Db, project: &ProjectId) -> Result<Vec<ApiKey>> {
    let text = "SELECT id, project_id, name, scopes, created_at, last_used_at FROM api_keys
        WHERE project_id = $1 AND revoked_at IS NULL ORDER BY created_at, id LIMIT 1000";
    all!(db, KeyRow, text, project.as_str())?.into_iter().map(KeyRow::read).collect()
}

/// `false` when there is no such key, or it was revoked before. The bearer tokens it signed in go with it.
pub async fn revoke(tx: &mut Tx, project: &ProjectId, id: &ApiKeyId, now: Timestamp) -> Result<bool> {
    let text = "UPDATE api_keys SET revoked_at = $3 WHERE project_id = $1 AND id = $2 AND revoked_at IS NULL";
    Ok(exec!(tx, text, project.as_str(), id.as_str(), now.as_millis())? > 0)
}

/// Remembers that the key was used; never moves backwards.
pub async fn touch(tx: &mut Tx, project: &ProjectId, id: &ApiKeyId, now: Timestamp) -> Result<()> {
    let text = "UPDATE api_keys SET last_used_at = $3
        WHERE project_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < $3)";
    exec!(tx, text, project.as_str(), id.as_str(), now.as_millis())?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    project_id: String,
    name: String,
    scopes: String,
    created_at: i64,
    last_used_at: Option<i64>,
}

impl KeyRow {
    fn read(self) -> Result<ApiKey> {
        let row = Row::of("api_keys", &self.id);
        Ok(ApiKey {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            name: self.name,
            scopes: self.scopes,
            created_at: Timestamp::from_millis(self.created_at),
            last_used_at: self.last_used_at.map(Timestamp::from_millis),
        })
    }
}
