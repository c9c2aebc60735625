//! What a connection is doing: whose turn it is. For HTTP/2, hyper has no timers of its own for a connection that asks nothing,
//! or for one that asks and then grants no window to be answered in.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use super::limits::Limits;

#[derive(Clone, Debug)]
pub(super) struct Pulse {
    beats: Arc<Beats>,
}

#[derive(Debug)]
struct Beats {
    born: Instant,
    /// When anything last happened, in milliseconds since `born`.
    last_millis: AtomicU64,
    /// Requests ever begun.
    begun: AtomicUsize,
    open: AtomicUsize,
    /// Of the open ones, those whose next step is the peer's.
    on_peer: AtomicUsize,
    /// hyper has answered what it was given, and nothing keeps it from being sent home.
    rests: AtomicBool,
}

/// What to do about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    Nothing,
    /// Nothing is asked: say goodbye.
    Close,
    /// What was asked is not taken: no goodbye would be.
    Cut,
}

impl Pulse {
    pub(super) fn new() -> Self {
        let beats = Beats {
            born: Instant::now(),
            last_millis: AtomicU64::new(0),
            begun: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            on_peer: AtomicUsize::new(0),
            rests: AtomicBool::new(false),
        };
        Self { beats: Arc::new(beats) }
    }

    pub(super) fn begin(&self) -> Turn {
        self.beats.begun.fetch_add(1, Ordering::Relaxed);
        self.beats.open.fetch_add(1, Ordering::Relaxed);
        self.beats.beat();
        Turn { beats: Arc::clone(&self.beats), on_peer: false }
    }

    /// Nothing is asked that is not yet answered.
    pub(super) fn is_idle(&self) -> bool {
        self.beats.open.load(Ordering::Relaxed) == 0
    }

    /// How many requests were ever begun.
    pub(super) fn begun(&self) -> usize {
        self.beats.begun.load(Ordering::Relaxed)
    }

    /// Was a request begun since there were so many, and is none open?
    pub(super) fn has_answered_since(&self, begun: usize) -> bool {
        self.begun() != begun && self.beats.open.load(Ordering::Relaxed) == 0
    }

    pub(super) fn rests(&self) -> bool {
        self.beats.rests.load(Ordering::Relaxed)
    }

    pub(super) fn set_rests(&self, rests: bool) {
        self.beats.rests.store(rests, Ordering::Relaxed);
    }

    pub(super) fn care(&self, limits: &Limits) -> Care {
        let beats = &self.beats;
        let quiet =
            beats.born.elapsed().saturating_sub(Duration::from_millis(beats.last_millis.load(Ordering::Relaxed)));
        let open = beats.open.load(Ordering::Relaxed);
        let patience =
            if beats.begun.load(Ordering::Relaxed) == 0 { limits.header_read } else { limits.keep_alive_idle };
        if open == 0 {
            return if quiet >= patience { Care::Close } else { Care::Nothing };
        }
        let all_on_peer = beats.on_peer.load(Ordering::Relaxed) >= open;
        if all_on_peer && quiet >= limits.write_stall { Care::Cut } else { Care::Nothing }
    }
}

impl Beats {
    fn beat(&self) {
        let millis = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_millis.fetch_max(millis, Ordering::Relaxed);
    }
}

/// One request, from its head to the last byte of its answer.
#[derive(Debug)]
pub(super) struct Turn {
    beats: Arc<Beats>,
    on_peer: bool,
}

impl Turn {
    /// A frame was handed over, so that the peer's taking it is awaited; or none is there yet, so that ours is.
    pub(super) fn passes_to_peer(&mut self, on_peer: bool) {
        self.beats.beat();
        if self.on_peer != on_peer {
            self.on_peer = on_peer;
            if on_peer {
                self.beats.on_peer.fetch_add(1, Ordering::Relaxed);
            } else {
                self.beats.on_peer.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.passes_to_peer(false);
        self.beats.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Short, and each its own, so that a wrong answer names the wait that was mixed up.
    fn limits() -> Limits {
        Limits {
            header_read: Duration::from_millis(40),
            keep_alive_idle: Duration::from_millis(80),
            write_stall: Duration::from_millis(120),
            ..Limits::new(1, 1)
        }
    }

    #[tokio::test]
    async fn whose_turn_it_is() {
        let limits = limits();
        let pulse = Pulse::new();
        // sleep: the limit itself is the story, and each of the four has its own
        tokio::time::sleep(limits.header_read).await;
        assert_eq!(pulse.care(&limits), Care::Close, "it never asked");

        let mut turn = pulse.begin();
        // sleep: longer than any stall, for a handler that thinks
        tokio::time::sleep(limits.write_stall * 2).await;
        assert_eq!(pulse.care(&limits), Care::Nothing, "a handler may think");
        turn.passes_to_peer(true);
        assert_eq!(pulse.care(&limits), Care::Nothing);
        // sleep: the limit itself
        tokio::time::sleep(limits.write_stall).await;
        assert_eq!(pulse.care(&limits), Care::Cut, "the peer takes nothing");
        turn.passes_to_peer(true);
        assert_eq!(pulse.care(&limits), Care::Nothing, "it took something");

        drop(turn);
        assert_eq!(pulse.care(&limits), Care::Nothing);
        // sleep: the limit itself
        tokio::time::sleep(limits.keep_alive_idle).await;
        assert_eq!(pulse.care(&limits), Care::Close);
    }
}
