//! Edges that joined, and what each said last of what it judges by. Only fingerprints of their secrets are kept.

use admit_domain::{
    id::{EdgeId, ProjectId},
    limits::EDGES_MAX,
    revocation::Seq,
    secret::Fingerprint,
    time::Timestamp,
};

use crate::{
    db::{Db, Tx},
    dialect::{Both, both, rows},
    error::Result,
    row::{Row, signed},
    statement::{all, exec, opt},
};

/// What an edge says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The last entry that it judges by.
    pub seq: Seq,
    /// How long ago it had heard all there was to hear.
    pub stale_ms: u64,
    pub hits: u64,
    pub misses: u64,
}

/// An edge as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    pub id: EdgeId,
    pub project: ProjectId,
    pub name: String,
    pub joined_at: Timestamp,
    /// What it said last, and when.
    pub heard: Option<(Applied, Timestamp)>,
}

macro_rules! columns {
    () => {
        "id, project_id, name, joined_at, heard_at, applied_seq, stale_ms, hits, misses"
    };
}

pub async fn insert(tx: &mut Tx, edge: &Edge, secret: &Fingerprint) -> Result<()> {
    let text = "INSERT INTO edges (id, project_id, name, secret_hash, joined_at) VALUES ($1, $2, $3, $4, $5)";
    let Edge { id, project, name, joined_at, .. } = edge;
    exec!(tx, text, id.as_str(), project.as_str(), name, secret.to_hex(), joined_at.as_millis())?;
    Ok(())
}

/// The edge with this secret. Names no project because an edge serves every one of them.
pub async fn find(db: &Db, secret: &Fingerprint) -> Result<Option<Edge>> {
    let text = concat!("SELECT ", columns!(), " FROM edges WHERE secret_hash = $1");
    opt!(db, EdgeRow, text, secret.to_hex())?.map(EdgeRow::read).transpose()
}

/// The project's edges, in the order in which they joined.
pub async fn list(db: &Db, project: &ProjectId) -> Result<Vec<Edge>> {
    let text = concat!("SELECT ", columns!(), " FROM edges WHERE project_id = $1 ORDER BY joined_at, id LIMIT $2");
    all!(db, EdgeRow, text, project.as_str(), i64::from(EDGES_MAX))?.into_iter().map(EdgeRow::read).collect()
}

/// All edges that were heard of since then. Of all projects: whoever waits for edges waits for all that serve viewers.
pub async fn heard_since(db: &Db, since: Timestamp) -> Result<Vec<Edge>> {
    let text = concat!("SELECT ", columns!(), " FROM edges WHERE heard_at >= $1 ORDER BY joined_at, id LIMIT $2");
    all!(db, EdgeRow, text, since.as_millis(), i64::from(EDGES_MAX))?.into_iter().map(EdgeRow::read).collect()
}

/// Writes down what edges said; one that was removed meanwhile says nothing any more. Of all projects.
pub async fn hear(tx: &mut Tx, said: &[(EdgeId, Applied, Timestamp)]) -> Result<()> {
    const TEXT: Both = both!(
        "UPDATE edges SET heard_at = CAST(said.value ->> 1 AS BIGINT), applied_seq = CAST(said.value ->> 2 AS BIGINT),
            stale_ms = CAST(said.value ->> 3 AS BIGINT), hits = CAST(said.value ->> 4 AS BIGINT),
            misses = CAST(said.value ->> 5 AS BIGINT)
            FROM ",
        rows(1),
        " AS said WHERE edges.id = said.value ->> 0
            AND (edges.heard_at IS NULL OR edges.heard_at <= CAST(said.value ->> 1 AS BIGINT))"
    );
    let said: Vec<_> = said
        .iter()
        .map(|(id, applied, at)| {
            let Applied { seq, stale_ms, hits, misses } = *applied;
            (id.as_str(), at.as_millis(), seq.0, signed(stale_ms), signed(hits), signed(misses))
        })
        .collect();
    exec!(tx, TEXT, rows(&said))?;
    Ok(())
}

/// `false` when there is none.
pub async fn delete(tx: &mut Tx, project: &ProjectId, id: &EdgeId) -> Result<bool> {
    Ok(exec!(tx, "DELETE FROM edges WHERE project_id = $1 AND id = $2", project.as_str(), id.as_str())? > 0)
}

/// Is it still one of ours? Names no project, as [`find`].
pub async fn exists(db: &Db, id: &EdgeId) -> Result<bool> {
    Ok(opt!(db, (String,), "SELECT id FROM edges WHERE id = $1", id.as_str())?.is_some())
}

#[derive(sqlx::FromRow)]
struct EdgeRow {
    id: String,
    project_id: String,
    name: String,
    joined_at: i64,
    heard_at: Option<i64>,
    applied_seq: i64,
    stale_ms: i64,
    hits: i64,
    misses: i64,
}

impl EdgeRow {
    fn read(self) -> Result<Edge> {
        let row = Row::of("edges", &self.id);
        let applied = Applied {
            seq: Seq(self.applied_seq),
            stale_ms: row.number("stale_ms", self.stale_ms)?,
            hits: row.number("hits", self.hits)?,
            misses: row.number("misses", self.misses)?,
        };
        Ok(Edge {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            name: self.name,
            joined_at: Timestamp::from_millis(self.joined_at),
            heard: self.heard_at.map(|at| (applied, Timestamp::from_millis(at))),
        })
    }
}
