//! The delivery keys an edge was given, in the form it is given and keeps them.

use admit_domain::{
    key::{DeliveryKey, DeliveryKeys},
    limits::DELIVERY_KEYS_MAX,
    secret::Secret,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// Delivery keys; the first signs.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRing(Vec<(u8, [u8; Secret::LEN])>);

impl KeyRing {
    /// None when it is no ring: empty, too long, or misspelled.
    pub(crate) fn read(spelled: Vec<(u8, String)>) -> Option<Self> {
        let read = |(id, text): (u8, String)| Some((id, URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?));
        let keys = spelled.into_iter().map(read).collect::<Option<Vec<_>>>()?;
        (1..=DELIVERY_KEYS_MAX).contains(&keys.len()).then_some(Self(keys))
    }

    /// A ring under which nothing was ever signed, for an edge that was given none yet.
    pub(crate) fn unknown(chance: &dyn Fn() -> u64) -> Self {
        let mut key = [0; Secret::LEN];
        for bytes in key.chunks_exact_mut(8) {
            bytes.copy_from_slice(&chance().to_ne_bytes());
        }
        Self(vec![(0, key)])
    }

    /// For the file it is kept in.
    pub(crate) fn spelled(&self) -> Vec<(u8, String)> {
        self.0.iter().map(|(id, key)| (*id, URL_SAFE_NO_PAD.encode(key))).collect()
    }

    pub(crate) fn delivery(&self) -> DeliveryKeys {
        let mut keys = self.0.iter().map(|(id, key)| DeliveryKey::new(*id, &Secret::new(*key)));
        // A ring is never empty: `read` and `unknown` see to that.
        let current = keys.next().unwrap_or_else(|| DeliveryKey::new(0, &Secret::new([0; Secret::LEN])));
        DeliveryKeys::new(current, keys.next())
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyRing({} keys)", self.0.len())
    }
}
