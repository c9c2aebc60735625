//! What edges said last, as this process heard it. It is written down now and then, for other processes and other days.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use admit_db::{Db, DbError, edges, edges::Applied, transaction};
use admit_domain::{id::EdgeId, time::Timestamp};
use tokio::sync::watch;

/// How often what did not change is written down again, so that others see that the edge is there.
const WRITE_EVERY: Duration = Duration::from_secs(1);

/// What an edge said, and how much of it is written down.
#[derive(Clone, Copy, Debug)]
struct Heard {
    applied: Applied,
    at: Timestamp,
    written: Option<(Applied, Timestamp)>,
}

/// The edges that this process hears. Only edges that joined get here, so there are few.
#[derive(Debug)]
pub struct Roll {
    heard: Mutex<HashMap<EdgeId, Heard>>,
    bell: watch::Sender<()>,
}

impl Default for Roll {
    fn default() -> Self {
        Self { heard: Mutex::default(), bell: watch::Sender::new(()) }
    }
}

impl Roll {
    pub(crate) fn hear(&self, id: EdgeId, applied: Applied, at: Timestamp) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let known = heard.entry(id).or_insert(Heard { applied, at, written: None });
        if at >= known.at {
            (known.applied, known.at) = (applied, at);
        }
        drop(heard);
        self.bell.send_replace(());
    }

    /// What the edge said last, and when.
    pub(crate) fn last(&self, id: &EdgeId) -> Option<(Applied, Timestamp)> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.get(id).map(|heard| (heard.applied, heard.at))
    }

    /// The edges heard since then.
    pub(crate) fn heard_since(&self, since: Timestamp) -> Vec<EdgeId> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.iter().filter(|(_, heard)| heard.at >= since).map(|(id, _)| *id).collect()
    }

    pub(crate) fn forget(&self, id: &EdgeId) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    /// Rings whenever an edge says something.
    pub(crate) fn bell(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }

    /// Writes down what is new: at once where an edge applied more of the log, and else once a second.
    pub async fn write(&self, db: &Db) -> Result<(), DbError> {
        let due = self.due();
        if due.is_empty() {
            return Ok(());
        }
        transaction!(db, |tx| edges::hear(tx, &due).await)?;
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, applied, at) in due {
            if let Some(known) = heard.get_mut(&id) {
                known.written = Some((applied, at));
            }
        }
        Ok(())
    }

    fn due(&self) -> Vec<(EdgeId, Applied, Timestamp)> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = |heard: &Heard| {
            heard
                .written
                .is_none_or(|(written, at)| heard.applied.seq > written.seq || heard.at.since(at) >= WRITE_EVERY)
        };
        let due = heard.iter().filter(|(_, heard)| is_due(heard));
        due.map(|(id, heard)| (*id, heard.applied, heard.at)).collect()
    }
}
