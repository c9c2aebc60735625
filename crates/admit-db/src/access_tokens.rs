//! Bearer pairs that an API key was exchanged for, as api.video's clients do. Only fingerprints are kept.

use admit_domain::{
    id::{ApiKeyId, ProjectId},
    secret::Fingerprint,
    time::Timestamp,
};

use crate::{
    db::{Db, Tx},
    error::Result,
    row::Row,
    statement::{exec, opt},
};

/// Which of the pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Access,
    Refresh,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// A token about to be handed out.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    pub project: &'a ProjectId,
    pub api_key: &'a ApiKeyId,
    pub kind: Kind,
    pub token: &'a Fingerprint,
    pub expires_at: Timestamp,
}

/// Whose a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub project: ProjectId,
    pub key: ApiKeyId,
    /// What the key may do, as [`ApiKey`](crate::api_keys::ApiKey) says it.
    pub scopes: String,
}

pub async fn insert(tx: &mut Tx, new: &NewToken<'_>, now: Timestamp) -> Result<()> {
    let text = "INSERT INTO access_tokens (token_hash, project_id, api_key_id, kind, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let (hash, kind) = (new.token.to_hex(), new.kind.as_str());
    let (project, key) = (new.project.as_str(), new.api_key.as_str());
    exec!(tx, text, hash, project, key, kind, now.as_millis(), new.expires_at.as_millis())?;
    Ok(())
}

/// Whose token it is, while both it and its API key live. Names no project because it is from the token that a
/// caller's project is learned.
pub async fn find(db: &Db, kind: Kind, token: &Fingerprint, now: Timestamp) -> Result<Option<Holder>> {
    let text = "SELECT t.project_id, t.api_key_id, k.scopes FROM access_tokens t
        JOIN api_keys k ON k.project_id = t.project_id AND k.id = t.api_key_id AND k.revoked_at IS NULL
        WHERE t.token_hash = $1 AND t.kind = $2 AND t.expires_at > $3 AND t.used_at IS NULL";
    let (hash, now) = (token.to_hex(), now.as_millis());
    let found = opt!(db, (String, String, String), text, hash.as_str(), kind.as_str(), now)?;
    let Some((project, key, scopes)) = found else { return Ok(None) };
    let (project, key) = read(&hash, &(project, key))?;
    Ok(Some(Holder { project, key, scopes }))
}

/// Uses up a refresh token: of any number of attempts one is told whose it was. Names no project, as [`find`].
pub async fn consume_refresh(
    tx: &mut Tx,
    token: &Fingerprint,
    now: Timestamp,
) -> Result<Option<(ProjectId, ApiKeyId)>> {
    let text = "UPDATE access_tokens SET used_at = $2
        WHERE token_hash = $1 AND kind = 'refresh' AND used_at IS NULL AND expires_at > $2 AND EXISTS (
            SELECT 1 FROM api_keys k WHERE k.project_id = access_tokens.project_id
                AND k.id = access_tokens.api_key_id AND k.revoked_at IS NULL)
        RETURNING project_id, api_key_id";
    let hash = token.to_hex();
    opt!(tx, (String, String), text, hash.as_str(), now.as_millis())?.map(|row| read(&hash, &row)).transpose()
}

/// Forgets up to `limit` tokens that no longer open anything; how many. Housekeeping for all projects at once.
pub async fn delete_expired(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<u64> {
    let text = "DELETE FROM access_tokens WHERE token_hash IN (
        SELECT token_hash FROM access_tokens WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
    exec!(tx, text, now.as_millis(), i64::from(limit))
}

fn read(hash: &str, (project, key): &(String, String)) -> Result<(ProjectId, ApiKeyId)> {
    // The whole hash is no secret, but its head finds the row as well.
    let row = Row::of("access_tokens", hash.get(..8).unwrap_or(hash));
    Ok((row.id("project_id", project)?, row.id("api_key_id", key)?))
}
