//! The handle: a session in text, self-verifying, the first path component of every media address.
//!
//! 45 bytes, so 60 characters of base64url with no spare bits: each handle has exactly one spelling.
//!
//! ```text
//! version 1 | key id 1 | session 12 | video tag 8 | not-after 5 | rights and flags 1 | network width 1 | MAC 16
//! ```
//!
//! The MAC (HMAC-SHA256, first 128 bits) covers the fields before it and the whole video id, of which only
//! a tag is in the text: a handle for one video is a stranger to every other. What a session is bound to is under the
//! MAC too, and not in the text: whoever finds a handle cannot read from where it works.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

use crate::{
    bound::{BOUND_VALUES_BYTES, Bound},
    id::{SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    time::Timestamp,
    verdict::Denial,
};

pub use crate::rights::Rights;

const VERSION: u8 = 1;
const FIELDS_LEN: usize = 29;
const MAC_LEN: usize = 16;
const BYTES_LEN: usize = FIELDS_LEN + MAC_LEN;

/// Length of a handle's text in bytes.
pub const HANDLE_CHARS: usize = BYTES_LEN / 3 * 4;

/// What a verified handle says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    pub session: SessionId,
    pub video: VideoId,
    /// The session's absolute end, in whole seconds.
    pub not_after: Timestamp,
    pub rights: Rights,
    pub bound: Bound,
}

/// A visitor's values of what a handle is bound to; all zero for one that is bound to nothing.
pub type BoundValues = [u8; BOUND_VALUES_BYTES];

impl Handle {
    /// Spells the handle, signed with the current key of the ring. `values` are [those](Bound::values) of whoever it is
    /// for.
    pub fn mint(&self, values: &BoundValues, keys: &DeliveryKeys) -> String {
        let key = keys.current();
        let mut bytes = [0; BYTES_LEN];
        bytes[0] = VERSION;
        bytes[1] = key.id;
        bytes[2..14].copy_from_slice(self.session.as_bytes());
        bytes[14..22].copy_from_slice(&tag_of(&self.video));
        bytes[22..27].copy_from_slice(&seconds_40_bit(self.not_after));
        let (width, flags) = self.bound.to_bytes();
        bytes[27] = self.rights.bits() | flags;
        bytes[28] = width;
        let mac = mac_of(key, &bytes[..FIELDS_LEN], &self.video, (!self.bound.is_free()).then_some(values));
        bytes[FIELDS_LEN..].copy_from_slice(&mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Verifies `text` as a handle for `video`, shown by a visitor who has these values of what is bound. Time and
    /// revocation are the gate's to judge.
    pub fn read(
        text: &str,
        video: &VideoId,
        values: impl FnOnce(&Bound) -> Option<BoundValues>,
        keys: &DeliveryKeys,
    ) -> Result<Self, Denial> {
        let bytes = decode(text).ok_or(Denial::MalformedHandle)?;
        let meant = Bound::of_bytes(bytes[28], bytes[27]).filter(|_| bytes[0] == VERSION);
        let (bound, rights) = meant.ok_or(Denial::MalformedHandle)?;
        let rights = Rights::of_bits(rights).ok_or(Denial::MalformedHandle)?;
        let key = keys.find(bytes[1]).ok_or(Denial::UnknownDeliveryKey)?;
        if bytes[14..22] != tag_of(video) {
            return Err(Denial::OtherVideo);
        }
        let wrong = if bound.is_free() { Denial::ForgedHandle } else { Denial::BoundElsewhere };
        let values = if bound.is_free() { None } else { Some(values(&bound).ok_or(wrong)?) };
        let expected = mac_of(key, &bytes[..FIELDS_LEN], video, values.as_ref());
        if !bool::from(expected.ct_eq(&bytes[FIELDS_LEN..])) {
            return Err(wrong);
        }
        Ok(Self {
            session: SessionId::from_bytes(array(&bytes[2..14])),
            video: *video,
            not_after: Timestamp::from_secs(seconds_from(array(&bytes[22..27]))),
            rights,
            bound,
        })
    }
}

/// Strict decoding: the engine refuses padding, foreign letters and non-canonical trailing bits.
fn decode(text: &str) -> Option<[u8; BYTES_LEN]> {
    if text.len() != HANDLE_CHARS {
        return None;
    }
    let mut bytes = [0; BYTES_LEN];
    let written = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    (written == BYTES_LEN).then_some(bytes)
}

/// Fields and id have fixed lengths, so nothing need stand between them; together they fill less than one block of
/// SHA-256, which is what a viewer's first request waits for.
fn mac_of(key: &DeliveryKey, fields: &[u8], video: &VideoId, values: Option<&BoundValues>) -> [u8; MAC_LEN] {
    const FREE: usize = FIELDS_LEN + VideoId::LEN;
    let mut message = [0; FREE + BOUND_VALUES_BYTES];
    message[..FIELDS_LEN].copy_from_slice(&fields[..FIELDS_LEN]);
    message[FIELDS_LEN..FREE].copy_from_slice(video.as_str().as_bytes());
    let message = match values {
        None => &message[..FREE],
        Some(values) => {
            message[FREE..].copy_from_slice(values);
            &message[..]
        }
    };
    array(&key.mac.tag_of(message)[..MAC_LEN])
}

fn tag_of(video: &VideoId) -> [u8; 8] {
    // Ids are random text of 131 bits: their first eight random characters tell two apart as well as a
    // digest would, and the MAC covers the whole id anyway.
    array(&video.as_str().as_bytes()[2..10])
}

fn seconds_40_bit(at: Timestamp) -> [u8; 5] {
    let clamped = u64::try_from(at.as_secs()).unwrap_or(0).min((1 << 40) - 1);
    array(&clamped.to_be_bytes()[3..])
}

fn seconds_from(bytes: [u8; 5]) -> i64 {
    bytes.iter().fold(0, |seconds, byte| seconds << 8 | i64::from(*byte))
}

/// For slices whose length the layout above fixes.
fn array<const N: usize>(slice: &[u8]) -> [u8; N] {
    slice.try_into().unwrap_or([0; N])
}
