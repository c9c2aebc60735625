//! The keys customers sign with: their secrets, or their public keys, each pinned to one dialect.

use crate::{
    dialects::kind::Dialect,
    id::SigningKeyId,
    material::{Material, Verifier},
};

/// A key that may sign credentials for the videos of its project.
#[derive(Clone, Debug)]
pub struct SigningKey {
    pub id: SigningKeyId,
    /// How what it signs is written. Never guessed from what is shown.
    pub dialect: Dialect,
    pub material: Material,
}

impl SigningKey {
    /// The key as its dialect needs it.
    pub const fn verifier(&self) -> Verifier<'_> {
        Verifier { id: &self.id, material: &self.material }
    }
}
