//! How the secrets we hand out are spelled: who they are from, what they are for, and chance.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{app::App, error::ApiError};

/// What stands between the prefix and the chance.
const SIGN: &str = "_sign_";
const EMBED: &str = "_emb_";
const PUBLISHABLE: &str = "_pub_";
const KEY: &str = "_live_";
const EDGE: &str = "_edge_";
const JOIN: &str = "_join_";

/// Characters of 32 bytes in base64url.
const CHANCE_CHARS: usize = 43;

/// A secret to sign with: 256 bits.
pub(crate) fn signing(app: &App) -> Result<String, ApiError> {
    spell(app, SIGN)
}

pub(crate) fn embed_token(app: &App) -> Result<String, ApiError> {
    spell(app, EMBED)
}

pub(crate) fn api_key(app: &App) -> Result<String, ApiError> {
    spell(app, KEY)
}

pub(crate) fn edge(app: &App) -> Result<String, ApiError> {
    spell(app, EDGE)
}

/// Is it spelled as the secret of an edge?
pub(crate) fn is_edge(text: &str) -> bool {
    is_spelled(text, EDGE)
}

/// What an edge joins with, once.
pub fn join(prefix: &str, chance: [u8; 32]) -> String {
    format!("{prefix}{JOIN}{}", URL_SAFE_NO_PAD.encode(chance))
}

/// Is it spelled as a token to join with?
pub(crate) fn is_join(text: &str) -> bool {
    is_spelled(text, JOIN)
}

/// Not a secret: the id in another dress.
pub(crate) fn publishable(app: &App, id: &str) -> String {
    format!("{}{PUBLISHABLE}{}", app.secret_prefix, id.strip_prefix("pk").unwrap_or(id))
}

/// The id within a publishable key, whoever's prefix it has: that of an installation may change.
pub(crate) fn publishable_id(text: &str) -> Option<String> {
    let (prefix, rest) = text.split_once(PUBLISHABLE)?;
    let is_word = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    is_word.then(|| format!("pk{rest}"))
}

/// Embed tokens are told from all others by their spelling alone.
pub(crate) fn is_embed_token(text: &str) -> bool {
    is_spelled(text, EMBED)
}

fn is_spelled(text: &str, purpose: &str) -> bool {
    text.split_once(purpose).is_some_and(|(_, chance)| chance.len() == CHANCE_CHARS)
}

fn spell(app: &App, purpose: &str) -> Result<String, ApiError> {
    let chance: [u8; 32] = app.chance()?;
    Ok(format!("{}{purpose}{}", app.secret_prefix, URL_SAFE_NO_PAD.encode(chance)))
}
