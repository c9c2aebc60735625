//! The revocation feed: turns new entries of the numbered log into the next snapshot of the gate, tells the edge of this
//! process what to forget, and lets edges elsewhere follow.

mod follower;
mod ring;

use std::{
    sync::{Arc, Mutex as StdMutex, OnceLock, PoisonError},
    time::Duration,
};

use admit_db::{Db, DbError, revocations, seats, transaction};
use admit_domain::{
    gate::Gate,
    limits::{FEED_FOLLOWERS_MAX, LOG_KEPT, LOG_PRUNED_MAX, LOG_PRUNINGS_MAX},
    revocation::{Entry, Revoked, Seq, Subject},
    time::Timestamp,
};
use arc_swap::ArcSwap;
use tokio::sync::{Mutex, Semaphore, watch};

pub use self::follower::{Follower, Message};
use self::ring::Ring;

/// Entries read at once; a longer backlog is read in several turns.
const ENTRIES_PER_READ: u32 = 1_000;
/// How often what is over is forgotten.
const TIDY_EVERY: Duration = Duration::from_mins(1);

/// What an edge of this process is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The next entry of the log.
    Of(Subject),
    /// Entries may have been missed: nothing that is remembered is sure to hold.
    OfAnything,
}

/// Told of news, after the gate has them.
pub type Listener = Arc<dyn Fn(News) + Send + Sync>;

/// What the feed knew when it last knew all.
#[derive(Clone, Debug)]
struct Caught {
    revoked: Revoked,
    /// All that was committed by then is known.
    at: Timestamp,
    is_closed: bool,
}

/// Keeps one gate up to date with the log.
pub struct Feed {
    db: Db,
    gate: Arc<ArcSwap<Gate>>,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    max_staleness: Duration,
    /// One reader at a time, so that a snapshot never replaces a newer one. When it last tidied up.
    turn: Mutex<Timestamp>,
    listener: OnceLock<Listener>,
    ring: StdMutex<Ring>,
    caught: watch::Sender<Caught>,
    places: Arc<Semaphore>,
}

impl Feed {
    /// A feed for `gate`, which has seen nothing yet: [`Feed::catch_up`] must run before the first request.
    pub fn new(
        db: Db,
        gate: Arc<ArcSwap<Gate>>,
        now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
        max_staleness: Duration,
    ) -> Self {
        let nothing = Caught { revoked: Revoked::default(), at: Timestamp::EPOCH, is_closed: false };
        Self {
            db,
            gate,
            now,
            max_staleness,
            turn: Mutex::new(Timestamp::EPOCH),
            listener: OnceLock::new(),
            ring: StdMutex::default(),
            caught: watch::Sender::new(nothing),
            places: Arc::new(Semaphore::new(FEED_FOLLOWERS_MAX)),
        }
    }

    /// Whom to tell of news from now on. There is one listener, and it stays.
    pub fn tell(&self, listener: Listener) {
        let _ = self.listener.set(listener);
    }

    /// The gate as it judges now.
    pub fn gate(&self) -> Arc<Gate> {
        self.gate.load_full()
    }

    /// The last entry the gate judges by.
    pub fn seq(&self) -> Seq {
        self.gate.load().revoked().seq
    }

    /// How long nothing may be heard before nothing private is judged.
    pub const fn max_staleness(&self) -> Duration {
        self.max_staleness
    }

    /// When all was known that there was to know.
    pub fn caught_up_at(&self) -> Timestamp {
        self.caught.borrow().at
    }

    /// The time, by the clock that entries are judged by.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Returns when the gate judges by everything that was committed before the call, and the edge of this process has
    /// forgotten what changed.
    pub async fn catch_up(&self) -> Result<(), DbError> {
        let mut tidied_at = self.turn.lock().await;
        let asked_at = (self.now)();
        let known = self.gate.load().revoked().clone();
        let mut read = self.read(known).await?;
        if asked_at.since(*tidied_at) >= TIDY_EVERY {
            *tidied_at = asked_at;
            read.revoked.forget_past(asked_at.minus(LOG_KEPT));
        }
        self.show(read, asked_at);
        Ok(())
    }

    /// Deletes entries that say nothing any more, a bounded number at a time, and seats that were left.
    pub async fn prune(&self) -> Result<(), DbError> {
        let now = (self.now)();
        transaction!(self.db, |tx| seats::prune(tx, now).await)?;
        let before = now.minus(LOG_KEPT);
        for _ in 0..LOG_PRUNINGS_MAX {
            let pruned = transaction!(self.db, |tx| revocations::prune(tx, before, LOG_PRUNED_MAX).await)?;
            if pruned < u64::from(LOG_PRUNED_MAX) {
                break;
            }
        }
        Ok(())
    }

    /// Somebody who follows the log from `seen` on; `None` when as many do as may.
    pub fn follow(self: &Arc<Self>, seen: Option<Seq>) -> Option<Follower> {
        let place = self.places.clone().try_acquire_owned().ok()?;
        Some(Follower::new(self.clone(), seen, self.caught.subscribe(), place))
    }

    /// Nobody follows any more: the process is about to end.
    pub fn close(&self) {
        self.caught.send_modify(|caught| caught.is_closed = true);
    }

    async fn read(&self, known: Revoked) -> Result<Read, DbError> {
        let head = revocations::head(&self.db).await?;
        let mut read = Read { revoked: known.clone(), entries: Vec::new(), has_gap: false };
        if head < known.seq {
            // The log was set back to an older state. Nothing that we know to have ended begins again by that.
            tracing::warn!(known = known.seq.0, head = head.0, "the revocation log was set back");
            read.revoked = Revoked::default();
            read.on(&self.db).await?;
            for subject in known.subjects() {
                read.revoked.apply(Entry { seq: head, subject });
            }
            read.has_gap = true;
        } else if head > known.seq {
            read.on(&self.db).await?;
        }
        if head > read.revoked.seq {
            // The last entries were deleted, since they said nothing any more.
            read.revoked.seq = head;
            read.has_gap = true;
        }
        Ok(read)
    }

    fn show(&self, read: Read, asked_at: Timestamp) {
        let Read { revoked, entries, has_gap } = read;
        let next = self.gate.load().with_revoked(revoked.clone()).fresh_until(asked_at.plus(self.max_staleness));
        self.gate.store(Arc::new(next));
        self.ring().take(&entries, has_gap);
        if let Some(listener) = self.listener.get() {
            if has_gap {
                listener(News::OfAnything);
            }
            for entry in &entries {
                listener(News::Of(entry.subject));
            }
        }
        self.caught.send_modify(|caught| {
            caught.revoked = revoked;
            caught.at = asked_at;
        });
    }

    fn ring(&self) -> std::sync::MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one look at the log brought.
struct Read {
    revoked: Revoked,
    entries: Vec<Entry>,
    /// Entries are missing before those that were read, or behind them.
    has_gap: bool,
}

impl Read {
    async fn on(&mut self, db: &Db) -> Result<(), DbError> {
        loop {
            let entries = revocations::since(db, self.revoked.seq, ENTRIES_PER_READ).await?;
            if entries.is_empty() {
                return Ok(());
            }
            for entry in entries {
                self.has_gap |= entry.seq != self.revoked.seq.next();
                self.revoked.apply(entry);
                self.entries.push(entry);
            }
        }
    }
}
