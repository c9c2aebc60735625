//! Turns a credential that may be shown again into a session: of a signing key, or an embed token.

use std::time::Duration;

use admit_db::{
    embed_tokens::{self, Kind},
    projects, sessions, signing_keys, transaction,
};
use admit_domain::{
    bound::{Bound, Width},
    claims::{Claims, Fault},
    decision::{Decision, Newcomer},
    dialects::Dialect,
    id::{ProjectId, SessionId, SigningKeyId, VideoId},
    rules::Rules,
    secret::Fingerprint,
    session::{Begun, Entered, Presented, Session, Source},
    shown::Shown,
    signing_key::SigningKey,
    time::Timestamp,
    verdict::Denial,
    video::Published,
};

use super::published::published;
use crate::{app::App, error::ApiError, keyring, ledger::Refusal, native::access_rules, secrets};

/// A credential that was believed.
pub(super) struct Believed {
    pub(super) claims: Claims,
    pub(super) source: Source,
    /// Stands for the credential: sessions of the same one are counted together.
    pub(super) credential: Fingerprint,
}

/// How one key reads what is shown; `None` where that shows nothing of its kind.
pub(super) struct Reading {
    pub(super) key: SigningKeyId,
    pub(super) dialect: Dialect,
    pub(super) found: Option<Result<Claims, Fault>>,
}

/// Judges what is shown by its own words, by the rules, and by the store; the first that refuses is told. The cause is
/// kept for the operator's questions. Whoever shows what proves nothing, again and again, is not listened to for a while.
pub async fn present(app: &App, presented: &Presented, now: Timestamp) -> Result<Entered, Fault> {
    if presented.asker.ip.is_some_and(|ip| app.rates.is_guessing(ip, now)) {
        return Err(Fault::new(Denial::Overloaded, "network", "one that has not just shown many credentials in vain"));
    }
    let entered = enter(app, presented, now).await;
    if let Err(fault) = &entered {
        if let Some(request) = presented.request {
            let about = if *fault == unknown() { presented.video } else { about(app, presented).await };
            let (seq, fault) = (app.feed.seq(), fault.clone());
            app.ledger.note(request, Refusal { at: now, seq, video: about, fault });
        }
        if let Some(ip) = presented.asker.ip
            && matches!(fault.denial, Denial::InvalidToken | Denial::CredentialRevoked)
        {
            app.rates.count_refusal(ip, now);
        }
    }
    entered
}

/// The video that is asked for. Which one a share link opens, the store knows.
async fn about(app: &App, presented: &Presented) -> Option<VideoId> {
    let Some(code) = &presented.link else { return presented.video };
    let credential = Fingerprint::of(&app.keys.pepper, code);
    embed_tokens::find(&app.db, Kind::Link, &credential).await.ok().flatten().map(|token| token.video)
}

async fn enter(app: &App, presented: &Presented, now: Timestamp) -> Result<Entered, Fault> {
    let believed = believe(app, presented, now).await?;
    let facts = published(app, believed.claims.video).await.map_err(cannot_know)?;
    let facts = facts.ok_or(Denial::NotFound)?;
    let visitor = presented.asker.visitor(&*app.country_of);
    let rules = facts.rules.clone().and(believed.claims.rules.clone());
    let decided = |verdict| note_decision(app, (presented, now), (&believed.claims, &facts), verdict);
    if let Err(fault) = rules.judge_entry(&visitor, now) {
        decided(Err(fault.denial));
        return Err(fault);
    }
    if presented.renews.is_some() && believed.claims.rules.plays_max.is_some() {
        // A credential whose plays are counted would be used once more than that.
        return Err(Fault::new(Denial::PlaysExhausted, "maxPlays", "a credential whose plays are not counted"));
    }
    let session = session(app, presented, &believed, &facts, now).await?;
    let begun = transaction!(app.db, |tx| {
        if presented.renews.is_some() {
            return sessions::prolong(tx, &session).await;
        }
        sessions::begin(tx, &session, rules.plays_max, now).await
    });
    let span = match begun.map_err(|error| cannot_know(error.into()))? {
        Begun::Session(span) => span,
        Begun::Ended => return Err(Denial::SessionEnded.into()),
        Begun::Exhausted => return Err(Fault::new(Denial::PlaysExhausted, "maxPlays", "a play that is left")),
        Begun::Cut => {
            return Err(Fault::new(Denial::CredentialRevoked, "iat", "a credential issued since access was ended"));
        }
        Begun::Revoked => return Err(Fault::invalid("key", "one that was not revoked")),
    };
    if let Source::SigningKey(key) = &session.source
        && let Err(error) = note_use(app, &session.project, key, now).await
    {
        tracing::warn!(%key, %error, "remember the use of a key");
    }
    if span.begun_at == now {
        decided(Ok(()));
    }
    let values = session.bound.values(&visitor).ok_or(Denial::BoundElsewhere)?;
    let session = session.within(span);
    let handle = session.handle().mint(&values, &app.keys.delivery);
    Ok(Entered { video: session.video, handle, ends_at: session.ends_at })
}

