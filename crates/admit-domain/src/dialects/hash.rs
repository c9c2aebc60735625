//! Hashes and MACs that signed addresses are made of, and how their bytes are spelled.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use crate::secret::hex;

/// A hash function. MD5 and SHA-1 are there because others sign with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    const ALL: [Self; 5] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Length of a digest in bytes.
    pub const fn digest_bytes(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The hash of the parts, one after another.
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Md5 => digest_of::<Md5>(parts),
            Self::Sha1 => digest_of::<Sha1>(parts),
            Self::Sha256 => digest_of::<Sha256>(parts),
            Self::Sha384 => digest_of::<Sha384>(parts),
            Self::Sha512 => digest_of::<Sha512>(parts),
        }
    }

    /// The HMAC (RFC 2104) of the parts, one after another.
    pub fn hmac(self, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Md5 => mac_of::<Hmac<Md5>>(key, parts),
            Self::Sha1 => mac_of::<Hmac<Sha1>>(key, parts),
            Self::Sha256 => mac_of::<Hmac<Sha256>>(key, parts),
            Self::Sha384 => mac_of::<Hmac<Sha384>>(key, parts),
            Self::Sha512 => mac_of::<Hmac<Sha512>>(key, parts),
        }
    }
}

fn digest_of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
}

fn mac_of<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac =
        <M as KeyInit>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// How the bytes of a digest are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Hex,
    UpperHex,
    Base64,
    Base64Url,
    Base64UrlNoPad,
}

impl Encoding {
    const ALL: [Self; 5] = [Self::Hex, Self::UpperHex, Self::Base64, Self::Base64Url, Self::Base64UrlNoPad];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::UpperHex => "HEX",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Base64UrlNoPad => "base64url_nopad",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.name() == name)
    }

    pub fn spell(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex(bytes),
            Self::UpperHex => hex(bytes).to_uppercase(),
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64Url => URL_SAFE.encode(bytes),
            Self::Base64UrlNoPad => URL_SAFE_NO_PAD.encode(bytes),
        }
    }
}

/// Is `shown` the text that was expected? In constant time, but for the lengths, which are no secret.
///
/// Comparing texts rather than bytes leaves each signature exactly one spelling.
pub(crate) fn same(expected: &str, shown: &str) -> bool {
    expected.as_bytes().ct_eq(shown.as_bytes()).into()
}

/// The bytes that hexadecimal digits of either case spell, two for each.
pub(crate) fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    text.chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standards() {
        // RFC 1321 A.5, FIPS 180-4 examples, RFC 2202 2, RFC 4231 4.3.
        let hashes = [
            (Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Algorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Algorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ];
        for (algorithm, expected) in hashes {
            assert_eq!(hex(&algorithm.digest(&[b"a", b"bc"])), expected);
        }
        let macs = [
            (Algorithm::Md5, "750c783e6ab0b503eaa86e310a5db738"),
            (Algorithm::Sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (Algorithm::Sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        ];
        for (algorithm, expected) in macs {
            assert_eq!(hex(&algorithm.hmac(b"Jefe", &[b"what do ya want ", b"for nothing?"])), expected);
        }
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.digest(&[]).len(), algorithm.digest_bytes());
            assert_eq!(Algorithm::named(algorithm.name()), Some(algorithm));
        }
    }

    #[test]
    fn a_digest_has_one_spelling() {
        let spelled = Encoding::ALL.map(|encoding| encoding.spell(&[0xfb, 0xff]));
        assert_eq!(spelled, ["fbff", "FBFF", "+/8=", "-_8=", "-_8"]);
        assert!(same("ab", "ab"));
        for other in ["", "a", "aB", "abc"] {
            assert!(!same("ab", other), "{other}");
        }
        assert_eq!((unhex(b"0aFF"), unhex(b"0aF"), unhex(b"0g")), (Some(vec![10, 255]), None, None));
    }
}
