//! Single-use credentials that were redeemed: a batch of wishes, each statement once for all of it.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use admit_domain::{
    limits::REDEEM_REPLAY_WINDOW,
    session::{Redeem, Redeemed, Session, Span},
    time::Timestamp,
};

use crate::{
    access_cuts,
    db::Tx,
    dialect::{Both, both, rows},
    error::Result,
    statement::{all, exec},
};

/// The least by which one instant is after another.
const INSTANT: Duration = Duration::from_millis(1);

/// A wish to redeem, spelled as the tables spell it.
pub(crate) struct Wish<'a> {
    session: &'a Session,
    /// When the session begins: after anything that was ended all at once.
    begins_at: Timestamp,
    session_id: String,
    credential: String,
    nonce: String,
    now: Timestamp,
}

impl<'a> Wish<'a> {
    pub(crate) fn of(redeem: &'a Redeem, now: Timestamp) -> Self {
        Self {
            session: &redeem.session,
            begins_at: redeem.session.created_at,
            session_id: redeem.session.id.to_string(),
            credential: redeem.session.credential.to_hex(),
            nonce: redeem.nonce.to_hex(),
            now,
        }
    }
}

/// What became of a credential.
#[derive(sqlx::FromRow)]
struct Held {
    credential: String,
    session_id: String,
    nonce: String,
    redeemed_at: i64,
    created_at: Option<i64>,
    ends_at: Option<i64>,
    ended_at: Option<i64>,
}

