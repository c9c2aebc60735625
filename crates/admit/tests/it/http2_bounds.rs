//! HTTP/2: the settings are pinned, floods end the connection, and the strict check holds there too (U25, U26, U28, U29).

use std::time::Duration;

use admit::listener::Limits;
use tokio::time::Instant;

use crate::support::{
    door::{Door, short},
    frames::{
        CONTINUATION, Client, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, RST_STREAM, SETTINGS, block,
        request,
    },
};

const LONG: Duration = Duration::from_secs(30);
const CANCEL: &[u8] = &8_u32.to_be_bytes();
const REFUSED_STREAM: &[u8] = &7_u32.to_be_bytes();

/// Waits long enough that only the bound under test can end a connection.
fn patient() -> Limits {
    Limits { header_read: LONG, keep_alive_idle: LONG, write_stall: LONG, drain: Duration::from_millis(100), ..short() }
}

#[tokio::test]
async fn the_settings_are_pinned() {
    let door = Door::open(short(), None).await;
    let mut client = Client::connect(door.addr, &[]).await;
    let settings = client.next_of(SETTINGS).await.unwrap().payload;
    let value = |id: u16| {
        let entry = settings.chunks_exact(6).find(|entry| entry[..2] == id.to_be_bytes())?;
        Some(u32::from_be_bytes(entry[2..].try_into().unwrap()))
    };
    assert_eq!(value(3), Some(100), "MAX_CONCURRENT_STREAMS");
    assert_eq!(value(4), Some(1_024 * 1_024), "INITIAL_WINDOW_SIZE");
    assert_eq!(value(6), Some(16 * 1_024), "MAX_HEADER_LIST_SIZE");
    assert_eq!(value(8), None, "ENABLE_CONNECT_PROTOCOL");
    door.close().await;
}

#[tokio::test]
async fn a_rapid_reset_ends_the_connection() {
    let door = Door::open(patient(), None).await;
    let mut client = Client::connect(door.addr, &[]).await;
    for n in 0..5_000 {
        let stream = 2 * n + 1;
        let taken = client.send(HEADERS, END_STREAM | END_HEADERS, stream, &request("/slow", "a", &[])).await
            && client.send(RST_STREAM, 0, stream, CANCEL).await;
        if !taken {
            break;
        }
    }
    client.rest().await;
    assert!(door.seen().len() < 1_000, "{} of 5000 reached the service", door.seen().len());
    door.close().await;
}

#[tokio::test]
async fn a_hundred_and_first_stream_is_refused() {
    let door = Door::open(patient(), None).await;
    let mut client = Client::connect(door.addr, &[]).await;
    client.next_of(SETTINGS).await.unwrap();
    for n in 0..101 {
        client.get(2 * n + 1, "/slow").await;
    }
    let reset = client.next_of(RST_STREAM).await.unwrap();
    assert_eq!((reset.stream, &reset.payload[..]), (201, REFUSED_STREAM));
    for _ in 0..100 {
        assert_eq!(client.next_of(HEADERS).await.unwrap().status(), Some(200));
    }
    assert_eq!(door.seen().len(), 100);
    door.close().await;
}

#[tokio::test]
async fn floods_end_the_connection() {
    let door = Door::open(patient(), None).await;
    let mut client = Client::connect(door.addr, &[]).await;
    client.send(HEADERS, END_STREAM, 1, &request("/", "a", &[])).await;
    for _ in 0..10_000 {
        if !client.send(CONTINUATION, 0, 1, &block(&[("x", &"a".repeat(1_000))])).await {
            break;
        }
    }
    client.rest().await;
    assert_eq!(door.seen(), [""; 0], "headers without an end");
    door.close().await;
}

#[tokio::test]
async fn too_large_a_header_list_is_refused() {
    let door = Door::open(patient(), None).await;
    let mut client = Client::connect(door.addr, &[]).await;
    let large = "a".repeat(1_000);
    let many: Vec<_> = (0..15).map(|_| ("x", large.as_str())).collect();
    let mut long = request("/", "a", &many);
    let rest = long.split_off(10_000);
    client.send(HEADERS, END_STREAM, 1, &long).await;
    client.send(CONTINUATION, END_HEADERS, 1, &rest).await;
    assert_eq!(client.next_of(HEADERS).await.unwrap().status(), Some(200), "15 KiB");
    let many: Vec<_> = (0..17).map(|_| ("x", large.as_str())).collect();
    let mut long = request("/", "a", &many);
    let rest = long.split_off(10_000);
    client.send(HEADERS, END_STREAM, 3, &long).await;
    client.send(CONTINUATION, END_HEADERS, 3, &rest).await;
    assert_ne!(client.next_of(HEADERS).await.unwrap().status(), Some(200), "17 KiB");
    assert_eq!(door.seen().len(), 1);
    door.close().await;
}

