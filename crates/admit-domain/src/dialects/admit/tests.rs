//! Our own tokens: each claim by its spellings, and each kind of key.

use super::*;
use crate::{
    dialects::Dialect,
    id::SigningKeyId,
    material::{KeySecret, Material},
    private_key::PrivateKey,
    public_key::PublicKey,
    rules::Visitor,
    signing_key::SigningKey,
    verdict::Denial,
};

const NOW_SECS: i64 = 1_800_000_000;
const NOW: Timestamp = Timestamp::from_secs(NOW_SECS);
const PAIRS: [&str; 4] = [
    include_str!("../../../tests/vectors/keys/rsa.pem"),
    include_str!("../../../tests/vectors/keys/p256.pem"),
    include_str!("../../../tests/vectors/keys/p384.pem"),
    include_str!("../../../tests/vectors/keys/ed25519.pem"),
];

fn video(seed: u8) -> VideoId {
    VideoId::from_random([seed; 22])
}

fn id() -> SigningKeyId {
    SigningKeyId::from_random([1; 22])
}

fn secret() -> Signer {
    Signer::Secret(KeySecret::new([7; 32]))
}

fn key(material: Material) -> SigningKey {
    SigningKey { id: id(), dialect: Dialect::Admit, material }
}

fn wish(kid: &str) -> Wish {
    Wish {
        kid: kid.to_owned(),
        video: video(1),
        viewer: Viewer::parse("user-42"),
        issued_at: NOW,
        expires_at: Timestamp::from_secs(NOW_SECS + 300),
        origin: String::new(),
        path: String::new(),
    }
}

fn token(signer: &Signer, kid: &str) -> String {
    match Dialect::Admit.mint(&wish(kid), signer, &SystemRandom::new()) {
        Ok(Minted::Token(token)) => token,
        other => panic!("{other:?}"),
    }
}

fn read_with(key: &SigningKey, token: &str) -> Option<Result<Claims, Fault>> {
    Dialect::read(key, &Shown { query: format!("token={token}"), ..Shown::default() }, &video(1), NOW)
}

