//! Follows the log of what was taken back: hears one or two control planes, and keeps the gate at what they said last.
//!
//! What arrives goes through the pure [`View`](admit_domain::view::View); here are only the wire, the clock and the files.
//! What is taken back is judged by at once, then written down, and only then acknowledged.

mod converse;
mod event;
mod keeper;
mod known;
mod sse;

use std::{sync::Arc, time::Duration};

use admit_domain::{
    gate::Gate,
    limits::{EDGE_REPORT_EVERY, FEED_AGAIN_MAX, FEED_AGAIN_MIN},
    revocation::{Revoked, Seq},
    view::View,
};
use arc_swap::ArcSwap;
use tokio::{
    sync::{Notify, watch},
    time::MissedTickBehavior,
};

use self::{converse::End, keeper::Keeper, known::Known};
use crate::{
    edge::{Edge, Now, SharedGate},
    key_ring::KeyRing,
    remote::{ReportBody, Upstream, Upstreams},
    state::{Kept, State},
};

/// A number by chance, so that edges that lost a control plane together do not come back together.
pub type Chance = Arc<dyn Fn() -> u64 + Send + Sync>;

/// What following needs of its surroundings.
pub struct Surroundings {
    pub now: Now,
    pub chance: Chance,
    pub max_staleness: Duration,
}

/// Keeps an edge at the head of the log.
pub struct Follower {
    known: Arc<Known>,
    keeper: Keeper,
    upstreams: Upstreams,
    now: Now,
    chance: Chance,
}

impl Follower {
    /// A follower, and the gate that it keeps. `kept` is what an earlier run knew: until a control plane was heard, nothing
    /// private is judged by it.
    pub fn new(state: State, kept: Option<Kept>, upstreams: Upstreams, about: Surroundings) -> (Self, SharedGate) {
        let Surroundings { now, chance, max_staleness } = about;
        let (keys, revoked) = kept.map_or((None, Revoked::default()), |kept| (Some(kept.keys), kept.revoked));
        let ring = keys.clone().unwrap_or_else(|| KeyRing::unknown(&*chance));
        let gate: SharedGate = Arc::new(ArcSwap::from_pointee(Gate::new(ring.delivery(), revoked.clone())));
        let view = View::new(revoked, max_staleness);
        let changed = Arc::new(Notify::new());
        let known = Arc::new(Known::new(gate.clone(), view, keys, changed.clone(), upstreams.all().len()));
        let keeper = Keeper::new(state, changed);
        (Self { known, keeper, upstreams, now, chance }, gate)
    }

    /// What it knows, for whoever must wait for it.
    pub fn watch(&self) -> Watch {
        Watch { known: self.known.clone() }
    }

    /// Follows until `stop`. The edge forgets what changed.
    pub async fn run(self, edge: Edge, stop: impl Future<Output = ()>) {
        self.known.tell(edge.clone());
        let (written, acknowledged) = watch::channel(Seq::default());
        let listening = futures_util::future::join_all(
            self.upstreams.all().iter().enumerate().map(|(which, upstream)| self.listen(which, upstream)),
        );
        let reporting = futures_util::future::join_all(
            self.upstreams.all().iter().map(|upstream| self.report(upstream, &edge, acknowledged.clone())),
        );
        let keeping = self.keeper.run(&self.known, &self.now, &written);
        tokio::select! {
            _ = listening => {}
            _ = reporting => {}
            () = keeping => {}
            () = stop => {}
        }
    }

    /// One conversation after another with one control plane.
    async fn listen(&self, which: usize, upstream: &Upstream) {
        let mut again = FEED_AGAIN_MIN;
        let mut resume = true;
        loop {
            let heard = self.known.heard(which);
            let end = converse::converse(&self.known, which, upstream, resume, &self.now).await;
            // Half of it is chance.
            let share = (self.chance)() % 1_000;
            let jittered = again / 2 + again * u32::try_from(share).unwrap_or_default() / 2_000;
            match end {
                End::Missed => {
                    tracing::warn!(origin = upstream.origin(), "entries of the log are missing: all is asked for");
                    resume = false;
                }
                End::Lost(why) => {
                    tracing::warn!(origin = upstream.origin(), why, "the feed ended");
                    resume = true;
                }
                End::NotUnderstood(why) => {
                    tracing::error!(origin = upstream.origin(), why, "this release cannot serve any more: update it");
                    self.known.close();
                }
                End::NotKnown => {
                    tracing::error!(origin = upstream.origin(), "this edge was removed: it refuses private videos");
                    self.known.close();
                }
            }
            again = if self.known.heard(which) > heard { FEED_AGAIN_MIN } else { (again * 2).min(FEED_AGAIN_MAX) };
            tokio::time::sleep(jittered).await;
        }
    }

    /// Says what the edge judges by: at once when that is written down, and once a second.
    async fn report(&self, upstream: &Upstream, edge: &Edge, mut written: watch::Receiver<Seq>) {
        let mut tick = tokio::time::interval(EDGE_REPORT_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                changed = written.changed() => if changed.is_err() { return },
            }
            let seq = written.borrow_and_update().0;
            let counts = edge.counts();
            let body = ReportBody {
                seq,
                stale_ms: u32::try_from(self.known.staleness((self.now)()).as_millis()).unwrap_or(u32::MAX).into(),
                hits: counts.wanted.saturating_sub(counts.from_origin),
                misses: counts.from_origin,
            };
            let request = upstream.request(reqwest::Method::POST, "applied").json(&body);
            if let Err(error) = request.timeout(EDGE_REPORT_EVERY).send().await {
                tracing::debug!(origin = upstream.origin(), error = %crate::told::told(&error), "report");
            }
        }
    }
}

/// What a follower knows, seen from outside.
#[derive(Clone)]
pub struct Watch {
    known: Arc<Known>,
}

impl Watch {
    /// Waits until the edge has delivery keys: without any it could not tell a viewer from a stranger.
    pub async fn has_keys(&self) {
        self.known.has_keys().await;
    }

    /// May private media be judged now?
    pub fn is_fresh(&self, now: admit_domain::time::Timestamp) -> bool {
        self.known.is_fresh(now)
    }
}
