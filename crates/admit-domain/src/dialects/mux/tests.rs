//! Mux's tokens: what kind of thing each opens, and what cannot be met here.

use super::*;
use crate::{
    dialects::Dialect,
    id::SigningKeyId,
    material::{KeySecret, Material},
    private_key::PrivateKey,
    signing_key::SigningKey,
    verdict::Denial,
};

const NOW_SECS: i64 = 1_800_000_000;
const NOW: Timestamp = Timestamp::from_secs(NOW_SECS);
const RSA: &str = include_str!("../../../tests/vectors/keys/rsa.pem");
const WEEK_SECS: i64 = 7 * 86_400;

fn video(seed: u8) -> VideoId {
    VideoId::from_random([seed; 22])
}

fn private() -> PrivateKey {
    PrivateKey::parse(RSA).unwrap()
}

fn key() -> SigningKey {
    let material = Material::Public(vec![private().public().unwrap()]);
    SigningKey { id: SigningKeyId::from_random([1; 22]), dialect: Dialect::Mux, material }
}

fn wish(lives_secs: i64) -> Wish {
    Wish {
        kid: key().id.to_string(),
        video: video(1),
        viewer: None,
        issued_at: NOW,
        expires_at: Timestamp::from_secs(NOW_SECS + lives_secs),
        origin: String::new(),
        path: String::new(),
    }
}

