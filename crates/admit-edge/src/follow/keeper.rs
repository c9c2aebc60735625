//! Writes down what is known, apart from those who wait for nothing: entries one after another, all of it now and then.

use std::sync::{Arc, Mutex, PoisonError};

use admit_domain::{limits::FEED_AGAIN_MAX, revocation::Seq};
use tokio::sync::{Notify, watch};

use super::known::{Known, Unwritten};
use crate::{edge::Now, state::State};

pub(super) struct Keeper {
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
}

impl Keeper {
    pub(super) fn new(state: State, changed: Arc<Notify>) -> Self {
        Self { state: Arc::new(Mutex::new(state)), changed }
    }

    /// Never ends. `written` is told how far what is known is also on the disk.
    pub(super) async fn run(&self, known: &Known, now: &Now, written: &watch::Sender<Seq>) {
        // What an earlier run wrote is written anew, so that its log may grow again.
        known.write_anew();
        written.send_replace(known.seq());
        loop {
            self.changed.notified().await;
            known.forget_past(now());
            let unwritten = known.unwritten();
            let seq = unwritten.seq;
            let state = self.state.clone();
            let kept = tokio::task::spawn_blocking(move || {
                keep(&mut state.lock().unwrap_or_else(PoisonError::into_inner), &unwritten)
            });
            match kept.await.unwrap_or_else(|join| Err(std::io::Error::other(join))) {
                Ok(goes_on) => {
                    written.send_replace(seq);
                    if !goes_on {
                        known.write_anew();
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "what was taken back cannot be written down, and is not acknowledged");
                    tokio::time::sleep(FEED_AGAIN_MAX).await;
                    known.write_anew();
                }
            }
        }
    }
}

fn keep(state: &mut State, unwritten: &Unwritten) -> std::io::Result<bool> {
    match &unwritten.all {
        Some((keys, revoked)) => state.keep_all(keys, revoked).map(|()| true),
        None if unwritten.entries.is_empty() => Ok(true),
        None => state.keep(&unwritten.entries),
    }
}
