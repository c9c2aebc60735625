//! A public key, checked when it was read, and what it verifies.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
    VerificationAlgorithm,
};

use super::{algorithm::SignatureAlgorithm, bad_key::BadKey};
use crate::limits::{RSA_BITS_MAX, RSA_BITS_MIN};

/// A key that verifies and cannot sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The customer's own name for it, where it has one (`kid` of a JWK).
    pub kid: Option<String>,
    /// The one algorithm its owner signs with, where the key says so (`alg` of a JWK).
    pub pinned: Option<SignatureAlgorithm>,
    pub kind: PublicKeyKind,
}

/// The key itself, checked when it was read: strong enough, and on its curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKeyKind {
    /// Modulus and exponent, big-endian without leading zeros.
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point: `04 | x | y`.
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519([u8; 32]),
}

impl PublicKey {
    /// A key without a name.
    pub const fn new(kind: PublicKeyKind) -> Self {
        Self { kid: None, pinned: None, kind }
    }

    /// What a token of its owner is signed with: what the key pins, or what is usual for its kind.
    pub const fn algorithm(&self) -> SignatureAlgorithm {
        match (self.pinned, &self.kind) {
            (Some(pinned), _) => pinned,
            (None, PublicKeyKind::Rsa { .. }) => SignatureAlgorithm::Rs256,
            (None, PublicKeyKind::P256(_)) => SignatureAlgorithm::Es256,
            (None, PublicKeyKind::P384(_)) => SignatureAlgorithm::Es384,
            (None, PublicKeyKind::Ed25519(_)) => SignatureAlgorithm::EdDsa,
        }
    }

    /// Is this its signature over `message`? Never, when the algorithm is not one of its kind, or not the pinned one.
    pub fn verify(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        if self.pinned.is_some_and(|pinned| pinned != algorithm) {
            return false;
        }
        let point = |known: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(known, key).verify(message, signature).is_ok()
        };
        match (algorithm, &self.kind) {
            (SignatureAlgorithm::Es256, PublicKeyKind::P256(key)) => point(&ECDSA_P256_SHA256_FIXED, key),
            (SignatureAlgorithm::Es384, PublicKeyKind::P384(key)) => point(&ECDSA_P384_SHA384_FIXED, key),
            (SignatureAlgorithm::EdDsa, PublicKeyKind::Ed25519(key)) => point(&ED25519, key),
            (_, PublicKeyKind::Rsa { n, e }) => rsa_parameters(algorithm).is_some_and(|parameters| {
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok()
            }),
            _ => false,
        }
    }
}

impl PublicKeyKind {
    /// The algorithms that keys of this kind sign with.
    pub(super) const fn signs_with(&self, algorithm: SignatureAlgorithm) -> bool {
        matches!(
            (self, algorithm),
            (Self::Rsa { .. }, SignatureAlgorithm::Rs256 | SignatureAlgorithm::Ps256)
                | (Self::P256(_), SignatureAlgorithm::Es256)
                | (Self::P384(_), SignatureAlgorithm::Es384)
                | (Self::Ed25519(_), SignatureAlgorithm::EdDsa)
        )
    }

    /// Strong enough, and a point of its curve.
    pub(super) fn checked(self) -> Result<Self, BadKey> {
        let point = |known: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(known, key).parse().map(|_| ()).map_err(|_| BadKey::NotOnCurve)
        };
        match &self {
            Self::Rsa { n, e } => check_rsa(n, e)?,
            Self::P256(key) => point(&ECDSA_P256_SHA256_FIXED, key)?,
            Self::P384(key) => point(&ECDSA_P384_SHA384_FIXED, key)?,
            Self::Ed25519(key) => point(&ED25519, key)?,
        }
        Ok(self)
    }
}

const fn rsa_parameters(algorithm: SignatureAlgorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        SignatureAlgorithm::Rs256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        SignatureAlgorithm::Ps256 => Some(&RSA_PSS_2048_8192_SHA256),
        SignatureAlgorithm::RsaSha1 => Some(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY),
        SignatureAlgorithm::Es256 | SignatureAlgorithm::Es384 | SignatureAlgorithm::EdDsa => None,
    }
}

/// RFC 8017 §3.1 wants an odd exponent from 3 on; the modulus of two odd primes is odd.
fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), BadKey> {
    let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let is_large = e.len() <= 4 && e.first().is_some_and(|first| *first != 0) && e != [1];
    let is_strong = (RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) && is_odd(n) && is_odd(e) && is_large;
    if is_strong { Ok(()) } else { Err(BadKey::WeakRsa) }
}