fn sign(header: &str, claims: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = private().sign(SignatureAlgorithm::Rs256, signed.as_bytes(), &SystemRandom::new()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn read_token(token: &str) -> Option<Result<Claims, Fault>> {
    Dialect::read(&key(), &Shown { query: format!("token={token}"), ..Shown::default() }, &video(1), NOW)
}

fn judge(claims: &str) -> Result<Claims, Fault> {
    let header = format!(r#"{{"alg":"RS256","typ":"JWT","kid":"{}"}}"#, key().id);
    read_token(&sign(&header, claims)).unwrap()
}

fn with(more: &str) -> String {
    format!(r#"{{"sub":"{}","exp":{},{more}}}"#, video(1), NOW_SECS + 300)
}

#[test]
fn what_is_minted_is_read() {
    let mint = |lives, signer: &Signer| Dialect::Mux.mint(&wish(lives), signer, &SystemRandom::new());
    let Ok(Minted::Token(token)) = mint(WEEK_SECS, &Signer::Private(private())) else { panic!("nothing was minted") };
    let claims = read_token(&token).unwrap().unwrap();
    assert_eq!((claims.video, claims.expires_at), (video(1), wish(WEEK_SECS).expires_at));
    assert_eq!(mint(WEEK_SECS + 1, &Signer::Private(private())), Err(MintError::LivesTooLong));
    assert_eq!(mint(1, &Signer::Secret(KeySecret::new([7; 32]))), Err(MintError::WantsPrivateKey));
    let curve = PrivateKey::parse(include_str!("../../../tests/vectors/keys/p256.pem")).unwrap();
    assert_eq!(mint(1, &Signer::Private(curve)), Err(MintError::WantsPrivateKey));
}

#[test]
fn the_audience_says_what_is_opened() {
    let watching = Rights::WATCH.or(Rights::DOWNLOAD);
    for (kind, rights) in [("v", watching), ("t", Rights::PICTURES), ("g", Rights::PICTURES), ("s", Rights::PICTURES)] {
        assert_eq!(judge(&with(&format!(r#""aud":"{kind}""#))).unwrap().rules.rights, rights, "{kind}");
    }
    for wrong in [r#""aud":"d""#, r#""aud":"V""#, r#""aud":["v"]"#, r#""aud":"""#, r#""aud":"playback_id""#, r#""x":1"#]
    {
        assert_eq!(judge(&with(wrong)).map_err(|fault| fault.field), Err("aud"), "{wrong}");
    }
    assert!(judge(&with(r#""aud":"d""#)).unwrap_err().wanted.contains("DRM"));
}

#[test]
fn looks_are_passed_over_and_restrictions_are_not() {
    let looks = r#""aud":"t","time":12.5,"width":640,"height":360,"fit_mode":"smartcrop","rotate":90,"format":"webp""#;
    assert!(judge(&with(looks)).is_ok());
    for name in ["playback_restriction_id", "max_resolution", "asset_start_time", "asset_end_time", "viewer", "custom"]
    {
        let fault = judge(&with(&format!(r#""aud":"v","{name}":"x""#))).unwrap_err();
        assert_eq!((fault.denial, fault.field), (Denial::InvalidToken, "claims"), "{name}");
        assert!(fault.wanted.contains(name), "{name}: {}", fault.wanted);
    }
}

#[test]
fn the_key_is_named_in_the_header_or_among_the_claims() {
    let id = key().id;
    let with_kid = |kid: &str| with(&format!(r#""aud":"v","kid":"{kid}""#));
    let bare = r#"{"alg":"RS256"}"#;
    let named = format!(r#"{{"alg":"RS256","kid":"{id}"}}"#);
    assert!(read_token(&sign(bare, &with_kid(id.as_str()))).unwrap().is_ok());
    assert!(read_token(&sign(&named, &with_kid(id.as_str()))).unwrap().is_ok());
    assert_eq!(read_token(&sign(bare, &with_kid("other"))), None);
    for (header, claims) in
        [(bare, with(r#""aud":"v""#)), (&named, with_kid("other")), (bare, with(r#""aud":"v","kid":1"#))]
    {
        let fault = read_token(&sign(header, &claims)).unwrap().unwrap_err();
        assert_eq!((fault.denial, fault.field), (Denial::InvalidToken, "kid"), "{header} {claims}");
    }
}

#[test]
fn a_shared_secret_vouches_for_nothing() {
    let secret = |seed| SigningKey {
        id: SigningKeyId::from_random([seed; 22]),
        material: Material::Secret(KeySecret::new([7; 32])),
        ..key()
    };
    let header = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, key().id);
    let shown = Shown { query: format!("token={}", sign(&header, &with(r#""aud":"v""#))), ..Shown::default() };
    let judge =
        |key: &SigningKey| Dialect::read(key, &shown, &video(1), NOW).map(|read| read.map_err(|fault| fault.field));
    assert_eq!(judge(&key()), Some(Err("alg")));
    assert_eq!(judge(&secret(1)), Some(Err("key")));
    assert_eq!(judge(&secret(2)), None);
}

#[test]
fn a_token_lives_a_week_at_most() {
    let ends = |secs: i64, more: &str| {
        let claims = format!(r#"{{"sub":"{}","aud":"v","exp":{}{more}}}"#, video(1), NOW_SECS + secs);
        judge(&claims).map(|_| ()).map_err(|fault| fault.field)
    };
    assert_eq!(ends(WEEK_SECS, ""), Ok(()));
    assert_eq!(ends(WEEK_SECS + 30, ""), Ok(()));
    assert_eq!(ends(WEEK_SECS + 31, ""), Err("exp"));
    let long = format!(r#"{{"sub":"{}","aud":"v","exp":{}}}"#, video(1), NOW_SECS + WEEK_SECS + 31);
    assert!(judge(&long).unwrap_err().wanted.contains("within 168 hours"));
    assert_eq!(ends(0, ""), Err("exp"));
    assert_eq!(ends(WEEK_SECS, &format!(r#","iat":{}"#, NOW_SECS - 1)), Err("exp"));
    let other = format!(r#"{{"sub":"{}","aud":"v","exp":{}}}"#, video(2), NOW_SECS + 1);
    assert_eq!(judge(&other), Err(Fault::other_video("sub")));
    let text = format!(r#"{{"sub":"{}","aud":"v","exp":"{}"}}"#, video(1), NOW_SECS + 1);
    assert_eq!(judge(&text).map_err(|fault| fault.field), Err("exp"));
}
