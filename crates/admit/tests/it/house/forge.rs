//! What somebody could make who had read the installation's secret: the right things for the wrong time, and the wrong ones.

use std::{path::Path, time::Duration};

use admit::clock::Clock;
use admit_domain::{
    bound::Bound,
    dialects::apivideo::PrivateToken,
    handle::{BoundValues, Handle, Rights},
    id::{SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys, InstallKeys},
    secret::Secret,
    signed::Signed,
    time::Timestamp,
};

pub(crate) struct Forge {
    keys: InstallKeys,
}

impl Forge {
    pub(crate) fn read(data: &Path) -> Self {
        let bytes: [u8; Secret::LEN] = std::fs::read(data.join("install.key")).unwrap().try_into().unwrap();
        Self { keys: InstallKeys::derive(&Secret::new(bytes)) }
    }

    /// The keys of a house next door.
    pub(crate) fn next_door() -> Self {
        Self { keys: InstallKeys::derive(&Secret::new([7; Secret::LEN])) }
    }

    /// A ring whose key has a number that no ring of the house has.
    pub(crate) fn of_an_unknown_key() -> Self {
        let ring = DeliveryKeys::new(DeliveryKey::new(9, &Secret::new([7; Secret::LEN])), None);
        Self { keys: InstallKeys { delivery: ring, ..Self::next_door().keys } }
    }

    /// The ring it signs with.
    pub(crate) const fn delivery(&self) -> &DeliveryKeys {
        &self.keys.delivery
    }

    /// What a handle of ours says.
    pub(crate) fn read_handle(&self, handle: &str, video: &str) -> Handle {
        Handle::read(handle, &id(video), |_| None, &self.keys.delivery).expect("a handle of ours")
    }

    pub(crate) fn session_of(&self, handle: &str, video: &str) -> String {
        self.read_handle(handle, video).session.to_string()
    }

    /// The same session until another time.
    pub(crate) fn handle_until(&self, handle: &str, video: &str, not_after: Timestamp) -> String {
        Handle { not_after, ..self.read_handle(handle, video) }.mint(&BoundValues::default(), &self.keys.delivery)
    }

    /// A handle of this ring for a session that nobody began.
    pub(crate) fn handle(&self, video: &str) -> String {
        let session = SessionId::from_bytes([5; SessionId::LEN]);
        let not_after = now().plus(Duration::from_hours(1));
        Handle { session, video: id(video), begun_at: now(), not_after, rights: Rights::ALL, bound: Bound::default() }
            .mint(&BoundValues::default(), &self.keys.delivery)
    }

    /// A signed address that opens all of the video until then: its first path component.
    pub(crate) fn signed(&self, video: &str, not_after: Timestamp) -> String {
        let rights = Rights::ALL;
        Signed { video: id(video), signed_at: now(), not_after, rights, bound: Bound::default() }
            .mint(&BoundValues::default(), &self.keys.delivery)
    }

    /// A private token that was minted `age` ago.
    pub(crate) fn token(&self, video: &str, age: Duration, chance: u64) -> String {
        let minted = Timestamp::from_millis(now().as_millis() - i64::try_from(age.as_millis()).unwrap());
        PrivateToken::mint(&self.keys.private_tokens, &id(video), minted, chance).text()
    }
}

pub(crate) fn now() -> Timestamp {
    Clock::default().now()
}

fn id(video: &str) -> VideoId {
    video.parse().unwrap()
}
