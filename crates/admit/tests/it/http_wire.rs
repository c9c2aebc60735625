//! HTTP/1 framing: each byte sequence has one reading, or none (U12–U14, U17).

use std::time::Duration;

use admit::listener::Limits;

use crate::support::{
    door::{Door, short},
    raw::{say, say_slowly},
};

/// Longer than any machine is busy.
const LONG: Duration = Duration::from_secs(30);

/// A request that smugglers hide behind another. It must never be seen.
const CANARY: &str = "GET /canary HTTP/1.1\r\nHost: a\r\n\r\n";

/// Each row is sent with a canary behind it, and gets exactly one answer, then a close.
async fn refuse(rows: &[(&str, &str, u16)]) {
    let door = Door::open(short(), None).await;
    for (name, request, status) in rows {
        let heard = say(door.addr, format!("{request}{CANARY}").as_bytes()).await;
        assert_eq!(heard.statuses(), [*status], "{name}: {heard:?}");
        assert!(heard.has("\r\nconnection: close\r\n"), "{name}: {heard:?}");
        assert!(heard.has("\r\nadmit-request-id: rq"), "{name}: {heard:?}");
    }
    assert_eq!(door.seen().iter().filter(|seen| seen.contains("canary")).count(), 0, "{:?}", door.seen());
    door.close().await;
}

#[tokio::test]
async fn a_length_has_one_spelling() {
    refuse(&[
        (
            "length and chunked",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (
            "chunked and length",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            400,
        ),
        ("same twice", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", 400),
        ("two", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na", 400),
        ("list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc", 400),
        ("plus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", 400),
        ("minus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nabc", 400),
        ("hexadecimal", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc", 400),
        ("20 digits", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nabc", 400),
        ("xchunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        (
            "chunked, identity",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            400,
        ),
        ("gzip, chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
        ("vertical tab", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400),
        ("space before colon", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        (
            "chunked twice",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        ("chunked in 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ])
    .await;
}

#[tokio::test]
async fn a_chunk_has_one_spelling() {
    let extension = format!("3;{}\r\nabc\r\n0\r\n\r\n", "x".repeat(64 * 1_024));
    let bodies = [
        "0x3\r\nabc\r\n0\r\n\r\n",
        "+3\r\nabc\r\n0\r\n\r\n",
        "-3\r\nabc\r\n0\r\n\r\n",
        "3_0\r\nabc\r\n0\r\n\r\n",
        "\r\nabc\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
        "3\nabc\r\n0\r\n\r\n",
        "3\rabc\r\n0\r\n\r\n",
        "3\r\nabcd\r\n0\r\n\r\n",
        "3\r\nabc\n0\r\n\r\n",
        "0\r\nContent-Length: 5\r\n\r\n",
        "0\r\nHost: evil\r\n\r\n",
        &extension,
    ];
    for body in bodies {
        let request = format!("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
        refuse(&[(body.get(..12).unwrap_or(body), &request, 400)]).await;
    }
}

#[tokio::test]
async fn a_line_has_one_spelling() {
    refuse(&[
        ("bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", 400),
        ("one bare line feed", "GET / HTTP/1.1\r\nHost: a\r\nX: b\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("folded", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400),
        ("folded first", "GET / HTTP/1.1\r\n X: b\r\nHost: a\r\n\r\n", 400),
        ("NUL in value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", 400),
        ("CR in value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", 400),
        ("CR at the end of a value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\r\n\r\n", 400),
        ("no colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400),
        ("empty name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400),
        ("leading empty line", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("tab", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("HTTP/0.9 with an end", "GET /\r\n\r\n", 400),
        ("HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505),
        ("HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ("http/1.1", "GET / http/1.1\r\nHost: a\r\n\r\n", 400),
        ("almost the preface", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", 505),
    ])
    .await;
}

/// What RFC 9112 allows and proxies pass on unchanged is harmless: one reading, and here it is.
#[tokio::test]
async fn what_is_unusual_and_clear_is_served() {
    let door = Door::open(short(), None).await;
    for (name, request, statuses) in [
        ("a body on GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", vec![200]),
        ("HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", vec![200]),
        ("bytes above ASCII in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \u{a0}\r\n\r\n", vec![200]),
        (
            "continue",
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
            vec![100, 200],
        ),
        (
            "chunks",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\n",
            vec![200],
        ),
    ] {
        let heard = say(door.addr, request.as_bytes()).await;
        assert_eq!(heard.statuses(), statuses, "{name}: {heard:?}");
    }
    assert_eq!(door.seen().len(), 5);
    door.close().await;
}

#[tokio::test]
async fn a_thousand_pipelined_requests_are_answered_in_order() {
    let door = Door::open(short(), None).await;
    let bodies = ["Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "Content-Length: 3\r\n\r\nabc", "\r\n"];
    let one = |n: usize| format!("POST /{n} HTTP/1.1\r\nHost: a\r\n{}", bodies[n % bodies.len()]);
    let all: String = (0..1_000).map(one).collect();
    let heard = say(door.addr, all.as_bytes()).await;
    assert_eq!(heard.statuses(), vec![200; 1_000]);
    let seen = door.seen();
    assert!(seen.iter().enumerate().all(|(n, seen)| *seen == format!("POST /{n}")));
    door.close().await;
}

#[tokio::test]
async fn a_refusal_among_pipelined_requests_comes_in_its_turn() {
    let door = Door::open(short(), None).await;
    let good = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    let bad = "GET / HTTP/1.1\nHost: a\n\n";
    let heard = say(door.addr, format!("{good}{bad}{CANARY}").as_bytes()).await;
    assert_eq!(heard.statuses(), [200, 400], "{heard:?}");
    assert_eq!(door.seen(), ["GET /slow"]);
    door.close().await;
}

#[tokio::test]
async fn bytes_may_come_one_by_one() {
    let door = Door::open(Limits { header_read: LONG, keep_alive_idle: LONG, ..short() }, None).await;
    let request =
        b"POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    let pieces: Vec<&[u8]> = request.chunks(1).collect();
    let heard = say_slowly(door.addr, &pieces, Duration::from_millis(1)).await;
    assert_eq!(heard.statuses(), [200]);
    assert!(heard.has("3 bytes"));
    door.close().await;
}

#[tokio::test]
async fn who_is_refused_while_sending_can_read_why() {
    let door = Door::open(short(), None).await;
    let mut request = b"POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n".to_vec();
    request.resize(4_000_000, b'x');
    let heard = say(door.addr, &request).await;
    assert!(heard.has("not read"), "the answer came before any reset");
    door.close().await;
}
