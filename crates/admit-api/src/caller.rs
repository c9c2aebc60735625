//! Who is calling: one extractor turns a request into a project, a key and a time.

use std::{fmt, time::Duration};

use admit_db::{access_tokens, api_keys, transaction, upload_tokens};
use admit_domain::{
    id::{ApiKeyId, ProjectId},
    scope::{Scope, Scopes},
    secret::Fingerprint,
    time::Timestamp,
    upload_token::UploadTokenId,
    video::Visibility,
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderValue, header, request::Parts},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    apivideo::list::{find, pairs},
    app::App,
    error::ApiError,
    rate::{self, Who},
    scopes, secrets,
};

/// Characters an API key or an access token may have; longer ones are not looked up.
const CREDENTIAL_CHARS_MAX: usize = 512;

/// How often the use of a key is written down at most.
const TOUCH_EVERY: Duration = Duration::from_mins(1);

/// On whose word something is done.
#[derive(Clone, Copy, Debug)]
pub enum Actor {
    Key(ApiKeyId),
    UploadToken(UploadTokenId),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(id) => id.fmt(f),
            Self::UploadToken(id) => write!(f, "upload token {id}"),
        }
    }
}

/// An authenticated caller. Everything it touches belongs to its project.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    pub project: ProjectId,
    pub actor: Actor,
    /// What it may do; the address that was asked for is within it.
    pub scopes: Scopes,
    /// When the request arrived.
    pub now: Timestamp,
}

impl Caller {
    pub const fn may(&self, scope: Scope) -> bool {
        self.scopes.allow(scope)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let app = App::from_ref(state);
        let now = arrived(parts)?;
        let mut headers = parts.headers.get_all(header::AUTHORIZATION).iter();
        let value = match (headers.next(), headers.next()) {
            (None, _) => return Err(missing()),
            (Some(value), None) => value,
            (Some(_), Some(_)) => return Err(malformed()),
        };
        let Known { project, key, scopes } = match credential(value)? {
            Credential::Key(text) => by_key(&app, &text, now).await?,
            // What a page shows names a project and proves nothing.
            Credential::Token(text) if secrets::publishable_id(&text).is_some() => {
                return Err(ApiError::missing_scope("This key opens the playback API only."));
            }
            Credential::Token(text) => by_token(&app, &text, now).await?,
        };
        rate::charge(&app.rates, parts, Who::Project(project), now)?;
        let allowed = match scopes::needed(&parts.method, parts.uri.path()) {
            Some(scope) => scopes.allow(scope),
            None => scopes == Scopes::EVERYTHING,
        };
        if !allowed {
            return Err(ApiError::missing_scope("This key does not have the scope that this takes."));
        }
        Ok(Self { project, actor: Actor::Key(key), scopes, now })
    }
}

/// Whoever shows an upload token. It may send sources into the token's project, and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Uploader {
    pub caller: Caller,
    pub token: UploadTokenId,
    /// What the videos it makes are, if the token says so.
    pub visibility: Option<Visibility>,
}

impl<S: Send + Sync> FromRequestParts<S> for Uploader
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let app = App::from_ref(state);
        let now = arrived(parts)?;
        let pairs = pairs(parts.uri.query());
        let text = find(&pairs, "token").filter(|text| !text.is_empty()).ok_or_else(|| {
            ApiError::unauthenticated("authentication-missing-upload-token", "The upload token is missing.")
        })?;
        let found = match UploadTokenId::of_text(text, &app.keys.upload_tokens) {
            Some(id) => upload_tokens::find(&app.db, &id, now).await?,
            None => None,
        };
        let token = found.ok_or_else(|| {
            let title = "The upload token is invalid or expired.";
            ApiError::unauthenticated("authentication-invalid-upload-token", title)
        })?;
        rate::charge(&app.rates, parts, Who::Project(token.project), now)?;
        let caller = Caller {
            project: token.project,
            actor: Actor::UploadToken(token.id),
            // Whoever brings a film may see it: the answer names the addresses of a private one, as api.video's does.
            scopes: Scopes::of(Scope::VideosWrite).with(Scope::AccessMint),
            now,
        };
        Ok(Self { caller, token: token.id, visibility: token.visibility })
    }
}

