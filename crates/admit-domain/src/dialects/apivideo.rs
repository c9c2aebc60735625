//! api.video's private token: a lower-case UUID that opens one session, once.
//!
//! It is minted without a write, because every read of a video mints one. The 122 free bits of a version 4
//! UUID hold `minute of minting 26 | nonce 36 | MAC 60`; the MAC covers the id, so a token for one
//! video or live stream is unknown to every other. Only its redemption is ever stored.

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::{
    id::SessionId,
    secret::{Fingerprint, MacKey},
    time::Timestamp,
    verdict::Denial,
};

const NONCE_BITS: u32 = 36;
const MAC_BITS: u32 = 60;
const MINUTE_BITS: u32 = 26;
const MILLIS_PER_MINUTE: i64 = 60_000;
/// Hyphens of a UUID's text, and hexadecimal digits elsewhere.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];
const TEXT_CHARS: usize = 36;

/// A token that is spelled as one of ours. Whether it is one, [`PrivateToken::judge`] tells.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateToken {
    bits: u128,
}

impl PrivateToken {
    /// Mints a token for a video or a live stream; `chance` gives the nonce.
    pub fn mint(key: &MacKey, media: &impl AsRef<str>, now: Timestamp, chance: u64) -> Self {
        let minute = u128::try_from(now.as_millis() / MILLIS_PER_MINUTE).unwrap_or(0) & mask(MINUTE_BITS);
        let nonce = u128::from(chance) & mask(NONCE_BITS);
        let fields = minute << NONCE_BITS | nonce;
        Self { bits: fields << MAC_BITS | mac_of(key, media, fields) }
    }

    /// Reads the one accepted spelling: lower-case, hyphenated, version 4, RFC 9562 variant.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != TEXT_CHARS || !HYPHENS.iter().all(|&at| bytes[at] == b'-') {
            return None;
        }
        let mut uuid = 0_u128;
        for (_, &byte) in bytes.iter().enumerate().filter(|(index, _)| !HYPHENS.contains(index)) {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'f' => byte - b'a' + 10,
                _ => return None,
            };
            uuid = uuid << 4 | u128::from(digit);
        }
        let (version, variant) = (uuid >> 76 & 0xf, uuid >> 62 & 0b11);
        if version != 4 || variant != 0b10 {
            return None;
        }
        let bits = (uuid >> 80) << 74 | (uuid >> 64 & mask(12)) << 62 | uuid & mask(62);
        Some(Self { bits })
    }

    /// The token's text.
    pub fn text(&self) -> String {
        let uuid =
            (self.bits >> 74) << 80 | 4 << 76 | (self.bits >> 62 & mask(12)) << 64 | 0b10 << 62 | self.bits & mask(62);
        let hex = format!("{uuid:032x}");
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }

    /// Is it a token of ours for that video or live stream, and still in time?
    pub fn judge(&self, key: &MacKey, media: &impl AsRef<str>, ttl: Duration, now: Timestamp) -> Result<(), Denial> {
        let fields = self.bits >> MAC_BITS;
        // Both sides are MACs of 60 bits; comparing their difference leaks no prefix.
        if mac_of(key, media, fields) ^ (self.bits & mask(MAC_BITS)) != 0 {
            return Err(Denial::UnknownCredential);
        }
        if self.minted_at().plus(ttl) <= now {
            return Err(Denial::CredentialExpired);
        }
        Ok(())
    }

    /// The minute in which the token was minted.
    pub fn minted_at(&self) -> Timestamp {
        let minute = self.bits >> (MAC_BITS + NONCE_BITS);
        Timestamp::from_millis(i64::try_from(minute).unwrap_or(0) * MILLIS_PER_MINUTE)
    }

    /// The one session this token can open. It follows from the token alone, so that an edge can tell,
    /// without asking anybody, whether a session and a token belong together.
    pub fn session(&self) -> SessionId {
        let digest =
            Sha256::new_with_prefix(b"admit: the session of a private token\0").chain_update(self.bits.to_be_bytes());
        let digest: [u8; 32] = digest.finalize().into();
        SessionId::from_bytes(std::array::from_fn(|index| digest[index]))
    }

    /// What stands for the token in the store.
    pub fn fingerprint(&self, pepper: &MacKey) -> Fingerprint {
        Fingerprint::of(pepper, &self.text())
    }
}

impl std::fmt::Debug for PrivateToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateToken(***)")
    }
}

const fn mask(bits: u32) -> u128 {
    (1 << bits) - 1
}

fn mac_of(key: &MacKey, media: &impl AsRef<str>, fields: u128) -> u128 {
    let tag = key.tag(&[media.as_ref().as_bytes(), &fields.to_be_bytes()]);
    let head = std::array::from_fn(|index| tag[index]);
    u128::from(u64::from_be_bytes(head)) >> (64 - MAC_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::VideoId, secret::Secret};

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
    const DAY: Duration = Duration::from_hours(24);

    fn key() -> MacKey {
        Secret::new([9; 32]).mac()
    }

    fn video(seed: u8) -> VideoId {
        VideoId::from_random([seed; 22])
    }

    #[test]
    fn a_token_is_for_one_video_and_one_day() {
        let token = PrivateToken::mint(&key(), &video(1), NOW, 0x0123_4567_89ab_cdef);
        let cases = [
            (video(1), NOW, Ok(())),
            (video(1), NOW.plus(Duration::from_secs(86_399)), Ok(())),
            (video(1), NOW.plus(DAY), Err(Denial::CredentialExpired)),
            (video(2), NOW, Err(Denial::UnknownCredential)),
        ];
        for (video, at, expected) in cases {
            assert_eq!(token.judge(&key(), &video, DAY, at), expected, "{video} at {at:?}");
        }
    }

    #[test]
    fn a_token_has_one_spelling() {
        let text = PrivateToken::mint(&key(), &video(1), NOW, 42).text();
        assert_eq!(PrivateToken::parse(&text).map(|token| token.text()), Some(text.clone()));
        let others = [
            text.to_uppercase(),
            text.replace('-', ""),
            format!("{{{text}}}"),
            format!("urn:uuid:{text}"),
            format!("{text} "),
            text[..35].to_owned(),
            text.replacen('-', "0", 1),
            format!("{}1{}", &text[..14], &text[15..]),
            format!("{}f{}", &text[..19], &text[20..]),
        ];
        for other in others {
            assert_eq!(PrivateToken::parse(&other), None, "{other}");
        }
    }

    #[test]
    fn no_flipped_bit_is_a_token() {
        let token = PrivateToken::mint(&key(), &video(1), NOW, 77);
        for bit in 0..122 {
            let forged = PrivateToken { bits: token.bits ^ 1 << bit };
            assert_eq!(forged.judge(&key(), &video(1), DAY, NOW), Err(Denial::UnknownCredential), "bit {bit}");
            assert_ne!(forged.session(), token.session(), "bit {bit}");
        }
    }
}
