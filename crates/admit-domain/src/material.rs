//! What verifies signatures: a secret that we share with a customer, or public keys of the customer's.

use std::fmt;

use crate::{id::SigningKeyId, public_key::PublicKey};

/// A key without its dialect: all that a dialect may ask of it.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'a> {
    /// The `kid` of what it signs.
    pub id: &'a SigningKeyId,
    pub material: &'a Material,
}

/// What verifies a signature.
#[derive(Clone, Debug)]
pub enum Material {
    /// Whoever knows it can sign, and so can we.
    Secret(KeySecret),
    /// The customer keeps the private halves. Several while one is being replaced by the next.
    Public(Vec<PublicKey>),
}

impl Material {
    pub fn secret(&self) -> Option<&[u8]> {
        match self {
            Self::Secret(secret) => Some(secret.bytes()),
            Self::Public(_) => None,
        }
    }

    pub fn public(&self) -> &[PublicKey] {
        match self {
            Self::Secret(_) => &[],
            Self::Public(keys) => keys,
        }
    }
}

/// The bytes of a shared secret, as the customer's program feeds them to its own library. `Debug` shows nothing.
#[derive(Clone)]
pub struct KeySecret(Box<[u8]>);

impl KeySecret {
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySecret(***)")
    }
}
