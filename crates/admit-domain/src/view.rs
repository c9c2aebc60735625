//! What an edge knows of the log, and until when it may act on it. A pure state machine: whoever follows the log feeds it
//! what arrived, and asks it what to judge by.

use std::time::Duration;

use crate::{
    revocation::{Entry, Revoked, Seq, Subject},
    time::Timestamp,
};

/// Something is missing between what is known and what was told: only a snapshot helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log goes on with {told:?} where {known:?} is known")]
pub struct Gap {
    pub known: Seq,
    pub told: Seq,
}

/// What an edge knows. Until it has heard from a control plane it judges nothing private, whatever it kept from before.
#[derive(Clone, Debug)]
pub struct View {
    revoked: Revoked,
    max_staleness: Duration,
    /// The latest instant, by our own clock, at which a control plane is known to have said all it knew.
    heard_at: Option<Timestamp>,
}

/// One conversation with one control plane, as far as their clocks are compared in it. An edge that follows two control
/// planes has one with each, for each has a clock of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conversation {
    /// When we asked, by our own clock.
    asked_at: Timestamp,
    /// How far our clock is ahead of theirs, at the least: what is more is time on the way.
    ahead_millis: Option<i64>,
}

impl Conversation {
    /// We ask now, by our clock; the request is not sent yet.
    pub const fn asked(asked_at: Timestamp) -> Self {
        Self { asked_at, ahead_millis: None }
    }

    /// When it was said, by our clock, what they say is said at `theirs` and came at `ours`. Never too late: how long the first
    /// word was on the way nobody knows, so it counts as said when we asked.
    fn said_at(&mut self, theirs: Timestamp, ours: Timestamp) -> Timestamp {
        let ahead = |ours: Timestamp| ours.as_millis().saturating_sub(theirs.as_millis());
        let least = self.ahead_millis.unwrap_or_else(|| ahead(self.asked_at)).min(ahead(ours));
        self.ahead_millis = Some(least);
        Timestamp::from_millis(theirs.as_millis().saturating_add(least))
    }
}

impl View {
    /// `kept` is what an earlier run stored; nothing, for the first.
    pub const fn new(kept: Revoked, max_staleness: Duration) -> Self {
        Self { revoked: kept, max_staleness, heard_at: None }
    }

    pub const fn revoked(&self) -> &Revoked {
        &self.revoked
    }

    /// Private media may be judged before this instant.
    pub fn fresh_until(&self) -> Timestamp {
        self.heard_at.map_or(Timestamp::EPOCH, |heard| heard.plus(self.max_staleness))
    }

    /// All that is revoked. A control plane whose log is shorter than ours was set back to an older state, and its numbers
    /// hold from now on: `true` when that was so. One that was set back may have outgrown us since, so nothing that we know
    /// to have ended begins again by any snapshot; only a video can be had back, by a log that was not set back.
    pub fn snapshot(&mut self, mut told: Revoked) -> bool {
        let (seq, was_set_back) = (told.seq, told.seq < self.revoked.seq);
        for subject in self.revoked.subjects() {
            if was_set_back || !matches!(subject, Subject::Video(_)) {
                told.apply(Entry { seq, subject });
            }
        }
        self.revoked = told;
        was_set_back
    }

    /// The next entry. One that is known already, from another control plane, changes nothing: `false`.
    pub fn entry(&mut self, entry: Entry) -> Result<bool, Gap> {
        let known = self.revoked.seq;
        if entry.seq <= known {
            return Ok(false);
        }
        if entry.seq != known.next() {
            return Err(Gap { known, told: entry.seq });
        }
        self.revoked.apply(entry);
        Ok(true)
    }

    /// A control plane says that `head` is the end of its log at `theirs`, by its clock; it is `ours` by ours. From one whose
    /// log is behind nothing is learned. Whoever is stale right after a heartbeat does well to ask anew.
    pub fn heartbeat(
        &mut self,
        conversation: &mut Conversation,
        head: Seq,
        theirs: Timestamp,
        ours: Timestamp,
    ) -> Result<(), Gap> {
        let known = self.revoked.seq;
        if head > known {
            return Err(Gap { known, told: head });
        }
        let said_at = conversation.said_at(theirs, ours);
        if head == known {
            self.heard_at = self.heard_at.max(Some(said_at));
        }
        Ok(())
    }

    /// Drops what is over anyway.
    pub fn forget_past(&mut self, now: Timestamp) {
        self.revoked.forget_past(now);
    }
}

#[cfg(test)]
mod tests;
