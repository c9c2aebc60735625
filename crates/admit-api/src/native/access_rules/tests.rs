//! What is read, what is refused and by which name, and that nothing is lost on the way to the store and back.

use axum::{http::StatusCode, response::IntoResponse};
use serde_json::{Value, json};

use super::*;

fn body(rules: &Rules) -> Value {
    serde_json::to_value(AccessRulesBody::with_words(rules)).expect("JSON")
}

/// Names and details of the faults, in order.
async fn faults(body: &str) -> Vec<(String, String)> {
    let response = read(body.as_bytes()).expect_err(body).into_response();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    let problem: Value = serde_json::from_slice(&bytes).expect("JSON");
    let text = |problem: &Value, member: &str| problem[member].as_str().unwrap_or_default().to_owned();
    let of = |problem: &Value| (text(problem, "name"), text(problem, "detail"));
    problem["problems"].as_array().map_or_else(|| vec![of(&problem)], |all| all.iter().map(of).collect())
}

#[test]
fn everything_is_read_and_told_in_its_canonical_spelling() {
    let said = json!({
        "domains": ["*.B.example", "x.b.example", "a.example", "bücher.example"],
        "allowNoReferrer": true,
        "networks": ["fd00::/8", "10.1.0.0/16", "10.0.0.0/8", "::ffff:192.0.2.0/120"],
        "countries": {"only": ["FR", "BE", "FR"]},
        "agents": {"except": ["vlc", "curl"]},
        "rights": ["pictures", "watch"],
        "maxPlays": 3,
        "validFrom": "2026-11-01T01:00:00.250+01:00",
        "validUntil": "2026-12-01T00:00:00Z",
    });
    let rules = read(said.to_string().as_bytes()).expect("rules");
    let told = body(&rules);
    assert_eq!(
        told,
        json!({
            "domains": ["a.example", "*.b.example", "xn--bcher-kva.example"],
            "allowNoReferrer": true,
            "networks": ["10.0.0.0/8", "192.0.2.0/24", "fd00::/8"],
            "countries": {"only": ["BE", "FR"]},
            "agents": {"except": ["vlc", "curl"]},
            "rights": ["watch", "pictures"],
            "maxPlays": 3,
            "validFrom": "2026-11-01T00:00:00.25+00:00",
            "validUntil": "2026-12-01T00:00:00+00:00",
            "words": "Anyone may watch, on a.example, below b.example, xn--bcher-kva.example or where no site is named, \
                from 10.0.0.0/8, 192.0.2.0/24 or fd00::/8, in BE or FR, with any program but VLC and curl, \
                not before 2026-11-01 00:00:00.250 UTC, until 2026-12-01 00:00 UTC, at most 3 times; no download.",
        })
    );
    assert_eq!(read(told.to_string().as_bytes()).expect("what was told can be sent"), rules);
    let text = to_text(&rules).expect("text");
    assert!(!text.contains("words"), "{text}");
    assert_eq!(from_text(&text).expect("what was stored"), rules);
}

