//! Servers whose answers would hold us for ever, or fill us up (N07), or are not who they say (N20).

use std::{sync::Arc, time::Duration};

use rustls::ServerConfig;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_rustls::TlsAcceptor;

use super::{import, may_call, until_failed};
use crate::house::{
    House, on_both,
    outside::{Heard, Outside, Reply},
    until::until,
};

on_both! {
    n07_an_answer_is_neither_too_slow_nor_too_large,
    n20_who_cannot_prove_its_name_is_not_spoken_to,
    n22_a_project_has_four_calls_at_a_time,
}

/// A thousand zeroes.
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x63\x60\x18\x05\xa3\x60\x14\x0c\x77\x00\x00\x80\x17\x0b\x06\xe8\x03\x00\x00";

fn answer(to: &Heard) -> Reply {
    let ok = |headers: &str| format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes();
    match to.path() {
        "/drip" => Reply::Drip(ok("Content-Length: 1000000\r\n")),
        "/drip-without-length" => Reply::Drip(ok("")),
        "/silence" => Reply::Hang(Vec::new()),
        "/silence-after-head" => Reply::Hang(ok("Content-Length: 1000000\r\n")),
        "/lie" => Reply::Bytes([ok("Content-Length: 100\r\nConnection: close\r\n"), b"short".to_vec()].concat()),
        "/huge" => Reply::Hang(ok("Content-Length: 1000000000000\r\n")),
        "/huge-without-length" => {
            Reply::Hang([ok("Transfer-Encoding: chunked\r\n"), b"200000\r\n".to_vec(), vec![0; 0x0020_0000]].concat())
        }
        "/headers" => Reply::Bytes(format!("HTTP/1.1 200 OK\r\n{}", "A: b\r\n".repeat(200_000)).into_bytes()),
        "/html" => Reply::ok(b"<!doctype html><title>Sign in</title><p>Please sign in."),
        "/empty" => Reply::ok(b""),
        "/empty-without-length" => Reply::Bytes(ok("Transfer-Encoding: chunked\r\n\r\n0\r\n")),
        "/gzip" => {
            // Not opened: what lies in storage is what came.
            let headers =
                format!("Content-Encoding: gzip\r\nContent-Type: video/mp4\r\nContent-Length: {}\r\n", GZIP.len());
            Reply::Bytes([format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes(), GZIP.to_vec()].concat())
        }
        "/reset" => Reply::Reset,
        "/gone" => Reply::status("410 Gone"),
        "/partial" => Reply::status("206 Partial Content"),
        _ => Reply::status("404 Not Found"),
    }
}

async fn n07_an_answer_is_neither_too_slow_nor_too_large(house: &mut House) {
    let outside = Outside::open("127.0.0.1:0", |heard, _| answer(heard)).await;
    let sizes = [
        ("ADMIT_MAX_FILE_BYTES", "1000000"),
        ("ADMIT_ONE_SHOT_MAX_BYTES", "1000000"),
        ("ADMIT_MIN_PART_BYTES", "1000"),
        ("ADMIT_OUTBOUND_WAIT_SECONDS", "1"),
    ];
    let customer = may_call(house, &outside, &sizes.map(|(name, value)| (name, value.to_owned()))).await;
    let paths = [
        "drip",
        "drip-without-length",
        "silence",
        "silence-after-head",
        "lie",
        "headers",
        "reset",
        "huge",
        "huge-without-length",
        "html",
        "empty",
        "empty-without-length",
        "gzip",
        "gone",
        "partial",
        "none",
    ];
    let mut imports = Vec::new();
    for path in paths {
        imports.push((path, import(&customer, &format!("http://127.0.0.1:{}/{path}", outside.port())).await));
    }
    for (path, video) in &imports {
        let status = until_failed(&customer, video).await;
        assert_eq!(status["encoding"]["playable"], false, "{path}");
        let is_source = |stored: &String| stored.contains(video.as_str()) && !stored.ends_with("source");
        assert!(!house.stored("").iter().any(is_source), "{path}: {:?}", house.stored(""));
    }
    let (_, gzip) = imports.iter().find(|(path, _)| *path == "gzip").unwrap();
    let stored = house.data().join("objects").join("videos").join(gzip).join("source");
    assert_eq!(std::fs::read(stored).unwrap(), GZIP);
    let asked = |path: &str| outside.heard().iter().filter(|heard| heard.path() == format!("/{path}")).count();
    for path in ["drip", "silence", "lie", "headers", "reset"] {
        assert_eq!(asked(path), 3, "{path} may be better next time");
    }
    for path in ["huge", "empty", "gone", "partial", "none", "html", "gzip"] {
        assert_eq!(asked(path), 1, "{path} is the same next time");
    }
}

async fn n20_who_cannot_prove_its_name_is_not_spoken_to(house: &mut House) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let (socket, acceptor) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), TlsAcceptor::from(Arc::new(config)));
    let port = socket.local_addr().unwrap().port();
    let shaken = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let mut serving = JoinSet::new();
    serving.spawn({
        let shaken = Arc::clone(&shaken);
        async move {
            loop {
                let (stream, _) = socket.accept().await.unwrap();
                if acceptor.accept(stream).await.is_ok() {
                    shaken.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                }
            }
        }
    });
    house.set("ADMIT_OUTBOUND_ALLOW", "127.0.0.1/32");
    house.set("ADMIT_OUTBOUND_PORTS", &port.to_string());
    house.restart().await;
    let customer = house.customer().await;
    let video = import(&customer, &format!("https://127.0.0.1:{port}/film.mp4")).await;
    until_failed(&customer, &video).await;
    assert_eq!(shaken.load(std::sync::atomic::Ordering::SeqCst), 0, "no handshake was completed, and no request sent");
}

async fn n22_a_project_has_four_calls_at_a_time(house: &mut House) {
    let outside = Outside::open("127.0.0.1:0", |_, _| Reply::Hang(Vec::new())).await;
    let customer = may_call(house, &outside, &[("ADMIT_OUTBOUND_WAIT_SECONDS", "3".to_owned())]).await;
    for number in 0..9 {
        import(&customer, &format!("http://127.0.0.1:{}/{number}", outside.port())).await;
    }
    until(Duration::from_mins(1), "all were called", async || (outside.connections() >= 9).then_some(())).await;
    assert_eq!(outside.most_open(), 4);
}
