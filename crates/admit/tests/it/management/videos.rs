//! A video is made, read, changed and deleted, and each fault is told by its name.

use http::Method;
use serde_json::{Value, json};

use super::expect_problem;
use crate::house::{Answer, House, on_both};

on_both! {
    a_video_is_made_read_changed_and_deleted,
    faults_are_told_by_their_names,
    a_body_too_large_is_a_problem_like_any_other,
    strange_texts_come_back_as_they_were,
    addresses_and_methods_that_are_none,
}

/// The members api.video declares; typed clients stop at any other.
const DECLARED: [&str; 22] = [
    "videoId",
    "createdAt",
    "title",
    "description",
    "publishedAt",
    "updatedAt",
    "discardedAt",
    "deletesAt",
    "discarded",
    "language",
    "languageOrigin",
    "tags",
    "metadata",
    "source",
    "assets",
    "playerId",
    "public",
    "panoramic",
    "mp4Support",
    "transcript",
    "transcriptSummary",
    "transcriptSummaryAttributes",
];

fn expect_declared(video: &Value) {
    for (name, value) in members_of(video) {
        assert!(DECLARED.contains(&name), "{name} is not declared: {video}");
        assert!(!value.is_null(), "{name} is null");
    }
    for date in ["createdAt", "updatedAt"] {
        let text = video[date].as_str().unwrap();
        assert!(text.len() == 25 && text.ends_with("+00:00"), "{date} is {text}");
    }
}

fn members_of(video: &Value) -> impl Iterator<Item = (&str, &Value)> {
    video.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value))
}

async fn a_video_is_made_read_changed_and_deleted(house: &mut House) {
    let customer = house.customer().await;
    let made = customer.post("/videos", &json!({ "title": "first" })).await.expect(201);
    assert_eq!(made.header("content-type"), Some("application/json"), "with no parameter");
    let video = made.json();
    expect_declared(&video);
    let defaults = json!({ "title": "first", "description": "", "public": true, "panoramic": false, "mp4Support": true,
        "tags": [], "metadata": [] });
    for (name, value) in members_of(&defaults) {
        assert_eq!(&video[name], value, "{name}");
    }
    let id = made.text_at("/videoId");
    let path = format!("/videos/{id}");
    assert_eq!(video["source"], json!({ "type": "upload", "uri": format!("{path}/source") }));
    assert_eq!(video["assets"]["hls"], format!("{}/vod/{id}/hls/manifest.m3u8", customer.origin));
    assert_eq!(customer.get(&path).await.expect(200).json(), video);

    let player = customer.post("/players", &json!({})).await.expect(201).text_at("/playerId");
    let change = json!({ "title": "second", "description": "d", "public": false, "panoramic": true, "mp4Support": false,
        "playerId": player, "tags": ["a", "b"], "metadata": [{ "key": "k", "value": "v" }], "language": "fr" });
    let changed = customer.patch(&path, &change).await.expect(200);
    assert_eq!(changed.header("content-type"), Some("application/json"));
    for (name, value) in members_of(&change) {
        assert_eq!(&changed.json()[name], value, "{name}");
    }
    expect_declared(&changed.json());
    assert!(changed.json()["assets"]["mp4"].is_null(), "not offered, so not named");
    let token = |answer: &Answer| answer.text_at("/assets/player").split_once("?token=").unwrap().1.to_owned();
    let (one, other) = (customer.get(&path).await, customer.get(&path).await);
    assert_ne!(token(&one), token(&other), "each read mints another token");
    for name in ["iframe", "player", "hls", "thumbnail"] {
        assert!(one.json()["assets"][name].as_str().unwrap().contains(&token(&one)), "{name} carries the one token");
    }
    assert!(token(&one).chars().all(|c| matches!(c, '0'..='9' | 'a'..='f' | '-')), "lower-case UUID");

    let nothing = customer.patch(&path, &json!({})).await.expect(200);
    assert_eq!(nothing.json()["tags"], json!(["a", "b"]), "what is not said stays");
    let cleared = customer.patch(&path, &json!({ "tags": [], "metadata": [], "playerId": null })).await.expect(200);
    assert_eq!((&cleared.json()["tags"], &cleared.json()["metadata"]), (&json!([]), &json!([])));
    assert!(cleared.json()["playerId"].is_null());

    let deleted = customer.delete(&path).await.expect(204);
    assert_eq!((deleted.header("content-type"), deleted.body.len()), (None, 0), "nothing, and nothing said of it");
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        let request = customer.request(method.clone(), &path).json(&json!({}));
        let gone = expect_problem(Answer::to(format!("{method} {path}"), request).await, 404, "resource-not-found");
        assert_eq!(gone.text_at("/name"), "videoId");
    }
    assert_eq!(customer.get("/videos").await.expect(200).json()["pagination"]["itemsTotal"], 0);
}

