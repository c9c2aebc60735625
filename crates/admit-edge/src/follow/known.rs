//! What an edge knows, shared by its conversations: the view, the keys, and the gate that follows from both.

use std::{
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use admit_domain::{
    limits::{EDGE_UNWRITTEN_MAX, FEED_SILENCE_MAX},
    revocation::{Entry, Revoked, Seq},
    time::Timestamp,
    view::{Conversation, Gap, View},
};
use tokio::sync::Notify;

use crate::{
    edge::{Edge, SharedGate},
    key_ring::KeyRing,
};

pub(super) struct Known {
    gate: SharedGate,
    inner: Mutex<Inner>,
    /// There is something to write down.
    changed: Arc<Notify>,
    keys_came: Notify,
    edge: OnceLock<Edge>,
}

struct Inner {
    view: View,
    /// None before a control plane gave any.
    keys: Option<KeyRing>,
    /// What was said is beyond this release, or we are no edge any more.
    is_closed: bool,
    /// When each control plane was last heard.
    heard: Vec<Option<Timestamp>>,
    unwritten: Unwritten,
}

/// What is known and not yet on the disk.
#[derive(Debug, Default)]
pub(super) struct Unwritten {
    pub(super) entries: Vec<Entry>,
    /// All is to be written: what came is more than entries that follow each other.
    pub(super) all: Option<(KeyRing, Revoked)>,
    pub(super) seq: Seq,
}

impl Known {
    pub(super) fn new(
        gate: SharedGate,
        view: View,
        keys: Option<KeyRing>,
        changed: Arc<Notify>,
        upstreams: usize,
    ) -> Self {
        let unwritten = Unwritten { seq: view.revoked().seq, ..Unwritten::default() };
        let inner = Inner { view, keys, is_closed: false, heard: vec![None; upstreams], unwritten };
        Self { gate, inner: Mutex::new(inner), changed, keys_came: Notify::new(), edge: OnceLock::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on this edge forgets what changes.
    pub(super) fn tell(&self, edge: Edge) {
        let _ = self.edge.set(edge);
    }

    pub(super) fn seq(&self) -> Seq {
        self.lock().view.revoked().seq
    }

    /// When a control plane was last heard.
    pub(super) fn heard(&self, which: usize) -> Option<Timestamp> {
        self.lock().heard.get(which).copied().flatten()
    }

    pub(super) fn keys(&self, keys: KeyRing) {
        let mut inner = self.lock();
        if inner.keys.as_ref() == Some(&keys) {
            return;
        }
        self.gate.store(Arc::new(self.gate.load().with_keys(keys.delivery())));
        inner.keys = Some(keys);
        self.write_all(&mut inner);
        drop(inner);
        self.keys_came.notify_waiters();
    }

    /// All that is revoked, as one control plane says. `false` when it is behind another that is being heard: then its
    /// log was not set back, it only has not read the newest yet.
    pub(super) fn snapshot(&self, which: usize, told: Revoked, now: Timestamp) -> bool {
        let mut inner = self.lock();
        let is_behind = told.seq < inner.view.revoked().seq;
        let is_heard = |heard: &Option<Timestamp>| heard.is_some_and(|at| now.since(at) < FEED_SILENCE_MAX);
        let other_is_heard = inner.heard.iter().enumerate().any(|(other, heard)| other != which && is_heard(heard));
        if is_behind && other_is_heard {
            return false;
        }
        if inner.view.snapshot(told) {
            tracing::warn!("a control plane was set back; what was taken back stays so");
        }
        self.judge_by(&inner);
        self.write_all(&mut inner);
        drop(inner);
        // Of changes a snapshot says nothing.
        if let Some(edge) = self.edge.get() {
            edge.forget_all();
        }
        true
    }

    pub(super) fn entry(&self, entry: Entry) -> Result<(), Gap> {
        let mut inner = self.lock();
        if !inner.view.entry(entry)? {
            return Ok(());
        }
        self.judge_by(&inner);
        inner.unwritten.seq = entry.seq;
        if inner.unwritten.all.is_some() || inner.unwritten.entries.len() >= EDGE_UNWRITTEN_MAX {
            self.write_all(&mut inner);
        } else {
            inner.unwritten.entries.push(entry);
            self.changed.notify_one();
        }
        drop(inner);
        if let Some(edge) = self.edge.get() {
            edge.learn(&entry.subject);
        }
        Ok(())
    }

    pub(super) fn heartbeat(
        &self,
        (which, talk): (usize, &mut Conversation),
        head: Seq,
        (theirs, ours): (Timestamp, Timestamp),
    ) -> Result<(), Gap> {
        let mut inner = self.lock();
        inner.view.heartbeat(talk, head, theirs, ours)?;
        if let Some(heard) = inner.heard.get_mut(which) {
            *heard = Some(ours);
        }
        self.judge_by(&inner);
        Ok(())
    }

    /// Nothing private is judged any more.
    pub(super) fn close(&self) {
        let mut inner = self.lock();
        inner.is_closed = true;
        self.judge_by(&inner);
    }

    pub(super) fn forget_past(&self, now: Timestamp) {
        let mut inner = self.lock();
        inner.view.forget_past(now);
        self.judge_by(&inner);
    }

    /// What is to be written down, once.
    pub(super) fn unwritten(&self) -> Unwritten {
        let mut inner = self.lock();
        let seq = inner.unwritten.seq;
        std::mem::replace(&mut inner.unwritten, Unwritten { seq, ..Unwritten::default() })
    }

    /// The files have become long, or something went wrong with them.
    pub(super) fn write_anew(&self) {
        self.write_all(&mut self.lock());
    }

    fn write_all(&self, inner: &mut Inner) {
        // Before there are keys there is nothing that a next run could judge by.
        let Some(keys) = inner.keys.clone() else { return };
        let revoked = inner.view.revoked().clone();
        inner.unwritten = Unwritten { seq: revoked.seq, entries: Vec::new(), all: Some((keys, revoked)) };
        self.changed.notify_one();
    }

    fn judge_by(&self, inner: &Inner) {
        let fresh_until = if inner.is_closed { Timestamp::EPOCH } else { inner.view.fresh_until() };
        let gate = self.gate.load().with_revoked(inner.view.revoked().clone()).fresh_until(fresh_until);
        self.gate.store(Arc::new(gate));
    }

    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        let inner = self.lock();
        !inner.is_closed && now < inner.view.fresh_until()
    }

    /// How long ago any control plane was heard; without end before the first.
    pub(super) fn staleness(&self, now: Timestamp) -> Duration {
        let inner = self.lock();
        let last = inner.heard.iter().flatten().max();
        last.map_or(Duration::MAX, |last| now.since(*last))
    }

    pub(super) async fn has_keys(&self) {
        let came = self.keys_came.notified();
        let mut came = std::pin::pin!(came);
        came.as_mut().enable();
        if self.lock().keys.is_none() {
            came.await;
        }
    }
}
