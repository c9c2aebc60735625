//! What these tests show us, what we say to it, and that we say it to nothing else.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use admit_domain::{
    claims::{Claims, Viewer},
    dialects::Dialect,
    fault::Fault,
    id::{SigningKeyId, VideoId},
    material::{KeySecret, Material},
    mint::Wish,
    public_key::PublicKey,
    shown::Shown,
    signing_key::SigningKey,
    time::Timestamp,
};

pub(crate) const VIDEO: &str = "vi7777777777777777777777";
pub(crate) const OTHER: &str = "vi8888888888888888888888";
pub(crate) const KID: &str = "sk4444444444444444444444";
pub(crate) const ORIGIN: &str = "https://films.example";
pub(crate) const MANIFEST: &str = "/vod/vi7777777777777777777777/hls/manifest.m3u8";
pub(crate) const RSA: &str = include_str!("../vectors/keys/rsa.pem");
pub(crate) const RSA_PUBLIC: &str = include_str!("../vectors/keys/rsa.pub.pem");

/// Others' programs read the clock, so these tests do.
pub(crate) fn now() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "other people's programs read the clock, and we must agree with them"
    )]
    let now = SystemTime::now();
    let seconds = now.duration_since(UNIX_EPOCH).expect("it is later than 1970").as_secs();
    Timestamp::from_secs(i64::try_from(seconds).expect("it is not that late"))
}

pub(crate) fn video() -> VideoId {
    VIDEO.parse().expect("an id")
}

pub(crate) fn dialect(text: &str) -> Dialect {
    Dialect::parse(text).unwrap_or_else(|bad| panic!("{text}: {bad}"))
}

/// A key with a shared secret.
pub(crate) fn shared(dialect: Dialect, secret: &[u8]) -> SigningKey {
    let material = Material::Secret(KeySecret::new(secret));
    SigningKey { id: SigningKeyId::from_random([4; 22]), dialect, material }
}

/// A key whose private half is somewhere else.
pub(crate) fn public(dialect: Dialect, pem: &str) -> SigningKey {
    let public = PublicKey { kid: Some("theirs".to_owned()), ..PublicKey::from_pem(pem).expect("a key") };
    SigningKey { id: SigningKeyId::from_random([4; 22]), dialect, material: Material::Public(vec![public]) }
}

/// A request for `path?query` from 10.0.0.1.
pub(crate) fn shown(target: &str) -> Shown {
    let target = target.strip_prefix(ORIGIN).unwrap_or(target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Shown {
        origin: ORIGIN.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        ip: Some("10.0.0.1".parse().expect("an address")),
        ..Shown::default()
    }
}

/// A wish for ten minutes.
pub(crate) fn wish(now: Timestamp, path: &str) -> Wish {
    Wish {
        kid: KID.to_owned(),
        video: video(),
        viewer: Viewer::parse("ada"),
        issued_at: now,
        expires_at: now.plus(Duration::from_mins(10)),
        origin: ORIGIN.to_owned(),
        path: path.to_owned(),
    }
}

pub(crate) fn read(key: &SigningKey, shown: &Shown, now: Timestamp) -> Option<Result<Claims, Fault>> {
    Dialect::read(key, shown, &video(), now)
}

/// `ok`, the field that is wrong, or `none` when it is not for this key.
pub(crate) fn said(key: &SigningKey, shown: &Shown, now: Timestamp) -> &'static str {
    match read(key, shown, now) {
        None => "none",
        Some(Ok(_)) => "ok",
        Some(Err(fault)) => fault.field,
    }
}

/// What is shown is read, and nothing that differs from it in one letter, nor for another video, nor after its end.
pub(crate) fn assert_only_this_is_read(name: &str, key: &SigningKey, shown: &Shown, now: Timestamp) {
    let claims = read(key, shown, now).unwrap_or_else(|| panic!("{name}: nothing is shown"));
    let claims = claims.unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
    assert_eq!(claims.video, video(), "{name}");
    let opens = |shown: &Shown, video: &VideoId, now| matches!(Dialect::read(key, shown, video, now), Some(Ok(_)));
    assert!(!opens(shown, &OTHER.parse().expect("an id"), now), "{name}: it opens another video");
    assert!(!opens(shown, &video(), claims.expires_at), "{name}: it does not end");
    for altered in altered(shown) {
        let place = [altered.query.as_str(), altered.path_token.as_deref().unwrap_or_default()].concat();
        assert!(!opens(&altered, &video(), now), "{name}: it was altered, and is read: {place} {:?}", altered.cookies);
    }
}

/// The request with another letter at each place of the query, of the token in its path, and of its cookies.
fn altered(shown: &Shown) -> Vec<Shown> {
    let in_query = variants(&shown.query).map(|query| Shown { query, ..shown.clone() });
    let token = shown.path_token.as_deref().unwrap_or_default();
    let in_path = variants(token).map(|token| Shown { path_token: Some(token), ..shown.clone() });
    let in_cookies = shown.cookies.iter().enumerate().flat_map(|(at, (_, value))| {
        variants(value).map(move |value| {
            let mut altered = shown.clone();
            altered.cookies[at].1 = value;
            altered
        })
    });
    in_query.chain(in_path).chain(in_cookies).collect()
}

fn variants(text: &str) -> impl Iterator<Item = String> {
    let other = |letter: char| if letter == 'A' { 'B' } else { 'A' };
    text.char_indices().map(move |(at, letter)| {
        let rest = &text[at + letter.len_utf8()..];
        format!("{}{}{rest}", &text[..at], other(letter))
    })
}
