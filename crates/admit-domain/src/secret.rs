//! Key material: never printed, never compared.

mod seal;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

pub use self::seal::{SEAL_NONCE_BYTES, SealKey, Sealed};

/// 32 secret bytes. `Debug` shows nothing, and there is no `PartialEq`: keys are derived from it. Its only ways out are
/// [`DeliveryKey::told_to_edges`](crate::key::DeliveryKey::told_to_edges) and [`crate::validators`].
#[derive(Clone)]
pub struct Secret([u8; Self::LEN]);

impl Secret {
    /// Length in bytes; 256 bits.
    pub const LEN: usize = 32;

    pub const fn new(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// A key for one purpose, derived from this one, so that one file of secrets serves the whole house
    /// and no two purposes share material (HMAC-SHA256 as a pseudo-random function, as in RFC 5869).
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        Self(self.mac().tag(&[purpose.as_bytes()]))
    }

    /// The bytes themselves, for a front that must hold the key to verify by it.
    pub(crate) const fn bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// A MAC whose key schedule is computed once and reused for every message.
    pub fn mac(&self) -> MacKey {
        MacKey::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// HMAC-SHA256 with its key schedule kept.
#[derive(Clone)]
pub struct MacKey(Hmac<Sha256>);

impl MacKey {
    /// A key that somebody else chose.
    pub fn of(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length")))
    }

    /// A key that others know as a text.
    pub fn of_text(key: &str) -> Self {
        Self::of(key.as_bytes())
    }

    /// The tag over `fields`, each preceded by its length so that no two field lists share a message.
    pub fn tag(&self, fields: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for field in fields {
            mac.update(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
            mac.update(field);
        }
        mac.finalize().into_bytes().into()
    }
}

impl MacKey {
    /// The tag over one message, for callers whose fields all have a fixed length and need no lengths between them.
    pub fn tag_of(&self, message: &[u8]) -> [u8; 32] {
        self.0.clone().chain_update(message).finalize().into_bytes().into()
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(***)")
    }
}

/// The keyed hash under which a bearer secret is stored: without the install key a dump of the
/// database does not even confirm a guess.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub fn of(pepper: &MacKey, secret: &str) -> Self {
        Self(pepper.tag(&[secret.as_bytes()]))
    }

    /// An unkeyed digest, for values that are no secret (a client's nonce).
    pub fn unkeyed(value: &str) -> Self {
        Self(Sha256::digest(value.as_bytes()).into())
    }

    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({}…)", hex(&self.0[..3]))
    }
}

/// Lower-case hexadecimal text.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

/// A version 4 UUID of bits that somebody made well enough to be random.
pub fn uuid_of(bits: &[u8; 32]) -> String {
    let mut uuid: [u8; 16] = std::array::from_fn(|index| bits[index]);
    uuid[6] = 0x40 + uuid[6] % 0x10;
    uuid[8] = 0x80 + uuid[8] % 0x40;
    let hex = hex(&uuid);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_boundaries_are_part_of_the_message() {
        let mac = Secret::new([1; 32]).mac();
        assert_ne!(mac.tag(&[b"a", b"bc"]), mac.tag(&[b"ab", b"c"]));
    }

    /// T36: of Wycheproof's HMAC-SHA256 vectors those with a whole tag are told right from wrong, and a cut tag is none.
    #[test]
    fn macs_are_right_by_other_peoples_vectors() {
        use subtle::ConstantTimeEq;
        use wycheproof::{TestResult, mac};
        let set = mac::TestSet::load(mac::TestName::HmacSha256).expect("the vectors");
        let (mut whole, mut cut) = (0, 0);
        for group in &set.test_groups {
            for test in &group.tests {
                let tag = MacKey::of(&test.key).tag_of(&test.msg);
                let is_right = bool::from(tag.as_slice().ct_eq(&test.tag));
                let is_whole = test.tag.len() == tag.len();
                assert_eq!(is_right, is_whole && test.result == TestResult::Valid, "vector {}", test.tc_id);
                *(if is_whole { &mut whole } else { &mut cut }) += 1;
            }
        }
        assert_eq!((whole, cut), (87, 87));
    }

    #[test]
    fn a_secret_shows_nothing() {
        let secret = Secret::new([0x41; 32]);
        assert_eq!(format!("{secret:?} {:?}", secret.mac()), "Secret(***) MacKey(***)");
    }

    #[test]
    fn a_fingerprint_is_written_whole_for_the_store_and_cut_for_a_log() {
        // The digest of "abc" (FIPS 180-2 §B.1).
        let print = Fingerprint::unkeyed("abc");
        assert_eq!(print.to_hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(format!("{print:?}"), "Fingerprint(ba7816…)");
        let (ours, theirs) = (Secret::new([1; 32]).mac(), Secret::new([2; 32]).mac());
        assert_ne!(Fingerprint::of(&ours, "abc"), Fingerprint::of(&theirs, "abc"));
        assert_ne!(Fingerprint::of(&ours, "abc"), Fingerprint::of(&ours, "abd"));
    }

    #[test]
    fn a_uuid_keeps_all_bits_but_those_of_its_version_and_variant() {
        let ones = "ffffffff-ffff-4fff-bfff-ffffffffffff";
        let zeros = "00000000-0000-4000-8000-000000000000";
        assert_eq!([[0xff; 32], [0; 32]].map(|bits| uuid_of(&bits)), [ones, zeros]);
        let bits: [u8; 32] = std::array::from_fn(|index| 0x11 * u8::try_from(index % 16).unwrap());
        assert_eq!(uuid_of(&bits), "00112233-4455-4677-8899-aabbccddeeff");
    }
}
