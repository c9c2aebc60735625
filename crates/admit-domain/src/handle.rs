//! The handle: a session in text, self-verifying, the first path component of every media address.
//!
//! 51 bytes, so 68 characters of base64url with no spare bits: each handle has exactly one spelling.
//!
//! ```text
//! version 1 | key id 1 | session 12 | video tag 8 | not-after 5 | begun-at 6 | rights and flags 1 | network width 1 | MAC 16
//! ```
//!
//! Not-after is in seconds and begun-at in milliseconds since the epoch, big endian. The MAC (HMAC-SHA256, first 128 bits)
//! covers the fields and the whole video id, of which only a tag is in the text: a handle for one video is a stranger
//! to every other. What a session is bound to is under the MAC too, and not in the text: whoever finds a handle cannot
//! read from where it works.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

use crate::{
    base64url,
    bound::{BOUND_VALUES_BYTES, Bound},
    id::{SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    time::Timestamp,
    verdict::Denial,
};

pub use crate::rights::Rights;

const VERSION: u8 = 1;
const FIELDS_LEN: usize = 35;
const MAC_LEN: usize = 16;
const TAG_AT: usize = 14;
const TAG_LEN: usize = 8;
const BYTES_LEN: usize = FIELDS_LEN + MAC_LEN;

/// Length of a handle's text in bytes.
pub const HANDLE_CHARS: usize = BYTES_LEN / 3 * 4;

/// What a verified handle says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    pub session: SessionId,
    pub video: VideoId,
    /// When the session began: all that began before some instant can be ended at once.
    pub begun_at: Timestamp,
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
        bytes[TAG_AT..TAG_AT + TAG_LEN].copy_from_slice(&tag_of(&self.video));
        bytes[22..27].copy_from_slice(&big_endian::<5>(self.not_after.as_secs()));
        bytes[27..33].copy_from_slice(&big_endian::<6>(self.begun_at.as_millis()));
        let (width, flags) = self.bound.to_bytes();
        bytes[33] = self.rights.bits() + flags;
        bytes[34] = width;
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
        let bytes: [u8; BYTES_LEN] = base64url::decode(text.as_bytes()).ok_or(Denial::MalformedHandle)?;
        let meant = Bound::of_bytes(bytes[34], bytes[33]).filter(|_| bytes[0] == VERSION);
        let (bound, rights) = meant.ok_or(Denial::MalformedHandle)?;
        let rights = Rights::of_bits(rights).ok_or(Denial::MalformedHandle)?;
        let key = keys.find(bytes[1]).ok_or(Denial::UnknownDeliveryKey)?;
        if bytes[TAG_AT..TAG_AT + TAG_LEN] != tag_of(video) {
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
            begun_at: Timestamp::from_millis(number(&bytes[27..33])),
            not_after: Timestamp::from_secs(number(&bytes[22..27])),
            rights,
            bound,
        })
    }
}

/// Fields and id have fixed lengths, so nothing need stand between them. The tag is left out, being part of the id:
/// without it they fill less than one block of SHA-256, which is what a viewer's first request waits for.
fn mac_of(key: &DeliveryKey, fields: &[u8], video: &VideoId, values: Option<&BoundValues>) -> [u8; MAC_LEN] {
    const TAGLESS: usize = FIELDS_LEN - TAG_LEN;
    const FREE: usize = TAGLESS + VideoId::LEN;
    let mut message = [0; FREE + BOUND_VALUES_BYTES];
    message[..TAG_AT].copy_from_slice(&fields[..TAG_AT]);
    message[TAG_AT..TAGLESS].copy_from_slice(&fields[TAG_AT + TAG_LEN..FIELDS_LEN]);
    message[TAGLESS..FREE].copy_from_slice(video.as_bytes());
    let message = match values {
        None => &message[..FREE],
        Some(values) => {
            message[FREE..].copy_from_slice(values);
            &message[..]
        }
    };
    array(&key.mac.tag_of(message)[..MAC_LEN])
}

fn tag_of(video: &VideoId) -> [u8; TAG_LEN] {
    // Ids are random text of 131 bits: their first eight random characters tell two apart as well as a
    // digest would, and the MAC covers the whole id anyway.
    array(&video.as_bytes()[2..10])
}

/// The low bytes of a number that is not negative; what does not fit is as large as can be written.
pub(crate) fn big_endian<const N: usize>(number: i64) -> [u8; N] {
    let most = (1 << (8 * N)) - 1;
    let bytes = u64::try_from(number).unwrap_or(0).min(most).to_be_bytes();
    bytes.last_chunk().copied().unwrap_or([0; N])
}

pub(crate) fn number(bytes: &[u8]) -> i64 {
    bytes.iter().fold(0, |number, byte| number * 256 + i64::from(*byte))
}

/// For slices whose length the layout above fixes.
fn array<const N: usize>(slice: &[u8]) -> [u8; N] {
    slice.try_into().unwrap_or([0; N])
}

#[cfg(test)]
mod tests;
