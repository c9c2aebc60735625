//! Turns a private token into a session, once.

use admit_db::DbError;
use admit_domain::{
    bound::Bound,
    decision::{Decision, Newcomer},
    dialects::apivideo::PrivateToken,
    handle::{BoundValues, Rights},
    id::VideoId,
    secret::{Fingerprint, hex},
    session::{Entered, Entry, Redeem, Redeemed, Session, Source},
    time::Timestamp,
    verdict::Denial,
};

use crate::app::App;

/// Is this a token of ours for this video, and in time? Spends nothing.
pub fn vouch(app: &App, video: VideoId, token: &PrivateToken, now: Timestamp) -> Result<(), Denial> {
    token.judge(&app.keys.private_tokens, &video, app.policy.private_token_ttl, now)
}

pub async fn redeem(app: &App, entry: Entry, now: Timestamp) -> Result<Entered, Denial> {
    vouch(app, entry.video, &entry.token, now)?;
    // Without a nonce every request is another viewer, so it gets one that nobody can repeat.
    let nonce = match entry.nonce {
        Some(nonce) => nonce,
        None => hex(&app.chance::<16>().map_err(|_| Denial::CannotKnow)?),
    };
    let session = Session {
        source: Source::PrivateToken,
        viewer: None,
        rights: Rights::ALL,
        bound: Bound::default(),
        seats: None,
        id: entry.token.session(),
        project: entry.project,
        video: entry.video,
        credential: entry.token.fingerprint(&app.keys.pepper),
        issued_at: entry.token.minted_at(),
        created_at: now,
        ends_at: now.plus(app.policy.session_ttl),
        ended_at: None,
        client: entry.client,
    };
    let decision = Decision {
        request: entry.request,
        at: now,
        seq: app.feed.seq(),
        video: entry.video,
        newcomer: Newcomer { project: entry.project, asker: entry.asker },
        by_credential: Ok(()),
        verdict: Ok(()),
    };
    let wish = Redeem { session: session.clone(), nonce: Fingerprint::unkeyed(&nonce) };
    match app.desk.redeem(wish, now).await.map_err(|error| cannot_know(&error))? {
        Redeemed::Cut => Err(Denial::CredentialRevoked),
        Redeemed::Spent => Err(Denial::CredentialSpent),
        Redeemed::Session(span) => {
            if span.begun_at == now {
                app.ledger.decided(decision);
            }
            let session = session.within(span);
            let handle = session.handle().mint(&BoundValues::default(), &app.keys.delivery);
            Ok(Entered { video: session.video, handle, ends_at: session.ends_at })
        }
    }
}

fn cannot_know(error: &DbError) -> Denial {
    match error {
        DbError::Overloaded => Denial::Overloaded,
        other => {
            tracing::error!(error = %other, "redeem a token");
            Denial::CannotKnow
        }
    }
}
