//! Crowds that hold connections and say little (U10, U22, U23): each is dropped in its time, and a viewer is served.

use std::time::Duration;

use admit::listener::Limits;
use futures_util::future::join_all;
use rustix::process::{Resource, Rlimit, prlimit};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::Scene;
use crate::{
    house::{House, say, slow::address_of, until::within},
    support::{
        door::{Door, short},
        raw,
    },
};

on_one! {
    two_thousand_idle_connections_and_one_viewer,
    large_heads_are_let_go,
    descriptors_run_out_and_come_back,
}

const CROWD: usize = 2_000;
/// Ten thousand are to cost no more than 100 MB.
const CROWD_BYTES_MAX: u64 = 32 * 1_024 * 1_024;
/// The documented limit is ten seconds from the beginning; the machine may be busy.
const CLOSED_MAX: Duration = Duration::from_secs(30);

/// Bytes until the server closes; a reset is a close too.
async fn until_closed(mut stream: TcpStream) -> Vec<u8> {
    let mut heard = Vec::new();
    let _ = within(CLOSED_MAX, "the server closes", stream.read_to_end(&mut heard)).await;
    heard
}

async fn two_thousand_idle_connections_and_one_viewer(house: &mut House) {
    // Both ends of ours are descriptors of somebody; the program raises its own limit itself.
    admit::listener::raise_file_limit();
    house.set("ADMIT_MAX_CONNECTIONS_PER_IP", "4000");
    house.restart().await;
    let scene = Scene::set(house).await;
    let segment = scene.segment().await;
    let address = address_of(house);
    let before = house.resident_bytes();
    let mut crowd = Vec::new();
    for number in 0..CROWD {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // Some are silent, some stop in the middle of a head, some in the preface of HTTP/2.
        let beginning: &[u8] = [&b""[..], b"GET / HTTP/1.1\r\nHost: a\r\n", b"PRI * HTTP/2.0\r\n"][number % 3];
        stream.write_all(beginning).await.unwrap();
        crowd.push(stream);
    }
    scene.viewer.get(&segment).await.expect(200);
    let growth = house.resident_bytes().saturating_sub(before);
    say(&format!("{CROWD} connections: {} KiB", growth / 1_024));
    assert!(growth <= CROWD_BYTES_MAX, "{growth} bytes for {CROWD} connections");
    let heard = join_all(crowd.into_iter().map(until_closed)).await;
    for answer in &heard {
        let answer = String::from_utf8_lossy(answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
    scene.viewer.get(&segment).await.expect(200);
}

/// U10: half a MiB of headers from each of a hundred, and none of it stays.
async fn large_heads_are_let_go(house: &mut House) {
    let scene = Scene::set(house).await;
    let segment = scene.segment().await;
    let address = address_of(house);
    let before = house.resident_bytes();
    let head = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(500 * 1_024));
    let answers = join_all((0..100).map(|_| raw::say(address, head.as_bytes()))).await;
    let growth = house.resident_bytes().saturating_sub(before);
    assert!(answers.iter().all(|answer| matches!(answer.statuses()[..], [] | [431])), "{answers:?}");
    assert!(answers.iter().any(|answer| answer.statuses() == [431]), "somebody could read why");
    assert!(growth <= CROWD_BYTES_MAX, "{growth} bytes for a hundred heads");
    scene.viewer.get(&segment).await.expect(200);
}

/// U23: without a descriptor left nobody is let in, and nothing dies of it.
async fn descriptors_run_out_and_come_back(house: &mut House) {
    const SPARE: usize = 60;
    let scene = Scene::set(house).await;
    let segment = scene.segment().await;
    let address = address_of(house);
    let open = std::fs::read_dir(format!("/proc/{}/fd", house.pid().as_raw_nonzero())).unwrap().count();
    let few = u64::try_from(open + SPARE).unwrap();
    prlimit(Some(house.pid()), Resource::Nofile, Rlimit { current: Some(few), maximum: Some(few) }).unwrap();
    let mut crowd = Vec::new();
    for _ in 0..4 * SPARE {
        crowd.push(TcpStream::connect(address).await.unwrap());
    }
    // Silent connections have ten seconds; those that waited in the kernel's queue come in after them.
    join_all(crowd.into_iter().map(until_closed)).await;
    scene.viewer.get(&segment).await.expect(200);
    assert!(house.log().contains("cannot accept connections for the moment"), "the descriptors did run out");
}

/// U22: five hundred who send or read slowly, in each way there is, while somebody else asks.
#[tokio::test(flavor = "multi_thread")]
async fn slow_crowds_are_dropped_and_nobody_waits() {
    const EACH: usize = 125;
    admit::listener::raise_file_limit();
    // Long enough that whoever is not slow is never taken for it.
    let second = Duration::from_secs(1);
    let limits = Limits {
        header_read: second,
        keep_alive_idle: second,
        body_stall: second,
        body_grace: second,
        write_stall: second,
        ..short()
    };
    let door = Door::open(limits, None).await;
    let address = door.addr;
    let head = &b"GET / HTTP/1.1\r\nHost: a\r\n"[..];
    let body = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc";
    let dripped: Vec<&[u8]> = b"GET / HTTP/1.1\r\nHost: a\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".chunks(1).collect();
    let heads = join_all((0..EACH).map(|_| raw::say(address, head)));
    let drips = join_all((0..EACH).map(|_| raw::say_slowly(address, &dripped, Duration::from_millis(50))));
    let bodies = join_all((0..EACH).map(|_| raw::say(address, body)));
    let readers = join_all((0..EACH).map(|_| async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        // sleep: three times the stall, while nothing is read
        tokio::time::sleep(second * 3).await;
        until_closed(stream).await;
    }));
    let viewer = async {
        for _ in 0..50 {
            let film = raw::say(address, b"GET /film HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
            assert_eq!(film.statuses(), [200]);
        }
    };
    let (heads, drips, bodies, _, ()) = tokio::join!(heads, drips, bodies, readers, viewer);
    for heard in heads.iter().chain(&drips).chain(&bodies) {
        assert_eq!(heard.statuses(), [408], "{heard:?}");
    }
    door.close().await;
}
