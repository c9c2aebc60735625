//! A signed address in its path form: the first path component of every address below it, as a handle is, and without
//! a session.
//!
//! ```text
//! <expiry, seconds since the epoch>.<key id>[-<rights and flags, network width: 4 hexadecimal digits>].<signature>
//! ```
//!
//! The signature is base64url of when the address was signed (6 bytes, milliseconds since the epoch) and a MAC. The MAC
//! (HMAC-SHA256, first 128 bits) covers a label, the fields, the whole video id, both times and the values of what the
//! address is bound to, each preceded by its length. Without the digits it opens everything, from everywhere.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

use crate::{
    bound::Bound,
    handle::{BoundValues, big_endian, number},
    id::VideoId,
    key::{DeliveryKey, DeliveryKeys},
    rights::Rights,
    time::Timestamp,
    verdict::Denial,
};

pub(crate) const LABEL: &[u8] = b"admit signed address 1";
const MAC_LEN: usize = 16;
const SIGNED_AT_LEN: usize = 6;
const SIGNATURE_LEN: usize = SIGNED_AT_LEN + MAC_LEN;
const SIGNATURE_CHARS: usize = 30;
/// The last instant that can be written: the year 9999.
const EXPIRY_SECONDS_MAX: i64 = 253_402_300_799;

/// What a verified signed address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    pub video: VideoId,
    /// All addresses that were signed before some instant can be taken back at once.
    pub signed_at: Timestamp,
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
        let flags = self.rights.bits() + flags;
        let mac = self.mac(key, flags, width, values);
        let means = if self.is_plain() { String::new() } else { format!("-{flags:02x}{width:02x}") };
        let mut signature = [0; SIGNATURE_LEN];
        signature[..SIGNED_AT_LEN].copy_from_slice(&self.signed_at_bytes());
        signature[SIGNED_AT_LEN..].copy_from_slice(&mac);
        format!("{}.{}{means}.{}", self.not_after.as_secs(), key.id, URL_SAFE_NO_PAD.encode(signature))
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
        let expected = signed.mac(key, signed.rights.bits() + flags, width, &values);
        if bool::from(expected.ct_eq(&mac)) { Ok(signed) } else { Err(wrong) }
    }

    fn signed_at_bytes(&self) -> [u8; SIGNED_AT_LEN] {
        big_endian(self.signed_at.as_millis())
    }

    fn is_plain(&self) -> bool {
        self.rights == Rights::ALL && self.bound.is_free()
    }

    /// Exactly one spelling is read: the one that [`Signed::mint`] writes.
    fn parse(text: &str, video: &VideoId) -> Option<(Self, u8, [u8; MAC_LEN])> {
        let mut parts = text.split('.');
        let (expiry, named, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || signature.len() != SIGNATURE_CHARS {
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
        let mut bytes = [0; SIGNATURE_LEN];
        let written = URL_SAFE_NO_PAD.decode_slice(signature, &mut bytes).ok()?;
        let (signed_at, mac) = bytes.split_first_chunk::<SIGNED_AT_LEN>()?;
        let signed_at = Timestamp::from_millis(number(signed_at));
        let signed = Self { video: *video, signed_at, not_after: Timestamp::from_secs(seconds), rights, bound };
        let has_one_spelling =
            written == SIGNATURE_LEN && seconds <= EXPIRY_SECONDS_MAX && signed.is_plain() == means.is_none();
        has_one_spelling.then_some((signed, id, mac.first_chunk().copied()?))
    }

    fn mac(&self, key: &DeliveryKey, flags: u8, width: u8, values: &BoundValues) -> [u8; MAC_LEN] {
        let expiry = self.not_after.as_secs().to_be_bytes();
        let bound: &[u8] = if self.bound.is_free() { &[] } else { values };
        let (fields, signed_at) = ([key.id, flags, width], self.signed_at_bytes());
        let tag = key.mac.tag(&[LABEL, &fields, self.video.as_str().as_bytes(), &expiry, &signed_at, bound]);
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
