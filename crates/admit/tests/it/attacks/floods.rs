//! HTTP/2 floods at the running program: it closes the connection, its memory stays bounded, others are served (U25, U26).

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::Scene;
use crate::{
    house::{House, say, slow::address_of, until::within},
    support::frames::{
        CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PREFACE, PRIORITY, RST_STREAM, SETTINGS,
        WINDOW_UPDATE, block, frame, request,
    },
};

on_one! {
    a_rapid_reset_costs_nothing,
    a_crowd_of_rapid_resets_costs_nothing,
    a_head_without_an_end_costs_nothing,
    a_head_that_unpacks_to_much_costs_nothing,
    frames_that_ask_nothing_end_the_connection,
    a_window_beyond_its_bound_ends_the_connection,
    windows_that_never_open_cost_little,
}

const GROWTH_BYTES_MAX: u64 = 32 * 1_024 * 1_024;
/// The documented limit is ten seconds; the machine may be busy.
const CLOSED_MAX: Duration = Duration::from_secs(20);
const CANCEL: &[u8] = &8_u32.to_be_bytes();

/// What came back until the server closed, frame by frame: kind, stream and payload.
struct Heard(Vec<u8>);

impl Heard {
    fn kinds(&self) -> Vec<u8> {
        let mut kinds = Vec::new();
        let mut rest = &self.0[..];
        while let [a, b, c, kind, ..] = rest {
            kinds.push(*kind);
            let bytes = 9 + u32::from_be_bytes([0, *a, *b, *c]) as usize;
            rest = rest.get(bytes..).unwrap_or_default();
        }
        kinds
    }
}

