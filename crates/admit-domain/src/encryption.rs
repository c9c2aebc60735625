//! Encrypted segments: AES-128-CBC over whole segments, as RFC 8216 §4.3.2.4 describes for `METHOD=AES-128`. It is no digital
//! rights management: whoever may watch is given the keys. What it adds is that a copied segment or a public cache is
//! worth nothing to whoever cannot fetch the key, which is judged as every other request is.

use std::fmt;

use aws_lc_rs::{
    cipher::{AES_128, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey},
    iv::FixedLength,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    id::VideoId,
    secret::{MacKey, Secret},
};

/// Length of a content key in bytes.
pub const CONTENT_KEY_BYTES: usize = 16;

/// How the segments of one video are encrypted.
#[derive(Clone, PartialEq, Eq)]
pub struct Encryption {
    /// All keys of the video follow from it.
    secret: [u8; Secret::LEN],
    segments_per_key: u32,
}

impl Encryption {
    /// For the video, as the holder of the installation's secret for content derives it. A new key begins with every
    /// `segments_per_key` segments; zero is one.
    pub fn of(content: &MacKey, video: &VideoId, segments_per_key: u32) -> Self {
        let secret = content.tag(&[b"video", video.as_str().as_bytes()]);
        Self { secret, segments_per_key: segments_per_key.max(1) }
    }

    /// The secret in base64url without padding, and how many segments share a key. Edges are told it, and nobody else.
    pub fn told_to_edges(&self) -> (String, u32) {
        (URL_SAFE_NO_PAD.encode(self.secret), self.segments_per_key)
    }

    /// As an edge is told it; `None` for what cannot be.
    pub fn of_told(secret: &str, segments_per_key: u32) -> Option<Self> {
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        (segments_per_key > 0).then_some(Self { secret, segments_per_key })
    }

    /// Does a new key begin with this segment?
    pub const fn begins_key(&self, segment: u32) -> bool {
        segment.is_multiple_of(self.segments_per_key)
    }

    /// The number of the segment's key.
    pub const fn key_of(&self, segment: u32) -> u32 {
        segment / self.segments_per_key
    }

    /// The key of that number.
    pub fn key(&self, number: u32) -> [u8; CONTENT_KEY_BYTES] {
        let tag = Secret::new(self.secret).mac().tag(&[b"key", &number.to_be_bytes()]);
        tag.first_chunk().copied().unwrap_or_default()
    }

    /// The segment as players expect it: encrypted whole, its number as the initialisation vector, padded as PKCS #7 pads.
    /// `None` when the library refuses, which it does for no segment that can be held.
    pub fn encrypt(&self, segment: u32, mut plain: Vec<u8>) -> Option<Vec<u8>> {
        let key = UnboundCipherKey::new(&AES_128, &self.key(self.key_of(segment))).ok()?;
        let vector = EncryptionContext::Iv128(FixedLength::from(u128::from(segment).to_be_bytes()));
        PaddedBlockEncryptingKey::cbc_pkcs7(key).ok()?.less_safe_encrypt(&mut plain, vector).ok()?;
        Some(plain)
    }

    /// How long a segment of so many bytes is when it is encrypted.
    pub const fn encrypted_len(plain: u64) -> u64 {
        const BLOCK: u64 = 16;
        (plain / BLOCK + 1) * BLOCK
    }
}

impl fmt::Debug for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encryption").field("segments_per_key", &self.segments_per_key).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::cipher::{DecryptionContext, PaddedBlockDecryptingKey};

    use super::*;

    fn encryption(segments_per_key: u32) -> Encryption {
        let video = VideoId::from_random([3; 22]);
        Encryption::of(&Secret::new([7; Secret::LEN]).mac(), &video, segments_per_key)
    }

    fn decrypt(key: [u8; CONTENT_KEY_BYTES], segment: u32, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        let key = UnboundCipherKey::new(&AES_128, &key).ok()?;
        let vector = DecryptionContext::Iv128(FixedLength::from(u128::from(segment).to_be_bytes()));
        let plain = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?.decrypt(&mut bytes, vector).ok()?;
        Some(plain.to_vec())
    }

    #[test]
    fn a_segment_opens_with_its_key_and_with_no_other() {
        let encryption = encryption(3);
        for len in [0, 1, 15, 16, 17, 4_096] {
            let plain: Vec<u8> = (0..len).map(|at: u32| u8::try_from(at % 251).expect("a byte")).collect();
            let sealed = encryption.encrypt(7, plain.clone()).expect("encrypts");
            assert_eq!(sealed.len() as u64, Encryption::encrypted_len(u64::from(len)));
            assert_eq!(
                decrypt(encryption.key(2), 7, sealed.clone()),
                Some(plain.clone()),
                "segments 6 to 8 have key 2"
            );
            for (key, segment) in [(1, 7), (3, 7), (0, 7)] {
                assert_ne!(decrypt(encryption.key(key), segment, sealed.clone()), Some(plain.clone()), "key {key}");
            }
            if len > 0 {
                assert_ne!(decrypt(encryption.key(2), 8, sealed), Some(plain), "and its own vector");
            }
        }
    }

    #[test]
    fn keys_change_with_the_segments_the_video_and_the_installation() {
        let three = encryption(3);
        let begins: Vec<_> = (0..9).filter(|segment| three.begins_key(*segment)).collect();
        assert_eq!(begins, [0, 3, 6]);
        assert_eq!([0, 2, 3, 8].map(|segment| three.key_of(segment)), [0, 0, 1, 2]);
        let mac = |seed| Secret::new([seed; Secret::LEN]).mac();
        let (one, other) = (VideoId::from_random([3; 22]), VideoId::from_random([4; 22]));
        let keys = [
            Encryption::of(&mac(7), &one, 3).key(0),
            Encryption::of(&mac(7), &one, 3).key(1),
            Encryption::of(&mac(7), &other, 3).key(0),
            Encryption::of(&mac(8), &one, 3).key(0),
        ];
        let distinct: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        assert_eq!(encryption(0).key_of(5), 5, "zero segments to a key are one");
    }

    #[test]
    fn it_is_never_printed_and_comes_back_as_it_was_told() {
        let encryption = encryption(3);
        let (secret, segments) = encryption.told_to_edges();
        assert_eq!(Encryption::of_told(&secret, segments), Some(encryption.clone()));
        assert_eq!(Encryption::of_told(&secret[1..], segments), None);
        assert_eq!(Encryption::of_told(&secret, 0), None);
        assert_eq!(format!("{encryption:?}"), "Encryption { segments_per_key: 3, .. }");
    }
}
