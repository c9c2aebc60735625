//! Cloudflare Stream's tokens: what else their claims may be, and what their access rules come to.

use std::net::IpAddr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::*;
use crate::{
    dialects::Dialect,
    id::SigningKeyId,
    material::Material,
    private_key::PrivateKey,
    rules::{Country, Visitor},
    signing_key::SigningKey,
    verdict::Denial,
};

const NOW_SECS: i64 = 1_800_000_000;
const NOW: Timestamp = Timestamp::from_secs(NOW_SECS);

fn video(seed: u8) -> VideoId {
    VideoId::from_random([seed; 22])
}

fn private() -> PrivateKey {
    PrivateKey::parse(include_str!("../../../tests/vectors/keys/rsa.pem")).unwrap()
}

fn key() -> SigningKey {
    let material = Material::Public(vec![private().public().unwrap()]);
    SigningKey { id: SigningKeyId::from_random([1; 22]), dialect: Dialect::CloudflareStream, material }
}

fn read_token(token: String) -> Option<Result<Claims, Fault>> {
    Dialect::read(&key(), &Shown { path_token: Some(token), ..Shown::default() }, &video(1), NOW)
}

fn judge(claims: &str) -> Result<Claims, Fault> {
    let header = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, key().id);
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = private().sign(SignatureAlgorithm::Rs256, signed.as_bytes(), &SystemRandom::new()).unwrap();
    read_token(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))).unwrap()
}

