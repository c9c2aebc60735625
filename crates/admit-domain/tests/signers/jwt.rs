//! JSON Web Tokens of our own profile, of Moviie's and of Cloudflare Stream's, by four libraries that customers sign with.

mod tokens;

use std::time::Duration;

use admit_domain::{
    claims::Viewer,
    dialects::Dialect,
    material::{KeySecret, Material},
    mint::{Minted, Signer, Wish},
    private_key::PrivateKey,
    public_key::{PublicKey, SignatureAlgorithm},
    secret::hex,
    shown::Shown,
    signing_key::SigningKey,
};
use aws_lc_rs::rand::SystemRandom;
use serde_json::{Value, json};

use self::tokens::{Case, SECRET, cases};
use crate::{
    library::{Library, installed, text},
    request::{
        KID, MANIFEST, RSA, RSA_PUBLIC, VIDEO, assert_only_this_is_read, now, public, said, shared, shown, wish,
    },
};

const LIBRARIES: [Library; 4] = [
    Library::Node("jsonwebtoken.mjs"),
    Library::Node("jose.mjs"),
    Library::Python("pyjwt.py"),
    Library::Python("joserfc_jwt.py"),
];

/// What a library refuses to sign, so that nobody's program shows it to us.
const NOT_SIGNED: [(usize, &str); 6] = [
    (0, "EdDSA"),
    (0, "exp is no integer"),
    (0, "digits for times"),
    (2, "a public key as the secret"),
    (3, "a header of somebody's own"),
    (3, "a public key as the secret"),
];

/// What each algorithm's name stands for: the private key, and the public one.
const PAIRS: [(&str, &str, &str); 5] = [
    ("RS256", RSA, RSA_PUBLIC),
    ("PS256", RSA, RSA_PUBLIC),
    ("ES256", include_str!("../vectors/keys/p256.pem"), include_str!("../vectors/keys/p256.pub.pem")),
    ("ES384", include_str!("../vectors/keys/p384.pem"), include_str!("../vectors/keys/p384.pub.pem")),
    ("EdDSA", include_str!("../vectors/keys/ed25519.pem"), include_str!("../vectors/keys/ed25519.pub.pem")),
];

fn pair(alg: &str) -> Option<(&'static str, &'static str)> {
    PAIRS.iter().find(|(known, ..)| *known == alg).map(|(_, private, public)| (*private, *public))
}

/// The key as the customer has it registered.
fn registered(dialect: Dialect, alg: &str) -> SigningKey {
    let Some((_, pem)) = pair(alg) else { return shared(dialect, SECRET) };
    let mut key = public(dialect, pem);
    // What signs with PSS says so in its JWK; a PEM cannot.
    if let Material::Public(keys) = &mut key.material
        && alg == "PS256"
    {
        keys[0].pinned = Some(SignatureAlgorithm::Ps256);
    }
    key
}

/// A request that carries the token where its dialect has it.
fn carrying(dialect: &Dialect, token: &str) -> Shown {
    match dialect {
        Dialect::CloudflareStream => Shown { path_token: Some(token.to_owned()), ..shown(MANIFEST) },
        _ => shown(&format!("{MANIFEST}?token={token}")),
    }
}

#[test]
fn what_others_sign_is_read_or_refused_for_its_reason() {
    let Some(installed) = installed() else { return };
    let now = now();
    let cases = cases(now.as_secs());
    let lines: Vec<Value> = cases.iter().map(Case::line).collect();
    let mut refused = Vec::new();
    for (number, library) in LIBRARIES.into_iter().enumerate() {
        let answers = library.ask(&installed, "sign", &lines);
        assert_eq!(answers.len(), cases.len(), "{library:?}");
        for (case, answer) in cases.iter().zip(&answers) {
            if answer["error"].is_string() {
                refused.push((number, case.name));
                continue;
            }
            let (key, request) =
                (registered(case.dialect.clone(), case.key), carrying(&case.dialect, text(answer, "token")));
            let name = format!("{library:?}, {}: {}", case.dialect, case.name);
            assert_eq!(said(&key, &request, now), case.expect, "{name} {answer}");
            if case.expect == "ok" {
                assert_only_this_is_read(&name, &key, &request, now);
                assert_ne!(said(&shared(case.dialect.clone(), &[9; 32]), &request, now), "ok", "{name}: of a stranger");
            }
        }
    }
    assert_eq!(refused, NOT_SIGNED);
}