/// Spends what is still whole, opens the sessions for it, and answers every wish, in their order. At most six
/// statements, however many the wishes.
pub(crate) async fn settle(tx: &mut Tx, wishes: &mut [Wish<'_>]) -> Result<Vec<Redeemed>> {
    let cut = judge_cuts(tx, wishes).await?;
    // Of several wishes for one credential the first is the one that may win. Sorted, so that two processes with
    // the same credentials in hand never wait for each other in a circle.
    let mut firsts = BTreeMap::new();
    for (wish, _) in wishes.iter().zip(&cut).filter(|(_, cut)| !**cut) {
        firsts.entry(wish.credential.as_str()).or_insert(wish);
    }
    let mut held = HashMap::with_capacity(firsts.len());
    let mut winners = Vec::with_capacity(firsts.len());
    for (credential,) in spend(tx, firsts.values().copied()).await? {
        let Some(wish) = firsts.remove(credential.as_str()) else { continue };
        winners.push(wish);
        held.insert(credential, Held::by(wish));
    }
    if !winners.is_empty() {
        open_sessions(tx, &winners).await?;
        audit(tx, &winners).await?;
    }
    if !firsts.is_empty() {
        let before = find(tx, firsts.values().copied()).await?;
        held.extend(before.into_iter().map(|before| (before.credential.clone(), before)));
    }
    let judged = wishes.iter().zip(cut);
    Ok(judged.map(|(wish, cut)| if cut { Redeemed::Cut } else { judge(held.get(&wish.credential), wish) }).collect())
}

/// Which of the wishes come too late, each for a credential that was taken back alone or with all others.
async fn judge_cuts(tx: &mut Tx, wishes: &mut [Wish<'_>]) -> Result<Vec<bool>> {
    access_cuts::stand_beside(tx).await?;
    let sessions: Vec<_> = wishes.iter().map(|wish| wish.session).collect();
    let cuts = access_cuts::until_of(tx, &sessions).await?;
    let judged = wishes.iter_mut().zip(cuts).map(|(wish, cut)| {
        wish.begins_at = wish.begins_at.max(cut.plus(INSTANT));
        wish.session.issued_at <= cut
    });
    Ok(judged.collect())
}

/// A wish is granted by the redemption it made, or by the one it repeats. The session must be the very one that
/// is stored, and still open: a handle is never made for a session that nobody could end.
fn judge(held: Option<&Held>, wish: &Wish<'_>) -> Redeemed {
    let granted = held.filter(|held| {
        let repeated = held.nonce == wish.nonce && held.session_id == wish.session_id;
        let age = wish.now.since(Timestamp::from_millis(held.redeemed_at));
        repeated && held.ended_at.is_none() && age <= REDEEM_REPLAY_WINDOW
    });
    match granted.and_then(|held| held.created_at.zip(held.ends_at)) {
        Some((begun_at, ends_at)) => Redeemed::Session(Span {
            begun_at: Timestamp::from_millis(begun_at),
            ends_at: Timestamp::from_millis(ends_at),
        }),
        None => Redeemed::Spent,
    }
}

impl Held {
    fn by(wish: &Wish<'_>) -> Self {
        Self {
            credential: wish.credential.clone(),
            session_id: wish.session_id.clone(),
            nonce: wish.nonce.clone(),
            redeemed_at: wish.now.as_millis(),
            created_at: Some(wish.begins_at.as_millis()),
            ends_at: Some(wish.session.ends_at.as_millis()),
            ended_at: None,
        }
    }
}

async fn spend<'a>(tx: &mut Tx, wishes: impl Iterator<Item = &'a Wish<'a>>) -> Result<Vec<(String,)>> {
    const TEXT: Both = both!(
        "INSERT INTO redemptions (credential, project_id, session_id, nonce, redeemed_at)
            SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, CAST(value ->> 4 AS BIGINT) FROM ",
        rows(1),
        " WHERE true ON CONFLICT DO NOTHING RETURNING credential"
    );
    let rows: Vec<_> = wishes
        .map(|wish| {
            let project = wish.session.project.as_str();
            (&wish.credential, project, &wish.session_id, &wish.nonce, wish.now.as_millis())
        })
        .collect();
    all!(tx, (String,), TEXT, self::rows(&rows))
}

async fn open_sessions(tx: &mut Tx, wishes: &[&Wish<'_>]) -> Result<()> {
    const TEXT: Both = both!(
        "INSERT INTO sessions (id, project_id, video_id, credential, created_at, ends_at, network, agent, source, viewer)
            SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, CAST(value ->> 4 AS BIGINT),
                CAST(value ->> 5 AS BIGINT), value ->> 6, value ->> 7, '', '' FROM ",
        rows(1),
        ""
    );
    let rows: Vec<_> = wishes
        .iter()
        .map(|wish| {
            let Session { project, video, ends_at, client, .. } = wish.session;
            let (created_at, ends_at) = (wish.begins_at.as_millis(), ends_at.as_millis());
            let client = (printable(&client.network), printable(&client.agent));
            (
                &wish.session_id,
                project.as_str(),
                video.as_str(),
                &wish.credential,
                created_at,
                ends_at,
                client.0,
                client.1,
            )
        })
        .collect();
    exec!(tx, TEXT, self::rows(&rows))?;
    Ok(())
}

async fn audit(tx: &mut Tx, wishes: &[&Wish<'_>]) -> Result<()> {
    const TEXT: Both = both!(
        "INSERT INTO audit (project_id, happened_at, actor, action, subject, detail)
            SELECT value ->> 0, CAST(value ->> 1 AS BIGINT), 'viewer', 'session.opened', value ->> 2, value ->> 3
            FROM ",
        rows(1),
        ""
    );
    let rows: Vec<_> = wishes
        .iter()
        .map(|wish| {
            let Session { project, video, .. } = wish.session;
            (project.as_str(), wish.now.as_millis(), &wish.session_id, video.as_str())
        })
        .collect();
    exec!(tx, TEXT, self::rows(&rows))?;
    Ok(())
}

async fn find<'a>(tx: &mut Tx, wishes: impl Iterator<Item = &'a Wish<'a>>) -> Result<Vec<Held>> {
    const TEXT: Both = both!(
        "SELECT r.credential, r.session_id, r.nonce, r.redeemed_at, s.created_at, s.ends_at, s.ended_at FROM ",
        rows(1),
        " AS wish JOIN redemptions r ON r.credential = wish.value ->> 0 AND r.project_id = wish.value ->> 1
            LEFT JOIN sessions s ON s.id = r.session_id AND s.project_id = r.project_id"
    );
    let rows: Vec<_> = wishes.map(|wish| (&wish.credential, wish.session.project.as_str())).collect();
    all!(tx, Held, TEXT, self::rows(&rows))
}

/// `PostgreSQL` keeps no NUL in a text, and one viewer's strange browser must not spoil the batch of others.
fn printable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
