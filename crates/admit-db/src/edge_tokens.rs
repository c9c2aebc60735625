//! Tokens that an edge joins with, once. Only fingerprints are kept.

use admit_domain::{id::ProjectId, limits::EDGE_TOKEN_TTL, secret::Fingerprint, time::Timestamp};

use crate::{
    db::Tx,
    error::Result,
    row::Row,
    statement::{exec, opt},
};

/// What became of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// It is used up now; the edge is this project's.
    For(ProjectId),
    /// It was used before, or is over.
    Before,
    /// There is none such.
    Unknown,
}

pub async fn insert(tx: &mut Tx, project: &ProjectId, token: &Fingerprint, now: Timestamp) -> Result<()> {
    let text = "INSERT INTO edge_tokens (token_hash, project_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    exec!(tx, text, token.to_hex(), project.as_str(), now.as_millis(), now.plus(EDGE_TOKEN_TTL).as_millis())?;
    Ok(())
}

/// Uses the token up: of any number of attempts one is told whose it was. Names no project because it is from the token
/// that an edge's project is learned.
pub async fn spend(tx: &mut Tx, token: &Fingerprint, now: Timestamp) -> Result<Spent> {
    let text = "UPDATE edge_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
        RETURNING project_id";
    let hash = token.to_hex();
    if let Some((project,)) = opt!(tx, (String,), text, hash.as_str(), now.as_millis())? {
        let row = Row::of("edge_tokens", hash.get(..8).unwrap_or(&hash));
        return Ok(Spent::For(row.id("project_id", &project)?));
    }
    let known = opt!(tx, (String,), "SELECT project_id FROM edge_tokens WHERE token_hash = $1", hash.as_str())?;
    Ok(if known.is_some() { Spent::Before } else { Spent::Unknown })
}