#[tokio::test]
async fn a_connection_that_asks_nothing_is_closed() {
    let door = Door::open(Limits { header_read: Duration::from_millis(200), ..patient() }, None).await;
    let begun = Instant::now();
    let frames = Client::connect(door.addr, &[]).await.rest().await;
    assert!(frames.iter().any(|frame| frame.kind == GOAWAY), "{frames:?}");
    assert!(begun.elapsed() < Duration::from_secs(2));
    door.close().await;

    let door = Door::open(Limits { keep_alive_idle: Duration::from_millis(300), ..patient() }, None).await;
    let mut client = Client::connect(door.addr, &[]).await;
    client.get(1, "/").await;
    let frames = client.rest().await;
    assert!(frames.iter().any(|frame| frame.kind == HEADERS && frame.status() == Some(200)), "{frames:?}");
    door.close().await;
}

#[tokio::test]
async fn a_window_that_never_opens_ends_the_connection() {
    let door = Door::open(Limits { write_stall: Duration::from_millis(300), ..patient() }, None).await;
    let initial_window_size = (4, 0);
    let mut client = Client::connect(door.addr, &[initial_window_size]).await;
    client.get(1, "/endless").await;
    let frames = client.rest().await;
    assert!(frames.iter().all(|frame| frame.kind != DATA), "no window, no data");
    door.close().await;
}

#[tokio::test]
async fn a_feed_without_news_is_no_stall() {
    let door = Door::open(Limits { write_stall: Duration::from_millis(200), ..patient() }, None).await;
    let mut client = Client::connect(door.addr, &[]).await;
    client.get(1, "/pending").await;
    assert_eq!(client.next_of(DATA).await.unwrap().payload, b"first");
    // sleep: four times the stall that must not be seen
    tokio::time::sleep(Duration::from_millis(800)).await;
    client.send(PING, 0, 0, &[7; 8]).await;
    assert_eq!(client.next_of(PING).await.unwrap().payload, [7; 8], "still there");
    door.close().await;
}

#[tokio::test]
async fn the_strict_check_holds_in_http2() {
    let door = Door::open(patient(), None).await;
    for (name, head) in [
        ("dots", request("/a/../b", "a", &[])),
        ("escape", request("/a%2fb", "a", &[])),
        ("other host", request("/", "a", &[("host", "b")])),
        ("user", request("/", "u@a", &[])),
        ("two hosts", request("/", "a", &[("host", "a"), ("host", "a")])),
        ("no host", block(&[(":method", "GET"), (":scheme", "http"), (":path", "/")])),
    ] {
        let mut client = Client::connect(door.addr, &[]).await;
        client.send(HEADERS, END_STREAM | END_HEADERS, 1, &head).await;
        assert!(is_refused(&mut client).await, "{name}");
    }
    for (name, more) in [
        ("connection", ("connection", "close")),
        ("transfer-encoding", ("transfer-encoding", "chunked")),
        ("te", ("te", "x")),
        ("upper case", ("X-A", "b")),
        ("line end in a value", ("x", "a\r\nb: c")),
    ] {
        let mut client = Client::connect(door.addr, &[]).await;
        client.send(HEADERS, END_STREAM | END_HEADERS, 1, &request("/", "a", &[more])).await;
        assert!(is_refused(&mut client).await, "{name}");
    }
    assert_eq!(door.seen(), [""; 0]);
    door.close().await;
}

/// The parser may find a request malformed before the check does, and reset the stream or end the connection.
async fn is_refused(client: &mut Client) -> bool {
    while let Some(frame) = client.next().await {
        match frame.kind {
            HEADERS => return frame.status() == Some(400),
            RST_STREAM | GOAWAY => return true,
            _ => {}
        }
    }
    true
}
