//! Keys, videos and what was revoked: what all fronts are told.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use admit_domain::{
    bound::{Bound, Width},
    handle::{BoundValues, Handle, Rights},
    id::{ProjectId, SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    revocation::{Revoked, Seq, Subject},
    secret::Secret,
    signed::Signed,
    time::Timestamp,
    validators::{Front, Knowledge, Page},
};

pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) keys: DeliveryKeys,
    pub(crate) revoked: Revoked,
}

const MINUTE: Duration = Duration::from_mins(1);

pub(crate) fn video(seed: u8) -> VideoId {
    VideoId::from_random([seed; 22])
}

pub(crate) fn session(seed: u8) -> SessionId {
    SessionId::from_bytes([seed; SessionId::LEN])
}

pub(crate) fn key(id: u8, seed: u8) -> DeliveryKey {
    DeliveryKey::new(id, &Secret::new([seed; Secret::LEN]))
}

/// The video that is watched; one that is gone; one to which all access ended half an hour ago.
pub(crate) const FILM: u8 = 1;
pub(crate) const GONE: u8 = 2;
pub(crate) const CUT: u8 = 3;
pub(crate) const ENDED_SESSION: u8 = 0xed;

impl World {
    /// All access ended an hour ago, and what these tests show began since. The clock is the one the fronts go by.
    #[expect(clippy::disallowed_methods, reason = "fronts go by the machine's clock, and so must who tests them")]
    pub(crate) fn new() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock that goes right");
        let now = Timestamp::from_secs(i64::try_from(since.as_secs()).expect("a number"));
        let subjects = [
            Subject::Session { id: session(ENDED_SESSION), until: now.plus(60 * MINUTE) },
            // Its handle says itself that it is over.
            Subject::Session { id: session(0xee), until: now.minus(MINUTE) },
            Subject::Video(video(GONE)),
            Subject::VideoAccess { id: video(CUT), until: now.minus(30 * MINUTE) },
            Subject::ProjectAccess { id: ProjectId::from_random([9; 22]), until: now.minus(60 * MINUTE) },
        ];
        Self { now, keys: DeliveryKeys::new(key(200, 2), Some(key(1, 1))), revoked: Revoked::of(Seq(41), subjects) }
    }

    /// One key and nothing revoked, as an installation is on its first day.
    pub(crate) fn fresh() -> Self {
        Self { keys: DeliveryKeys::new(key(1, 1), None), revoked: Revoked::default(), ..Self::new() }
    }

    pub(crate) fn pages(&self, front: Front, folder: &str) -> Vec<Page> {
        let by = Knowledge { keys: &self.keys, revoked: &self.revoked, now: self.now, folder };
        front.write(&by).expect("it can be written")
    }

    /// A session that began a minute ago, and ends in an hour.
    pub(crate) fn handle(&self) -> Handle {
        Handle {
            session: session(7),
            video: video(FILM),
            begun_at: self.now.minus(MINUTE),
            not_after: self.now.plus(60 * MINUTE),
            rights: Rights::ALL,
            bound: Bound::default(),
        }
    }

    pub(crate) fn signed(&self) -> Signed {
        let Handle { video, begun_at, not_after, rights, bound, .. } = self.handle();
        Signed { video, signed_at: begun_at, not_after, rights, bound }
    }

    pub(crate) fn minutes_ago(&self, minutes: u32) -> Timestamp {
        self.now.minus(minutes * MINUTE)
    }
}

/// The one that is in the ring, and not first.
pub(crate) fn previous() -> DeliveryKeys {
    DeliveryKeys::new(key(1, 1), None)
}

pub(crate) const FREE: BoundValues = [0; 20];

pub(crate) fn everything_bound() -> [Bound; 3] {
    [
        Bound { network: Some(Width::V4(0)), ..Bound::default() },
        Bound { country: true, ..Bound::default() },
        Bound { agent: true, ..Bound::default() },
    ]
}