/// Who wanted to begin a session, for whoever asks what other rules would have said of them.
fn note_decision(
    app: &App,
    (presented, at): (&Presented, Timestamp),
    (claims, facts): (&Claims, &Published),
    verdict: Result<(), Denial>,
) {
    let Presented { asker, request, renews: None, .. } = presented else { return };
    let by_credential = claims.rules.judge_entry(&asker.visitor(&*app.country_of), at);
    app.ledger.decided(Decision {
        request: *request,
        at,
        seq: app.feed.seq(),
        video: claims.video,
        newcomer: Newcomer { project: facts.project, asker: asker.clone() },
        by_credential: by_credential.map_err(|fault| fault.denial),
        verdict,
    });
}

async fn note_use(app: &App, project: &ProjectId, key: &SigningKeyId, now: Timestamp) -> admit_db::Result<()> {
    if signing_keys::was_used_lately(&app.db, project, key, now).await? {
        return Ok(());
    }
    transaction!(app.db, |tx| signing_keys::touch(tx, project, key, now).await)
}

/// What is shown is an embed token, a share link, or signed by a key of the video's project.
pub(crate) async fn believe_signed(
    app: &App,
    presented: &Presented,
    now: Timestamp,
) -> Result<(Claims, Source), Fault> {
    let video = presented.video.ok_or(Denial::NoHandle)?;
    // Before it is believed, the store is asked once.
    let (token_access, keys) = keyring::of_video(app, &video).await.map_err(cannot_know)?.ok_or(Denial::NotFound)?;
    if !token_access {
        return Err(Denial::TokenAccessOff.into());
    }
    decide(&readings_of(keys, &presented.shown, video, now), &presented.shown)
}

/// What each active key of the project reads, up to the first that believes it.
pub(super) async fn readings(
    app: &App,
    project: &ProjectId,
    (shown, video): (&Shown, VideoId),
    now: Timestamp,
) -> Result<Vec<Reading>, Fault> {
    Ok(readings_of(keyring::active(app, project).await.map_err(cannot_know)?, shown, video, now))
}

fn readings_of(keys: Vec<SigningKey>, shown: &Shown, video: VideoId, now: Timestamp) -> Vec<Reading> {
    let mut readings = Vec::new();
    for key in keys {
        let found = Dialect::read(&key, shown, &video, now);
        let is_believed = matches!(found, Some(Ok(_)));
        readings.push(Reading { key: key.id, dialect: key.dialect, found });
        if is_believed {
            break;
        }
    }
    readings
}

/// Which key is believed; and where none is, the first fault that one of them found.
pub(super) fn decide(readings: &[Reading], shown: &Shown) -> Result<(Claims, Source), Fault> {
    let mut fault = None;
    for reading in readings {
        match &reading.found {
            Some(Ok(claims)) => return Ok((claims.clone(), Source::SigningKey(reading.key))),
            Some(Err(found)) => fault = fault.or(Some(found)),
            None => {}
        }
    }
    Err(match fault {
        Some(fault) => fault.clone(),
        None if shown.token()?.is_some() => Fault::invalid("kid", "an active signing key of this project"),
        None => Fault::new(Denial::NoHandle, "credential", "a token, or a signature, of one of the project's keys"),
    })
}

async fn believe(app: &App, presented: &Presented, now: Timestamp) -> Result<Believed, Fault> {
    let shown = presented.shown.token()?;
    if let Some(code) = &presented.link {
        return opaque(app, Kind::Link, code, None, now).await;
    }
    if let Some(token) = shown.filter(|token| secrets::is_embed_token(token)) {
        return opaque(app, Kind::Embed, token, presented.video, now).await;
    }
    let (claims, source) = believe_signed(app, presented, now).await?;
    Ok(counted(app, claims, source, shown))
}

