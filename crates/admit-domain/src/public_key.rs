//! Public keys of customers, as PEM, JWK or JWK set (RFC 7517), and what their signatures are.

mod algorithm;
mod bad_key;
mod der;
mod jwk;
mod kind;
mod set;
mod spki;

pub(crate) use self::jwk::is_kid;
pub use self::{
    algorithm::SignatureAlgorithm,
    bad_key::BadKey,
    kind::{PublicKey, PublicKeyKind},
    set::{read_keys, write_keys},
};

#[cfg(test)]
mod tests;
