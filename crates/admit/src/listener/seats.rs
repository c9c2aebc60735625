//! Counts connections, in all and by origin, so that one stranger cannot take every place.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

#[derive(Clone, Debug)]
pub(super) struct Seats {
    max: usize,
    max_per_ip: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_ip: HashMap<IpAddr, usize>,
}

/// One connection's place, given back when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) peer: SocketAddr,
    origin: IpAddr,
    taken: Arc<Mutex<Taken>>,
}

impl Seats {
    pub(super) fn new(max: usize, max_per_ip: usize) -> Self {
        Self { max, max_per_ip, taken: Arc::default() }
    }

    pub(super) fn take(&self, peer: SocketAddr) -> Option<Seat> {
        let origin = origin_of(peer.ip());
        let mut taken = lock(&self.taken);
        if taken.all >= self.max || taken.by_ip.get(&origin).is_some_and(|count| *count >= self.max_per_ip) {
            return None;
        }
        taken.all += 1;
        *taken.by_ip.entry(origin).or_default() += 1;
        drop(taken);
        Some(Seat { peer, origin, taken: Arc::clone(&self.taken) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        taken.all -= 1;
        if let Some(count) = taken.by_ip.get_mut(&self.origin) {
            *count -= 1;
            if *count == 0 {
                taken.by_ip.remove(&self.origin);
            }
        }
    }
}

/// A household has one IPv4 address or one /64: whoever has the one has all addresses in it.
fn origin_of(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The counts stay true even if a holder of the lock panicked: each change is complete before anything can.
fn lock(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_seat_is_free_again_when_its_connection_ends() {
        let seats = Seats::new(2, 2);
        let first = seats.take(peer("192.0.2.1:1")).unwrap();
        let _second = seats.take(peer("192.0.2.2:1")).unwrap();
        assert!(seats.take(peer("192.0.2.3:1")).is_none(), "the house is full");
        drop(first);
        assert!(seats.take(peer("192.0.2.3:1")).is_some());
    }

    #[test]
    fn one_origin_cannot_take_every_seat() {
        let seats = Seats::new(10, 1);
        for (first, same, other) in [
            ("192.0.2.1:1", "[::ffff:192.0.2.1]:2", "192.0.2.2:1"),
            ("[2001:db8::1]:1", "[2001:db8::ffff:1]:1", "[2001:db8:0:1::1]:1"),
        ] {
            let _held = seats.take(peer(first)).unwrap();
            assert!(seats.take(peer(same)).is_none(), "{same}");
            assert!(seats.take(peer(other)).is_some(), "{other}");
        }
        assert!(lock(&seats.taken).by_ip.is_empty(), "nothing is remembered of those who left");
    }
}
