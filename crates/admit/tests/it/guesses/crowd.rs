//! Many addresses that guess: each has connections of its own, and several guesses on the way on each.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
};

use super::doors::Door;
use crate::house::seed::Seed;

/// Connections at one time.
pub(super) const LANES: usize = 8;
/// Guesses on the way on each of them.
const ON_THE_WAY: usize = 16;

/// How often each status was the answer.
pub(super) type Tally = BTreeMap<u16, usize>;

/// Shows that many wrong credentials at the door, from so many addresses of the network with that number.
pub(super) async fn guess(
    there: SocketAddr,
    door: &Arc<Door>,
    (network, addresses): (u8, usize),
    guesses: usize,
    seed: &mut Seed,
) -> Tally {
    let visits = addresses.max(LANES);
    let mut lanes = JoinSet::new();
    for lane in 0..LANES {
        let (door, mut seed) = (door.clone(), seed.split());
        lanes.spawn(async move {
            let mut tally = Tally::new();
            for visit in (lane..visits).step_by(LANES) {
                let count = guesses / visits + usize::from(visit < guesses % visits);
                visit_from(address(network, visit % addresses), there, (&door, count), &mut seed, &mut tally).await;
            }
            tally
        });
    }
    let mut all = Tally::new();
    while let Some(tally) = lanes.join_next().await {
        for (status, count) in tally.unwrap() {
            *all.entry(status).or_default() += count;
        }
    }
    all
}

/// The loopback network is wide.
fn address(network: u8, number: usize) -> Ipv4Addr {
    let [high, low] = u16::try_from(number + 1).unwrap().to_be_bytes();
    Ipv4Addr::new(127, network, high, low)
}

async fn visit_from(
    here: Ipv4Addr,
    there: SocketAddr,
    (door, count): (&Door, usize),
    seed: &mut Seed,
    tally: &mut Tally,
) {
    if count == 0 {
        return;
    }
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((here, 0).into()).unwrap();
    let (mut stream, mut ahead) = (socket.connect(there).await.unwrap(), Vec::new());
    let mut left = count;
    while left > 0 {
        let some = left.min(ON_THE_WAY);
        let asked: String = (0..some).map(|_| door.guess(seed)).collect();
        stream.write_all(asked.as_bytes()).await.unwrap();
        for _ in 0..some {
            *tally.entry(hear(&mut stream, &mut ahead).await).or_default() += 1;
        }
        left -= some;
    }
}

/// The status of the next answer; its body is passed over.
async fn hear(stream: &mut TcpStream, ahead: &mut Vec<u8>) -> u16 {
    loop {
        if let Some(end) = ahead.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = std::str::from_utf8(&ahead[..end]).unwrap().to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
            let bytes = end + 4 + length.parse::<usize>().unwrap();
            if ahead.len() >= bytes {
                ahead.drain(..bytes);
                return head[9..12].parse().unwrap();
            }
        }
        assert_ne!(stream.read_buf(ahead).await.unwrap(), 0, "the server hangs up on whoever guesses");
    }
}
