//! Tokens spelled by hand, and what a key says to them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    dialects::Dialect,
    id::{SigningKeyId, VideoId},
    material::{KeySecret, Material},
    shown::Shown,
    signing_key::SigningKey,
    time::Timestamp,
    verdict::Denial,
};

pub(super) const NOW_SECS: i64 = 1_800_000_000;
pub(super) const NOW: Timestamp = Timestamp::from_secs(NOW_SECS);
pub(super) const SECRET: &[u8] = b"mvi_sign_0123456789abcdef0123456789abcdef";

pub(super) fn video(seed: u8) -> VideoId {
    VideoId::from_random([seed; 22])
}

pub(super) fn kid(seed: u8) -> SigningKeyId {
    SigningKeyId::from_random([seed; 22])
}

pub(super) fn key(dialect: Dialect, material: Material) -> SigningKey {
    SigningKey { id: kid(1), dialect, material }
}

pub(super) fn secret(bytes: &[u8]) -> Material {
    Material::Secret(KeySecret::new(bytes))
}

/// The key that the table is about: HS256, with the video in `sub`.
pub(super) fn moviie() -> SigningKey {
    key(Dialect::Moviie, secret(SECRET))
}

pub(super) fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn hs256(secret: &[u8], signed: &str) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(signed).finalize().into_bytes().to_vec()
}

/// A token of exactly these bytes, signed with HMAC-SHA256.
pub(super) fn signed_with(secret: &[u8], header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
    let signed = format!("{}.{}", b64(header), b64(claims));
    format!("{signed}.{}", b64(hs256(secret, &signed)))
}

pub(super) fn signed(header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
    signed_with(SECRET, header, claims)
}

pub(super) fn header() -> String {
    format!(r#"{{"alg":"HS256","kid":"{}"}}"#, kid(1))
}

pub(super) fn claims() -> String {
    format!(r#"{{"sub":"{}","iat":{NOW_SECS},"exp":{}}}"#, video(1), NOW_SECS + 300)
}

/// What came of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Plays,
    /// This key has nothing to say to it; so it opens nothing.
    NotMine,
    Invalid(&'static str),
    OtherVideo,
}

pub(super) fn judge_with(key: &SigningKey, token: &str) -> Verdict {
    let shown = Shown { query: format!("token={token}"), ..Shown::default() };
    match Dialect::read(key, &shown, &video(1), NOW) {
        None => Verdict::NotMine,
        Some(Ok(claims)) => {
            assert_eq!(claims.video, video(1));
            Verdict::Plays
        }
        Some(Err(fault)) if fault.denial == Denial::InvalidToken => Verdict::Invalid(fault.field),
        Some(Err(fault)) if fault.denial == Denial::TokenForOtherVideo => Verdict::OtherVideo,
        Some(Err(fault)) => panic!("{fault:?}"),
    }
}

pub(super) fn judge(token: &str) -> Verdict {
    judge_with(&moviie(), token)
}

/// The claims with one of them spelled otherwise, or left out.
pub(super) fn with_claim(name: &str, spelled: Option<&str>) -> String {
    let all =
        [("sub", format!("\"{}\"", video(1))), ("iat", NOW_SECS.to_string()), ("exp", (NOW_SECS + 300).to_string())];
    let others =
        all.into_iter().filter(|(known, _)| *known != name).map(|(known, value)| format!("\"{known}\":{value}"));
    let all: Vec<String> = others.chain(spelled.map(|spelled| format!("\"{name}\":{spelled}"))).collect();
    format!("{{{}}}", all.join(","))
}

/// Numbers that look random, the same for the same seed (`SplitMix64`).
pub(super) struct Chance(pub u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}
