//! Takes access back: everything that follows from it is one transaction, and its last number in the log says when an
//! edge knows of it.

mod credential;
mod what;

use admit_db::{
    Tx, access_cuts, access_cuts::Subject as Cut, audit, embed_tokens, revocations, sessions, signing_keys, transaction,
};
use admit_domain::{
    id::RevocationId,
    revocation::{Seq, Subject},
    session::Source,
    time::Timestamp,
};

pub use self::what::What;
use crate::{app::App, caller::Caller, error::ApiError};

/// An order that was carried out.
#[derive(Clone, Debug)]
pub struct Revoked {
    pub id: RevocationId,
    /// Whoever judges by the log up to here judges by this.
    pub seq: Seq,
}

/// Returns when the gate of this process judges by it.
pub async fn revoke(app: &App, caller: Caller, what: &What, reason: &str) -> Result<Revoked, ApiError> {
    let id = RevocationId::from_random(app.chance()?);
    let seq = transaction!(app.db, |tx| {
        // Nobody begins a session meanwhile that would be neither ended nor refused.
        access_cuts::hold(tx).await?;
        let seq = end(app, tx, &caller, what, reason).await?;
        let event = audit::Event {
            happened_at: caller.now,
            actor: caller.actor.to_string(),
            action: "access.revoked".to_owned(),
            subject: what.name(&caller.project),
            detail: if reason.is_empty() { id.to_string() } else { format!("{id} {reason}") },
        };
        audit::insert(tx, &caller.project, &event).await?;
        Ok(seq)
    })?;
    app.feed.catch_up().await?;
    Ok(Revoked { id, seq })
}

async fn end(app: &App, tx: &mut Tx, caller: &Caller, what: &What, reason: &str) -> admit_db::Result<Seq> {
    let (project, now) = (&caller.project, caller.now);
    let named = match what {
        What::Session(id) => sessions::end(tx, project, id, now).await?.into_iter().collect(),
        What::SigningKey(id) => {
            signing_keys::revoke(tx, project, id, now).await?;
            sessions::end_all_of(tx, project, &Source::SigningKey(*id), now).await?
        }
        What::EmbedToken(kind, id) => {
            embed_tokens::delete(tx, *kind, project, id).await?;
            sessions::end_all_of(tx, project, &Source::EmbedToken(*id), now).await?
        }
        What::Viewer(viewer) => {
            access_cuts::cut(tx, project, Cut::Viewer(viewer), now).await?;
            sessions::end_all_of_viewer(tx, project, viewer, now).await?
        }
        What::PrivateToken(token) => {
            let fingerprint = token.fingerprint(&app.keys.pepper);
            access_cuts::cut(tx, project, Cut::Credential(&fingerprint), Timestamp::END).await?;
            sessions::end(tx, project, &token.session(), now).await?.into_iter().collect()
        }
        What::Credential(fingerprints) => {
            let mut ended = Vec::new();
            for fingerprint in fingerprints {
                access_cuts::cut(tx, project, Cut::Credential(fingerprint), Timestamp::END).await?;
                ended.extend(sessions::end_all_by(tx, project, fingerprint, now).await?);
            }
            ended
        }
        What::Video(id) => {
            let until = sessions::end_all_for(tx, project, id, now).await?.max(Some(now)).unwrap_or(now);
            access_cuts::cut(tx, project, Cut::Video(id), until).await?;
            vec![Subject::VideoAccess { id: *id, until }]
        }
        What::Project => {
            let until = sessions::end_all(tx, project, now).await?.max(Some(now)).unwrap_or(now);
            access_cuts::cut(tx, project, Cut::Project, until).await?;
            vec![Subject::ProjectAccess { id: *project, until }]
        }
    };
    revocations::append_all(tx, project, &named, reason, now).await
}
