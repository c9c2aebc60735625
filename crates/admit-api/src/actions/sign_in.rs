//! Exchanges an API key, or a refresh token, for a pair of short-lived tokens.

use std::time::Duration;

use admit_db::{
    access_tokens::{self, Kind, NewToken},
    transaction,
};
use admit_domain::{
    id::{ApiKeyId, ProjectId},
    secret::{Fingerprint, hex},
    time::Timestamp,
};

use crate::{app::App, caller, error::ApiError};

/// How long an access token lasts, as api.video's do.
pub const ACCESS_TOKEN_TTL: Duration = Duration::from_hours(1);
/// How long its refresh token lasts.
const REFRESH_TOKEN_TTL: Duration = Duration::from_hours(30 * 24);

/// Dead tokens swept out with each sign-in: more than it brings in, so that the table stays small.
const SWEPT_AT_ONCE: u32 = 10;

/// Two opaque secrets; only their fingerprints are kept.
pub struct TokenPair {
    pub access: String,
    pub refresh: String,
}

pub async fn with_key(app: &App, key: &str, now: Timestamp) -> Result<TokenPair, ApiError> {
    let known = caller::by_key(app, key, now).await?;
    issue(app, known.project, known.key, now).await
}

/// A refresh token works once; the pair it gives replaces it.
pub async fn with_refresh(app: &App, refresh: &str, now: Timestamp) -> Result<TokenPair, ApiError> {
    let fingerprint = Fingerprint::of(&app.keys.pepper, refresh);
    let owner = transaction!(app.db, |tx| access_tokens::consume_refresh(tx, &fingerprint, now).await)?;
    let (project, key) = owner.ok_or_else(|| {
        ApiError::unauthenticated("authentication-invalid-refresh-token", "The refresh token is invalid.")
    })?;
    issue(app, project, key, now).await
}

async fn issue(app: &App, project: ProjectId, key: ApiKeyId, now: Timestamp) -> Result<TokenPair, ApiError> {
    let pair = TokenPair { access: hex(&app.chance::<32>()?), refresh: hex(&app.chance::<32>()?) };
    let of = |text: &str| Fingerprint::of(&app.keys.pepper, text);
    let (access, refresh) = (of(&pair.access), of(&pair.refresh));
    transaction!(app.db, |tx| {
        for (kind, token, ttl) in
            [(Kind::Access, &access, ACCESS_TOKEN_TTL), (Kind::Refresh, &refresh, REFRESH_TOKEN_TTL)]
        {
            let new = NewToken { project: &project, api_key: &key, kind, token, expires_at: now.plus(ttl) };
            access_tokens::insert(tx, &new, now).await?;
        }
        access_tokens::delete_expired(tx, now, SWEPT_AT_ONCE).await
    })?;
    Ok(pair)
}