/// The time of arrival, read by the listener.
pub(crate) fn arrived(parts: &Parts) -> Result<Timestamp, ApiError> {
    parts.extensions.get().copied().ok_or_else(|| ApiError::internal(&"a request without a time of arrival"))
}

/// Whose a key is, and what it may do.
pub(crate) struct Known {
    pub(crate) project: ProjectId,
    pub(crate) key: ApiKeyId,
    pub(crate) scopes: Scopes,
}

/// The project and key behind an API key's text.
pub(crate) async fn by_key(app: &App, text: &str, now: Timestamp) -> Result<Known, ApiError> {
    let fingerprint = Fingerprint::of(&app.keys.pepper, text);
    let found = api_keys::find(&app.db, &fingerprint).await?.ok_or_else(invalid_key)?;
    if found.last_used_at.is_none_or(|last| now.since(last) > TOUCH_EVERY)
        && let Err(error) = transaction!(app.db, |tx| api_keys::touch(tx, &found.project, &found.id, now).await)
    {
        tracing::warn!(key = %found.id, %error, "remember the use of a key");
    }
    Ok(Known { project: found.project, key: found.id, scopes: Scopes::parse(&found.scopes) })
}

async fn by_token(app: &App, text: &str, now: Timestamp) -> Result<Known, ApiError> {
    let fingerprint = Fingerprint::of(&app.keys.pepper, text);
    let found = access_tokens::find(&app.db, access_tokens::Kind::Access, &fingerprint, now).await?;
    let holder = found.ok_or_else(|| {
        ApiError::unauthenticated("authentication-invalid-access-token", "The access token is invalid or expired.")
    })?;
    Ok(Known { project: holder.project, key: holder.key, scopes: Scopes::parse(&holder.scopes) })
}

enum Credential {
    /// `Basic base64("<key>:")`.
    Key(String),
    /// `Bearer <token>`.
    Token(String),
}

fn credential(value: &HeaderValue) -> Result<Credential, ApiError> {
    let (scheme, rest) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
    if rest.is_empty() || rest.len() > CREDENTIAL_CHARS_MAX || rest.contains([' ', ',', '\t']) {
        return Err(malformed());
    }
    if scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Credential::Token(rest.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(malformed());
    }
    let decoded = STANDARD.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(malformed)?;
    match decoded.split_once(':') {
        Some((key, "")) if !key.is_empty() => Ok(Credential::Key(key.to_owned())),
        _ => Err(malformed()),
    }
}

fn missing() -> ApiError {
    let title = "The \"Authorization\" header is missing.";
    ApiError::unauthenticated("authentication-missing-authorization-header", title)
}

fn malformed() -> ApiError {
    let title = "The value of the \"Authorization\" header is invalid.";
    ApiError::unauthenticated("authentication-invalid-authorization-header-value", title)
}

fn invalid_key() -> ApiError {
    ApiError::unauthenticated("authentication-invalid-api-key", "The API key is invalid.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read_strictly() {
        let cases = [
            ("Basic YWRtX2tleTo=", true),
            ("basic YWRtX2tleTo=", true),
            ("Basic YWRtX2tleTpwYXNz", false),
            ("Basic Og==", false),
            ("Basic", false),
            ("Bearer abc", true),
            ("bearer abc", true),
            ("Bearer  abc", false),
            ("Bearer a,b", false),
            ("Digest abc", false),
            ("abc", false),
        ];
        for (value, expected) in cases {
            assert_eq!(credential(&HeaderValue::from_static(value)).is_ok(), expected, "{value}");
        }
    }
}