/// Says all of this on one connection, taking in whatever comes meanwhile, until the server closes.
async fn pour(address: SocketAddr, pieces: impl IntoIterator<Item = Vec<u8>>) -> Heard {
    let (mut reader, mut writer) = TcpStream::connect(address).await.unwrap().into_split();
    let speak = async {
        writer.write_all(&[PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()).await.unwrap();
        for piece in pieces {
            // It has heard enough.
            if writer.write_all(&piece).await.is_err() {
                break;
            }
        }
        writer
    };
    let listen = async {
        let mut heard = Vec::new();
        // A reset is a close too.
        let _ = reader.read_to_end(&mut heard).await;
        heard
    };
    let (_writer, heard) = within(CLOSED_MAX, "the server closes", async { tokio::join!(speak, listen) }).await;
    Heard(heard)
}

/// The attack goes on while a viewer watches; what the program holds more at any time is told and bounded.
async fn bounded<T>(house: &House, scene: &Scene, what: &str, attack: impl Future<Output = T>) -> T {
    let film = scene.segment().await;
    let before = house.resident_bytes();
    let over = AtomicBool::new(false);
    let attack = async {
        let outcome = attack.await;
        over.store(true, Ordering::Relaxed);
        outcome
    };
    let watch = async {
        let (mut most, mut served) = (0, 0);
        loop {
            let was_over = over.load(Ordering::Relaxed);
            scene.viewer.get(&film).await.expect(200);
            served += 1;
            most = most.max(house.resident_bytes());
            if was_over {
                return (most, served);
            }
        }
    };
    let (outcome, (most, served)) = tokio::join!(attack, watch);
    let growth = most.saturating_sub(before);
    say(&format!("{what}: {} KiB more, {served} segments served meanwhile", growth / 1_024));
    assert!(growth <= GROWTH_BYTES_MAX, "{what}: {growth} bytes more than {before}");
    outcome
}

fn reset(number: u32) -> Vec<u8> {
    let stream = 2 * number + 1;
    let ask = frame(HEADERS, END_STREAM | END_HEADERS, stream, &request("/videos", "a", &[]));
    [ask, frame(RST_STREAM, 0, stream, CANCEL)].concat()
}

async fn a_rapid_reset_costs_nothing(house: &mut House) {
    let scene = Scene::set(house).await;
    let address = address_of(house);
    bounded(house, &scene, "20,000 resets", pour(address, (0..20_000).map(reset))).await;
}

async fn a_crowd_of_rapid_resets_costs_nothing(house: &mut House) {
    let scene = Scene::set(house).await;
    let address = address_of(house);
    let crowd = join_all((0..400).map(|_| pour(address, (0..200).map(reset))));
    bounded(house, &scene, "400 connections of 200 resets", crowd).await;
}

async fn a_head_without_an_end_costs_nothing(house: &mut House) {
    let scene = Scene::set(house).await;
    let address = address_of(house);
    let begin = frame(HEADERS, END_STREAM, 1, &request("/videos", "a", &[]));
    for (what, piece) in [("full", block(&[("x", &"a".repeat(1_000))])), ("empty", Vec::new())] {
        let more = std::iter::repeat_n(frame(CONTINUATION, 0, 1, &piece), 10_000);
        let heard = bounded(house, &scene, what, pour(address, std::iter::once(begin.clone()).chain(more))).await;
        assert!(!heard.kinds().contains(&HEADERS), "{what}: nothing was answered");
    }
}

/// One field of 4,000 bytes in HPACK's table, named again and again by one byte each: 64 MiB in one frame.
async fn a_head_that_unpacks_to_much_costs_nothing(house: &mut House) {
    const INDEXED_FIRST_OWN: u8 = 0x80 + 62;
    const INCREMENTAL_NEW_NAME: u8 = 0x40;
    let scene = Scene::set(house).await;
    let address = address_of(house);
    let mut field = block(&[("x", &"a".repeat(4_000))]);
    field[0] = INCREMENTAL_NEW_NAME;
    let bombs = (0..100_u32).map(|number| {
        let plain = request("/livez", "a", &[]);
        let fields = [&plain[..], &field, &[INDEXED_FIRST_OWN; 12_000]].concat();
        frame(HEADERS, END_STREAM | END_HEADERS, 2 * number + 1, &fields[..fields.len().min(16_384)])
    });
    let large = (0..1_000_u32).map(|number| {
        let fields = request("/livez", "a", &[("x", &"a".repeat(16_000))]);
        frame(HEADERS, END_STREAM | END_HEADERS, 2 * number + 1, &fields)
    });
    let end = frame(GOAWAY, 0, 0, &[0; 8]);
    let heard = bounded(house, &scene, "bombs", pour(address, bombs.chain([end.clone()]))).await;
    // `/livez` has 204, which HPACK spells 0x89, and no refusal has it.
    assert!(!heard.0.windows(10).any(|frame| frame[3] == HEADERS && frame[9] == 0x89), "a bomb was served");
    bounded(house, &scene, "large heads", pour(address, large.chain([end]))).await;
}

/// Whoever asks nothing has ten seconds, however much it says.
async fn frames_that_ask_nothing_end_the_connection(house: &mut House) {
    const FRAMES: usize = 20_000;
    let scene = Scene::set(house).await;
    let address = address_of(house);
    let settings = frame(SETTINGS, 0, 0, &[0, 4, 0, 1, 0, 0]);
    let priorities = (0..20_000_u32).map(|n| frame(PRIORITY, 0, 2 * n + 1, &[0, 0, 0, 0, 7]));
    let unknown = frame(0xfa, 0, 0, &[0; 100]);
    // A body of nothing: the answer is there at once, and the stream stays open.
    let post = block(&[(":method", "POST"), (":scheme", "http"), (":path", "/nowhere"), (":authority", "a")]);
    let nothing = std::iter::once(frame(HEADERS, END_HEADERS, 1, &post))
        .chain(std::iter::repeat_n(frame(DATA, 0, 1, &[]), FRAMES));
    let attack = async {
        tokio::join!(
            pour(address, std::iter::repeat_n(settings, FRAMES)),
            pour(address, std::iter::repeat_n(frame(PING, 0, 0, &[7; 8]), FRAMES)),
            pour(address, priorities),
            pour(address, std::iter::repeat_n(unknown, FRAMES)),
            pour(address, nothing.chain([frame(GOAWAY, 0, 0, &[0; 8])])),
        )
    };
    let heard = Box::pin(bounded(house, &scene, "frames that ask nothing", attack)).await;
    for (what, heard) in [("settings", heard.0), ("pings", heard.1), ("priorities", heard.2), ("unknown", heard.3)] {
        assert!(!heard.kinds().contains(&HEADERS), "{what}: nothing was asked");
    }
}

async fn a_window_beyond_its_bound_ends_the_connection(house: &mut House) {
    let scene = Scene::set(house).await;
    let address = address_of(house);
    let most = &0x7fff_ffff_u32.to_be_bytes();
    let update = |stream: u32, by: &[u8]| frame(WINDOW_UPDATE, 0, stream, by);
    for (what, pieces) in [
        ("of the connection", vec![update(0, most), update(0, most)]),
        ("by nothing", vec![update(0, &[0; 4])]),
        ("of settings", vec![frame(SETTINGS, 0, 0, &[0, 4, 0xff, 0xff, 0xff, 0xff])]),
        ("of a stream that is not", vec![update(1, &[0, 0, 0, 1])]),
    ] {
        let heard = bounded(house, &scene, what, pour(address, pieces)).await;
        assert!(heard.kinds().contains(&GOAWAY), "{what}: {:?}", heard.kinds());
    }
}

/// As many films as one connection may ask for, of which not a byte is taken: each stream holds one small slice.
async fn windows_that_never_open_cost_little(house: &mut House) {
    const STREAMS: u32 = 100;
    /// What is read for a stream: its slice, and what it takes to find the film.
    const READ_BYTES_MAX: u64 = 80 * 1_024;
    /// A stream's own state is larger than its slice where nothing is optimised.
    const HELD_BYTES_MAX: u64 = 48 * 1_024 * 1_024;
    let scene = Scene::set(house).await;
    let (film, segment) = (scene.at("mp4/source.mp4"), scene.segment().await);
    let whole = scene.viewer.get(&film).await.expect(200).body.len();
    assert!(whole > 256 * 1_024, "{whole} bytes would fit a large slice");
    let (held, read) = (house.resident_bytes(), house.read_bytes());
    let mut stream = TcpStream::connect(address_of(house)).await.unwrap();
    stream.write_all(&[PREFACE, &frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0])].concat()).await.unwrap();
    for number in 0..STREAMS {
        let ask = request(&film, "a", &[]);
        stream.write_all(&frame(HEADERS, END_STREAM | END_HEADERS, 2 * number + 1, &ask)).await.unwrap();
    }
    // Each stream is answered with its head, and none with a byte of its body.
    let mut answered = 0;
    while answered < STREAMS {
        let mut frame_head = [0; 9];
        stream.read_exact(&mut frame_head).await.unwrap();
        let [a, b, c, kind, ..] = frame_head;
        assert_ne!(kind, DATA, "no window, no data");
        answered += u32::from(kind == HEADERS);
        stream.read_exact(&mut vec![0; u32::from_be_bytes([0, a, b, c]) as usize]).await.unwrap();
    }
    let (held, read) = (house.resident_bytes().saturating_sub(held), house.read_bytes() - read);
    say(&format!("{STREAMS} films of which nothing is taken: {} KiB more, {} KiB read", held / 1_024, read / 1_024));
    assert!(read <= u64::from(STREAMS) * READ_BYTES_MAX, "{read} bytes were read");
    assert!(held <= HELD_BYTES_MAX, "{held} bytes more");
    scene.viewer.get(&segment).await.expect(200);
}
