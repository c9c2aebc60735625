//! Keys are read in the forms customers have them in, and weak, private or misplaced ones are not.

mod spellings;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::*;
use crate::json::Value;

const RSA: &str = include_str!("../../tests/vectors/keys/rsa.pub.pem");
const RSA_PKCS1: &str = include_str!("../../tests/vectors/keys/rsa-pkcs1.pub.pem");
const P256: &str = include_str!("../../tests/vectors/keys/p256.pub.pem");
const P384: &str = include_str!("../../tests/vectors/keys/p384.pub.pem");
const ED25519: &str = include_str!("../../tests/vectors/keys/ed25519.pub.pem");
const MESSAGE: &[u8] = include_bytes!("../../tests/vectors/keys/message.txt");

fn key(pem: &str) -> PublicKey {
    PublicKey::from_pem(pem).unwrap()
}

/// The key's JWK with one member set, or taken away.
fn jwk(pem: &str, name: &str, value: Option<Value>) -> String {
    let Value::Object(mut members) = key(pem).to_jwk() else { unreachable!() };
    members.retain(|(known, _)| known != name);
    members.extend(value.map(|value| (name.to_owned(), value)));
    Value::Object(members).to_string()
}

#[test]
fn a_key_is_the_same_in_every_form() {
    for pem in [RSA, P256, P384, ED25519] {
        let key = key(pem);
        assert_eq!(key.to_pem(), pem);
        assert_eq!(read_keys(&key.to_jwk().to_string()), Ok(vec![key.clone()]));
        let named = PublicKey { kid: Some("k-1".into()), pinned: Some(key.algorithm()), ..key.clone() };
        let both = vec![key, named];
        assert_eq!(read_keys(&write_keys(&both)), Ok(both));
    }
    assert_eq!(key(RSA_PKCS1), key(RSA));
}

#[test]
fn signatures_by_openssl_are_verified() {
    let cases = [
        (RSA, SignatureAlgorithm::Rs256, include_str!("../../tests/vectors/keys/rs256.sig")),
        (RSA, SignatureAlgorithm::Ps256, include_str!("../../tests/vectors/keys/ps256.sig")),
        (RSA, SignatureAlgorithm::RsaSha1, include_str!("../../tests/vectors/keys/rsa-sha1.sig")),
        (ED25519, SignatureAlgorithm::EdDsa, include_str!("../../tests/vectors/keys/eddsa.sig")),
    ];
    for (pem, algorithm, signature) in cases {
        let signature = STANDARD.decode(signature).unwrap();
        let others = cases.iter().map(|(_, other, _)| *other).filter(|other| *other != algorithm);
        assert!(key(pem).verify(algorithm, MESSAGE, &signature), "{algorithm:?}");
        assert!(!key(pem).verify(algorithm, b"another message", &signature), "{algorithm:?}");
        assert!(!key(pem).verify(algorithm, MESSAGE, &signature[1..]), "{algorithm:?}");
        assert!(!key(pem).verify(algorithm, MESSAGE, b""), "{algorithm:?}");
        for other in others.chain([SignatureAlgorithm::Es256, SignatureAlgorithm::Es384]) {
            assert!(!key(pem).verify(other, MESSAGE, &signature), "{algorithm:?} as {other:?}");
        }
        for other in [RSA, P256, P384, ED25519].into_iter().filter(|other| *other != pem) {
            assert!(!key(other).verify(algorithm, MESSAGE, &signature), "{algorithm:?}");
        }
    }
}

#[test]
fn a_key_that_pins_its_algorithm_verifies_no_other() {
    let signature = STANDARD.decode(include_str!("../../tests/vectors/keys/rs256.sig")).unwrap();
    let pinned = |algorithm| PublicKey { pinned: Some(algorithm), ..key(RSA) };
    assert!(pinned(SignatureAlgorithm::Rs256).verify(SignatureAlgorithm::Rs256, MESSAGE, &signature));
    assert!(!pinned(SignatureAlgorithm::Ps256).verify(SignatureAlgorithm::Rs256, MESSAGE, &signature));
}

