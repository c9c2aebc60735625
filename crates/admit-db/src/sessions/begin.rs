//! Sessions of credentials that may be shown again: begun once per client, and never after their source was taken back.

use std::time::Duration;

use admit_domain::{
    session::{Begun, Session, Source, Span},
    time::Timestamp,
};

use crate::{
    access_cuts,
    audit::actor_of,
    db::Tx,
    dialect::{Both, both},
    error::Result,
    row::Row,
    statement::{exec, one, opt},
};

/// The least by which one instant is after another.
const INSTANT: Duration = Duration::from_millis(1);

/// Begins the session, or finds it begun. Its source is held meanwhile, so that whoever takes the source back ends this
/// session too, or comes first and is obeyed. `plays_max` counts the sessions of the credential.
pub async fn begin(tx: &mut Tx, session: &Session, plays_max: Option<u32>, now: Timestamp) -> Result<Begun> {
    let Some(made_at) = hold_source(tx, session, plays_max.is_some()).await? else { return Ok(Begun::Revoked) };
    let cut = access_cuts::until(tx, session).await?;
    if session.issued_at.max(made_at) <= cut {
        return Ok(Begun::Cut);
    }
    // What ended all access may have been ahead of our clock: this session began after it.
    let session = &Session { created_at: session.created_at.max(cut.plus(INSTANT)), ..session.clone() };
    if let Some((span, ended_at)) = find(tx, session).await? {
        return Ok(if ended_at.is_some() { Begun::Ended } else { Begun::Session(span) });
    }
    if let Some(plays_max) = plays_max
        && plays(tx, session).await? >= u64::from(plays_max)
    {
        return Ok(Begun::Exhausted);
    }
    insert(tx, session).await?;
    audit(tx, session, now).await?;
    // Of two requests of one client the second finds what the first began.
    let own = Span { begun_at: session.created_at, ends_at: session.ends_at };
    Ok(Begun::Session(find(tx, session).await?.map_or(own, |(span, _)| span)))
}

/// Lets a session of the same viewer go on by a fresh credential, with whose source it stands and falls from now on. Its
/// end only moves away. It stays a play of the credential that began it.
pub async fn prolong(tx: &mut Tx, session: &Session) -> Result<Begun> {
    let Some(made_at) = hold_source(tx, session, false).await? else { return Ok(Begun::Revoked) };
    if session.issued_at.max(made_at) <= access_cuts::until(tx, session).await? {
        return Ok(Begun::Cut);
    }
    let text = "UPDATE sessions SET source = $4, seats_max = $6, seats_when_full = $7, ends_at = CASE WHEN ends_at > $3 THEN ends_at ELSE $3 END
        WHERE project_id = $1 AND id = $2 AND ended_at IS NULL AND viewer = $5 RETURNING created_at, ends_at";
    let viewer = session.viewer.as_ref().map_or("", |viewer| viewer.as_str());
    let (project, end, source) = (session.project.as_str(), session.ends_at.as_millis(), session.source.as_str());
    let (max, when_full) = seats(session);
    let id = session.id.to_string();
    let moved = opt!(tx, (i64, i64), text, project, id, end, source, viewer, max, when_full)?;
    Ok(moved.map_or(Begun::Ended, |times| Begun::Session(span(times))))
}

/// When the source was made: nothing of it is older. `None` when it was taken back. Counting alone needs the row alone.
async fn hold_source(tx: &mut Tx, session: &Session, alone: bool) -> Result<Option<Timestamp>> {
    macro_rules! key {
        () => {
            "SELECT created_at FROM signing_keys WHERE project_id = $1 AND id = $2 AND revoked_at IS NULL"
        };
    }
    macro_rules! token {
        () => {
            "SELECT created_at FROM embed_tokens WHERE project_id = $1 AND id = $2"
        };
    }
    const KEY_ALONE: Both = both!(key!(), for_update, "");
    const KEY_SHARED: Both = both!(key!(), for_share, "");
    const TOKEN_ALONE: Both = both!(token!(), for_update, "");
    const TOKEN_SHARED: Both = both!(token!(), for_share, "");
    access_cuts::stand_beside(tx).await?;
    let text = match (session.source, alone) {
        (Source::PrivateToken, _) => return Ok(Some(Timestamp::EPOCH)),
        (Source::SigningKey(_), true) => KEY_ALONE,
        (Source::SigningKey(_), false) => KEY_SHARED,
        (Source::EmbedToken(_), true) => TOKEN_ALONE,
        (Source::EmbedToken(_), false) => TOKEN_SHARED,
    };
    let found = opt!(tx, (i64,), text, session.project.as_str(), session.source.as_str())?;
    Ok(found.map(|(made_at,)| Timestamp::from_millis(made_at)))
}

async fn find(tx: &mut Tx, session: &Session) -> Result<Option<(Span, Option<i64>)>> {
    let text = "SELECT created_at, ends_at, ended_at FROM sessions WHERE project_id = $1 AND id = $2";
    let found = opt!(tx, (i64, i64, Option<i64>), text, session.project.as_str(), session.id.to_string())?;
    Ok(found.map(|(begun_at, ends_at, ended_at)| (span((begun_at, ends_at)), ended_at)))
}

const fn span((begun_at, ends_at): (i64, i64)) -> Span {
    Span { begun_at: Timestamp::from_millis(begun_at), ends_at: Timestamp::from_millis(ends_at) }
}

async fn plays(tx: &mut Tx, session: &Session) -> Result<u64> {
    let text = "SELECT COUNT(*) FROM sessions WHERE credential = $1 AND project_id = $2 AND source <> ''";
    let credential = session.credential.to_hex();
    let (count,): (i64,) = one!(tx, (i64,), text, &credential, session.project.as_str())?;
    Row::of("sessions", &credential[..8]).number("count", count)
}

async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    let text = "INSERT INTO sessions
            (id, project_id, video_id, credential, created_at, ends_at, network, agent, source, viewer,
            seats_max, seats_when_full)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";
    let (max, when_full) = seats(session);
    let Session { id, project, video, credential, created_at, ends_at, client, source, viewer, .. } = session;
    exec!(
        tx,
        text,
        id.to_string(),
        project.as_str(),
        video.as_str(),
        credential.to_hex(),
        created_at.as_millis(),
        ends_at.as_millis(),
        &client.network,
        client.agent.replace('\0', "\u{fffd}"),
        source.as_str(),
        viewer.as_ref().map_or("", |viewer| viewer.as_str()),
        max,
        when_full,
    )?;
    Ok(())
}

fn seats(session: &Session) -> (Option<i64>, Option<&'static str>) {
    (session.seats.map(|seats| seats.max.into()), session.seats.map(|seats| seats.when_full.as_str()))
}

/// By viewer where the signer names one: the trail of who watched what.
async fn audit(tx: &mut Tx, session: &Session, now: Timestamp) -> Result<()> {
    let text = "INSERT INTO audit (project_id, happened_at, actor, action, subject, detail)
        VALUES ($1, $2, $3, 'session.opened', $4, $5)";
    let actor = actor_of(session.viewer.as_ref());
    let subject = session.id.to_string();
    exec!(tx, text, session.project.as_str(), now.as_millis(), actor, subject, session.video.as_str())?;
    Ok(())
}
