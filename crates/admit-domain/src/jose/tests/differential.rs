//! T40: whatever is accepted here, `jsonwebtoken` accepts too, and reads alike; and no mutated token is accepted at all.
//!
//! `ADMIT_TEST_MUTATIONS` says how many tokens; the long run is 1,000,000. `ADMIT_TEST_SEED` repeats one.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value as Json;

use super::support::*;

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ %\"{}[]:,\\\0";

#[expect(clippy::disallowed_methods, reason = "how long this test runs is no setting of the house")]
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn tokens() -> usize {
    usize::try_from(setting("ADMIT_TEST_MUTATIONS", 20_000)).unwrap()
}

fn chance() -> Chance {
    let seed = setting("ADMIT_TEST_SEED", 0x05ee_d0fa_d317);
    println!("ADMIT_TEST_SEED={seed}");
    Chance(seed)
}

/// Theirs, at its strictest that does not ask the clock.
fn theirs(token: &str) -> Option<Json> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode(token, &DecodingKey::from_secret(SECRET), &validation).ok().map(|data| data.claims)
}

fn mutate(bytes: &mut Vec<u8>, chance: &mut Chance) {
    for _ in 0..=chance.below(3) {
        let (at, letter) = (chance.below(bytes.len()), LETTERS[chance.below(LETTERS.len())]);
        match chance.below(6) {
            0 => bytes.insert(at, letter),
            1 if bytes.len() > 1 => drop(bytes.remove(at)),
            2 => bytes[at] ^= 1 << chance.below(7),
            3 => bytes.truncate(at.max(1)),
            4 => {
                let other = chance.below(bytes.len());
                bytes.swap(at, other);
            }
            _ => bytes[at] = letter,
        }
    }
}

fn mutated(text: &str, chance: &mut Chance) -> String {
    let mut bytes = text.as_bytes().to_vec();
    mutate(&mut bytes, chance);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn t40_no_mutated_token_is_accepted() {
    let (mut chance, good) = (chance(), signed(header(), claims()));
    let (mut tried, mut would_have) = (0, 0);
    while tried < tokens() {
        let token = mutated(&good, &mut chance);
        // What stands behind `&` is no part of the token.
        if token.split('&').next() == Some(&good) {
            continue;
        }
        tried += 1;
        assert_ne!(judge(&token), Verdict::Plays, "{token}");
        // The control: without the signature, some of these would be good tokens.
        would_have += usize::from(jsonwebtoken::dangerous::insecure_decode::<Json>(&token).is_ok());
    }
    println!("{tried} tokens, none accepted; {would_have} would be without their signature");
    assert!(would_have > tried / 1_000, "the mutations are too coarse to prove anything: {would_have}");
}

#[test]
fn t40_what_is_accepted_here_is_accepted_there() {
    let mut chance = chance();
    let others = [
        r#""typ":"JWT""#,
        r#""nbf":1"#,
        r#""jti":"a""#,
        r#""iss":"b""#,
        r#""sub":"x""#,
        r#""exp":1800000100"#,
        r#""aud":"x""#,
        r#""iat":1800000001"#,
        r#""alg":"none""#,
        r#""crit":[]"#,
        r#""x":1.5"#,
        r#""exp":1.8e9"#,
        "\"\\u0065xp\":1800000200",
    ];
    let with_other = |text: String, chance: &mut Chance| match chance.below(3) {
        0 => text.replacen('{', &format!("{{{},", others[chance.below(others.len())]), 1),
        1 => text.replacen('}', &format!(",{}}}", others[chance.below(others.len())]), 1),
        _ => text,
    };
    let (mut both, mut only_theirs) = (0, 0);
    for _ in 0..tokens() {
        let (mut head, mut body) = (with_other(header(), &mut chance), with_other(claims(), &mut chance));
        if chance.below(4) == 0 {
            head = mutated(&head, &mut chance);
        }
        if chance.below(4) == 0 {
            body = mutated(&body, &mut chance);
        }
        let token = signed(&head, &body);
        match (judge(&token) == Verdict::Plays, theirs(&token)) {
            (true, Some(read)) => {
                both += 1;
                assert_eq!(read["sub"].as_str(), Some(video(1).as_str()), "{body}");
                assert!(read["exp"].as_i64().is_some_and(|exp| exp > NOW_SECS), "{body}");
            }
            (true, None) => panic!("accepted here and not there: {head}.{body}"),
            (false, Some(_)) => only_theirs += 1,
            (false, None) => {}
        }
    }
    println!("{both} accepted by both, {only_theirs} by the other alone");
    assert!(both > 100 && only_theirs > 100, "{both} {only_theirs}");
}
