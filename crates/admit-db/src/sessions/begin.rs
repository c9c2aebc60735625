//! Sessions of credentials that may be shown again: begun once per client, and never after their source was taken back.

use admit_domain::{
    session::{Begun, Session, Source},
    time::Timestamp,
};

use crate::{
    audit::actor_of,
    db::Tx,
    dialect::{Both, both},
    error::Result,
    row::Row,
    statement::{exec, one, opt},
};

/// Begins the session, or finds it begun. Its source is held meanwhile, so that whoever takes the source back ends this
/// session too, or comes first and is obeyed. `plays_max` counts the sessions of the credential.
pub async fn begin(tx: &mut Tx, session: &Session, plays_max: Option<u32>, now: Timestamp) -> Result<Begun> {
    if !hold_source(tx, session, plays_max.is_some()).await? {
        return Ok(Begun::Revoked);
    }
    if let Some((ends_at, ended_at)) = find(tx, session).await? {
        return Ok(if ended_at.is_some() { Begun::Ended } else { Begun::Session { ends_at } });
    }
    if let Some(plays_max) = plays_max
        && plays(tx, session).await? >= u64::from(plays_max)
    {
        return Ok(Begun::Exhausted);
    }
    insert(tx, session).await?;
    audit(tx, session, now).await?;
    // Of two requests of one client the second finds what the first began.
    let stored = find(tx, session).await?.map_or(session.ends_at, |(ends_at, _)| ends_at);
    Ok(Begun::Session { ends_at: stored })
}

/// Lets a session of the same viewer go on by a fresh credential, with whose source it stands and falls from now on. Its
/// end only moves away. It stays a play of the credential that began it.
pub async fn prolong(tx: &mut Tx, session: &Session) -> Result<Begun> {
    if !hold_source(tx, session, false).await? {
        return Ok(Begun::Revoked);
    }
    let text = "UPDATE sessions SET source = $4, ends_at = CASE WHEN ends_at > $3 THEN ends_at ELSE $3 END
        WHERE project_id = $1 AND id = $2 AND ended_at IS NULL AND viewer = $5 RETURNING ends_at";
    let viewer = session.viewer.as_ref().map_or("", |viewer| viewer.as_str());
    let (project, end, source) = (session.project.as_str(), session.ends_at.as_millis(), session.source.as_str());
    let moved = opt!(tx, (i64,), text, project, session.id.to_string(), end, source, viewer)?;
    Ok(moved.map_or(Begun::Ended, |(ends_at,)| Begun::Session { ends_at: Timestamp::from_millis(ends_at) }))
}

/// Counting alone needs the row alone.
async fn hold_source(tx: &mut Tx, session: &Session, alone: bool) -> Result<bool> {
    const KEY_ALONE: Both =
        both!("SELECT id FROM signing_keys WHERE project_id = $1 AND id = $2 AND revoked_at IS NULL", for_update, "");
    const KEY_SHARED: Both =
        both!("SELECT id FROM signing_keys WHERE project_id = $1 AND id = $2 AND revoked_at IS NULL", for_share, "");
    const TOKEN_ALONE: Both = both!("SELECT id FROM embed_tokens WHERE project_id = $1 AND id = $2", for_update, "");
    const TOKEN_SHARED: Both = both!("SELECT id FROM embed_tokens WHERE project_id = $1 AND id = $2", for_share, "");
    let text = match (session.source, alone) {
        (Source::PrivateToken, _) => return Ok(true),
        (Source::SigningKey(_), true) => KEY_ALONE,
        (Source::SigningKey(_), false) => KEY_SHARED,
        (Source::EmbedToken(_), true) => TOKEN_ALONE,
        (Source::EmbedToken(_), false) => TOKEN_SHARED,
    };
    Ok(opt!(tx, (String,), text, session.project.as_str(), session.source.as_str())?.is_some())
}

async fn find(tx: &mut Tx, session: &Session) -> Result<Option<(Timestamp, Option<i64>)>> {
    let text = "SELECT ends_at, ended_at FROM sessions WHERE project_id = $1 AND id = $2";
    let found = opt!(tx, (i64, Option<i64>), text, session.project.as_str(), session.id.to_string())?;
    Ok(found.map(|(ends_at, ended_at)| (Timestamp::from_millis(ends_at), ended_at)))
}

async fn plays(tx: &mut Tx, session: &Session) -> Result<u64> {
    let text = "SELECT COUNT(*) FROM sessions WHERE credential = $1 AND project_id = $2 AND source <> ''";
    let credential = session.credential.to_hex();
    let (count,): (i64,) = one!(tx, (i64,), text, &credential, session.project.as_str())?;
    Row::of("sessions", &credential[..8]).number("count", count)
}

async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    let text = "INSERT INTO sessions
            (id, project_id, video_id, credential, created_at, ends_at, network, agent, source, viewer)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
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
    )?;
    Ok(())
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
