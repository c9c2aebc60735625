//! The revocation feed: turns new entries of the numbered log into the next snapshot of the gate.

use std::sync::Arc;

use admit_db::{Db, DbError, revocations};
use admit_domain::gate::Gate;
use arc_swap::ArcSwap;
use tokio::sync::Mutex;

/// Entries read at once; a longer backlog is read in several turns.
const ENTRIES_PER_READ: u32 = 1_000;

/// Keeps one gate up to date with the log.
pub struct Feed {
    db: Db,
    gate: Arc<ArcSwap<Gate>>,
    /// One reader at a time, so that a snapshot never replaces a newer one.
    turn: Mutex<()>,
}

impl Feed {
    /// A feed for `gate`, which has seen nothing yet: [`Feed::catch_up`] must run before the first request.
    pub fn new(db: Db, gate: Arc<ArcSwap<Gate>>) -> Self {
        Self { db, gate, turn: Mutex::new(()) }
    }

    /// The gate as it judges now.
    pub fn gate(&self) -> Arc<Gate> {
        self.gate.load_full()
    }

    /// Returns when the gate judges by everything that was committed before the call.
    pub async fn catch_up(&self) -> Result<(), DbError> {
        let _turn = self.turn.lock().await;
        loop {
            let current = self.gate.load_full();
            let entries = revocations::since(&self.db, current.revoked().seq, ENTRIES_PER_READ).await?;
            if entries.is_empty() {
                return Ok(());
            }
            let mut revoked = current.revoked().clone();
            for (seq, subject) in entries {
                revoked.apply(seq, subject);
            }
            self.gate.store(Arc::new(current.with_revoked(revoked)));
        }
    }
}
