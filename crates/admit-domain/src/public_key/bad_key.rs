//! Why a text is no key the house takes.

use crate::json::BadJson;

/// A closed list; each says what would have been right. The key itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("expected a PEM block `PUBLIC KEY` or `RSA PUBLIC KEY`, a JWK, or a JWK set")]
    Misspelled,
    #[error("expected a JWK or a JWK set: {0}")]
    Json(#[from] BadJson),
    #[error("expected the public half only; a private key that was sent about is no secret any more")]
    Private,
    #[error("expected a public key; a shared secret does not belong into a set of them")]
    Symmetric,
    #[error("expected a key of RSA, P-256, P-384 or Ed25519")]
    UnknownKind,
    #[error("expected an RSA key of 2048 to 8192 bits, with an odd exponent from 3 on, of at most 32 bits")]
    WeakRsa,
    #[error("expected a point on the key's curve")]
    NotOnCurve,
    #[error("expected `{0}` of the JWK as RFC 7517 spells it")]
    Member(&'static str),
    #[error("expected a key whose `use`, `key_ops` and `alg` say that it verifies signatures of its kind")]
    OtherUse,
    #[error("expected each `kid` once")]
    SameKid,
    #[error("expected 1 to 16 keys")]
    Count,
}
