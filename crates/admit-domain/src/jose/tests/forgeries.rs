//! T02–T16: headers and signatures by which others have been fooled.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::support::*;
use crate::{dialects::Dialect, material::Material, public_key::PublicKey};

const RSA: &str = include_str!("../../../tests/vectors/keys/rsa.pub.pem");

fn check_header(id: &str, header: &str, expected: Verdict) {
    assert_eq!(judge(&signed(header, claims())), expected, "{id}: {header}");
}

fn with_kid(members: &str) -> String {
    format!(r#"{{{members},"kid":"{}"}}"#, kid(1))
}

#[test]
fn t02_nothing_is_no_algorithm() {
    for alg in [r#""none""#, r#""None""#, r#""NONE""#, r#""nOnE""#, r#""nonE""#, r#""""#, "null", r#"["HS256"]"#] {
        let header = with_kid(&format!(r#""alg":{alg}"#));
        let unsigned = format!("{}.{}", b64(&header), b64(claims()));
        check_header("T02", &header, Verdict::Invalid("alg"));
        assert_eq!(judge(&format!("{unsigned}.")), Verdict::Invalid("alg"), "{alg}");
        assert_eq!(judge(&unsigned), Verdict::NotMine, "{alg}");
    }
    check_header("T02", &with_kid(r#""alg":"none\u0000""#), Verdict::Invalid("header"));
    check_header("T02", &format!(r#"{{"kid":"{}"}}"#, kid(1)), Verdict::Invalid("alg"));
}

#[test]
fn t03_the_key_pins_the_algorithm() {
    for alg in ["HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256", "HS256 ", " HS256", "HS-256", "A256GCM"]
    {
        check_header("T03", &with_kid(&format!(r#""alg":"{alg}""#)), Verdict::Invalid("alg"));
    }
    check_header("T03", &with_kid(r#""alg":"\u0048S256""#), Verdict::Invalid("header"));
}

#[test]
fn t04_a_public_key_is_no_secret() {
    let public = PublicKey::from_pem(RSA).unwrap();
    let body: String = RSA.lines().filter(|line| !line.starts_with('-')).collect();
    let jwk = public.to_jwk().to_string();
    let guesses = [
        RSA.as_bytes().to_vec(),
        RSA.trim_end().as_bytes().to_vec(),
        STANDARD.decode(&body).unwrap(),
        body.into_bytes(),
        jwk.into_bytes(),
    ];
    let claims = format!(r#"{{"aud":"{}","iat":{NOW_SECS},"exp":{}}}"#, video(1), NOW_SECS + 60);
    let ours = key(Dialect::Admit, Material::Public(vec![public]));
    for guess in guesses {
        for alg in ["HS256", "RS256"] {
            let expected = if alg == "HS256" { "alg" } else { "signature" };
            let forged = signed_with(&guess, with_kid(&format!(r#""alg":"{alg}""#)), &claims);
            assert_eq!(judge_with(&ours, &forged), Verdict::Invalid(expected), "T04");
        }
    }
}

#[test]
fn t05_a_signature_is_whole_and_right() {
    let good = signed(header(), claims());
    let (signed, tag) = good.rsplit_once('.').unwrap();
    let tag = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(tag).unwrap();
    let longer = [&tag[..], &[0]].concat();
    for wrong in [
        &[][..],
        &[0],
        &tag[..31],
        &tag[1..],
        &longer,
        &tag[..16],
        &[0; 32],
        &[0xff; 32],
        &[tag.clone(), tag.clone()].concat(),
    ] {
        assert_eq!(judge(&format!("{signed}.{}", b64(wrong))), Verdict::Invalid("signature"), "T05 {wrong:?}");
    }
    assert_eq!(judge(&format!("{signed}.AA==")), Verdict::Invalid("signature"), "T05");
    assert_eq!(judge(&good), Verdict::Plays);
}

#[test]
fn t06_a_short_secret_signs_nothing() {
    for guess in
        [&b""[..], b"\0", kid(1).as_str().as_bytes(), b"secret", b"password", b"changeme", b"your-256-bit-secret"]
    {
        assert_eq!(judge(&signed_with(guess, header(), claims())), Verdict::Invalid("signature"), "T06 {guess:?}");
        // Nor where the key itself was made so, past the check of whoever makes keys.
        let weak = key(Dialect::Moviie, secret(guess));
        assert_eq!(
            judge_with(&weak, &signed_with(guess, header(), claims())),
            Verdict::Invalid("key"),
            "T06 {guess:?}"
        );
    }
    for (bytes, expected) in [(31, Verdict::Invalid("key")), (32, Verdict::Plays)] {
        let long = vec![b'k'; bytes];
        assert_eq!(judge_with(&key(Dialect::Moviie, secret(&long)), &signed_with(&long, header(), claims())), expected);
    }
    assert_eq!([Dialect::Admit, Dialect::Moviie].map(|dialect| dialect.min_secret_bytes()), [32, 32]);
}

#[test]
fn t07_t08_t09_a_key_id_is_a_name_and_nothing_else() {
    let wrong = Verdict::Invalid("kid");
    check_header("T07", r#"{"alg":"HS256"}"#, wrong);
    for kid in
        ["null", "1", "[]", "{}", "true", r#""""#, &format!("\"{}\"", "k".repeat(65)), &format!("[\"{}\"]", kid(1))]
    {
        check_header("T07", &format!(r#"{{"alg":"HS256","kid":{kid}}}"#), wrong);
    }
    let long = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "k".repeat(1 << 20));
    check_header("T07", &long, Verdict::Invalid("token"));
    for kid in [
        "../../../../dev/null",
        "/dev/null",
        "/etc/passwd",
        "file:///dev/null",
        "..%2f",
        "a b",
        "a.b",
        "a/b",
        "é",
        "k\u{0}",
        "x' UNION SELECT '1';--",
        "' OR 1=1--",
        "|sleep 10",
        "$(id)",
        "`id`",
        "a;b",
        "*",
        "%",
        "_%",
        "<script>",
        "{{7*7}}",
    ] {
        for secret in [&b""[..], b"1", SECRET] {
            let header = format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#);
            let expected = if kid.contains('\0') { Verdict::Invalid("header") } else { wrong };
            assert_eq!(judge(&signed_with(secret, &header, claims())), expected, "T08/T09 {kid:?}");
        }
    }
}

#[test]
fn t10_t11_another_keys_name_is_another_keys_business() {
    let other = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, kid(2));
    check_header("T10", &other, Verdict::NotMine);
    assert_eq!(judge(&signed_with(&[7; 32], &other, claims())), Verdict::NotMine);
    check_header(
        "T10",
        &format!(r#"{{"alg":"HS256","kid":"{}"}}"#, kid(1).as_str().to_lowercase() + "X"),
        Verdict::NotMine,
    );
}

#[test]
fn t12_t13_t14_a_header_says_alg_typ_and_kid() {
    for member in [
        r#""jku":"http://127.0.0.1:9/keys""#,
        r#""jwk":{"kty":"oct","k":"AA"}"#,
        r#""x5u":"http://127.0.0.1:9/x""#,
        r#""x5c":["MIIB"]"#,
        r#""x5t":"AA""#,
        r#""x5t#S256":"AA""#,
        r#""crit":["exp"]"#,
        r#""crit":["b64"],"b64":false"#,
        r#""b64":true"#,
        r#""crit":["x"]"#,
        r#""crit":[]"#,
        r#""crit":"exp""#,
        r#""zip":"DEF""#,
        r#""cty":"JWT""#,
        r#""enc":"A128GCM""#,
        r#""ALG":"HS256""#,
        r#""Kid":"x""#,
        r#""":1"#,
        r#""nonce":"x""#,
    ] {
        check_header("T12/T13/T14", &with_kid(&format!(r#""alg":"HS256",{member}"#)), Verdict::Invalid("header"));
        check_header("T12/T13/T14", &with_kid(&format!(r#"{member},"alg":"HS256""#)), Verdict::Invalid("header"));
    }
    let good = signed(header(), claims());
    let [head, body, tag]: [&str; 3] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let serialised = format!(r#"{{"payload":"{body}","protected":"{head}","signature":"{tag}"}}"#);
    assert_eq!(judge(&serialised), Verdict::NotMine, "T14: JSON serialisation");
    assert_eq!(judge(&format!("{head}..{tag}")), Verdict::Invalid("signature"), "T14: detached");
    assert_eq!(judge(&format!("{head}.{body}.{tag}.{tag}.{tag}")), Verdict::Invalid("token"), "T14: five parts");
}

#[test]
fn t15_t16_a_type_is_jwt_and_nothing_is_said_twice() {
    check_header("T15", &with_kid(r#""alg":"HS256","typ":"JWT""#), Verdict::Plays);
    for typ in [
        r#""at+jwt""#,
        r#""jwt""#,
        r#""JOSE""#,
        r#""JWT ""#,
        r#""application/jwt""#,
        r#""""#,
        "1",
        "null",
        r#"["JWT"]"#,
    ] {
        check_header("T15", &with_kid(&format!(r#""alg":"HS256","typ":{typ}"#)), Verdict::Invalid("typ"));
    }
    let id = kid(1);
    for header in [
        format!(r#"{{"alg":"HS256","alg":"none","kid":"{id}"}}"#),
        format!(r#"{{"alg":"none","alg":"HS256","kid":"{id}"}}"#),
        format!(r#"{{"alg":"HS256","kid":"{id}","kid":"{}"}}"#, kid(2)),
        format!(r#"{{"alg":"HS256","kid":"{}","kid":"{id}"}}"#, kid(2)),
        format!(r#"{{"alg":"HS256","\u0061lg":"none","kid":"{id}"}}"#),
        format!(r#"{{"\u0061lg":"HS256","kid":"{id}"}}"#),
        format!(r#"{{"alg":"HS256","kid":"{id}"}} "#),
        format!(r#"["HS256","{id}"]"#),
        String::new(),
        "null".to_owned(),
    ] {
        check_header("T16", &header, Verdict::Invalid("header"));
    }
}
