//! The keys the house itself signs with. Two delivery keys may live at once, so that rotation needs no pause.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    limits::DELIVERY_KEYS_MAX,
    secret::{MacKey, SealKey, Secret},
};

/// All keys of an installation, derived from one secret that the operator keeps in one file.
#[derive(Clone, Debug)]
pub struct InstallKeys {
    /// Under which bearer secrets are hashed before they are stored.
    pub pepper: MacKey,
    /// Signs private tokens; known to the control plane only.
    pub private_tokens: MacKey,
    /// Completes upload tokens, of which only a part is stored.
    pub upload_tokens: MacKey,
    /// From which the secrets of webhooks are derived.
    pub webhooks: MacKey,
    /// From it the keys of live streams follow; known to the control plane only.
    pub stream_keys: MacKey,
    /// From which the keys of encrypted segments follow.
    pub content: MacKey,
    /// Seals what customers entrust to us and want to be shown again; known to the control plane only.
    pub seal: SealKey,
    /// Sign handles; the only keys an edge is given.
    pub delivery: DeliveryKeys,
}

impl InstallKeys {
    pub fn derive(install: &Secret) -> Self {
        let first = DeliveryKey::new(1, &install.derive("admit delivery key 1"));
        Self {
            pepper: install.derive("admit pepper").mac(),
            private_tokens: install.derive("admit private tokens").mac(),
            upload_tokens: install.derive("admit upload tokens").mac(),
            webhooks: install.derive("admit webhooks").mac(),
            stream_keys: install.derive("admit stream keys").mac(),
            content: install.derive("admit content keys").mac(),
            seal: SealKey::new(&install.derive("admit sealed secrets")),
            delivery: DeliveryKeys::new(first, None),
        }
    }
}

/// One key that signs handles, and the number by which a handle names it.
#[derive(Clone, Debug)]
pub struct DeliveryKey {
    pub id: u8,
    pub(crate) mac: MacKey,
    /// Leaves the house in what edges are told, and in what [`crate::validators`] writes.
    pub(crate) secret: Secret,
}

impl DeliveryKey {
    pub fn new(id: u8, secret: &Secret) -> Self {
        Self { id, mac: secret.mac(), secret: secret.clone() }
    }

    /// The secret in base64url without padding. Edges are told it, and nobody else.
    pub fn told_to_edges(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.secret.bytes())
    }
}

/// The ring of delivery keys: the first signs, all verify.
#[derive(Clone, Debug)]
pub struct DeliveryKeys(Vec<DeliveryKey>);

impl DeliveryKeys {
    /// `previous` is the key being rotated out, as long as handles signed by it may live.
    pub fn new(current: DeliveryKey, previous: Option<DeliveryKey>) -> Self {
        let mut ring = Vec::with_capacity(DELIVERY_KEYS_MAX);
        ring.push(current);
        ring.extend(previous);
        Self(ring)
    }

    pub fn current(&self) -> &DeliveryKey {
        &self.0[0]
    }

    /// The one that signs, then the others.
    pub fn iter(&self) -> impl Iterator<Item = &DeliveryKey> {
        self.0.iter()
    }

    pub fn find(&self, id: u8) -> Option<&DeliveryKey> {
        self.0.iter().find(|key| key.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_of_a_ring_signs_and_each_is_found_by_its_number() {
        let key = |id: u8| DeliveryKey::new(id, &Secret::new([id; 32]));
        let ring = DeliveryKeys::new(key(2), Some(key(1)));
        assert_eq!(ring.current().id, 2);
        assert_eq!(ring.iter().map(|key| key.id).collect::<Vec<_>>(), [2, 1]);
        assert_eq!([1, 2, 3].map(|id| ring.find(id).map(|key| key.id)), [Some(1), Some(2), None]);
        assert_eq!(key(0).told_to_edges(), "A".repeat(43));
        assert_eq!(key(0xff).told_to_edges(), format!("{}8", "_".repeat(42)));
    }
}