#[test]
fn without_demands_there_is_nothing_to_tell() {
    for empty in ["{}", r#"{"domains":null,"countries":null,"rights":null,"maxPlays":null,"allowNoReferrer":false}"#] {
        assert_eq!(read(empty.as_bytes()).expect("rules"), Rules::default());
    }
    assert_eq!(to_text(&Rules::default()).expect("text"), "{}");
    assert_eq!(body(&Rules::default()), json!({"words": "Anyone may watch."}));
    let all = read(br#"{"rights":["watch","pictures","download"]}"#).expect("rules");
    assert_eq!(all, Rules::default(), "all rights are no demand");
}

#[test]
fn what_rules_come_to_together_can_be_stored() {
    let of = |text: &str| read(text.as_bytes()).expect("rules");
    let one = of(r#"{"domains":["a.example"],"networks":["10.0.0.0/8"],"countries":{"only":["FR"]},"rights":["watch"],
        "agents":{"only":["vlc"]},"validFrom":"2026-12-01T00:00:00Z"}"#);
    let two = of(r#"{"domains":["b.example"],"networks":["::/0"],"countries":{"only":["BE"]},"rights":["download"],
        "agents":{"except":["vlc"]},"validUntil":"2026-11-01T00:00:00Z"}"#);
    let nothing = one.and(two);
    let text = to_text(&nothing).expect("text");
    assert!(text.contains(r#""domains":[]"#) && text.contains(r#""rights":[]"#), "{text}");
    assert_eq!(from_text(&text).expect("rules"), nothing);
}

#[tokio::test]
async fn faults_are_told_by_the_name_of_their_member() {
    let many = |text: &str, count: usize| format!("[{}]", vec![text; count].join(","));
    for (body, name, detail) in [
        (r#"{"domain":["a.example"]}"#, "domain", "There is no such access rule."),
        (r#"{"domains":"a.example"}"#, "domains", "This value must be a list of texts."),
        (r#"{"domains":[]}"#, "domains", "This list is empty."),
        (r#"{"domains":["https://a.example"]}"#, "domains", "\"https://a.example\" is not right: expected a domain"),
        (r#"{"domains":[7]}"#, "domains", "a list of texts"),
        (&format!(r#"{{"domains":{}}}"#, many("\"a.example\"", 21)), "domains", "20 elements or less"),
        (r#"{"domains":["a.example"],"allowNoReferrer":"yes"}"#, "allowNoReferrer", "true or false"),
        (r#"{"allowNoReferrer":true}"#, "allowNoReferrer", "there are none"),
        (r#"{"networks":["10.0.0.1/8"]}"#, "networks", "\"10.0.0.1/8\" is not right: expected a network"),
        (r#"{"networks":["10.0.0.1"]}"#, "networks", "expected a network"),
        (&format!(r#"{{"networks":{}}}"#, many("\"10.0.0.0/8\"", 101)), "networks", "100 elements or less"),
        (r#"{"countries":["FR"]}"#, "countries", "\"only\" or \"except\""),
        (r#"{"countries":{"only":["FR"],"except":["BE"]}}"#, "countries", "with one member"),
        (r#"{"countries":{"never":["FR"]}}"#, "countries", "with one member"),
        (r#"{"countries":{}}"#, "countries", "with one member"),
        (r#"{"countries":{"only":["UK"]}}"#, "countries", "\"UK\" is not right: expected the code of a country"),
        (r#"{"countries":{"except":[]}}"#, "countries", "This list is empty."),
        (&format!(r#"{{"countries":{{"only":{}}}}}"#, many("\"FR\"", 301)), "countries", "300 elements"),
        (r#"{"agents":{"only":["netscape"]}}"#, "agents", "expected one of chrome"),
        (r#"{"rights":["watch","edit"]}"#, "rights", "\"watch\", \"pictures\" and \"download\""),
        (r#"{"rights":[]}"#, "rights", "This list is empty."),
        (r#"{"maxPlays":0}"#, "maxPlays", "from 1 to 1000000"),
        (r#"{"maxPlays":1000001}"#, "maxPlays", "from 1 to 1000000"),
        (r#"{"maxPlays":-1}"#, "maxPlays", "from 1 to 1000000"),
        (r#"{"maxPlays":1.5}"#, "maxPlays", "from 1 to 1000000"),
        (r#"{"maxPlays":"3"}"#, "maxPlays", "from 1 to 1000000"),
        (r#"{"validFrom":1796083200}"#, "validFrom", "a date like"),
        (
            r#"{"validFrom":"2026-12-01T00:00:00Z","validUntil":"2026-12-01T01:00:00+01:00"}"#,
            "validUntil",
            "after validFrom",
        ),
    ] {
        let told = faults(body).await;
        assert!(told.len() == 1 && told[0].0 == name && told[0].1.contains(detail), "{body}: {told:?}");
    }
}

#[tokio::test]
async fn all_faults_are_told_at_once_and_long_texts_cut() {
    let long = "x".repeat(1_000);
    let told =
        faults(&format!(r#"{{"maxPlays":0,"networks":["{long}"],"zeal":1,"agents":{{"only":["a","b"]}}}}"#)).await;
    let names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["zeal", "networks", "agents", "agents", "maxPlays"]);
    assert!(told[1].1.len() < 200, "{:?}", told[1]);
}

#[tokio::test]
async fn dates_have_one_spelling() {
    for wrong in [
        "",
        "2026-12-01",
        "2026-12-01T00:00Z",
        "2026-12-01T00:00:00",
        "2026-12-01t00:00:00z",
        "2026-12-01 00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-12-01T24:00:00Z",
        "2026-12-01T00:00:00.Z",
        "2026-12-01T00:00:00.0000Z",
        "2026-12-01T00:00:00,5Z",
        "2026-12-01T00:00:00+01",
        "2026-12-01T00:00:00+0100",
        "2026-12-01T00:00:00Z[Europe/Paris]",
        "2026-12-01T00:00:00+01:00[Europe/Paris]",
        "1969-12-31T23:59:59Z",
        "+002026-12-01T00:00:00Z",
        "20261201T000000Z",
        " 2026-12-01T00:00:00Z",
        "2026-12-01T00:00:00Z ",
        "２026-12-01T00:00:00Z",
    ] {
        let told = faults(&json!({ "validUntil": wrong }).to_string()).await;
        assert_eq!(told[0].0, "validUntil", "{wrong:?}");
    }
    for (text, millis) in [
        ("2026-12-01T00:00:00Z", 1_796_083_200_000),
        ("2026-12-01T00:00:00.5Z", 1_796_083_200_500),
        ("2026-12-01T00:00:00.007+00:00", 1_796_083_200_007),
        ("2026-11-30T19:00:00-05:00", 1_796_083_200_000),
        ("1970-01-01T00:00:00Z", 0),
        ("9999-12-30T00:00:00Z", 253_402_128_000_000),
    ] {
        let rules = read(json!({ "validUntil": text }).to_string().as_bytes()).expect(text);
        assert_eq!(rules.valid_until.map(admit_domain::time::Timestamp::as_millis), Some(millis), "{text}");
        assert_eq!(from_text(&to_text(&rules).expect("text")).expect("rules"), rules, "{text}");
    }
}

#[tokio::test]
async fn what_is_said_twice_or_is_no_object_is_refused() {
    for body in [r#"{"maxPlays":1,"maxPlays":2}"#, "[]", "7", "", "{", r#"{"maxPlays":1}x"#] {
        assert_eq!(faults(body).await.len(), 1, "{body:?}");
    }
    for text in ["", "[]", r#"{"domain":["a.example"]}"#, r#"{"domains":["a.example/"]}"#, r#"{"maxPlays":0}"#] {
        let response = from_text(text).expect_err(text).into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{text:?} opens nothing");
    }
}
