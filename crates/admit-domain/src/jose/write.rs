//! Signing a token: header and claims without white space, so that it is read by everybody.

use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    json::Value,
    limits::HMAC_SECRET_BYTES_MIN,
    mint::{MintError, Minted, Signer, Wish},
    public_key::{SignatureAlgorithm, is_kid},
};

/// How a dialect signs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed {
    pub hs256: bool,
    pub algorithms: &'static [SignatureAlgorithm],
    /// Readers of the dialect refuse what lives longer.
    pub lifetime_max: Duration,
}

/// Signs claims as a token with the wish's key id in its header. Claims without a value are left out.
pub(crate) fn sign(
    how: Signed,
    wish: &Wish,
    claims: &[(&str, Option<Value>)],
    signer: &Signer,
    chance: &SystemRandom,
) -> Result<Minted, MintError> {
    if wish.expires_at.since(wish.issued_at) > how.lifetime_max {
        return Err(MintError::LivesTooLong);
    }
    if !is_kid(&wish.kid) {
        return Err(MintError::Failed);
    }
    let present = |(name, value): &(&str, Option<Value>)| Some(((*name).to_owned(), value.clone()?));
    let claims = Value::Object(claims.iter().filter_map(present).collect());
    let spell = |alg: &str| {
        let header = [("alg", alg), ("typ", "JWT"), ("kid", &wish.kid)];
        let header = header.into_iter().map(|(name, text)| (name.to_owned(), Value::string(text))).collect();
        format!("{}.{}", encode(&Value::Object(header)), encode(&claims))
    };
    let (message, signature) = match signer {
        Signer::Secret(_) if !how.hs256 => return Err(MintError::WantsPrivateKey),
        Signer::Secret(secret) => {
            let is_long = secret.bytes().len() >= HMAC_SECRET_BYTES_MIN;
            let mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).ok().filter(|_| is_long);
            let message = spell("HS256");
            let tag = mac.ok_or(MintError::ShortSecret)?.chain_update(&message).finalize().into_bytes();
            (message, tag.to_vec())
        }
        Signer::Private(_) if how.algorithms.is_empty() => return Err(MintError::WantsSecret),
        Signer::Private(key) => {
            let algorithm = Some(key.algorithm()).filter(|algorithm| how.algorithms.contains(algorithm));
            let algorithm = algorithm.ok_or(MintError::WantsPrivateKey)?;
            let message = spell(algorithm.name().ok_or(MintError::WantsPrivateKey)?);
            let signature = key.sign(algorithm, message.as_bytes(), chance).map_err(|_| MintError::Failed)?;
            (message, signature)
        }
    };
    Ok(Minted::Token(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
