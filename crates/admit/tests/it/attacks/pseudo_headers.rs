//! HTTP/2 heads that would be another request in HTTP/1 (U28): none reaches a handler.

use crate::support::{
    door::{Door, short},
    frames::{Client, END_HEADERS, END_STREAM, GOAWAY, HEADERS, RST_STREAM, block, request},
};

const METHOD: (&str, &str) = (":method", "GET");
const SCHEME: (&str, &str) = (":scheme", "http");
const PATH: (&str, &str) = (":path", "/");
const AUTHORITY: (&str, &str) = (":authority", "a");

/// A well-formed head but for one field.
fn of_one_odd_field() -> Vec<(String, Vec<u8>)> {
    let mut rows: Vec<(String, Vec<u8>)> = Vec::new();
    for path in [
        "/a b",
        "/a HTTP/1.1\r\nHost: b",
        "/a\r\n\r\nGET /canary",
        "/a\nb",
        "/a\0",
        "/a\u{7f}",
        "/caf\u{e9}",
        "http://b/",
        "/a//b",
        "",
        "a",
        "*",
        "/a\\b",
        "/a/../b",
        "/%2e%2e/b",
    ] {
        rows.push((format!("path {path:?}"), request(path, "a", &[])));
    }
    for authority in ["", "a b", "a/b", "a,b", "u@a", "a:99999", "a\r\nX: b", "[::1", "a\0"] {
        rows.push((format!("authority {authority:?}"), request("/", authority, &[])));
    }
    for (name, value) in [
        ("transfer-encoding", "chunked"),
        ("connection", "close"),
        ("keep-alive", "5"),
        ("proxy-connection", "close"),
        ("upgrade", "h2c"),
        ("te", "gzip"),
        ("host", "b"),
        ("X-Upper", "a"),
        ("x y", "a"),
        ("x:y", "a"),
        ("x\r\ny", "a"),
        ("x\0", "a"),
        ("", "a"),
        ("x", "a\r\nb: c"),
        ("x", "a\nb"),
        ("x", "a\0b"),
        ("content-length", "5"),
        ("content-length", "+0"),
        (":path", "/canary"),
        (":status", "200"),
        (":unknown", "a"),
        ("early-data", "1"),
    ] {
        rows.push((format!("{name:?}: {value:?}"), request("/", "a", &[(name, value)])));
    }
    rows
}

/// Fields that are missing, doubled or out of order.
fn of_odd_order() -> Vec<(String, Vec<u8>)> {
    [
        ("two methods", vec![METHOD, METHOD, SCHEME, PATH, AUTHORITY]),
        ("two paths", vec![METHOD, SCHEME, PATH, PATH, AUTHORITY]),
        ("two authorities", vec![METHOD, SCHEME, PATH, AUTHORITY, (":authority", "b")]),
        ("two lengths", vec![METHOD, SCHEME, PATH, AUTHORITY, ("content-length", "0"), ("content-length", "1")]),
        ("no method", vec![SCHEME, PATH, AUTHORITY]),
        ("no scheme", vec![METHOD, PATH, AUTHORITY]),
        ("no path", vec![METHOD, SCHEME, AUTHORITY]),
        ("no authority", vec![METHOD, SCHEME, PATH]),
        ("a pseudo-header behind others", vec![METHOD, SCHEME, PATH, ("x", "a"), AUTHORITY]),
        ("a method with a space", vec![(":method", "GET /canary"), SCHEME, PATH, AUTHORITY]),
        ("a method in lower case", vec![(":method", "get"), SCHEME, PATH, AUTHORITY]),
        ("a tunnel", vec![(":method", "CONNECT"), (":authority", "a:443")]),
        ("another protocol", vec![(":method", "CONNECT"), (":protocol", "websocket"), SCHEME, PATH, AUTHORITY]),
        ("a trace", vec![(":method", "TRACE"), SCHEME, PATH, AUTHORITY]),
    ]
    .map(|(name, fields)| (name.to_owned(), block(&fields)))
    .into()
}

#[tokio::test]
async fn no_head_is_read_as_two_requests() {
    let door = Door::open(short(), None).await;
    for (name, head) in of_one_odd_field().into_iter().chain(of_odd_order()) {
        let mut client = Client::connect(door.addr, &[]).await;
        client.send(HEADERS, END_STREAM | END_HEADERS, 1, &head).await;
        let answered = first_answer(&mut client).await;
        assert!(answered != Some(200), "{name}");
    }
    assert_eq!(door.seen(), [""; 0]);
    door.close().await;
}

/// The control: what is well-formed is seen, and `te: trailers` is.
#[tokio::test]
async fn a_plain_head_is_read() {
    let door = Door::open(short(), None).await;
    for head in [block(&[METHOD, SCHEME, PATH, AUTHORITY]), request("/", "a", &[("te", "trailers"), ("host", "a")])] {
        let mut client = Client::connect(door.addr, &[]).await;
        client.send(HEADERS, END_STREAM | END_HEADERS, 1, &head).await;
        assert_eq!(first_answer(&mut client).await, Some(200));
    }
    door.close().await;
}

/// The status of the first answer, if there is one that HPACK gives a single byte; 0 for another.
async fn first_answer(client: &mut Client) -> Option<u16> {
    while let Some(frame) = client.next().await {
        match frame.kind {
            HEADERS => return Some(frame.status().unwrap_or(0)),
            RST_STREAM | GOAWAY => return None,
            _ => {}
        }
    }
    None
}
