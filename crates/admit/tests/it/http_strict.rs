//! What is refused before it is routed: paths, queries, hosts, methods, sizes (U06–U11, U14, U17).

use crate::support::{
    door::{Door, short},
    raw::say,
};

/// One request, and the one status it must get. `200` means that the service saw it.
async fn hold(door: &Door, rows: &[(&str, String, u16)]) {
    for (name, request, status) in rows {
        let before = door.seen().len();
        let heard = say(door.addr, request.as_bytes()).await;
        assert_eq!(heard.statuses(), [*status], "{name}: {heard:?}");
        assert!(heard.has("\r\nadmit-request-id: rq"), "{name}: {heard:?}");
        let reached = door.seen().len() > before;
        assert_eq!(reached, *status == 200, "{name} reached the service: {reached}");
        if *status != 200 {
            assert!(heard.has("\r\nconnection: close\r\n"), "{name}: {heard:?}");
            assert!(heard.has("application/problem+json"), "{name}: {heard:?}");
        }
    }
}

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
}

fn with(header: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{header}\r\n\r\n")
}

#[tokio::test]
async fn a_path_has_one_spelling() {
    let door = Door::open(short(), None).await;
    // U06 at each place a segment can have, and U08.
    let segments = [
        "..",
        ".",
        "%2e%2e",
        "%2E.",
        ".%2e",
        "..%2f",
        "..%5c",
        "a%2Fb",
        "a%5cb",
        "a%00",
        "%u002e",
        "%c0%ae",
        "a\\b",
        "%0d%0aX:1",
        "%09",
        "%7f",
        "%zz",
        "a%",
        "%54",
    ];
    let mut rows = Vec::new();
    for segment in segments {
        for target in
            [format!("/{segment}"), format!("/{segment}/b"), format!("/a/{segment}/b"), format!("/a/{segment}")]
        {
            rows.push(("segment", get(&target), 400));
        }
    }
    for target in ["/a//b", "//vod/vi1", "///videos", "/./", "/vod/%76i1"] {
        rows.push(("empty or needless", get(target), 400));
    }
    hold(&door, &rows).await;
    door.close().await;
}

#[tokio::test]
async fn what_is_only_unknown_is_left_to_the_router() {
    let door = Door::open(short(), None).await;
    let targets = ["/videos", "/videos/", "/%252e%252e", "/..;/a", "/a;b=c", "/a,b", "/a%20b", "/VOD/x", "/%ef%bc%8e"];
    let rows: Vec<_> = targets.iter().map(|target| (*target, get(target), 200)).collect();
    hold(&door, &rows).await;
    assert_eq!(door.seen()[0], "GET /videos");
    door.close().await;
}

#[tokio::test]
async fn every_mark_has_an_answer_with_a_name() {
    let door = Door::open(short(), None).await;
    for mark in (b'!'..=b'~').filter(u8::is_ascii_punctuation).map(char::from) {
        for target in [format!("/a{mark}b"), format!("/a?b{mark}c"), format!("http://a{mark}/"), format!("{mark}a")] {
            let heard = say(door.addr, get(&target).as_bytes()).await;
            assert!(heard.has("\r\nadmit-request-id: rq"), "{target}: {heard:?}");
            assert!(matches!(heard.statuses()[..], [200 | 400]), "{target}: {heard:?}");
        }
    }
    // What is after a mark that ends the path elsewhere is not dropped: it is refused.
    hold(&door, &[("fragment", get("/a#b"), 400), ("fragment in the query", get("/a?b#c"), 400)]).await;
    door.close().await;
}

#[tokio::test]
async fn the_node_clients_double_slash_is_read_as_one() {
    let door = Door::open(short(), None).await;
    hold(&door, &[("node", get("//videos/vi1?x=1"), 200)]).await;
    assert_eq!(door.seen(), ["GET /videos/vi1?x=1"]);
    door.close().await;
}

#[tokio::test]
async fn bytes_that_are_no_url_are_refused() {
    let door = Door::open(short(), None).await;
    for raw in [&b"/caf\xc3\xa9"[..], b"/\xff", b"/a?b=\xc3\xa9", b"/a\tb", b"/a\x7fb", b"/a\0b"] {
        let heard = say(door.addr, &[b"GET ", raw, b" HTTP/1.1\r\nHost: a\r\n\r\n"].concat()).await;
        assert_eq!(heard.statuses(), [400], "{raw:?}: {heard:?}");
    }
    assert_eq!(door.seen(), [""; 0]);
    door.close().await;
}