#[test]
fn a_token_is_taken_from_the_vendors_header_too() {
    let Some(installed) = installed() else { return };
    let now = now();
    let claims = json!({ "sub": VIDEO, "iat": now.as_secs(), "exp": now.as_secs() + 300 });
    let line = json!({ "name": "header", "alg": "HS256", "key": { "secret": hex(SECRET) }, "header": { "kid": KID }, "claims": claims });
    let key = shared(Dialect::Moviie, SECRET);
    for library in LIBRARIES {
        let answers = library.ask(&installed, "sign", std::slice::from_ref(&line));
        let token = text(&answers[0], "token");
        let headers = vec![("x-moviie-playback-token".to_owned(), token.to_owned())];
        assert_eq!(said(&key, &Shown { headers: headers.clone(), ..shown(MANIFEST) }, now), "ok", "{library:?}");
        let twice = Shown { headers, ..carrying(&Dialect::Moviie, token) };
        assert_eq!(said(&key, &twice, now), "token", "{library:?}");
    }
}

/// A line for a verifier: a token of ours, and the key that should fit.
fn minted(name: &str, dialect: &Dialect, wish: &Wish, alg: &str, checked_with: Option<&str>) -> Value {
    let signer = match pair(alg) {
        None => Signer::Secret(KeySecret::new(SECRET)),
        Some((private, _)) => Signer::Private(PrivateKey::from_pem(private).expect("a key")),
    };
    let Ok(Minted::Token(token)) = dialect.mint(wish, &signer, &SystemRandom::new()) else {
        panic!("no token: {name}")
    };
    let key = match (pair(alg), checked_with) {
        (None, other) => json!({ "secret": other.map_or_else(|| hex(SECRET), str::to_owned) }),
        (Some((_, public)), other) => json!({ "pem": other.unwrap_or(public) }),
    };
    let aud = (*dialect == Dialect::Admit).then_some(VIDEO);
    json!({ "name": name, "token": token, "alg": alg, "key": key, "aud": aud })
}

#[test]
fn what_is_signed_here_others_read() {
    let Some(installed) = installed() else { return };
    let now = now();
    let wish = wish(now, MANIFEST);
    let nobody = Wish { viewer: None, ..wish.clone() };
    let named = Wish { viewer: Viewer::parse("Ada “Лавлейс” \\ \u{1f3ac}"), ..wish.clone() };
    let over = Wish {
        issued_at: now.minus(Duration::from_hours(2)),
        expires_at: now.minus(Duration::from_hours(1)),
        ..wish.clone()
    };
    let mut asked = vec![
        (minted("admit", &Dialect::Admit, &wish, "HS256", None), Some(json!("ada"))),
        (minted("admit for nobody", &Dialect::Admit, &nobody, "HS256", None), Some(Value::Null)),
        (
            minted("admit, a name in letters of all kinds", &Dialect::Admit, &named, "HS256", None),
            Some(json!("Ada “Лавлейс” \\ \u{1f3ac}")),
        ),
        (minted("admit, over", &Dialect::Admit, &over, "HS256", None), None),
        (minted("admit, another secret", &Dialect::Admit, &wish, "HS256", Some(&hex(&[9; 32]))), None),
        (minted("moviie", &Dialect::Moviie, &wish, "HS256", None), Some(json!(VIDEO))),
        (minted("moviie, over", &Dialect::Moviie, &over, "HS256", None), None),
        (minted("mux", &Dialect::Mux, &Wish { viewer: None, ..wish.clone() }, "RS256", None), Some(json!(VIDEO))),
        (minted("cloudflare-stream", &Dialect::CloudflareStream, &wish, "RS256", None), Some(json!(VIDEO))),
    ];
    for (alg, ..) in PAIRS.iter().filter(|(alg, ..)| *alg != "PS256") {
        asked.push((minted(&format!("admit {alg}"), &Dialect::Admit, &wish, alg, None), Some(json!("ada"))));
    }
    let lines: Vec<Value> = asked.iter().map(|(line, _)| with_audience(line)).collect();
    for library in LIBRARIES {
        let answers = library.ask(&installed, "verify", &lines);
        assert_eq!(answers.len(), asked.len(), "{library:?}");
        for ((line, subject), answer) in asked.iter().zip(&answers) {
            let name = text(line, "name");
            let knows = name != "admit EdDSA" || !matches!(library, Library::Node("jsonwebtoken.mjs"));
            match subject {
                Some(subject) if knows => assert_eq!(answer["claims"]["sub"], *subject, "{library:?} {name} {answer}"),
                _ => assert!(answer["error"].is_string(), "{library:?} {name} {answer}"),
            }
        }
    }
}

/// Mux's audience says what kind of thing it is, and its reader has to name it.
fn with_audience(line: &Value) -> Value {
    let mut line = line.clone();
    if text(&line, "name") == "mux" {
        line["aud"] = json!("v");
    }
    line
}

#[test]
fn keys_that_others_write_are_read() {
    // The names of the two sides' algorithms agree, or nothing above would.
    for (alg, _, pem) in PAIRS.iter().filter(|(alg, ..)| *alg != "PS256") {
        assert_eq!(PublicKey::from_pem(pem).expect("a key").algorithm().name(), Some(*alg));
    }
}
