//! The numbered log of what was taken back.

use admit_domain::{
    id::ProjectId,
    revocation::{Seq, Subject},
    time::Timestamp,
};

use crate::{
    db::{Db, Tx},
    dialect::{Both, both, rows},
    error::{DbError, Result},
    row::Row,
    statement::{all, exec, one},
};

/// Adds an entry. The number comes from a row that stays locked until the commit, so entries become visible in
/// the order of their numbers: a reader that has seen `n` will never find a smaller one later.
pub async fn append(tx: &mut Tx, project: &ProjectId, subject: &Subject, reason: &str, now: Timestamp) -> Result<Seq> {
    let (seq,): (i64,) = one!(tx, (i64,), "UPDATE revocation_head SET seq = seq + 1 WHERE one = 1 RETURNING seq")?;
    let text = "INSERT INTO revocations (seq, project_id, kind, subject, reason, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    exec!(tx, text, seq, project.as_str(), subject.kind(), subject.id(), reason, now.as_millis())?;
    Ok(Seq(seq))
}

/// Adds an entry for each, as [`append`] does.
pub async fn append_all(
    tx: &mut Tx,
    project: &ProjectId,
    subjects: &[Subject],
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    const TEXT: Both = both!(
        "INSERT INTO revocations (seq, project_id, kind, subject, reason, revoked_at)
            SELECT CAST(value ->> 0 AS BIGINT), $2, value ->> 1, value ->> 2, $3, $4 FROM ",
        rows(1),
        ""
    );
    let Ok(count) = i64::try_from(subjects.len()) else { return Err(DbError::Overloaded) };
    if count == 0 {
        return Ok(());
    }
    let head = "UPDATE revocation_head SET seq = seq + $1 WHERE one = 1 RETURNING seq";
    let (last,): (i64,) = one!(tx, (i64,), head, count)?;
    let numbered: Vec<_> =
        (last - count + 1..).zip(subjects).map(|(seq, subject)| (seq, subject.kind(), subject.id())).collect();
    exec!(tx, TEXT, rows(&numbered), project.as_str(), reason, now.as_millis())?;
    Ok(())
}

/// Up to `limit` entries after `seen`, in order. Of all projects: an edge serves every one of them, and there is
/// one log. An entry of a kind this release does not know is an error, for to skip it would be to let in whom a
/// newer release has shut out.
pub async fn since(db: &Db, seen: Seq, limit: u32) -> Result<Vec<(Seq, Subject)>> {
    let text = "SELECT seq, kind, subject FROM revocations WHERE seq > $1 ORDER BY seq LIMIT $2";
    let rows = all!(db, (i64, String, String), text, seen.0, i64::from(limit))?;
    rows.into_iter().map(|(seq, kind, subject)| Ok((Seq(seq), read(seq, &kind, &subject)?))).collect()
}

/// The number of the latest entry; of all projects, as [`since`].
pub async fn head(db: &Db) -> Result<Seq> {
    let (seq,): (i64,) = one!(db, (i64,), "SELECT seq FROM revocation_head WHERE one = 1")?;
    Ok(Seq(seq))
}

fn read(seq: i64, kind: &str, subject: &str) -> Result<Subject> {
    Row::of("revocations", &seq.to_string()).known("subject", Subject::parse(kind, subject))
}
