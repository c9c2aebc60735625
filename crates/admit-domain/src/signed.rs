//! A signed address in its path form: the first path component of every address below it, as a handle is, and without
//! a session.
//!
//! ```text
//! <expiry, seconds since the epoch>.<key id>[-<rights and flags, network width: 4 hexadecimal digits>].<MAC>
//! ```
//!
//! The MAC (HMAC-SHA256, first 128 bits, base64url) covers a label, the fields, the whole video id and the values of what
//! the address is bound to, each preceded by its length. Without the digits it opens everything, from everywhere.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

use crate::{
    bound::Bound,
    handle::BoundValues,
    id::VideoId,
    key::{DeliveryKey, DeliveryKeys},
    rights::Rights,
    time::Timestamp,
    verdict::Denial,
};

const LABEL: &[u8] = b"admit signed address 1";
const MAC_LEN: usize = 16;
const MAC_CHARS: usize = 22;
/// The last instant that can be written: the year 9999.
const EXPIRY_SECONDS_MAX: i64 = 253_402_300_799;

/// What a verified signed address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    pub video: VideoId,
    /// In whole seconds.
    pub not_after: Timestamp,
    pub rights: Rights,
    pub bound: Bound,
}

impl Signed {
    /// Spells the path component, signed with the current key of the ring.
    pub fn mint(&self, values: &BoundValues, keys: &DeliveryKeys) -> String {
        let key = keys.current();
        let (width, flags) = self.bound.to_bytes();
        let flags = self.rights.bits() | flags;
        let mac = self.mac(key, flags, width, values);
        let means = if self.is_plain() { String::new() } else { format!("-{flags:02x}{width:02x}") };
        format!("{}.{}{means}.{}", self.not_after.as_secs(), key.id, URL_SAFE_NO_PAD.encode(mac))
    }

    /// Verifies `text` for `video`, shown by a visitor who has these values of what is bound. Time and revocation are
    /// the gate's to judge.
    pub fn read(
        text: &str,
        video: &VideoId,
        values: impl FnOnce(&Bound) -> Option<BoundValues>,
        keys: &DeliveryKeys,
    ) -> Result<Self, Denial> {
        let (signed, id, mac) = Self::parse(text, video).ok_or(Denial::MalformedSignature)?;
        let key = keys.find(id).ok_or(Denial::UnknownDeliveryKey)?;
        let wrong = if signed.bound.is_free() { Denial::ForgedSignature } else { Denial::BoundElsewhere };
        let values =
            if signed.bound.is_free() { BoundValues::default() } else { values(&signed.bound).ok_or(wrong)? };
        let (width, flags) = signed.bound.to_bytes();
        let expected = signed.mac(key, signed.rights.bits() | flags, width, &values);
        if bool::from(expected.ct_eq(&mac)) { Ok(signed) } else { Err(wrong) }
    }

    fn is_plain(&self) -> bool {
        self.rights == Rights::ALL && self.bound.is_free()
    }

    /// Exactly one spelling is read: the one that [`Signed::mint`] writes.
    fn parse(text: &str, video: &VideoId) -> Option<(Self, u8, [u8; MAC_LEN])> {
        let mut parts = text.split('.');
        let (expiry, named, mac) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || mac.len() != MAC_CHARS {
            return None;
        }
        let seconds: i64 = canonical(expiry)?;
        let (id, means) = named.split_once('-').map_or((named, None), |(id, means)| (id, Some(means)));
        let id: u8 = canonical(id)?;
        let (rights, bound) = match means {
            None => (Rights::ALL, Bound::default()),
            Some(digits) => {
                let is_hex = digits.len() == 4 && digits.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
                let bytes = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)?.to_be_bytes();
                let (bound, rights) = Bound::of_bytes(bytes[1], bytes[0])?;
                (Rights::of_bits(rights)?, bound)
            }
        };
        let mut tag = [0; MAC_LEN];
        let written = URL_SAFE_NO_PAD.decode_slice(mac, &mut tag).ok()?;
        let signed = Self { video: *video, not_after: Timestamp::from_secs(seconds), rights, bound };
        let has_one_spelling =
            written == MAC_LEN && seconds <= EXPIRY_SECONDS_MAX && signed.is_plain() == means.is_none();
        has_one_spelling.then_some((signed, id, tag))
    }

    fn mac(&self, key: &DeliveryKey, flags: u8, width: u8, values: &BoundValues) -> [u8; MAC_LEN] {
        let expiry = self.not_after.as_secs().to_be_bytes();
        let bound: &[u8] = if self.bound.is_free() { &[] } else { values };
        let tag = key.mac.tag(&[LABEL, &[key.id, flags, width], self.video.as_str().as_bytes(), &expiry, bound]);
        tag.first_chunk().copied().unwrap_or_default()
    }
}

/// A decimal number without sign or leading zero.
fn canonical<T: std::str::FromStr>(text: &str) -> Option<T> {
    let is_canonical = text.bytes().all(|c| c.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| is_canonical)
}

#[cfg(test)]
mod tests;