#[test]
fn keys_that_will_not_do_are_refused() {
    let text = |text: &str| Some(Value::string(text));
    let list = |text: &str| Some(Value::Array(vec![Value::string(text)]));
    let off_curve = PublicKey { kind: PublicKeyKind::P256([&[4][..], &[7; 64]].concat()), ..key(P256) }.to_jwk();
    let even = PublicKeyKind::Rsa { n: vec![0xff; 256], e: vec![1, 0] };
    let of_one = PublicKeyKind::Rsa { n: vec![0xff; 256], e: vec![1] };
    let large = PublicKeyKind::Rsa { n: vec![0xff; 1_025], e: vec![1, 0, 1] };
    let short = PublicKeyKind::Rsa { n: [&[0x7f][..], &[0xff; 255]].concat(), e: vec![1, 0, 1] };
    let slow = PublicKeyKind::Rsa { n: vec![0xff; 256], e: vec![1, 0, 0, 0, 1] };
    let spell = |kind| PublicKey::new(kind).to_jwk().to_string();
    let two = write_keys(&[key(P256), key(RSA)]);
    let cases = [
        (String::new(), BadKey::Json(crate::json::BadJson::Misspelled)),
        ("[]".into(), BadKey::Member("kty")),
        (r#"{"keys":[]}"#.into(), BadKey::Count),
        (format!(r#"{{"keys":[{}]}}"#, vec![key(ED25519).to_jwk().to_string(); 17].join(",")), BadKey::Count),
        (r#"{"keys":{}}"#.into(), BadKey::Member("keys")),
        (two.replace(r#""kty":"#, r#""kid":"a","kty":"#), BadKey::SameKid),
        (two.replacen(r#""kty":"EC""#, r#""kty":"oct""#, 1), BadKey::Symmetric),
        (include_str!("../../tests/vectors/keys/rsa.pem").into(), BadKey::Private),
        (include_str!("../../tests/vectors/keys/rsa-1024.pub.pem").into(), BadKey::WeakRsa),
        (include_str!("../../tests/vectors/keys/k256.pub.pem").into(), BadKey::UnknownKind),
        (RSA.replace("PUBLIC KEY", "CERTIFICATE"), BadKey::Misspelled),
        (RSA.replacen("PUBLIC KEY", "RSA PUBLIC KEY", 1), BadKey::Misspelled),
        (format!("{RSA}{P256}"), BadKey::Misspelled),
        (RSA.replacen('M', "*", 1), BadKey::Misspelled),
        (off_curve.to_string(), BadKey::NotOnCurve),
        (spell(even), BadKey::WeakRsa),
        (spell(of_one), BadKey::WeakRsa),
        (spell(large), BadKey::WeakRsa),
        (spell(short), BadKey::WeakRsa),
        (spell(slow), BadKey::WeakRsa),
        (jwk(RSA, "d", text("AQAB")), BadKey::Private),
        (jwk(P256, "d", None).replacen('{', r#"{"k":"AA","#, 1), BadKey::Private),
        (jwk(RSA, "e", text("AAEAAQ")), BadKey::Member("e")),
        (jwk(RSA, "e", text("AQAB=")), BadKey::Member("e")),
        (jwk(RSA, "e", text("")), BadKey::Member("e")),
        (jwk(RSA, "n", None), BadKey::Member("n")),
        (jwk(P256, "x", text("AQAB")), BadKey::Member("x")),
        (jwk(P256, "y", Some(Value::Null)), BadKey::Member("y")),
        (jwk(P256, "crv", text("P-384")), BadKey::Member("x")),
        (jwk(P256, "crv", text("P-521")), BadKey::UnknownKind),
        (jwk(P256, "crv", text("Ed25519")), BadKey::UnknownKind),
        (jwk(ED25519, "crv", text("X25519")), BadKey::UnknownKind),
        (jwk(RSA, "kty", text("rsa")), BadKey::UnknownKind),
        (jwk(RSA, "kty", None), BadKey::Member("kty")),
        (jwk(RSA, "use", text("enc")), BadKey::OtherUse),
        (jwk(RSA, "key_ops", list("encrypt")), BadKey::OtherUse),
        (jwk(RSA, "key_ops", text("verify")), BadKey::OtherUse),
        (jwk(RSA, "alg", text("HS256")), BadKey::OtherUse),
        (jwk(RSA, "alg", text("RS512")), BadKey::OtherUse),
        (jwk(RSA, "alg", text("ES256")), BadKey::OtherUse),
        (jwk(P384, "alg", text("ES256")), BadKey::OtherUse),
        (jwk(RSA, "kid", text("")), BadKey::Member("kid")),
        (jwk(RSA, "kid", text("../k")), BadKey::Member("kid")),
        (jwk(RSA, "kid", text(&"k".repeat(65))), BadKey::Member("kid")),
        (jwk(RSA, "kid", Some(Value::Integer(1))), BadKey::Member("kid")),
        (
            key(RSA).to_jwk().to_string().replacen('{', r#"{"kty":"RSA","#, 1),
            BadKey::Json(crate::json::BadJson::NamedTwice),
        ),
    ];
    for (text, fault) in cases {
        assert_eq!(read_keys(&text), Err(fault), "{text}");
    }
}

#[test]
fn members_that_do_not_matter_are_passed_over() {
    let text = |text: &str| Some(Value::string(text));
    assert!(read_keys(&jwk(RSA, "use", text("sig"))).is_ok());
    assert!(read_keys(&jwk(RSA, "key_ops", Some(Value::Array(vec![Value::string("verify")])))).is_ok());
    assert!(read_keys(&jwk(RSA, "x5t#S256", text("abc"))).is_ok());
    assert!(PublicKey::from_pem(include_str!("../../tests/vectors/keys/rsa-e3.pub.pem")).is_ok());
    assert_eq!(read_keys(&write_keys(&vec![key(ED25519); 16])).map(|keys| keys.len()), Ok(16));
}
