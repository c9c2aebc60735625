//! What the tests of the dialects of signed addresses share: keys, requests, and forgeries.

use crate::{
    claims::{Claims, Fault},
    dialects::Dialect,
    id::{SigningKeyId, VideoId},
    material::{KeySecret, Material},
    mint::{Minted, Signer, Wish},
    shown::Shown,
    signing_key::SigningKey,
    time::Timestamp,
    verdict::Denial,
};

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
pub(crate) const END: Timestamp = Timestamp::from_secs(1_700_003_600);

pub(crate) fn video() -> VideoId {
    VideoId::from_random([1; 22])
}

pub(crate) fn other_video() -> VideoId {
    VideoId::from_random([2; 22])
}

pub(crate) fn key(dialect: Dialect, secret: &[u8]) -> SigningKey {
    let material = Material::Secret(KeySecret::new(secret));
    SigningKey { id: SigningKeyId::from_random([7; 22]), dialect, material }
}

pub(crate) fn signer(secret: &[u8]) -> Signer {
    Signer::Secret(KeySecret::new(secret))
}

/// A wish for the address `path` of the first video.
pub(crate) fn wish(path: &str) -> Wish {
    Wish {
        kid: SigningKeyId::from_random([7; 22]).to_string(),
        video: video(),
        viewer: None,
        issued_at: NOW,
        expires_at: END,
        origin: "https://video.example".to_owned(),
        path: path.to_owned(),
    }
}

/// A request for `path?query` from 192.0.2.7.
pub(crate) fn shown(target: &str) -> Shown {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Shown {
        origin: "https://video.example".to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![("referer".to_owned(), "https://shop.example/".to_owned())],
        ip: Some("192.0.2.7".parse().unwrap()),
        ..Shown::default()
    }
}

/// The address that was minted for `path`.
pub(crate) fn target(path: &str, minted: &Minted) -> String {
    match minted {
        Minted::Query(query) => format!("{path}?{query}"),
        Minted::Path(path) => path.clone(),
        Minted::Token(token) => panic!("{token} is no address"),
    }
}

pub(crate) fn read(key: &SigningKey, target: &str) -> Option<Result<Claims, Fault>> {
    Dialect::read(key, &shown(target), &video(), NOW)
}

/// The denial of `target`, or `None` when it opens the video or shows nothing.
pub(crate) fn denial(key: &SigningKey, target: &str) -> Option<Denial> {
    read(key, target).and_then(|read| read.err().map(|fault| fault.denial))
}

pub(crate) fn opens(key: &SigningKey, target: &str) -> bool {
    matches!(read(key, target), Some(Ok(_)))
}

/// No address that differs in one of its covered bytes opens anything, for whichever video the listener takes it.
/// Covered is all but `free`, a part of the address.
pub(crate) fn assert_no_byte_can_change(key: &SigningKey, target: &str, free: &str) {
    let all: Vec<u8> = (b' '..=b'~').collect();
    assert_no_byte_can_change_among(key, target, free, &all);
}

/// The same with some bytes only, where each try takes long.
pub(crate) fn assert_no_byte_can_change_among(key: &SigningKey, target: &str, free: &str, bytes: &[u8]) {
    assert!(opens(key, target), "{target}");
    let from = target.find(free).unwrap();
    for at in (0..target.len()).filter(|at| !(from..from + free.len()).contains(at)) {
        for &byte in bytes {
            let mut forged = target.as_bytes().to_vec();
            if forged[at] == byte {
                continue;
            }
            forged[at] = byte;
            let forged = String::from_utf8(forged).unwrap();
            // The listener takes the id from the path: where the path names another video, that one is asked for.
            let path = forged.split('?').next().unwrap_or_default();
            let asked = path.split('/').find_map(|part| part.parse().ok()).unwrap_or_else(video);
            let read = Dialect::read(key, &shown(&forged), &asked, NOW);
            assert!(!matches!(read, Some(Ok(_))), "{forged}");
        }
    }
}