async fn faults_are_told_by_their_names(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create(&json!({ "title": "untouched" })).await;
    let path = format!("/videos/{video}");
    let missing = expect_problem(customer.post("/videos", &json!({})).await, 400, "attribute-required");
    assert_eq!(missing.text_at("/name"), "title");
    let attributes = [
        (json!({ "title": "x".repeat(2_000) }), "title"),
        (json!({ "title": "a\u{0}b" }), "title"),
        (json!({ "title": "x", "description": "x".repeat(20_000) }), "description"),
        (json!({ "title": "x", "tags": vec!["a"; 101] }), "tags"),
        (json!({ "title": "x", "tags": ["x".repeat(256)] }), "tags"),
        (json!({ "title": "x", "metadata": [{ "key": "x".repeat(2_000), "value": "" }] }), "metadata"),
        (json!({ "title": "x", "source": "ftp://video.example/film.mp4" }), "source"),
        (json!({ "title": "x", "playerId": "pl1" }), "playerId"),
        (json!({ "title": "x", "playerId": format!("pl{}", "0".repeat(22)) }), "playerId"),
    ];
    for (body, name) in &attributes {
        let refused = expect_problem(customer.post("/videos", body).await, 400, "invalid-attribute");
        assert_eq!(refused.text_at("/name"), *name);
        assert!(refused.json()["detail"].is_string());
    }
    let several = customer.post("/videos", &json!({ "title": "\u{0}", "description": "\u{0}" })).await;
    let several = expect_problem(several, 400, "invalid-attribute").json();
    let names: Vec<_> = several["problems"].as_array().unwrap().iter().map(|problem| &problem["name"]).collect();
    assert_eq!(names, ["title", "description"]);
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"title\"",
        "{\"title\":1}",
        "{\"title\":\"x\",\"public\":\"yes\"}",
        "{\"title\":\"x\",\"tags\":{}}",
    ] {
        for (method, path) in [(Method::POST, "/videos"), (Method::PATCH, path.as_str())] {
            let request = customer.request(method, path).body(body);
            expect_problem(Answer::to(format!("{path} {body}"), request).await, 400, "invalid-payload");
        }
    }
    let all = customer.get("/videos").await.expect(200).json();
    assert_eq!((&all["pagination"]["itemsTotal"], &all["data"][0]["title"]), (&json!(1), &json!("untouched")));
    // Members nobody declared change nothing (A11).
    let extra = json!({ "title": "x", "videoId": "viX", "projectId": "prX", "createdAt": "1999-01-01T00:00:00+00:00",
        "publishedAt": "1999-01-01T00:00:00+00:00", "__proto__": { "public": true }, "assets": {} });
    let made = customer.post("/videos", &extra).await.expect(201).json();
    assert!(made["videoId"] != "viX" && made["publishedAt"].is_null() && made["projectId"].is_null(), "{made}");
}

async fn a_body_too_large_is_a_problem_like_any_other(house: &mut House) {
    let customer = house.customer().await;
    let request = customer.request(Method::POST, "/videos").body(" ".repeat(300_000));
    let large = Answer::to("a large body".to_owned(), request.header("connection", "close")).await;
    expect_problem(large, 413, "invalid-payload");
    assert_eq!(customer.get("/videos").await.expect(200).json()["pagination"]["itemsTotal"], 0);
}

async fn strange_texts_come_back_as_they_were(house: &mut House) {
    let customer = house.customer().await;
    let texts = [
        "",
        " ",
        "<script>alert(1)</script>",
        "\"'`;--",
        "' OR '1'='1",
        "%00%0d%0a",
        "a\r\nSet-Cookie: x=1",
        "\u{1f3ac}\u{200d}",
        "\u{202e}txt.exe",
        "\u{feff}",
        "e\u{301}",
        "\u{e9}",
        "\\u0000",
        "{{7*7}}",
        "../../etc/passwd",
        "%s%n",
        "NULL",
    ];
    for text in texts {
        let about =
            json!({ "title": text, "description": text, "tags": [text], "metadata": [{ "key": text, "value": text }] });
        let made = customer.post("/videos", &about).await.expect(201);
        let read = customer.get(&format!("/videos/{}", made.text_at("/videoId"))).await.expect(200);
        for answer in [made, read] {
            for (name, value) in members_of(&about) {
                assert_eq!(&answer.json()[name], value, "{text:?} as {name}");
            }
            assert_eq!(answer.header("set-cookie"), None);
        }
    }
}

async fn addresses_and_methods_that_are_none(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create(&json!({ "title": "x" })).await;
    for path in [
        "/",
        "/nothing",
        "/videos/",
        "/Videos",
        "/video",
        "/videos/x/y/z",
        "/admin",
        "/metrics",
        "/debug/pprof",
        "/.env",
    ] {
        expect_problem(customer.get(path).await, 404, "unrecognized-request-url");
        expect_problem(house.viewer().get(path).await, 404, "unrecognized-request-url");
    }
    for id in ["viX", "vi000000000000000000000", "li0000000000000000000000", "..vi", "%20", "vi%C3%A9"] {
        let nowhere = expect_problem(customer.get(&format!("/videos/{id}")).await, 404, "resource-not-found");
        assert_eq!(nowhere.text_at("/name"), "videoId");
    }
    let wrong = [
        (Method::DELETE, "/videos".to_owned()),
        (Method::PUT, format!("/videos/{video}")),
        (Method::POST, format!("/videos/{video}")),
        (Method::GET, format!("/videos/{video}/source")),
        (Method::DELETE, format!("/videos/{video}/status")),
        (Method::POST, "/sessions".to_owned()),
        (Method::GET, "/auth/refresh".to_owned()),
    ];
    for (method, path) in wrong {
        let answer = Answer::to(format!("{method} {path}"), customer.request(method, &path)).await;
        let refused = expect_problem(answer, 405, "method-not-allowed");
        assert!(refused.header("allow").is_some(), "{path}: it says which");
    }
    // A base address with a slash at its end.
    assert_eq!(customer.get("//videos").await.expect(200).json()["pagination"]["itemsTotal"], 1);
    customer.get(&format!("//videos/{video}")).await.expect(200);
    customer.get(&format!("//videos/{video}/status")).await.expect(200);
    house.viewer().get("//videos").await.expect(401);
    customer.get(&format!("/videos//{video}")).await.expect(400);
    customer.get("///videos").await.expect(400);
}
