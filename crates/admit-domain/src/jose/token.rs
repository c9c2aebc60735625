//! A token taken apart. Nothing in it is verified yet.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{claim_set::ClaimSet, header::Header};
use crate::{
    claims::Fault,
    id::VideoId,
    json::Value,
    limits::{HMAC_SECRET_BYTES_MIN, TOKEN_BYTES_MAX},
    public_key::PublicKey,
};

/// The video in `sub` of a token, for a router that must know where to ask before it can ask whether the token is
/// true. Nothing is verified: anybody can write such a token.
pub fn peek_subject(text: &str) -> Option<VideoId> {
    Token::read(text).ok()?.peek("sub")?.as_str()?.parse().ok()
}

/// The video that a token names in `sub`, or in `aud` as our own do. Nothing is verified.
pub fn peek_video(text: &str) -> Option<VideoId> {
    let token = Token::read(text).ok()?;
    let of_audience = || match token.peek("aud")? {
        Value::String(id) => id.parse().ok(),
        Value::Array(ids) => ids.iter().find_map(|id| id.as_str()?.parse().ok()),
        _ => None,
    };
    token.peek("sub").and_then(|subject| subject.as_str()?.parse().ok()).or_else(of_audience)
}

/// The key that a token names in its header, or among its claims as Mux's do. Nothing is verified.
pub fn peek_kid(text: &str) -> Option<String> {
    let token = Token::read(text).ok()?;
    token.header.kid.clone().or_else(|| Some(token.peek("kid")?.as_str()?.to_owned()))
}

/// Does the text look like a token of this kind, and not like one of another dialect?
pub(super) fn is_meant(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'.').count() >= 2
}

pub(super) struct Token<'a> {
    pub(super) header: Header,
    /// What the signature is over: header and claims as they are spelled.
    signed: &'a str,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Token<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, Fault> {
        if text.len() > TOKEN_BYTES_MAX {
            return Err(Fault::invalid("token", "at most 4096 bytes"));
        }
        let parts = text.rsplit_once('.').and_then(|(signed, signature)| {
            let (header, claims) = signed.split_once('.')?;
            (!claims.contains('.')).then_some((signed, header, claims, signature))
        });
        let Some((signed, header, claims, signature)) = parts else {
            return Err(Fault::invalid("token", "three parts"));
        };
        let header = Header::read(&decode(header, "header")?)?;
        let (claims, signature) = (decode(claims, "claims")?, decode(signature, "signature")?);
        Ok(Self { header, signed, claims, signature })
    }

    /// A claim as the token has it, before anything is verified.
    pub(super) fn peek(&self, name: &str) -> Option<Value> {
        ClaimSet::read(&self.claims).ok()?.take(name)
    }

    /// The claims, when the signature is HMAC-SHA256 by `secret`.
    pub(super) fn verify_secret(&self, secret: &[u8]) -> Result<ClaimSet, Fault> {
        if secret.len() < HMAC_SECRET_BYTES_MIN {
            return Err(Fault::invalid("key", "a secret of at least 32 bytes"));
        }
        self.demand_alg("HS256")?;
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(secret) else {
            return Err(Fault::invalid("key", "a secret for HMAC-SHA256"));
        };
        let tag = mac.chain_update(self.signed).finalize().into_bytes();
        self.claims_if(tag.as_slice().ct_eq(&self.signature).into())
    }

    /// The claims, when the signature is by `key`, with the algorithm of the key.
    pub(super) fn verify_public(&self, key: &PublicKey) -> Result<ClaimSet, Fault> {
        let algorithm = key.algorithm();
        self.demand_alg(algorithm.name().unwrap_or_default())?;
        self.claims_if(key.verify(algorithm, self.signed.as_bytes(), &self.signature))
    }

    fn demand_alg(&self, wanted: &'static str) -> Result<(), Fault> {
        if self.header.alg == wanted { Ok(()) } else { Err(Fault::invalid("alg", wanted)) }
    }

    fn claims_if(&self, is_signed: bool) -> Result<ClaimSet, Fault> {
        if is_signed {
            ClaimSet::read(&self.claims)
        } else {
            Err(Fault::invalid("signature", "one by the key of `kid`"))
        }
    }
}

/// Strict decoding: the engine refuses padding, foreign letters and spare bits.
fn decode(part: &str, name: &'static str) -> Result<Vec<u8>, Fault> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Fault::invalid(name, "base64url without padding and spare bits"))
}