/// What is the same credential, however often it is shown.
pub(super) fn counted(app: &App, claims: Claims, source: Source, shown: Option<&str>) -> Believed {
    let stands_for = match (&claims.once, shown) {
        (Some(name), _) => format!("once {} {name}", source.as_str()),
        (None, Some(token)) => token.to_owned(),
        (None, None) => {
            format!("address {} {} {}", source.as_str(), claims.video, claims.expires_at.as_millis())
        }
    };
    let mut claims = claims;
    if claims.once.is_some() {
        claims.rules.plays_max = Some(1);
    }
    Believed { claims, source, credential: Fingerprint::of(&app.keys.pepper, &stands_for) }
}

/// No such token is kept here, and so nobody need be asked what it was for.
fn unknown() -> Fault {
    Fault::new(Denial::CredentialRevoked, "token", "one that was not deleted")
}

/// A token whose rules are kept here.
pub(super) async fn opaque(
    app: &App,
    kind: Kind,
    text: &str,
    video: Option<VideoId>,
    now: Timestamp,
) -> Result<Believed, Fault> {
    let credential = Fingerprint::of(&app.keys.pepper, text);
    let found = embed_tokens::find(&app.db, kind, &credential).await.map_err(|error| cannot_know(error.into()))?;
    let token = found.ok_or_else(unknown)?;
    if video.is_some_and(|video| video != token.video) {
        return Err(Fault::other_video("token"));
    }
    if token.expires_at.is_some_and(|end| end <= now) {
        return Err(Fault::invalid("expiresAt", "a time that is not over"));
    }
    let rules = access_rules::from_text(&token.rules).map_err(cannot_know)?;
    let claims = Claims {
        video: token.video,
        viewer: None,
        expires_at: token.expires_at.unwrap_or(Timestamp::END),
        issued_at: Some(token.created_at),
        once: None,
        rules: Rules { valid_until: earlier(rules.valid_until, token.expires_at), ..rules },
    };
    Ok(Believed { claims, source: Source::EmbedToken(token.id), credential })
}

async fn session(
    app: &App,
    presented: &Presented,
    believed: &Believed,
    facts: &Published,
    now: Timestamp,
) -> Result<Session, Fault> {
    let settings = projects::settings(&app.db, &facts.project).await.map_err(|error| cannot_know(error.into()))?;
    let wished = settings.session_seconds.map(|seconds| Duration::from_secs(seconds.into()));
    let span = wished.unwrap_or(app.policy.session_ttl).min(app.policy.session_ttl);
    let Believed { claims, source, credential } = believed;
    let ends_at = earlier(Some(now.plus(span)), claims.rules.valid_until).unwrap_or(now);
    Ok(Session {
        id: presented.renews.unwrap_or_else(|| id(app, presented, believed, span, now)),
        project: facts.project,
        video: claims.video,
        credential: *credential,
        source: *source,
        viewer: claims.viewer.clone(),
        rights: claims.rules.rights,
        bound: bound(&claims.rules, presented),
        seats: claims.rules.seats,
        issued_at: claims.issued_at.unwrap_or(Timestamp::EPOCH),
        created_at: now,
        ends_at,
        ended_at: None,
        client: presented.client.clone(),
    })
}

/// The same client with the same credential has the same session, as long as one lasts: players ask again and again. A
/// page's nonce makes each opening of it another client, and a credential whose end was moved begins anew.
fn id(app: &App, presented: &Presented, believed: &Believed, span: Duration, now: Timestamp) -> SessionId {
    let turn = u64::try_from(now.as_secs()).unwrap_or(0) / span.as_secs().max(1);
    let nonce = presented.nonce.as_deref().unwrap_or_default();
    let Presented { client, .. } = presented;
    let credential = believed.credential.to_hex();
    let until = believed.claims.rules.valid_until.map_or(0, Timestamp::as_millis).to_be_bytes();
    let fields = [credential.as_bytes(), client.network.as_bytes(), client.agent.as_bytes(), nonce.as_bytes()];
    let [credential, network, agent, nonce] = fields;
    let tag = app.keys.pepper.tag(&[b"session", credential, network, agent, nonce, &turn.to_be_bytes(), &until]);
    SessionId::from_bytes(tag.first_chunk().copied().unwrap_or_default())
}

/// What the signer demands of every request, and not only of the first, goes into the handle's MAC.
fn bound(rules: &Rules, presented: &Presented) -> Bound {
    let within = |ip| rules.networks.as_ref()?.parts().iter().find(|network| network.contains(ip)).copied();
    let network = presented.asker.ip.and_then(within).as_ref().map(Width::of);
    Bound { network, country: rules.countries.is_some(), agent: rules.agents.is_some(), seat: rules.seats.is_some() }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
fn cannot_know(error: ApiError) -> Fault {
    tracing::error!(?error, "judge a credential");
    Denial::CannotKnow.into()
}
