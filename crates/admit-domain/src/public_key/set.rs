//! The public keys of one signing key, in any form a customer has them in, and in the one form they are stored in.

use std::collections::BTreeSet;

use super::{bad_key::BadKey, kind::PublicKey};
use crate::{
    json::{self, Bounds, Value},
    limits::{PUBLIC_KEYS_BYTES_MAX, PUBLIC_KEYS_MAX},
};

/// A set, its keys, one key, and the certificates that some keys carry along.
const BOUNDS: Bounds = Bounds { bytes: PUBLIC_KEYS_BYTES_MAX, depth: 4 };

/// Reads a PEM block, a JWK or a JWK set. One key that is not as it should be spoils the set.
pub fn read_keys(text: &str) -> Result<Vec<PublicKey>, BadKey> {
    let text = text.trim_ascii();
    if text.starts_with("-----") {
        return PublicKey::from_pem(text).map(|key| vec![key]);
    }
    let value = json::read(text.as_bytes(), BOUNDS)?;
    let jwks = match value.member("keys") {
        Some(keys) => keys.as_array().ok_or(BadKey::Member("keys"))?,
        None => std::slice::from_ref(&value),
    };
    if jwks.is_empty() || jwks.len() > PUBLIC_KEYS_MAX {
        return Err(BadKey::Count);
    }
    let keys = jwks.iter().map(PublicKey::from_jwk).collect::<Result<Vec<_>, _>>()?;
    let mut kids = BTreeSet::new();
    let is_once = keys.iter().filter_map(|key| key.kid.as_deref()).all(|kid| kids.insert(kid));
    if is_once { Ok(keys) } else { Err(BadKey::SameKid) }
}

/// Spells keys as a JWK set, from which the same keys are read.
pub fn write_keys(keys: &[PublicKey]) -> String {
    let keys = keys.iter().map(PublicKey::to_jwk).collect();
    Value::Object(vec![("keys".to_owned(), Value::Array(keys))]).to_string()
}
