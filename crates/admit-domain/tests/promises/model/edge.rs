//! An edge: the real view, what it has on disk, and the line on which it is told. Messages on the line may be lost, doubled,
//! overtaken and late.

use std::{
    hash::{Hash, Hasher},
    time::Duration,
};

use admit_domain::{
    revocation::Seq,
    time::Timestamp,
    view::{Conversation, View},
};

use super::{
    bounds::Flaw,
    store::Store,
    subjects::{Known, Written},
};

pub(super) const STALE_AFTER_SECONDS: u8 = 2;

/// The place in the log that an edge knows, and the life of the log in which it was written.
pub(super) type Place = Option<(u8, u8)>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Message {
    Snapshot(Vec<Written>),
    Entry(u8, Written),
    Heartbeat { head: u8, theirs: u8 },
}

/// One conversation with a control plane.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Line {
    pub(super) talk: Conversation,
    /// No heartbeat came yet.
    pub(super) is_first: bool,
    /// `Some` until a control plane has taken the request: from where to resume.
    pub(super) asks: Option<Place>,
    /// Up to where the log was written to this line.
    pub(super) told: u8,
    /// The control plane is gone; what is on the way may arrive still.
    pub(super) is_dead: bool,
    pub(super) queue: Vec<Message>,
}

/// The view, and of what it hides as much as tells two views apart.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    pub(super) view: View,
    /// What the view knows.
    pub(super) known: Known,
}

impl Sight {
    /// Boots from what was kept.
    fn new(known: Known) -> Self {
        let view = View::new(known.revoked.clone(), Duration::from_secs(STALE_AFTER_SECONDS.into()));
        Self { view, known }
    }

    fn traits(&self) -> (&Known, Timestamp) {
        (&self.known, self.view.fresh_until())
    }
}

impl PartialEq for Sight {
    fn eq(&self, other: &Self) -> bool {
        self.traits() == other.traits()
    }
}

impl Eq for Sight {}

impl Hash for Sight {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.traits().hash(state);
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Edge {
    pub(super) sight: Sight,
    pub(super) disk: (Known, Place),
    pub(super) place: Place,
    pub(super) line: Option<Line>,
    /// One bit for each session that it has ever judged to be ended.
    pub(super) ever: u16,
    pub(super) had_gap: bool,
}

impl Edge {
    pub(super) fn new() -> Self {
        let known = Known::of(&[]);
        Self { sight: Sight::new(known.clone()), disk: (known, None), place: None, line: None, ever: 0, had_gap: false }
    }

    pub(super) fn restart(&mut self) {
        let (kept, place) = self.disk.clone();
        self.sight = Sight::new(kept);
        (self.place, self.line) = (place, None);
    }

    pub(super) fn connect(&mut self, now: Timestamp) {
        let talk = Conversation::asked(now);
        self.line =
            Some(Line { talk, is_first: true, asks: Some(self.place), told: 0, is_dead: false, queue: Vec::new() });
    }

    /// What arrived changes the disk first and then the judgement. Whoever has missed something hangs up, and asks for all.
    pub(super) fn take(&mut self, message: &Message, now: Timestamp, flaw: Option<Flaw>) {
        let is_whole = match message {
            Message::Snapshot(log) => {
                self.snapshot(log, flaw);
                true
            }
            Message::Entry(seq, line) => self.entry(*seq, *line, flaw),
            Message::Heartbeat { head, theirs } => self.heartbeat(*head, *theirs, now, flaw),
        };
        if !is_whole {
            (self.place, self.line, self.had_gap) = (None, None, true);
        }
        if !matches!(message, Message::Heartbeat { .. }) {
            self.sight.known = Known::new(self.sight.view.revoked().clone());
        }
        self.ever |= self.sight.known.ended;
        if flaw != Some(Flaw::NotPersisted) {
            self.disk = (self.sight.known.clone(), self.place);
        }
    }

    fn snapshot(&mut self, log: &[Written], flaw: Option<Flaw>) {
        if flaw == Some(Flaw::SetBackBelieved) {
            self.sight.view = Sight::new(Known::of(log)).view;
        } else {
            self.sight.view.snapshot(Known::of(log).revoked);
        }
        self.place = log.last().map(|last| (log.len().try_into().unwrap_or(0), last.life));
    }

    fn entry(&mut self, seq: u8, line: Written, flaw: Option<Flaw>) -> bool {
        match self.sight.view.entry(line.entry(seq)) {
            Ok(is_new) => {
                self.place = if is_new { Some((seq, line.life)) } else { self.place };
                true
            }
            Err(_) if flaw == Some(Flaw::GapIgnored) => {
                let mut jumped = self.sight.view.revoked().clone();
                jumped.apply(line.entry(seq));
                self.sight.view.snapshot(jumped);
                true
            }
            Err(_) => false,
        }
    }

    fn heartbeat(&mut self, head: u8, theirs: u8, now: Timestamp, flaw: Option<Flaw>) -> bool {
        let known = self.sight.view.revoked().seq;
        let head = if flaw == Some(Flaw::GapIgnored) { known } else { Seq(head.into()) };
        let Some(line) = &mut self.line else { return true };
        if flaw == Some(Flaw::FreshByArrival) || flaw == Some(Flaw::FirstWordTrusted) && line.is_first {
            line.talk = Conversation::asked(now);
        }
        line.is_first = false;
        let theirs = if flaw == Some(Flaw::FreshByArrival) { now } else { Timestamp::from_secs(theirs.into()) };
        self.sight.view.heartbeat(&mut line.talk, head, theirs, now).is_ok()
    }
}

impl Line {
    /// A control plane takes the request: from where its log has the very same entry it goes on, else it tells all.
    pub(super) fn answer(&mut self, store: &Store, flaw: Option<Flaw>) {
        let Some(place) = self.asks.take() else { return };
        let written = |seq: u8| seq.checked_sub(1).and_then(|at| store.log.get(usize::from(at)));
        let resumed = place.filter(|(seq, life)| {
            written(*seq).is_some_and(|line| line.life == *life || flaw == Some(Flaw::ResumedByNumber))
        });
        self.told = resumed.map_or(store.log.len().try_into().unwrap_or(0), |(seq, _)| seq);
        if resumed.is_none() {
            self.queue.push(Message::Snapshot(store.log.clone()));
        }
    }

    /// The next that a control plane writes to the line: an entry, or that there is none.
    pub(super) fn write(&mut self, store: &Store, now: u8) {
        if let Some(written) = store.log.get(usize::from(self.told)) {
            self.told += 1;
            self.queue.push(Message::Entry(self.told, *written));
            return;
        }
        let heartbeat = Message::Heartbeat { head: self.told, theirs: now };
        if self.queue.last() != Some(&heartbeat) {
            self.queue.push(heartbeat);
        }
    }
}
