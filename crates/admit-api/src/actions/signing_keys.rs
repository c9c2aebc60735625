//! Makes and takes back the keys that customers' backends sign with.

use admit_db::{revocations, sessions, signing_keys, signing_keys::Record, transaction};
use admit_domain::{dialects::Dialect, id::SigningKeyId, limits::SIGNING_KEYS_MAX, session::Source};

use crate::{app::App, audit, caller::Caller, error::ApiError, secrets};

/// What a customer says of a new key.
pub struct NewSigningKey {
    pub name: String,
    pub dialect: Dialect,
    pub said: Said,
}

/// What verifies what the key signs.
pub enum Said {
    /// We make a secret.
    Nothing,
    Secret(String),
    /// A JWK set.
    Public(String),
    /// Where a JWK set is fetched from.
    Address(String),
}

/// The key, and the secret that we made: the only time it leaves the house.
pub async fn create_signing_key(
    app: &App,
    caller: Caller,
    wish: NewSigningKey,
) -> Result<(Record, Option<String>), ApiError> {
    let id = SigningKeyId::from_random(app.chance()?);
    let made = match wish.said {
        Said::Nothing => Some(match wish.dialect.spell_secret(&app.chance()?) {
            Some(spelled) => spelled,
            None => secrets::signing(app)?,
        }),
        _ => None,
    };
    let (secret, public_keys, jwks_url) = match wish.said {
        Said::Nothing => (made.clone(), None, None),
        Said::Secret(secret) => (Some(secret), None, None),
        Said::Public(set) => (None, Some(set), None),
        Said::Address(url) => (None, None, Some(url)),
    };
    let chance = app.chance()?;
    let key = Record {
        id,
        project: caller.project,
        name: wish.name,
        dialect: wish.dialect.to_string(),
        secret: secret.map(|secret| app.keys.seal.seal(id.as_str(), &secret, chance)),
        public_keys,
        jwks_url,
        created_at: caller.now,
        last_used_at: None,
        revoked_at: None,
    };
    let has_room = transaction!(app.db, |tx| {
        let has_room = signing_keys::insert(tx, &key, SIGNING_KEYS_MAX).await?;
        if has_room {
            audit::note(tx, &caller, "signing-key.created", id).await?;
        }
        Ok(has_room)
    })?;
    if !has_room {
        let detail = format!("A project has at most {SIGNING_KEYS_MAX} active signing keys.");
        return Err(ApiError::invalid_attribute("name", detail));
    }
    app.signals.keys_wait.notify_one();
    Ok((key, made))
}

/// The key, the tokens it signed, and the sessions they began, in one transaction.
pub async fn revoke_signing_key(app: &App, caller: Caller, id: SigningKeyId) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        if !signing_keys::revoke(tx, &caller.project, &id, caller.now).await? {
            return Ok(false);
        }
        let ended = sessions::end_all_of(tx, &caller.project, &Source::SigningKey(id), caller.now).await?;
        revocations::append_all(tx, &caller.project, &ended, "signing key revoked", caller.now).await?;
        audit::note(tx, &caller, "signing-key.revoked", id).await?;
        Ok(true)
    })?;
    app.feed.catch_up().await?;
    if found { Ok(()) } else { Err(ApiError::not_found("signingKeyId")) }
}
