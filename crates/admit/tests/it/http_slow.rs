//! Clients that take their time: each wait has an end, and nobody else waits with them (U17, U22, U23).

use std::time::Duration;

use admit::listener::Limits;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::Instant,
};

use crate::support::{
    door::{Door, short},
    raw::{say, say_slowly},
};

const LONG: Duration = Duration::from_secs(30);

/// Everything but the named limits waits for half a minute, so that a pass says which limit it was.
fn only(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits {
        header_read: LONG,
        keep_alive_idle: LONG,
        body_stall: LONG,
        body_grace: LONG,
        write_stall: LONG,
        drain: Duration::from_millis(100),
        ..short()
    };
    change(&mut limits);
    limits
}

#[tokio::test]
async fn a_head_must_arrive_in_time() {
    let door = Door::open(only(|limits| limits.header_read = Duration::from_millis(200)), None).await;
    let heard = say(door.addr, b"GET / HTTP/1.1\r\nHost: a\r\n").await;
    assert_eq!(heard.statuses(), [408], "half a head");
    let drip: Vec<&[u8]> = b"GET / HTTP/1.1\r\nHost: a\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa".chunks(1).collect();
    let heard = say_slowly(door.addr, &drip, Duration::from_millis(10)).await;
    assert_eq!(heard.statuses(), [408], "a byte at a time");
    let heard = say(door.addr, b"GET /\r\n").await;
    assert_eq!(heard.statuses(), [408], "HTTP/0.9 has no end");
    for silent in ["", "P", "PRI * HTTP/2.0\r\n"] {
        let heard = say(door.addr, silent.as_bytes()).await;
        assert_eq!(heard.text, "", "a connection that says {silent:?} is closed without a word");
    }
    assert_eq!(door.seen(), [""; 0]);
    door.close().await;
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_not_before_its_time() {
    let door = Door::open(only(|limits| limits.keep_alive_idle = Duration::from_secs(1)), None).await;
    let one = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let heard = say_slowly(door.addr, &[one, one], Duration::from_millis(200)).await;
    assert_eq!(heard.statuses(), [200, 200]);
    door.close().await;
}

#[tokio::test]
async fn a_body_must_make_progress() {
    let begin = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";
    let door = Door::open(only(|limits| limits.body_stall = Duration::from_millis(200)), None).await;
    let heard = say(door.addr, begin).await;
    assert_eq!(heard.statuses(), [408], "nothing came: {heard:?}");
    assert!(heard.has("\r\nconnection: close\r\n"));
    let heard =
        say(door.addr, b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n").await;
    assert_eq!(heard.statuses(), [100, 408], "asked to continue, it did not");
    door.close().await;

    let door = Door::open(only(|limits| limits.body_grace = Duration::from_millis(300)), None).await;
    let drip: Vec<&[u8]> = std::iter::once(&begin[..]).chain(b"a".repeat(100).leak().chunks(1)).collect();
    let heard = say_slowly(door.addr, &drip, Duration::from_millis(20)).await;
    assert_eq!(heard.statuses(), [408], "a byte at a time is less than 1 KiB/s");
    door.close().await;
}

#[tokio::test]
async fn a_body_may_pause_when_it_has_been_quick() {
    let limits = only(|limits| {
        limits.body_grace = Duration::from_millis(100);
        limits.body_stall = Duration::from_secs(2);
    });
    let door = Door::open(limits, None).await;
    let quick = [b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8001\r\n\r\n".as_slice(), &[b'x'; 8_000]].concat();
    let mut client = TcpStream::connect(door.addr).await.unwrap();
    client.write_all(&quick).await.unwrap();
    // sleep: five times the grace that the body has earned itself more than
    tokio::time::sleep(Duration::from_millis(500)).await;
    client.write_all(b"x").await.unwrap();
    let mut answer = [0; 12];
    client.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    door.close().await;
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_cut() {
    let door = Door::open(only(|limits| limits.write_stall = Duration::from_millis(300)), None).await;
    let mut client = TcpStream::connect(door.addr).await.unwrap();
    client.write_all(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    // sleep: three times the stall, while nothing is read
    tokio::time::sleep(Duration::from_secs(1)).await;
    // What lies in the kernel's buffers is still read; then comes the end, which an endless body does not have.
    let mut sink = tokio::io::sink();
    let drained = tokio::time::timeout(Duration::from_secs(10), tokio::io::copy(&mut client, &mut sink));
    drained.await.expect("the connection has ended").ok();
    door.close().await;
}

#[tokio::test]
async fn a_feed_without_news_is_no_stall() {
    let door = Door::open(short(), None).await;
    let mut client = TcpStream::connect(door.addr).await.unwrap();
    client.write_all(b"GET /pending HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    // sleep: three times the stall that must not be seen
    tokio::time::sleep(short().write_stall * 3).await;
    let mut heard = Vec::new();
    let ended = tokio::time::timeout(Duration::from_millis(50), client.read_to_end(&mut heard)).await;
    assert!(ended.is_err(), "still open: {}", String::from_utf8_lossy(&heard));
    door.close().await;
}

#[tokio::test]
async fn idle_strangers_do_not_keep_a_viewer_waiting() {
    let door = Door::open(only(|_| {}), None).await;
    let mut idle = Vec::new();
    for _ in 0..400 {
        idle.push(TcpStream::connect(door.addr).await.unwrap());
    }
    let asked = Instant::now();
    let heard = say(door.addr, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(heard.statuses(), [200]);
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    drop(idle);
    door.close().await;
}

#[tokio::test]
async fn seats_are_counted_and_given_back() {
    let door =
        Door::open(Limits { max_connections: 2, keep_alive_idle: LONG, header_read: LONG, ..short() }, None).await;
    let first = TcpStream::connect(door.addr).await.unwrap();
    let second = TcpStream::connect(door.addr).await.unwrap();
    let close = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert_eq!(say(door.addr, close).await.text, "", "no seat, no word");
    drop((first, second));
    // The listener learns of it when it is told that they closed.
    while say(door.addr, close).await.statuses() != [200] {}
    door.close().await;
}

#[tokio::test]
async fn stopping_lets_an_answer_finish_and_cuts_what_does_not() {
    let door = Door::open(Limits { drain: Duration::from_secs(2), ..short() }, None).await;
    let addr = door.addr;
    let _idle = TcpStream::connect(addr).await.unwrap();
    let mut stuck = TcpStream::connect(addr).await.unwrap();
    stuck.write_all(b"GET /pending HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let asking = say(addr, b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    let stopping = async {
        while door.seen().len() < 2 {
            tokio::task::yield_now().await;
        }
        let asked = Instant::now();
        door.close().await;
        asked.elapsed()
    };
    let (heard, stopped_after) = tokio::join!(asking, stopping);
    assert!(heard.has("at last"), "{heard:?}");
    assert!(stopped_after >= Duration::from_secs(2) && stopped_after < Duration::from_secs(4), "{stopped_after:?}");
    assert!(TcpStream::connect(addr).await.is_err(), "nobody is let in any more");
}