/// What comes of a token with these claims besides `iat` and `exp`; without `aud` of its own it is for the video.
fn judge(claims: &str) -> Result<Claims, Fault> {
    let aud = if claims.contains("\"aud\"") { String::new() } else { format!(r#","aud":"{}""#, video(1)) };
    let more = if claims.is_empty() { String::new() } else { format!(",{claims}") };
    let text = format!(r#"{{"iat":{NOW_SECS},"exp":{}{aud}{more}}}"#, NOW_SECS + 300);
    let bounds = crate::json::Bounds { bytes: 4_096, depth: 4 };
    let Ok(Value::Object(claims)) = crate::json::read(text.as_bytes(), bounds) else { panic!("{text}") };
    let claims: Vec<(&str, Option<Value>)> =
        claims.iter().map(|(name, value)| (name.as_str(), Some(value.clone()))).collect();
    let how = Signed { hs256: true, algorithms: &[], lifetime_max: TOKEN_LIFETIME_MAX };
    let minted = jose::sign(how, &wish(id().as_str()), &claims, &secret(), &SystemRandom::new());
    let Ok(Minted::Token(token)) = minted else { panic!("{minted:?}") };
    read_with(&key(Material::Secret(KeySecret::new([7; 32]))), &token).unwrap()
}

fn fault_of(claims: &str) -> (Denial, &'static str) {
    let fault = judge(claims).expect_err(claims);
    (fault.denial, fault.field)
}

#[test]
fn what_is_minted_is_read() {
    let token = token(&secret(), id().as_str());
    let claims = read_with(&key(Material::Secret(KeySecret::new([7; 32]))), &token).unwrap().unwrap();
    assert_eq!(claims.viewer, Viewer::parse("user-42"));
    assert_eq!((claims.video, claims.expires_at, claims.once), (video(1), wish("").expires_at, None));
    assert_eq!(claims.rules, Rules::default());
}

#[test]
fn every_kind_of_key_signs_and_none_vouches_for_another() {
    let keys: Vec<(Signer, PublicKey)> = PAIRS
        .map(|pem| {
            let private = PrivateKey::parse(pem).unwrap();
            let public = private.public().unwrap();
            (Signer::Private(private), public)
        })
        .into();
    for (signer, public) in &keys {
        let token = token(signer, id().as_str());
        assert!(read_with(&key(Material::Public(vec![public.clone()])), &token).unwrap().is_ok());
        let others: Vec<PublicKey> = keys.iter().map(|(_, key)| key.clone()).filter(|key| key != public).collect();
        let fault = read_with(&key(Material::Public(others)), &token).unwrap().unwrap_err();
        assert_eq!((fault.denial, fault.field), (Denial::InvalidToken, "alg"));
        // While keys are replaced, all of them are tried.
        let all = keys.iter().map(|(_, key)| key.clone()).collect();
        assert!(read_with(&key(Material::Public(all)), &token).unwrap().is_ok());
        let fault = read_with(&key(Material::Secret(KeySecret::new([7; 32]))), &token).unwrap().unwrap_err();
        assert_eq!(fault.field, "alg");
    }
}

#[test]
fn no_letter_of_a_token_can_be_another() {
    for pem in PAIRS {
        let private = PrivateKey::parse(pem).unwrap();
        let ours = key(Material::Public(vec![private.public().unwrap()]));
        let good = token(&Signer::Private(private), id().as_str());
        assert!(read_with(&ours, &good).unwrap().is_ok());
        for (at, letter) in good.char_indices() {
            // The nearest letter, in bits: for the last one of a part, only spare bits may differ.
            let other = if letter == 'A' { 'B' } else { 'A' };
            let near = char::from(u8::try_from(letter).unwrap() ^ 1);
            for letter in [other, near] {
                let forged = format!("{}{letter}{}", &good[..at], &good[at + 1..]);
                assert!(!matches!(read_with(&ours, &forged), Some(Ok(_))), "{forged}");
            }
        }
    }
}

#[test]
fn a_key_of_a_set_is_found_by_its_own_name() {
    let private = PrivateKey::parse(PAIRS[3]).unwrap();
    let public = PublicKey { kid: Some("spring".into()), ..private.public().unwrap() };
    let signer = Signer::Private(private);
    let ours = key(Material::Public(vec![public]));
    assert!(read_with(&ours, &token(&signer, "spring")).unwrap().is_ok());
    assert!(read_with(&ours, &token(&signer, id().as_str())).unwrap().is_ok());
    assert_eq!(read_with(&ours, &token(&signer, "autumn")), None);
    assert_eq!(read_with(&ours, &token(&signer, "Spring")), None);
}

#[test]
fn the_audience_is_the_video() {
    let (ours, other) = (video(1), video(2));
    for good in [format!(r#""aud":"{ours}""#), format!(r#""aud":["https://shop.example","{ours}","{other}"]"#)] {
        assert_eq!(judge(&good).map(|claims| claims.video), Ok(ours), "{good}");
    }
    for wrong in [format!(r#""aud":"{other}""#), format!(r#""aud":["{other}","x"]"#), r#""aud":"""#.to_owned()] {
        assert_eq!(fault_of(&wrong), (Denial::TokenForOtherVideo, "aud"), "{wrong}");
    }
    let upper = format!(r#""aud":"{}""#, ours.as_str().to_uppercase());
    assert_eq!(fault_of(&upper), (Denial::TokenForOtherVideo, "aud"));
    for wrong in [r#""aud":[]"#, r#""aud":null"#, r#""aud":1"#, r#""aud":[1]"#, r#""aud":{}"#] {
        assert_eq!(fault_of(wrong), (Denial::InvalidToken, "aud"), "{wrong}");
    }
}

#[test]
fn claims_that_are_misspelled_are_named() {
    let long = format!(r#""sub":"{}""#, "x".repeat(129));
    let many = format!(r#""countries":[{}]"#, vec![r#""FR""#; 65].join(","));
    let cases = [
        ("sub", vec![r#""sub":"""#, r#""sub":1"#, r#""sub":"a\nb""#, &long]),
        ("iss", vec![r#""iss":1"#]),
        ("jti", vec![r#""jti":"""#, r#""jti":1"#, r#""jti":"a\u0000""#, r#""once":true"#]),
        ("once", vec![r#""jti":"a","once":1"#, r#""jti":"a","once":"true""#, r#""jti":"a","once":null"#]),
        (
            "ip",
            vec![
                r#""ip":"""#,
                r#""ip":[]"#,
                r#""ip":"10.0.0.1/8""#,
                r#""ip":"10.0.0""#,
                r#""ip":["10.0.0.0/8",1]"#,
                r#""ip":"10.0.0.0/33""#,
                r#""ip":"localhost""#,
                r#""ip":" 10.0.0.1""#,
            ],
        ),
        ("domain", vec![r#""domain":[]"#, r#""domain":"https://a.example""#, r#""domain":"*""#, r#""domain":null"#]),
        ("countries", vec![r#""countries":["fr"]"#, r#""countries":["XX"]"#, r#""countries":[]"#, &many]),
        ("rights", vec![r#""rights":[]"#, r#""rights":["Watch"]"#, r#""rights":["watch","admin"]"#, r#""rights":7"#]),
        (
            "max_plays",
            vec![
                r#""max_plays":0"#,
                r#""max_plays":-1"#,
                r#""max_plays":1.0"#,
                r#""max_plays":"1""#,
                r#""max_plays":1000001"#,
                r#""max_plays":4294967297"#,
            ],
        ),
        ("seats", vec![r#""seats":0"#, r#""seats":"2""#, r#""seats":1001"#, r#""seats":2.5"#, r#""when_full":"ask""#]),
        ("when_full", vec![r#""seats":2,"when_full":"perhaps""#]),
        (
            "claims",
            vec![r#""scope":"x""#, r#""Ip":"10.0.0.1""#, r#""domains":["a.example"]"#, r#""maxPlays":1"#, r#""":1"#],
        ),
    ];
    for (field, wrong) in cases {
        for claims in wrong {
            assert_eq!(fault_of(claims), (Denial::InvalidToken, field), "{claims}");
        }
    }
    let fault = judge(r#""a\nb":1"#).unwrap_err();
    assert_eq!(fault.wanted, r#"no claim "a\nb", which is not known here"#);
    assert!(judge(&format!(r#""{}":1"#, "x".repeat(1_000))).unwrap_err().wanted.len() < 128);
}

#[test]
fn a_token_for_one_use_has_a_name() {
    assert_eq!(judge(r#""jti":"a-1","once":true"#).unwrap().once.as_deref(), Some("a-1"));
    assert_eq!(judge(r#""jti":"a-1","once":false"#).unwrap().once, None);
    assert_eq!(judge(r#""jti":"a-1""#).unwrap().once, None);
    assert_eq!(judge(r#""max_plays":3"#).unwrap().rules.plays_max, Some(3));
    let seats = |claims: &str| judge(claims).unwrap().rules.seats;
    assert_eq!(seats(r#""seats":2"#), Some(Seats { max: 2, when_full: WhenFull::RefuseNewest }));
    assert_eq!(seats(r#""seats":1,"when_full":"endOldest""#), Some(Seats { max: 1, when_full: WhenFull::EndOldest }));
    assert_eq!(seats(""), None);
}

#[test]
fn rights_are_those_that_are_named() {
    let rights = |claims: &str| judge(claims).unwrap().rules.rights;
    assert_eq!(rights(""), Rights::ALL);
    assert_eq!(rights(r#""rights":["watch"]"#), Rights::WATCH);
    assert_eq!(rights(r#""rights":"pictures""#), Rights::PICTURES);
    assert_eq!(rights(r#""rights":["watch","download"]"#), Rights::WATCH.or(Rights::DOWNLOAD));
}

#[test]
fn places_are_judged_as_rules_are() {
    let fr = |_: IpAddr| "FR".parse().ok();
    let judged = |claims: &str, ip: &str, origin: Option<&str>| {
        let visitor = Visitor { ip: ip.parse().ok(), origin, referrer: None, agent: "", country_of: &fr };
        judge(claims).unwrap().rules.judge_entry(&visitor, NOW).map_err(|fault| fault.denial)
    };
    let network = Err(Denial::NetworkNotAllowed);
    let cases = [
        (r#""ip":"192.0.2.7""#, "192.0.2.7", None, Ok(())),
        (r#""ip":"192.0.2.7""#, "192.0.2.8", None, network),
        (r#""ip":["192.0.2.7","2001:db8::/32"]"#, "2001:db8::1", None, Ok(())),
        (r#""ip":["192.0.2.7","2001:db8::/32"]"#, "2001:db9::1", None, network),
        (r#""ip":"192.0.2.7""#, "unknown", None, network),
        (r#""domain":"a.example""#, "192.0.2.7", Some("https://a.example"), Ok(())),
        (r#""domain":["b.example","*.a.example"]"#, "192.0.2.7", Some("https://x.a.example"), Ok(())),
        (r#""domain":"a.example""#, "192.0.2.7", Some("https://b.example"), Err(Denial::DomainNotAllowed)),
        (r#""domain":"a.example""#, "192.0.2.7", None, Err(Denial::DomainNotAllowed)),
        (r#""countries":["BE","FR"]"#, "192.0.2.7", None, Ok(())),
        (r#""countries":["BE"]"#, "192.0.2.7", None, Err(Denial::CountryNotAllowed)),
    ];
    for (claims, ip, origin, expected) in cases {
        assert_eq!(judged(claims, ip, origin), expected, "{claims} {ip} {origin:?}");
    }
}
