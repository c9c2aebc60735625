//! CAT, the Common Access Token (CTA-5007-B): a CBOR web token (RFC 8392) that says for which addresses it is.
//!
//! Issuers do not agree on its envelope, nor on how networks are written in it; all of their spellings are read. What
//! restricts a token and cannot be evaluated here refuses it, by the restriction's name.

mod catnip;
mod catu;
mod cbor;
mod claims;
mod cose;
mod matching;

use aws_lc_rs::rand::SystemRandom;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use self::{
    cbor::{Key, Map, Value},
    cose::Envelope,
};
use crate::{
    claims::{Claims, Fault, Viewer},
    id::VideoId,
    limits::TOKEN_BYTES_MAX,
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    private_key::CannotSign,
    shown::Shown,
    time::Timestamp,
};

pub(crate) fn read(
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    let token = match shown.token() {
        Ok(token) => token.filter(|token| !token.contains('.'))?,
        Err(fault) => return Some(Err(fault)),
    };
    if token.len() > TOKEN_BYTES_MAX {
        return Some(Err(Fault::invalid("token", format!("at most {TOKEN_BYTES_MAX} bytes"))));
    }
    // The engine reads the one canonical spelling, without padding.
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let envelope = match Envelope::read(&bytes)? {
        Ok(envelope) => envelope,
        Err(fault) => return Some(Err(fault)),
    };
    let payload = envelope.open(key)?;
    Some(payload.and_then(|payload| claims::judge(&payload, shown, video, now)))
}

/// Signs a token for one video: its id is the audience, and the path of its `catu` begins with what is wished, or
/// covers the video below `/vod/`. In the tagging that most verifiers read.
pub fn mint(wish: &Wish, signer: &Signer, chance: &SystemRandom) -> Result<Minted, MintError> {
    let whole = format!("/vod/{}/", wish.video);
    let path = if wish.path.is_empty() { &whole } else { &wish.path };
    let prefix = Value::Map(Map::from([(Key::Int(1), Value::Text(path))]));
    let mut map = Map::from([
        (Key::Int(claims::AUD), Value::Text(wish.video.as_str())),
        (Key::Int(claims::EXP), Value::Int(wish.expires_at.as_secs())),
        (Key::Int(claims::IAT), Value::Int(wish.issued_at.as_secs())),
        (Key::Int(claims::CATV), Value::Int(1)),
        (Key::Int(claims::CATU), Value::Map(Map::from([(Key::Int(3), prefix)]))),
    ]);
    if let Some(viewer) = wish.viewer.as_ref().map(Viewer::as_str) {
        map.insert(Key::Int(claims::SUB), Value::Text(viewer));
    }
    let claims = Value::Map(map).to_bytes();
    let token = match signer {
        Signer::Secret(secret) => cose::seal_mac(secret.bytes(), &wish.kid, &claims),
        Signer::Private(key) => {
            cose::seal_signature(key, &wish.kid, &claims, chance).map_err(|CannotSign| MintError::WantsPrivateKey)?
        }
    };
    Ok(Minted::Token(URL_SAFE_NO_PAD.encode(token)))
}

#[cfg(test)]
mod tests;
