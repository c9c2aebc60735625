//! The numbered log of what was taken back.

use admit_domain::{
    id::{ProjectId, VideoId},
    revocation::{Entry, Seq, Subject},
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
    let text = "INSERT INTO revocations (seq, project_id, kind, subject, at, reason, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (kind, id, at) = (subject.kind(), subject.id(), subject.at().as_millis());
    exec!(tx, text, seq, project.as_str(), kind, id, at, reason, now.as_millis())?;
    Ok(Seq(seq))
}

/// What edges remember of the video no longer holds, once this is committed.
pub async fn changed(tx: &mut Tx, project: &ProjectId, video: VideoId, now: Timestamp) -> Result<Seq> {
    append(tx, project, &Subject::VideoChanged(video), "video changed", now).await
}

/// Nor does what they remember of any video of the project.
pub async fn all_changed(tx: &mut Tx, project: &ProjectId, now: Timestamp) -> Result<Seq> {
    append(tx, project, &Subject::ProjectChanged(*project), "project changed", now).await
}

/// Adds an entry for each, as [`append`] does. The number is that of the last; without any, that of the last before.
pub async fn append_all(
    tx: &mut Tx,
    project: &ProjectId,
    subjects: &[Subject],
    reason: &str,
    now: Timestamp,
) -> Result<Seq> {
    const TEXT: Both = both!(
        "INSERT INTO revocations (seq, project_id, kind, subject, at, reason, revoked_at)
            SELECT CAST(value ->> 0 AS BIGINT), $2, value ->> 1, value ->> 2, CAST(value ->> 3 AS BIGINT), $3, $4 FROM ",
        rows(1),
        ""
    );
    let Ok(count) = i64::try_from(subjects.len()) else { return Err(DbError::Overloaded) };
    // Without any it waits for those who append now: what they end, they end before.
    let head = "UPDATE revocation_head SET seq = seq + $1 WHERE one = 1 RETURNING seq";
    let (last,): (i64,) = one!(tx, (i64,), head, count)?;
    if count == 0 {
        return Ok(Seq(last));
    }
    let numbered: Vec<_> = (last - count + 1..)
        .zip(subjects)
        .map(|(seq, subject)| (seq, subject.kind(), subject.id(), subject.at().as_millis()))
        .collect();
    exec!(tx, TEXT, rows(&numbered), project.as_str(), reason, now.as_millis())?;
    Ok(Seq(last))
}

/// Up to `limit` entries after `seen`, in order. Of all projects: an edge serves every one of them, and there is
/// one log. An entry of a kind this release does not know is an error, for to skip it would be to let in whom a
/// newer release has shut out.
pub async fn since(db: &Db, seen: Seq, limit: u32) -> Result<Vec<Entry>> {
    let text = "SELECT seq, kind, subject, at FROM revocations WHERE seq > $1 ORDER BY seq LIMIT $2";
    let rows = all!(db, (i64, String, String, i64), text, seen.0, i64::from(limit))?;
    rows.into_iter().map(read).collect()
}

/// The number of the latest entry; of all projects, as [`since`].
pub async fn head(db: &Db) -> Result<Seq> {
    let (seq,): (i64,) = one!(db, (i64,), "SELECT seq FROM revocation_head WHERE one = 1")?;
    Ok(Seq(seq))
}

/// Deletes up to `limit` entries that have said nothing since `before`: of sessions that were over then, and news that
/// were told then. How many. The last number is kept elsewhere. Of all projects, as [`since`].
pub async fn prune(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<u64> {
    let text = "DELETE FROM revocations WHERE seq IN (
        SELECT seq FROM revocations WHERE (kind = 'session' AND at <= $1)
            OR (kind IN ('video-changed', 'project-changed') AND at = 0 AND revoked_at <= $1)
        ORDER BY seq LIMIT $2)";
    exec!(tx, text, before.as_millis(), i64::from(limit))
}

fn read((seq, kind, id, at): (i64, String, String, i64)) -> Result<Entry> {
    let subject = Subject::parse(&kind, &id, Timestamp::from_millis(at));
    let subject = Row::of("revocations", &seq.to_string()).known("subject", subject)?;
    Ok(Entry { seq: Seq(seq), subject })
}