#[tokio::test]
async fn a_credential_in_the_query_has_one_reading() {
    let door = Door::open(short(), None).await;
    let many = (0..1_000).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&");
    hold(
        &door,
        &[
            ("two", get("/a?token=a&token=b"), 400),
            ("array", get("/a?token[]=a"), 400),
            ("case", get("/a?TOKEN=a"), 400),
            ("escaped name", get("/a?%74oken=a"), 400),
            ("one", get("/a?token=a;token=b"), 200),
            ("empty", get("/a?token&avh="), 200),
            ("plus", get("/a?token=+%2B&amp;x"), 200),
            ("many", get(&format!("/a?{many}")), 200),
        ],
    )
    .await;
    door.close().await;
}

#[tokio::test]
async fn sizes_are_exact() {
    let door = Door::open(short(), None).await;
    let target = |bytes: usize| get(&format!("/{}", "a".repeat(bytes - 1)));
    let headers = |count: usize| with(&(0..count - 2).map(|n| format!("X-{n}: 1")).collect::<Vec<_>>().join("\r\n"));
    let head_of = |bytes: usize| {
        let rest = with("X: ").len();
        with(&format!("X: {}", "a".repeat(bytes - rest)))
    };
    assert_eq!(head_of(16_384).len(), 16_384);
    let cookies = vec!["Cookie: a=b"; 200].join("\r\n");
    hold(
        &door,
        &[
            ("8192", target(8_192), 200),
            ("8193", target(8_193), 414),
            ("70000", target(70_000), 414),
            ("100", headers(100), 200),
            ("101", headers(101), 431),
            ("cookies", with(&cookies), 431),
            ("16 KiB", head_of(16_384), 200),
            ("16 KiB + 1", head_of(16_385), 431),
            ("500 KiB", head_of(500 * 1_024), 431),
        ],
    )
    .await;
    door.close().await;
}

#[tokio::test]
async fn a_request_names_one_host() {
    let door = Door::open(short(), None).await;
    let host = |line: &str| format!("GET / HTTP/1.1\r\n{line}\r\n");
    let bad = ["", "a,b", "a/evil?x", "a b", "a:99999", "a:0", "u@a", "[::1", "[::g]", "a%41"];
    let mut rows: Vec<_> = bad.iter().map(|bad| (*bad, host(&format!("Host: {bad}\r\n")), 400)).collect();
    rows.extend([
        ("missing", host(""), 400),
        ("missing in 1.0", "GET / HTTP/1.0\r\n\r\n".to_owned(), 400),
        ("two", host("Host: a\r\nHost: a\r\n"), 400),
        ("absolute, other", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 400),
        ("absolute, user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 400),
        ("absolute, same", "GET http://A/x HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 200),
        ("name and port", host("Host: video.example.org:8080\r\n"), 200),
        ("IPv6", host("Host: [::1]:80\r\n"), 200),
        ("forwarded is not Host", host("Host: a\r\nX-Forwarded-Host: evil\r\nForwarded: host=evil\r\n"), 200),
    ]);
    hold(&door, &rows).await;
    door.close().await;
}

#[tokio::test]
async fn methods_and_wishes_that_nobody_here_has() {
    let door = Door::open(short(), None).await;
    let method = |method: &str| format!("{method} / HTTP/1.1\r\nHost: a\r\n\r\n");
    let strange = [
        "TRACE",
        "get",
        "Get",
        "PROPFIND",
        "PROPPATCH",
        "MKCOL",
        "COPY",
        "MOVE",
        "LOCK",
        "UNLOCK",
        "LINK",
        "PURGE",
        "SEARCH",
        "REPORT",
        "ACL",
        "BIND",
        "MERGE",
        "NOTIFY",
        "SUBSCRIBE",
        "DEBUG",
        "TRACK",
        "QUERY",
        "PRI",
        "X",
        "REFUSED-nothing",
    ];
    let mut rows: Vec<_> = strange.iter().map(|name| (*name, method(name), 405)).collect();
    rows.extend(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map(|name| (name, method(name), 200)));
    rows.extend([
        ("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n".to_owned(), 405),
        ("asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 400),
        ("a stranger's refusal", method("REFUSED-chunk"), 400),
        ("compressed body", with("Content-Encoding: gzip"), 415),
        ("compressed twice", with("Content-Encoding: identity, gzip"), 415),
        ("not compressed", with("Content-Encoding: identity"), 200),
        ("expectation", with("Expect: x"), 417),
        ("early data", with("Early-Data: 1"), 425),
        ("upgrade", with("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk"), 200),
    ]);
    hold(&door, &rows).await;
    door.close().await;
}

#[tokio::test]
async fn a_panic_is_an_answer() {
    let door = Door::open(short(), None).await;
    let heard = say(door.addr, get("/panic").as_bytes()).await;
    assert_eq!(heard.statuses(), [500]);
    assert!(!heard.has("as the story wants it"), "a viewer learns nothing of it");
    let heard = say(door.addr, get("/").as_bytes()).await;
    assert_eq!(heard.statuses(), [200], "and the listener lives");
    door.close().await;
}
