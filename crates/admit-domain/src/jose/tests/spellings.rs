//! T17, T28–T33: one grant has one spelling.

use proptest::prelude::*;

use super::support::*;
use crate::limits::TOKEN_BYTES_MAX;

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn check_claims(id: &str, claims: impl AsRef<[u8]>) {
    assert_eq!(judge(&signed(header(), &claims)), Verdict::Invalid("claims"), "{id}: {:?}", claims.as_ref());
}

#[test]
fn t17_no_claim_is_said_twice() {
    let good = claims();
    for again in [
        format!(r#""sub":"{}""#, video(2)),
        format!(r#""sub":"{}""#, video(1)),
        r#""exp":1900000000"#.to_owned(),
        format!(r#""iat":{NOW_SECS}"#),
        r#""x":1,"x":1"#.to_owned(),
        r#""s\u0075b":"x""#.to_owned(),
        r#""x":{"y":1,"\u0079":1}"#.to_owned(),
    ] {
        check_claims("T17", good.replacen('{', &format!("{{{again},"), 1));
        check_claims("T17", format!("{},{again}}}", good.strip_suffix('}').unwrap()));
    }
}

#[test]
fn t28_t30_claims_are_one_object() {
    let good = claims();
    for text in [
        "null".to_owned(),
        "[]".to_owned(),
        "\"x\"".to_owned(),
        "1".to_owned(),
        String::new(),
        format!("[{good}]"),
        format!("{good}{good}"),
        format!("{good}x"),
        format!("{good}\n"),
        format!("\u{feff}{good}"),
        format!(" {good}"),
        good.replacen('{', "{/**/", 1),
        good.replacen('}', ",}", 1),
        good.replace('"', "'"),
        format!("{good}\0"),
        good.replacen('{', r#"{"x":"\ud800","#, 1),
        good.replacen('{', r#"{"x":"\udc00\ud800","#, 1),
    ] {
        check_claims("T28/T30", text);
    }
    for bytes in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"] {
        check_claims("T30", [br#"{"x":""#, bytes, br#"","#, &good.as_bytes()[1..]].concat());
    }
    // White space between tokens of JSON is no other spelling of the same token: it is another one, and signed.
    assert_eq!(judge(&signed(header(), good.replace(',', " ,\n"))), Verdict::Plays);
}

#[test]
fn t29_depth_and_length_are_bounded() {
    let nested = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    // Four deep is read, and then lacks its end.
    assert_eq!(judge(&signed(header(), nested(4))), Verdict::Invalid("exp"), "T29");
    for depth in [5, 200, 1_400] {
        check_claims("T29", nested(depth));
    }
    assert_eq!(judge(&signed(header(), nested(10_000))), Verdict::Invalid("token"), "T29");
    let padded = |letters: usize| signed(header(), with_claim("iss", Some(&format!("\"{}\"", "a".repeat(letters)))));
    let mut seen = [0, 0];
    for letters in 2_820..2_920 {
        let token = padded(letters);
        let is_short = token.len() <= TOKEN_BYTES_MAX;
        seen[usize::from(is_short)] += 1;
        assert_eq!(judge(&token), if is_short { Verdict::Plays } else { Verdict::Invalid("token") }, "{}", token.len());
    }
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
    assert_eq!(judge(&padded(1 << 20)), Verdict::Invalid("token"), "T29");
}

#[test]
fn t31_base64url_has_one_spelling() {
    let good = signed(header(), claims());
    let parts: Vec<&str> = good.split('.').collect();
    let mut siblings = 0;
    for index in 0..3 {
        let mut spelled = vec![];
        for noise in ["=", "==", "%3D", " ", "\r\n", "\n", "\0", "?", "+", "/", "\u{200b}", "A=", "é"] {
            spelled.push(format!("{}{noise}", parts[index]));
            spelled.push(format!("{noise}{}", parts[index]));
            spelled.push(format!("{}{noise}{}", &parts[index][..4], &parts[index][4..]));
        }
        // The same bytes, with bits set that no byte takes.
        let (rest, last) = parts[index].split_at(parts[index].len() - 1);
        let place = ALPHABET.iter().position(|letter| *letter == last.as_bytes()[0]).unwrap();
        let spare = [0, 0, 15, 3][parts[index].len() % 4];
        for other in (1..=spare).map(|bits| place ^ bits) {
            spelled.push(format!("{rest}{}", char::from(ALPHABET[other])));
            siblings += 1;
        }
        for part in spelled {
            let mut parts = parts.clone();
            parts[index] = &part;
            assert!(matches!(judge(&parts.join(".")), Verdict::Invalid(_)), "T31: part {index} {part:?}");
        }
    }
    assert!(siblings > 0, "no part of this token has spare bits");
    for token in [format!("{good}."), format!(".{good}"), good.replace('.', ".."), good.replacen('.', "%2E", 2)] {
        assert_ne!(judge(&token), Verdict::Plays, "T31 {token}");
    }
}

/// Tokens as others may sign them: every member in any order, with and without the optional ones.
fn any_token() -> impl Strategy<Value = String> {
    let header = Just(vec![r#""alg":"HS256""#.to_owned(), format!(r#""kid":"{}""#, kid(1))]).prop_shuffle();
    let claims = (1_i64..86_000, 0_i64..400, any::<bool>()).prop_flat_map(|(ends, ago, has_id)| {
        let mut claims = vec![
            format!(r#""sub":"{}""#, video(1)),
            format!(r#""iat":{}"#, NOW_SECS - ago),
            format!(r#""exp":{}"#, NOW_SECS + ends),
        ];
        claims.extend(has_id.then(|| r#""jti":"abc""#.to_owned()));
        Just(claims).prop_shuffle()
    });
    (header, claims)
        .prop_map(|(header, claims)| signed(format!("{{{}}}", header.join(",")), format!("{{{}}}", claims.join(","))))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn t32_no_byte_of_a_token_can_be_another(
        token in any_token(),
        at in any::<prop::sample::Index>(),
        letter in prop_oneof![3 => prop::sample::select(ALPHABET), 1 => 0_u8..0x80],
        way in 0_u8..3,
    ) {
        prop_assert_eq!(judge(&token), Verdict::Plays);
        let mut bytes = token.clone().into_bytes();
        let at = at.index(bytes.len());
        match way {
            0 => bytes[at] = letter,
            1 => bytes.insert(at, letter),
            _ => { bytes.remove(at); }
        }
        let mutated = String::from_utf8(bytes).unwrap();
        // What stands behind `&` is no part of the token.
        let shown = mutated.split('&').next().unwrap_or_default();
        prop_assert!(shown == token || judge(&mutated) != Verdict::Plays, "{}", mutated);
    }
}

proptest! {
    #[test]
    fn t41_no_text_breaks_the_reader(text in any::<String>(), parts in "[A-Za-z0-9_-]{0,40}[.][A-Za-z0-9_-]{0,40}[.][A-Za-z0-9_-]{0,40}") {
        prop_assert_ne!(judge(&text), Verdict::Plays);
        prop_assert_ne!(judge(&parts), Verdict::Plays);
        let _ = crate::jose::peek_subject(&text);
    }

    #[test]
    fn t41_no_signed_bytes_break_the_reader(head in any::<Vec<u8>>(), body in any::<Vec<u8>>()) {
        prop_assert_ne!(judge(&signed(&head, &body)), Verdict::Plays);
        prop_assert_ne!(judge(&signed(header(), &body)), Verdict::Plays);
    }
}

#[test]
fn t33_a_grant_has_no_alias() {
    let good = signed(header(), claims());
    let upper = good.to_uppercase();
    let percent = good.replacen('e', "%65", 1);
    for alias in [
        upper,
        good.to_lowercase(),
        percent,
        good.replace('-', "+").replace('_', "/") + "=",
        format!("Bearer%20{good}"),
    ] {
        assert!(alias == good || judge(&alias) != Verdict::Plays, "T33 {alias}");
    }
}
