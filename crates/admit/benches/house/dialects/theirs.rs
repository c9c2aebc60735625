//! The same by libraries that one would usually take. Each call says whether the credential was accepted.

use std::{collections::HashSet, hint::black_box};

use admit_domain::public_key::{PublicKey, PublicKeyKind};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use sha2::Sha256;

use super::SECRET;

/// What the claims of all dialects have in common.
#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    sub: String,
    exp: i64,
}

/// Verifies and reads a JSON Web Token; `None` where the key is none that it knows.
pub(super) fn jwt(algorithm: Algorithm, public: Option<&str>, token: &str) -> Option<impl Fn() -> bool> {
    let key = match public {
        None => DecodingKey::from_secret(SECRET),
        Some(pem) => decoding_key(&PublicKey::from_pem(pem).ok()?.kind)?,
    };
    let mut validation = Validation::new(algorithm);
    // What the audience is differs from dialect to dialect; ours compares it, so this is in the library's favour.
    validation.validate_aud = false;
    validation.required_spec_claims = HashSet::from(["exp".to_owned()]);
    let token = token.to_owned();
    Some(move || {
        let read = decode::<Claims>(black_box(&token), &key, &validation);
        read.is_ok_and(|read| black_box(read.claims.exp) > 0 && black_box(read.claims.sub.len()) < 100)
    })
}

fn decoding_key(kind: &PublicKeyKind) -> Option<DecodingKey> {
    let spell = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let key = match kind {
        PublicKeyKind::Rsa { n, e } => DecodingKey::from_rsa_components(&spell(n), &spell(e)),
        PublicKeyKind::P256(point) | PublicKeyKind::P384(point) => {
            let (x, y) = point.get(1..)?.split_at_checked(point.len() / 2)?;
            DecodingKey::from_ec_components(&spell(x), &spell(y))
        }
        PublicKeyKind::Ed25519(x) => DecodingKey::from_ed_components(&spell(x)),
    };
    key.ok()
}

/// HMAC-SHA256 of an address, with its key made anew as readers of a request do.
pub(super) fn mac_alone(address: &str) -> impl Fn() -> bool {
    let address = address.to_owned();
    move || {
        let mac = Hmac::<Sha256>::new_from_slice(black_box(SECRET));
        mac.is_ok_and(|mac| {
            black_box(mac.chain_update(black_box(&address)).finalize());
            true
        })
    }
}
