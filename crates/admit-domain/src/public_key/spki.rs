//! Public keys in PEM: `SubjectPublicKeyInfo` (RFC 5280 §4.1), or an RSA key alone (RFC 8017 §A.1.1).

use super::{
    bad_key::BadKey,
    der::{self, BIT_STRING, SEQUENCE},
    kind::{PublicKey, PublicKeyKind},
};
use crate::pem;

const SPKI: &str = "PUBLIC KEY";
const RSA: &str = "RSA PUBLIC KEY";

/// What an `AlgorithmIdentifier` holds, by kind: its object identifier and its parameters.
const RSA_ENCRYPTION: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
const EC_P256: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
const EC_P384: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22";
const ED25519: &[u8] = b"\x06\x03\x2b\x65\x70";

impl PublicKey {
    /// Reads one PEM block, `PUBLIC KEY` or `RSA PUBLIC KEY`.
    pub fn from_pem(text: &str) -> Result<Self, BadKey> {
        if text.contains("PRIVATE KEY-----") {
            return Err(BadKey::Private);
        }
        let block = pem::read(text, &[SPKI, RSA]).ok_or(BadKey::Misspelled)?;
        let kind = if block.label == RSA { rsa(&block.der).ok_or(BadKey::Misspelled)? } else { spki(&block.der)? };
        Ok(Self::new(kind.checked()?))
    }

    /// Spells the key as one PEM block `PUBLIC KEY`. Its name and what it pins are lost.
    pub fn to_pem(&self) -> String {
        let (algorithm, key) = match &self.kind {
            PublicKeyKind::Rsa { n, e } => {
                (RSA_ENCRYPTION, der::element(SEQUENCE, &[der::unsigned(n), der::unsigned(e)].concat()))
            }
            PublicKeyKind::P256(point) => (EC_P256, point.clone()),
            PublicKeyKind::P384(point) => (EC_P384, point.clone()),
            PublicKeyKind::Ed25519(point) => (ED25519, point.to_vec()),
        };
        let bits = der::element(BIT_STRING, &[&[0][..], &key].concat());
        pem::write(SPKI, &der::element(SEQUENCE, &[der::element(SEQUENCE, algorithm), bits].concat()))
    }
}

impl PublicKeyKind {
    /// Reads an `RSAPublicKey`, which is how a private key tells its public half.
    pub(crate) fn from_rsa_der(key: &[u8]) -> Option<Self> {
        rsa(key)
    }
}

fn spki(mut text: &[u8]) -> Result<PublicKeyKind, BadKey> {
    let mut whole = der::take(&mut text, SEQUENCE).filter(|_| text.is_empty()).ok_or(BadKey::Misspelled)?;
    let algorithm = der::take(&mut whole, SEQUENCE).ok_or(BadKey::Misspelled)?;
    let bits = der::take(&mut whole, BIT_STRING).filter(|_| whole.is_empty()).ok_or(BadKey::Misspelled)?;
    // The first byte counts the bits that the last one lacks.
    let key = bits.strip_prefix(&[0]).ok_or(BadKey::Misspelled)?;
    match algorithm {
        RSA_ENCRYPTION => rsa(key).ok_or(BadKey::Misspelled),
        EC_P256 if key.len() == 65 => Ok(PublicKeyKind::P256(key.to_vec())),
        EC_P384 if key.len() == 97 => Ok(PublicKeyKind::P384(key.to_vec())),
        ED25519 => key.try_into().map(PublicKeyKind::Ed25519).map_err(|_| BadKey::Misspelled),
        EC_P256 | EC_P384 => Err(BadKey::NotOnCurve),
        _ => Err(BadKey::UnknownKind),
    }
}

fn rsa(mut text: &[u8]) -> Option<PublicKeyKind> {
    let mut whole = der::take(&mut text, SEQUENCE).filter(|_| text.is_empty())?;
    let n = der::take_unsigned(&mut whole)?.to_vec();
    let e = der::take_unsigned(&mut whole)?.to_vec();
    whole.is_empty().then_some(PublicKeyKind::Rsa { n, e })
}
