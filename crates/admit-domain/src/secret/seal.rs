//! Other people's secrets that must be shown again: encrypted under a key of the installation (XChaCha20-Poly1305), so
//! that a dump of the database tells none of them.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use super::Secret;

/// Length of the random number that is never used twice.
pub const SEAL_NONCE_BYTES: usize = 24;

/// A secret as it may be stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub String);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(***)")
    }
}

/// Seals, and opens again.
#[derive(Clone)]
pub struct SealKey(XChaCha20Poly1305);

impl SealKey {
    pub fn new(secret: &Secret) -> Self {
        Self(XChaCha20Poly1305::new(&secret.0.into()))
    }

    /// Seals `secret` for one `place`; nowhere else can it be opened. `chance` must be fresh.
    pub fn seal(&self, place: &str, secret: &str, chance: [u8; SEAL_NONCE_BYTES]) -> Sealed {
        let payload = Payload { msg: secret.as_bytes(), aad: place.as_bytes() };
        let cipher = self.0.encrypt(&XNonce::from(chance), payload);
        let cipher = cipher.unwrap_or_else(|_| unreachable!("a bounded text is not too long to encrypt"));
        Sealed(URL_SAFE_NO_PAD.encode([&chance[..], &cipher].concat()))
    }

    /// `None` when it was not sealed with this key for this place.
    pub fn open(&self, place: &str, sealed: &Sealed) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(&sealed.0).ok()?;
        let (nonce, cipher) = bytes.split_first_chunk::<SEAL_NONCE_BYTES>()?;
        let payload = Payload { msg: cipher, aad: place.as_bytes() };
        let plain = self.0.decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(plain).ok()
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_in_its_place_alone() {
        let key = SealKey::new(&Secret::new([1; 32]));
        let sealed = key.seal("here", "dw-dew8", [7; SEAL_NONCE_BYTES]);
        assert_eq!(key.open("here", &sealed).as_deref(), Some("dw-dew8"));
        assert_eq!(key.open("there", &sealed), None);
        assert_eq!(SealKey::new(&Secret::new([2; 32])).open("here", &sealed), None);
        for broken in ["", "AAAA", &sealed.0[..sealed.0.len() - 4], &format!("A{}", &sealed.0[1..])] {
            assert_eq!(key.open("here", &Sealed(broken.to_owned())), None, "{broken}");
        }
        assert_eq!(format!("{key:?} {sealed:?}"), "SealKey(***) Sealed(***)");
    }
}
