//! T01, T18–T26: a token that is signed as it should be, and what its claims must say.

use super::support::*;

fn check(id: &str, claims: &str, expected: Verdict) {
    assert_eq!(judge(&signed(header(), claims)), expected, "{id}: {claims}");
}

/// One claim spelled in each of these ways, and what comes of it.
fn check_claim(id: &str, name: &'static str, cases: &[(Option<&str>, Verdict)]) {
    for (spelled, expected) in cases {
        check(id, &with_claim(name, *spelled), *expected);
    }
}

#[test]
fn t01_a_good_token_plays() {
    check("T01", &claims(), Verdict::Plays);
    check("T01", &with_claim("jti", Some("\"a name of its own\"")), Verdict::Plays);
    check("T01", &with_claim("iss", Some("\"https://shop.example\"")), Verdict::Plays);
}

#[test]
fn t18_t19_an_end_is_an_integer() {
    let wrong = Verdict::Invalid("exp");
    for spelled in [
        "null",
        "true",
        "\"123\"",
        "\"1800000300\"",
        "\"\"",
        "[]",
        "{}",
        "[1800000300]",
        "123.0",
        "1800000300.0",
        "1800000300.5",
        "18000003e2",
        "1.8000003e9",
        "1e12",
        "1E400",
        "-0",
        "-1",
        "0",
        "2147483648",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "253402300800",
    ] {
        // 2^31 and others are in range and past the longest life.
        check("T18/T19", &with_claim("exp", Some(spelled)), wrong);
    }
    check("T18", &with_claim("exp", None), wrong);
    check("T19", &with_claim("exp", Some(&"1".repeat(400))), wrong);
    for spelled in ["01800000300", "+1800000300", "NaN", "Infinity", "0x6b49d3ac", "1_800_000_300"] {
        check("T19", &with_claim("exp", Some(spelled)), Verdict::Invalid("claims"));
    }
}

#[test]
fn t20_t21_a_token_ends() {
    let with_end = |seconds: i64| with_claim("exp", Some(&(NOW_SECS + seconds).to_string()));
    for (seconds, expected) in [
        (-1, Verdict::Invalid("exp")),
        (0, Verdict::Invalid("exp")),
        (1, Verdict::Plays),
        (86_400, Verdict::Plays),
        (86_401, Verdict::Invalid("exp")),
        (3_155_760_000, Verdict::Invalid("exp")),
    ] {
        check("T20/T21", &with_end(seconds), expected);
    }
}

#[test]
fn t22_a_token_was_issued() {
    let at = |seconds: i64| (NOW_SECS + seconds).to_string();
    let wrong = Verdict::Invalid("iat");
    check_claim(
        "T22",
        "iat",
        &[
            (None, wrong),
            (Some("\"1800000000\""), wrong),
            (Some("1800000000.0"), wrong),
            (Some("null"), wrong),
            (Some("-1"), wrong),
            (Some("0"), Verdict::Invalid("exp")),
            (Some(&at(29)), Verdict::Plays),
            (Some(&at(30)), Verdict::Plays),
            (Some(&at(31)), wrong),
            (Some(&at(301)), wrong),
        ],
    );
    for (issued, expected) in [(10, Verdict::Plays), (11, wrong), (20, wrong)] {
        let claims = format!(r#"{{"sub":"{}","iat":{},"exp":{}}}"#, video(1), NOW_SECS + issued, NOW_SECS + 10);
        check("T22", &claims, expected);
    }
}

#[test]
fn t23_a_token_begins() {
    let at = |seconds: i64| (NOW_SECS + seconds).to_string();
    let wrong = Verdict::Invalid("nbf");
    check_claim(
        "T23",
        "nbf",
        &[
            (None, Verdict::Plays),
            (Some("0"), Verdict::Plays),
            (Some(&at(29)), Verdict::Plays),
            (Some(&at(30)), Verdict::Plays),
            (Some(&at(31)), wrong),
            (Some("\"0\""), wrong),
            (Some("0.0"), wrong),
            (Some("-1"), wrong),
            (Some("null"), wrong),
            (Some(&at(301)), wrong),
        ],
    );
    for (begins, expected) in [(10, Verdict::Plays), (11, wrong), (20, wrong)] {
        let claims =
            format!(r#"{{"sub":"{}","iat":{NOW_SECS},"nbf":{},"exp":{}}}"#, video(1), NOW_SECS + begins, NOW_SECS + 10);
        check("T23", &claims, expected);
    }
}

#[test]
fn t24_t25_a_subject_is_the_id_of_a_video() {
    let wrong = Verdict::Invalid("sub");
    let id = video(1).to_string();
    let list = format!("[\"{id}\"]");
    check_claim(
        "T24",
        "sub",
        &[
            (None, wrong),
            (Some("null"), wrong),
            (Some("1"), wrong),
            (Some("\"\""), wrong),
            (Some("{}"), wrong),
            (Some(&list), wrong),
        ],
    );
    let cyrillic = id.replacen('i', "і", 1);
    for spelled in [
        format!("{id}\\u0000"),
        format!("\\u0000{id}"),
        format!(" {id}"),
        format!("{id} "),
        format!("{id}\\n"),
        id.to_uppercase(),
        id.replacen('v', "V", 1),
        format!("{id}/"),
        format!("../{id}"),
        format!("./{id}"),
        format!("{id}%00"),
        format!("%76{}", &id[1..]),
        format!("{id}e\\u0301"),
        format!("{id}é"),
        cyrillic,
        id.replacen('v', "\u{ff56}", 1),
        format!("{id}\u{200d}"),
        format!("\u{200d}{id}"),
        format!("\u{202e}{id}"),
        format!("\u{feff}{id}"),
        id[..23].to_owned(),
        format!("{id}1"),
        "*".to_owned(),
        "vi*".to_owned(),
    ] {
        check("T25", &with_claim("sub", Some(&format!("\"{spelled}\""))), wrong);
    }
    // An escape in a value is spelling of JSON, and means what it says.
    check("T25", &with_claim("sub", Some(&format!("\"\\u0076{}\"", &id[1..]))), Verdict::Plays);
}

#[test]
fn t26_a_token_for_another_video_says_so() {
    check("T26", &with_claim("sub", Some(&format!("\"{}\"", video(2)))), Verdict::OtherVideo);
    // Only where all else is right: whoever forges learns nothing.
    let stale = format!(r#"{{"sub":"{}","iat":{},"exp":{}}}"#, video(2), NOW_SECS - 60, NOW_SECS - 1);
    check("T26", &stale, Verdict::Invalid("exp"));
    let other = signed_with(&[1; 32], header(), with_claim("sub", Some(&format!("\"{}\"", video(2)))));
    assert_eq!(judge(&other), Verdict::Invalid("signature"));
}

#[test]
fn t27_a_claim_that_is_not_known_is_refused() {
    for name in
        ["aud", "ip", "domain", "countries", "rights", "once", "max_plays", "scope", "azp", "cnf", "crit", "kid"]
    {
        check("T27", &with_claim(name, Some("\"x\"")), Verdict::Invalid("claims"));
        check("T27", &with_claim(name, Some("null")), Verdict::Invalid("claims"));
    }
}
