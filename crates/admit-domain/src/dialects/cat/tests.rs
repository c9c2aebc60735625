//! CAT through the door that everybody uses: `Dialect::read` and `mint`.

mod addresses;
mod claims;
mod envelopes;
mod hostile;

use crate::signing_key::SigningKey;
use aws_lc_rs::hmac;

use super::*;
use crate::{dialects::Dialect, id::SigningKeyId, material::KeySecret, material::Material};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const VIDEO: &str = "vi7777777777777777777777";
const OTHER_VIDEO: &str = "vi8888888888888888888888";
const KID: &str = "sk4444444444444444444444";
const SECRET: &[u8] = b"a secret of thirty-two bytes or so";
const ORIGIN: &str = "https://films.example";

fn video() -> VideoId {
    VIDEO.parse().expect("an id")
}

fn key_of(material: Material) -> SigningKey {
    SigningKey { id: SigningKeyId::from_random([4; 22]), dialect: Dialect::Cat, material }
}

fn key() -> SigningKey {
    key_of(Material::Secret(KeySecret::new(SECRET)))
}

/// A request for the video's playlist that shows the token.
fn shown(token: &str) -> Shown {
    Shown {
        origin: ORIGIN.into(),
        path: format!("/vod/{VIDEO}/hls/manifest.m3u8"),
        query: format!("cat={token}"),
        headers: vec![("user-agent".into(), "Films/1.0".into())],
        ..Shown::default()
    }
}

fn read_by(key: &SigningKey, token: &str) -> Option<Result<Claims, Fault>> {
    Dialect::read(key, &shown(token), &video(), NOW)
}

/// What the request shows of the key: claims, or the field that is wrong.
fn field(read: Option<Result<Claims, Fault>>) -> Result<Claims, &'static str> {
    read.expect("a CAT of this key").map_err(|fault| fault.field)
}

/// The claims that every token needs, with some more or others.
fn claims_with<'a>(others: impl IntoIterator<Item = (i64, Value<'a>)>) -> Map<'a> {
    let mut map = Map::from([
        (Key::Int(super::claims::AUD), Value::Text(VIDEO)),
        (Key::Int(super::claims::EXP), Value::Int(NOW.as_secs() + 60)),
    ]);
    map.extend(others.into_iter().map(|(label, value)| (Key::Int(label), value)));
    map
}

fn labelled<'a>(entries: impl IntoIterator<Item = (i64, Value<'a>)>) -> Value<'a> {
    Value::Map(entries.into_iter().map(|(label, value)| (Key::Int(label), value)).collect())
}

fn tagged(tag: u64, value: Value<'_>) -> Value<'_> {
    Value::Tag(tag, Box::new(value))
}

/// A `COSE_Mac0` without a tag, made apart from the code that is tested.
fn mac0(protected: &[u8], open: Value<'_>, payload: &Value<'_>) -> Vec<u8> {
    let structure = [b"\x84\x64MAC0".to_vec(), Value::Bytes(protected).to_bytes(), vec![0x40], payload.to_bytes()];
    let proof = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET), &structure.concat());
    Value::Array(vec![Value::Bytes(protected), open, payload.clone(), Value::Bytes(proof.as_ref())]).to_bytes()
}

const ALG_HS256: &[u8] = &[0xa1, 0x01, 0x05];

fn kid_of(kid: &str) -> Value<'_> {
    labelled([(4, Value::Bytes(kid.as_bytes()))])
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token of these claims in the usual envelope.
fn token_of(claims: &Map<'_>) -> String {
    let payload = Value::Map(claims.clone()).to_bytes();
    text(&[b"\xd8\x3d\xd1".to_vec(), mac0(ALG_HS256, kid_of(KID), &Value::Bytes(&payload))].concat())
}

fn wish() -> Wish {
    Wish {
        kid: KID.into(),
        video: video(),
        viewer: Viewer::parse("ada"),
        issued_at: NOW,
        expires_at: Timestamp::from_secs(NOW.as_secs() + 60),
        origin: ORIGIN.into(),
        path: String::new(),
    }
}

fn minted(wish: &Wish) -> String {
    match mint(wish, &Signer::Secret(KeySecret::new(SECRET)), &SystemRandom::new()) {
        Ok(Minted::Token(token)) => token,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_minted_is_read() {
    let token = minted(&wish());
    let expected = Claims {
        video: video(),
        viewer: Viewer::parse("ada"),
        expires_at: Timestamp::from_secs(NOW.as_secs() + 60),
        issued_at: Some(NOW),
        once: None,
        rules: crate::rules::Rules::default(),
    };
    assert_eq!(read_by(&key(), &token), Some(Ok(expected)));
    let tagged = URL_SAFE_NO_PAD.decode(&token).expect("base64url");
    assert_eq!(tagged[..4], [0xd8, 61, 0xd1, 0x84]);
}

#[test]
fn a_token_opens_its_video_until_it_ends_and_where_it_is_meant() {
    let token = minted(&wish());
    let other: VideoId = OTHER_VIDEO.parse().expect("an id");
    let at = |path: &str| Shown { path: path.into(), ..shown(&token) };
    let cases = [
        ("the other video", at(&format!("/vod/{OTHER_VIDEO}/hls/manifest.m3u8")), other, 0, Err("catu")),
        ("the same path, and another video", shown(&token), other, 0, Err("aud")),
        ("elsewhere", at(&format!("/embed/{VIDEO}")), video(), 0, Err("catu")),
        ("a longer id", at(&format!("/vod/{VIDEO}7/x")), video(), 0, Err("catu")),
        ("the last second", shown(&token), video(), 59, Ok(())),
        ("the end", shown(&token), video(), 60, Err("exp")),
        ("before it was issued", shown(&token), video(), -30, Ok(())),
        ("long before it was issued", shown(&token), video(), -31, Err("iat")),
    ];
    for (case, shown, video, later, expected) in cases {
        let now = Timestamp::from_secs(NOW.as_secs() + later);
        assert_eq!(field(Dialect::read(&key(), &shown, &video, now)).map(|_| ()), expected, "{case}");
    }
    let path = format!("/vod/{OTHER_VIDEO}/hls/manifest.m3u8");
    let fault = Dialect::read(&key(), &at(&path), &other, NOW).expect("a CAT").expect_err("for another video");
    assert_eq!(fault, Fault::other_video("catu"));
}

#[test]
fn a_token_is_for_the_path_that_is_wished() {
    let narrow = Wish { path: format!("/embed/{VIDEO}"), ..wish() };
    let token = minted(&narrow);
    assert_eq!(field(read_by(&key(), &token)).map(|_| ()), Err("catu"));
    let at_page = Shown { path: narrow.path.clone(), ..shown(&token) };
    assert!(Dialect::read(&key(), &at_page, &video(), NOW).expect("a CAT").is_ok());
}