fn with(more: &str) -> String {
    format!(r#"{{"sub":"{}","kid":"{}","exp":{}{more}}}"#, video(1), key().id, NOW_SECS + 300)
}

#[test]
fn what_is_minted_is_read_and_names_its_video() {
    let wish = Wish {
        kid: key().id.to_string(),
        video: video(1),
        viewer: None,
        issued_at: NOW,
        expires_at: Timestamp::from_secs(NOW_SECS + 60),
        origin: String::new(),
        path: String::new(),
    };
    let minted = Dialect::CloudflareStream.mint(&wish, &Signer::Private(private()), &SystemRandom::new());
    let Ok(Minted::Token(token)) = minted else { panic!("{minted:?}") };
    assert_eq!(jose::peek_subject(&token), Some(video(1)));
    let claims = read_token(token).unwrap().unwrap();
    assert_eq!((claims.video, claims.expires_at), (video(1), wish.expires_at));
}

#[test]
fn a_film_is_downloaded_only_where_the_token_says_so() {
    let watching = Rights::WATCH.or(Rights::PICTURES);
    for (more, rights) in
        [("", watching), (r#","downloadable":false"#, watching), (r#","downloadable":true"#, Rights::ALL)]
    {
        assert_eq!(judge(&with(more)).unwrap().rules.rights, rights, "{more}");
    }
    assert_eq!(judge(&with(r#","downloadable":"true""#)).map_err(|fault| fault.field), Err("downloadable"));
}

#[test]
fn times_may_be_strings_of_digits() {
    let ends = |exp: &str| {
        let claims = format!(r#"{{"sub":"{}","exp":{exp},"nbf":"{NOW_SECS}"}}"#, video(1));
        judge(&claims).map(|claims| claims.expires_at.as_secs()).map_err(|fault| fault.field)
    };
    assert_eq!(ends(r#""1800000300""#), Ok(NOW_SECS + 300));
    assert_eq!(ends("1800000300"), Ok(NOW_SECS + 300));
    for wrong in [
        r#""01800000300""#,
        r#""+1800000300""#,
        r#""1800000300.0""#,
        r#"" 1800000300""#,
        r#""1.8e9""#,
        r#""""#,
        r#""-1""#,
    ] {
        assert_eq!(ends(wrong), Err("exp"), "{wrong}");
    }
    assert_eq!(ends(&(NOW_SECS + 86_431).to_string()), Err("exp"));
}

#[test]
fn other_videos_other_keys_and_other_claims_are_refused() {
    let other = format!(r#"{{"sub":"{}","exp":{}}}"#, video(2), NOW_SECS + 1);
    assert_eq!(judge(&other), Err(Fault::other_video("sub")));
    let none = format!(r#"{{"exp":{}}}"#, NOW_SECS + 1);
    assert_eq!(judge(&none).map_err(|fault| fault.field), Err("sub"));
    let kid = with("").replace(key().id.as_str(), "another");
    assert_eq!(judge(&kid).map_err(|fault| fault.field), Err("kid"));
    assert_eq!(judge(&with(r#","ip":"192.0.2.1""#)).map_err(|fault| fault.field), Err("claims"));
}

/// May somebody from this address of this country watch by these rules?
fn allows(rules: &str, ip: &str, country: &str) -> bool {
    let claims = judge(&with(&format!(r#","accessRules":[{rules}]"#))).unwrap();
    let country: Option<Country> = country.parse().ok();
    let country_of = move |_: IpAddr| country;
    let visitor = Visitor { ip: ip.parse().ok(), origin: None, referrer: None, agent: "", country_of: &country_of };
    let judged = claims.rules.judge_entry(&visitor, NOW).map_err(|fault| fault.denial);
    assert!(matches!(judged, Ok(()) | Err(Denial::NetworkNotAllowed | Denial::CountryNotAllowed)), "{judged:?}");
    judged.is_ok()
}

const ANY_ALLOW: &str = r#"{"type":"any","action":"allow"}"#;
const ANY_BLOCK: &str = r#"{"type":"any","action":"block"}"#;

fn ip(action: &str, list: &[&str]) -> String {
    format!(r#"{{"type":"ip.src","action":"{action}","ip":["{}"]}}"#, list.join(r#"",""#))
}

fn country(action: &str, list: &[&str]) -> String {
    format!(r#"{{"type":"ip.geoip.country","action":"{action}","country":["{}"]}}"#, list.join(r#"",""#))
}

#[test]
fn the_first_rule_that_matches_decides() {
    let cases: [(String, &[(&str, bool)]); 8] = [
        (String::new(), &[("192.0.2.7", true), ("2001:db8::1", true)]),
        (ANY_BLOCK.into(), &[("192.0.2.7", false), ("2001:db8::1", false)]),
        (format!("{ANY_ALLOW},{ANY_BLOCK}"), &[("192.0.2.7", true)]),
        (format!("{ANY_BLOCK},{ANY_ALLOW}"), &[("192.0.2.7", false)]),
        (
            format!("{},{ANY_BLOCK}", ip("allow", &["192.0.2.0/24", "2001:db8::1"])),
            &[("192.0.2.7", true), ("192.0.3.7", false), ("2001:db8::1", true), ("2001:db8::2", false)],
        ),
        (
            ip("block", &["192.0.2.0/24"]),
            &[("192.0.2.7", false), ("192.0.1.255", true), ("192.0.3.0", true), ("2001:db8::1", true)],
        ),
        (
            format!("{},{}", ip("allow", &["192.0.2.7"]), ip("block", &["192.0.2.0/24"])),
            &[("192.0.2.7", true), ("192.0.2.6", false), ("192.0.3.7", true), ("::ffff:192.0.2.6", false)],
        ),
        (
            format!("{},{},{ANY_BLOCK}", ip("block", &["192.0.2.7"]), ip("allow", &["192.0.2.0/24"])),
            &[("192.0.2.7", false), ("192.0.2.6", true), ("192.0.3.7", false)],
        ),
    ];
    for (rules, expected) in cases {
        for (ip, allowed) in expected {
            assert_eq!(allows(&rules, ip, "FR"), *allowed, "{rules} {ip}");
        }
    }
    // Who hides the address meets no rule about addresses.
    assert!(!allows(&ip("block", &["192.0.2.7"]), "unknown", "FR"));
}

#[test]
fn countries_are_decided_alike() {
    let cases: [(String, &[(&str, bool)]); 5] = [
        (format!("{},{ANY_BLOCK}", country("allow", &["FR", "BE"])), &[("FR", true), ("DE", false), ("?", false)]),
        (country("block", &["FR"]), &[("FR", false), ("DE", true)]),
        (country("allow", &["FR"]), &[("FR", true), ("DE", true)]),
        (
            format!("{},{}", country("allow", &["FR"]), country("block", &["FR", "DE"])),
            &[("FR", true), ("DE", false), ("BE", true)],
        ),
        (
            format!("{},{},{ANY_BLOCK}", country("block", &["FR"]), country("allow", &["FR", "DE"])),
            &[("FR", false), ("DE", true), ("BE", false)],
        ),
    ];
    for (rules, expected) in cases {
        for (country, allowed) in expected {
            assert_eq!(allows(&rules, "192.0.2.7", country), *allowed, "{rules} {country}");
        }
    }
}

#[test]
fn rules_that_are_not_understood_are_refused() {
    let six = [ANY_ALLOW; 6].join(",");
    let many: Vec<String> = (0..40).map(|n| format!("2001:db8:{n:x}::1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let cases = [
        six,
        format!("{},{}", ip("allow", &["192.0.2.7"]), country("block", &["FR"])),
        ip("block", &many),
        ip("allow", &["192.0.2.1/24"]),
        ip("allow", &[""]),
        ip("Allow", &["192.0.2.7"]),
        country("block", &["fr"]),
        country("block", &["XX"]),
        "1".into(),
        "{}".into(),
        r#"{"type":"any"}"#.into(),
        r#"{"action":"allow"}"#.into(),
        r#"{"type":"ip.src","action":"allow"}"#.into(),
        r#"{"type":"ip.src","action":"allow","ip":[]}"#.into(),
        r#"{"type":"ip.src","action":"allow","ip":"192.0.2.7"}"#.into(),
        r#"{"type":"ip.src","action":"allow","ip":["192.0.2.7"],"country":["FR"]}"#.into(),
        r#"{"type":"any","action":"allow","ip":["192.0.2.7"]}"#.into(),
        r#"{"type":"ip.geoip.asnum","action":"block","asnum":[1]}"#.into(),
    ];
    for rules in cases {
        let fault = judge(&with(&format!(r#","accessRules":[{rules}]"#))).expect_err(&rules);
        assert_eq!((fault.denial, fault.field), (Denial::InvalidToken, "accessRules"), "{rules}");
    }
    assert_eq!(judge(&with(r#","accessRules":{}"#)).map_err(|fault| fault.field), Err("accessRules"));
    // A mix is no mix where the second kind stands behind a rule that always matches.
    assert!(!allows(&format!("{ANY_BLOCK},{}", country("allow", &["FR"])), "192.0.2.7", "FR"));
}
