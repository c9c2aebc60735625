//! Somebody who follows the log: all of it in order, and a word whenever there is no more.

use std::{sync::Arc, time::Duration};

use admit_domain::{
    revocation::{Entry, Revoked, Seq},
    time::Timestamp,
};
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::Instant,
};

use super::{Caught, Feed};

/// How often a follower hears that there is nothing new. A little less than it is promised: the feed looks four times
/// a second.
const BEAT: Duration = Duration::from_millis(450);

/// What a follower is told.
#[derive(Clone, Debug)]
pub enum Message {
    /// Everything: what was told before holds no longer.
    Snapshot(Revoked),
    Entry(Entry),
    /// All that was committed by `at` has been told, and ends with `seq`.
    Heartbeat {
        seq: Seq,
        at: Timestamp,
    },
}

/// One who follows, and the place it takes.
pub struct Follower {
    feed: Arc<Feed>,
    told: Option<Seq>,
    caught: watch::Receiver<Caught>,
    last_beat: Option<Instant>,
    _place: OwnedSemaphorePermit,
}

impl Follower {
    pub(super) fn new(
        feed: Arc<Feed>,
        seen: Option<Seq>,
        mut caught: watch::Receiver<Caught>,
        place: OwnedSemaphorePermit,
    ) -> Self {
        caught.mark_changed();
        Self { feed, told: seen, caught, last_beat: None, _place: place }
    }

    /// What is to be told next, in order; waits until there is something. `None` at the end.
    pub async fn next(&mut self) -> Option<Vec<Message>> {
        loop {
            self.caught.changed().await.ok()?;
            let messages = self.look()?;
            if !messages.is_empty() {
                return Some(messages);
            }
        }
    }

    fn look(&mut self) -> Option<Vec<Message>> {
        let caught = self.caught.borrow_and_update();
        if caught.is_closed {
            return None;
        }
        let (seq, at) = (caught.revoked.seq, caught.at);
        let known = self.told.and_then(|told| self.feed.ring().between(told, seq));
        let mut messages: Vec<_> = match known {
            Some(entries) => entries.into_iter().map(Message::Entry).collect(),
            None => vec![Message::Snapshot(caught.revoked.clone())],
        };
        drop(caught);
        self.told = Some(seq);
        if self.last_beat.is_none_or(|beat| beat.elapsed() >= BEAT) {
            self.last_beat = Some(Instant::now());
            messages.push(Message::Heartbeat { seq, at });
        }
        Some(messages)
    }
}
