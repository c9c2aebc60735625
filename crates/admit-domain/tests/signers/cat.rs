//! The Common Access Token, by `@eyevinn/cat` and by the Python package `cwt`.

use admit_domain::{
    claims::Viewer,
    dialects::{Dialect, cat},
    id::{SigningKeyId, VideoId},
    material::{KeySecret, Material},
    mint::{Minted, Signer, Wish},
    private_key::PrivateKey,
    public_key::{PublicKey, PublicKeyKind},
    secret::hex,
    shown::Shown,
    signing_key::SigningKey,
    time::Timestamp,
};
use aws_lc_rs::rand::SystemRandom;
use serde_json::{Value, json};

use crate::library::{Library, installed, text, unhex};

const LIBRARIES: [(Library, usize); 2] = [(Library::Node("cat.mjs"), 55), (Library::Python("cat.py"), 60)];
const VIDEO: &str = "vi7777777777777777777777";
const KID: &str = "sk4444444444444444444444";
const ORIGIN: &str = "https://films.example";

fn video() -> VideoId {
    VIDEO.parse().expect("an id")
}

/// The key that a script says its token is signed with, as the customer would have it registered.
fn key_of(key: &Value) -> SigningKey {
    let kid = key["kid"].as_str().map(str::to_owned);
    let public = |kind| Material::Public(vec![PublicKey { kid, ..PublicKey::new(kind) }]);
    let material = if key["secret"].is_string() {
        Material::Secret(KeySecret::new(unhex(text(key, "secret"))))
    } else if key["p256"].is_string() {
        public(PublicKeyKind::P256(unhex(text(key, "p256"))))
    } else {
        public(PublicKeyKind::Rsa { n: unhex(text(key, "n")), e: unhex(text(key, "e")) })
    };
    SigningKey { id: SigningKeyId::from_random([4; 22]), dialect: Dialect::Cat, material }
}

/// What we say to the token of a line: `ok`, the field that is wrong, or `none` when it is not for this key.
fn said(line: &Value) -> String {
    let shown = Shown {
        origin: ORIGIN.into(),
        path: format!("/vod/{VIDEO}/hls/manifest.m3u8"),
        query: format!("cat={}", text(line, "token")),
        headers: vec![("user-agent".into(), "Films/1.0".into())],
        ..Shown::default()
    };
    let now = Timestamp::from_secs(line["now"].as_i64().expect("a time"));
    match Dialect::read(&key_of(&line["key"]), &shown, &video(), now) {
        None => "none".into(),
        Some(Ok(_)) => "ok".into(),
        Some(Err(fault)) => fault.field.into(),
    }
}

#[test]
fn what_others_sign_is_read_or_refused_for_its_reason() {
    let Some(installed) = installed() else { return };
    for (library, tokens) in LIBRARIES {
        let lines = library.ask(&installed, "mint", &[]);
        assert_eq!(lines.len(), tokens, "{library:?}");
        let differences: Vec<String> = lines
            .iter()
            .filter(|line| said(line) != text(line, "expect"))
            .map(|line| format!("{}: {}, not {}", text(line, "name"), said(line), text(line, "expect")))
            .collect();
        assert!(differences.is_empty(), "{library:?}\n{}", differences.join("\n"));
    }
}

/// Others read the clock: the year 2023 is over, and 2100 is not.
fn wish() -> Wish {
    Wish {
        kid: KID.into(),
        video: video(),
        viewer: Viewer::parse("ada"),
        issued_at: Timestamp::from_secs(1_700_000_000),
        expires_at: Timestamp::from_secs(4_102_444_800),
        origin: ORIGIN.into(),
        path: String::new(),
    }
}

/// A line for a script: a token of ours, its key, and the address for which it is shown.
fn line(name: &str, wish: &Wish, signed_with: &[u8], checked_with: &[u8], url: &str) -> Value {
    let signer = Signer::Secret(KeySecret::new(signed_with));
    let Ok(Minted::Token(token)) = cat::mint(wish, &signer, &SystemRandom::new()) else { panic!("no token") };
    json!({ "name": name, "token": token, "kid": KID, "secret": hex(checked_with), "url": url })
}

#[test]
fn what_is_signed_here_others_read() {
    let Some(installed) = installed() else { return };
    let wish = wish();
    let page = Wish { path: format!("/embed/{VIDEO}"), viewer: None, ..wish.clone() };
    let over = Wish { expires_at: Timestamp::from_secs(1_700_000_060), ..wish.clone() };
    let (secret, other) = ([7; 32], [8; 32]);
    let manifest = format!("{ORIGIN}/vod/{VIDEO}/hls/manifest.m3u8");
    let elsewhere = format!("{ORIGIN}/vod/vi8888888888888888888888/hls/manifest.m3u8");
    let asked = [
        (line("whole video", &wish, &secret, &secret, &manifest), Some("ada")),
        (line("page", &page, &secret, &secret, &format!("{ORIGIN}/embed/{VIDEO}")), None),
        (line("page, of the playlist", &page, &secret, &secret, &manifest), None),
        (line("another address", &wish, &secret, &secret, &elsewhere), None),
        (line("over", &over, &secret, &secret, &manifest), None),
        (line("another secret", &wish, &secret, &other, &manifest), None),
    ];
    let good = ["whole video", "page"];
    for (library, _) in LIBRARIES {
        let answers = library.ask(&installed, "verify", &asked.clone().map(|(line, _)| line));
        assert_eq!(answers.len(), asked.len(), "{library:?}");
        for ((line, viewer), answer) in asked.iter().zip(&answers) {
            let name = text(line, "name");
            assert_eq!(text(answer, "name"), name, "{library:?}");
            assert_eq!(answer["ok"], json!(good.contains(&name)), "{library:?} {answer}");
            if good.contains(&name) {
                assert_eq!(answer["sub"], json!(viewer), "{library:?} {name}");
            }
        }
    }
}

#[test]
fn what_is_signed_here_with_a_private_key_others_read() {
    let Some(installed) = installed() else { return };
    let rsa = (include_str!("../vectors/keys/rsa.pem"), include_str!("../vectors/keys/rsa.pub.pem"), "PS256");
    let p256 = (include_str!("../vectors/keys/p256.pem"), include_str!("../vectors/keys/p256.pub.pem"), "ES256");
    let url = format!("{ORIGIN}/vod/{VIDEO}/hls/manifest.m3u8");
    let line = |private, public, alg, name: &str| {
        let signer = Signer::Private(PrivateKey::from_pem(private).expect("a key"));
        let Ok(Minted::Token(token)) = cat::mint(&wish(), &signer, &SystemRandom::new()) else { panic!("no token") };
        json!({ "name": name, "token": token, "kid": KID, "pem": public, "alg": alg, "url": url })
    };
    let mut asked = Vec::new();
    for ((private, public, alg), (_, other, other_alg)) in [(rsa, p256), (p256, rsa)] {
        asked.push((line(private, public, alg, alg), true));
        asked.push((line(private, other, other_alg, "by a key of another kind"), false));
    }
    let lines: Vec<Value> = asked.iter().map(|(line, _)| line.clone()).collect();
    let answers = Library::Python("cat.py").ask(&installed, "verify", &lines);
    assert_eq!(answers.len(), asked.len());
    for ((_, is_good), answer) in asked.iter().zip(&answers) {
        assert_eq!(answer["ok"], json!(is_good), "{answer}");
    }
}
