//! Private keys, for the command line and for tests: a server that verifies needs none.

use std::fmt;

use aws_lc_rs::{
    error::{KeyRejected, Unspecified},
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    limits::PRIVATE_KEY_BYTES_MAX,
    pem,
    public_key::{PublicKey, PublicKeyKind, SignatureAlgorithm},
};

const PKCS8: &str = "PRIVATE KEY";
const RSA: &str = "RSA PRIVATE KEY";
const EC: &str = "EC PRIVATE KEY";

/// A key that signs. `Debug` shows nothing.
pub struct PrivateKey(Kind);

enum Kind {
    Rsa(Box<RsaKeyPair>),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A text that is no private key. It is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected an unencrypted PEM block `PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`, or base64 of one, \
     with a key of RSA (2048 to 8192 bits), P-256, P-384 or Ed25519"
)]
pub struct BadPrivateKey;

/// The algorithm is not one of the key's kind, or the key could not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the private key does not sign so")]
pub struct CannotSign;

impl PrivateKey {
    /// Reads PEM, or base64 of PEM, as Mux hands out its keys.
    pub fn parse(text: &str) -> Result<Self, BadPrivateKey> {
        let text = text.trim_ascii();
        if text.len() > PRIVATE_KEY_BYTES_MAX {
            return Err(BadPrivateKey);
        }
        if text.starts_with("-----") {
            return Self::from_pem(text);
        }
        let within = STANDARD.decode(text).map_err(|_| BadPrivateKey)?;
        Self::from_pem(std::str::from_utf8(&within).map_err(|_| BadPrivateKey)?)
    }

    /// Reads one PEM block: PKCS#8 (RFC 5958), or an RSA or elliptic curve key alone (RFC 8017, RFC 5915).
    pub fn from_pem(text: &str) -> Result<Self, BadPrivateKey> {
        let block = pem::read(text, &[PKCS8, RSA, EC]).ok_or(BadPrivateKey)?;
        let der = block.der.as_slice();
        let kind = match block.label {
            RSA => RsaKeyPair::from_der(der).ok().map(Box::new).map(Kind::Rsa),
            EC => of_curve(EcdsaKeyPair::from_private_key_der, der),
            _ => of_pkcs8(der),
        };
        kind.map(Self).ok_or(BadPrivateKey)
    }

    /// The half that may be told.
    pub fn public(&self) -> Option<PublicKey> {
        let kind = match &self.0 {
            Kind::Rsa(pair) => PublicKeyKind::from_rsa_der(pair.public_key().as_ref())?,
            Kind::P256(pair) => PublicKeyKind::P256(pair.public_key().as_ref().to_vec()),
            Kind::P384(pair) => PublicKeyKind::P384(pair.public_key().as_ref().to_vec()),
            Kind::Ed25519(pair) => PublicKeyKind::Ed25519(pair.public_key().as_ref().try_into().ok()?),
        };
        Some(PublicKey::new(kind))
    }

    /// What keys of this kind usually sign tokens with.
    pub const fn algorithm(&self) -> SignatureAlgorithm {
        match self.0 {
            Kind::Rsa(_) => SignatureAlgorithm::Rs256,
            Kind::P256(_) => SignatureAlgorithm::Es256,
            Kind::P384(_) => SignatureAlgorithm::Es384,
            Kind::Ed25519(_) => SignatureAlgorithm::EdDsa,
        }
    }

    /// Signs `message`. With SHA-1 it signs nothing.
    pub fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        chance: &SystemRandom,
    ) -> Result<Vec<u8>, CannotSign> {
        let of_curve = |pair: &EcdsaKeyPair| pair.sign(chance, message).map(|signature| signature.as_ref().to_vec());
        let signature = match (algorithm, &self.0) {
            (SignatureAlgorithm::Rs256, Kind::Rsa(pair)) => of_rsa(pair, &RSA_PKCS1_SHA256, message, chance),
            (SignatureAlgorithm::Ps256, Kind::Rsa(pair)) => of_rsa(pair, &RSA_PSS_SHA256, message, chance),
            (SignatureAlgorithm::Es256, Kind::P256(pair)) | (SignatureAlgorithm::Es384, Kind::P384(pair)) => {
                of_curve(pair)
            }
            (SignatureAlgorithm::EdDsa, Kind::Ed25519(pair)) => {
                pair.try_sign(message).map(|signature| signature.as_ref().to_vec())
            }
            _ => return Err(CannotSign),
        };
        signature.map_err(|_| CannotSign)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(***)")
    }
}

/// PKCS#8 says what kind the key is of, and each reader refuses the others' kinds.
fn of_pkcs8(der: &[u8]) -> Option<Kind> {
    let rsa = RsaKeyPair::from_pkcs8(der).ok().map(Box::new).map(Kind::Rsa);
    rsa.or_else(|| of_curve(EcdsaKeyPair::from_pkcs8, der))
        // OpenSSL writes no public half into the text, which the stricter reader demands.
        .or_else(|| Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok().map(Kind::Ed25519))
}

type ReadOfCurve = fn(&'static EcdsaSigningAlgorithm, &[u8]) -> Result<EcdsaKeyPair, KeyRejected>;

fn of_curve(read: ReadOfCurve, der: &[u8]) -> Option<Kind> {
    let p256 = read(&ECDSA_P256_SHA256_FIXED_SIGNING, der).ok().map(Kind::P256);
    p256.or_else(|| read(&ECDSA_P384_SHA384_FIXED_SIGNING, der).ok().map(Kind::P384))
}

fn of_rsa(
    pair: &RsaKeyPair,
    encoding: &'static dyn RsaEncoding,
    message: &[u8],
    chance: &SystemRandom,
) -> Result<Vec<u8>, Unspecified> {
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(encoding, chance, message, &mut signature)?;
    Ok(signature)
}

#[cfg(test)]
mod tests;
