//! Seats: which sessions are watching, so that no more do at once than may.

use admit_domain::{
    id::{ProjectId, SessionId, VideoId},
    seats::{Seated, Seats, WhenFull},
    time::Timestamp,
};

use crate::{
    db::Tx,
    dialect::{Both, both},
    error::Result,
    row::Row,
    statement::{all, exec, opt},
};

/// A session that wants to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitter {
    pub project: ProjectId,
    /// With whose sessions it is counted: the viewer's, or the credential's where that names no viewer.
    pub holder: String,
    /// What its credential says of it.
    pub seats: Option<Seats>,
}

type SitterRow = (String, String, String, Option<i64>, Option<String>);

/// The session as seats know it; `None` when there is none that can watch this video.
pub async fn sitter(tx: &mut Tx, session: &SessionId, video: &VideoId, now: Timestamp) -> Result<Option<Sitter>> {
    let text = "SELECT project_id, viewer, credential, seats_max, seats_when_full FROM sessions
        WHERE id = $1 AND video_id = $2 AND ended_at IS NULL AND ends_at > $3";
    let id = session.to_string();
    let Some((project, viewer, credential, max, when_full)) =
        opt!(tx, SitterRow, text, &id, video.as_str(), now.as_millis())?
    else {
        return Ok(None);
    };
    let row = Row::of("sessions", &id);
    let seats = match (max, when_full) {
        (Some(max), Some(when_full)) => Some(Seats {
            max: row.number("seats_max", max)?,
            when_full: row.known("seats_when_full", WhenFull::parse(&when_full))?,
        }),
        _ => None,
    };
    let holder = if viewer.is_empty() { format!("credential {credential}") } else { format!("viewer {viewer}") };
    Ok(Some(Sitter { project: row.id("project_id", &project)?, holder, seats }))
}

/// Keeps other sessions of the holder from being seated until the transaction ends.
pub async fn hold(tx: &mut Tx, sitter: &Sitter) -> Result<()> {
    const TEXT: Both = both!("SELECT ", alone_by(1), "");
    exec!(tx, TEXT, format!("seats {} {}", sitter.project, sitter.holder))?;
    Ok(())
}

/// Who of the holder's sessions watches, the longest first.
pub async fn seated(tx: &mut Tx, sitter: &Sitter, now: Timestamp) -> Result<Vec<Seated>> {
    let text = "SELECT session_id, since FROM seats WHERE project_id = $1 AND holder = $2 AND held_until > $3
        ORDER BY since, session_id";
    let rows = all!(tx, (String, i64), text, sitter.project.as_str(), &sitter.holder, now.as_millis())?;
    let read = |(id, since): (String, i64)| {
        Ok(Seated { session: Row::of("seats", &id).id("session_id", &id)?, since: Timestamp::from_millis(since) })
    };
    rows.into_iter().map(read).collect()
}

/// The session watches until then. One that left its seat and comes back is the newest.
pub async fn sit(tx: &mut Tx, sitter: &Sitter, seated: &Seated, until: Timestamp) -> Result<()> {
    let text = "INSERT INTO seats (session_id, project_id, holder, since, held_until) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (session_id) DO UPDATE SET holder = excluded.holder, since = excluded.since,
            held_until = excluded.held_until";
    let Seated { session, since } = seated;
    let (project, since, until) = (sitter.project.as_str(), since.as_millis(), until.as_millis());
    exec!(tx, text, session.to_string(), project, &sitter.holder, since, until)?;
    Ok(())
}

/// The session watches no more.
pub async fn leave(tx: &mut Tx, session: &SessionId) -> Result<()> {
    exec!(tx, "DELETE FROM seats WHERE session_id = $1", session.to_string())?;
    Ok(())
}

/// Forgets the seats that were left.
pub async fn prune(tx: &mut Tx, now: Timestamp) -> Result<()> {
    exec!(tx, "DELETE FROM seats WHERE held_until <= $1", now.as_millis())?;
    Ok(())
}
