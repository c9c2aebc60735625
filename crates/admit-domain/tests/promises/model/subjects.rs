//! Whom the model is about: the sessions of two tokens, their handles, and what an edge judges of them.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::{Mutex, PoisonError},
};

use admit_domain::{
    asset::Asset,
    bound::Bound,
    gate::{Ask, Carriage, Gate},
    handle::{BoundValues, Handle, Rights},
    id::{ProjectId, SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    revocation::{Entry, Revoked, Seq, Subject},
    rules::{Rules, Visitor},
    secret::Secret,
    time::Timestamp,
    verdict::Denial,
    video::{Ingest, OnStale, Published, Shelf, Visibility},
};

/// The first token may begin one of these; which one tells the control plane, the client and the nonce.
pub(super) const SESSIONS: std::ops::Range<u8> = 0..8;
/// The only session of the second token; its video's access is what is revoked.
pub(super) const OTHER: u8 = 8;

const ENDS: Timestamp = Timestamp::from_secs(1_000_000);

/// Which of the two tokens the session came from.
pub(super) const fn token_of(session: u8) -> usize {
    if session == OTHER { 1 } else { 0 }
}

fn video_of(session: u8) -> VideoId {
    VideoId::from_random([u8::try_from(token_of(session)).unwrap_or(0); 22])
}

/// A line of the log: what ended, and in which life of the log it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Written {
    pub(super) session: u8,
    pub(super) life: u8,
}

impl Written {
    pub(super) fn subject(self) -> Subject {
        match self.session {
            OTHER => Subject::VideoAccess { id: video_of(OTHER), until: Timestamp::from_secs(1) },
            session => Subject::Session { id: SessionId::from_bytes([session; 12]), until: ENDS },
        }
    }

    pub(super) fn entry(self, seq: u8) -> Entry {
        Entry { seq: Seq(i64::from(seq)), subject: self.subject() }
    }
}

/// What is revoked, told apart by what it judges.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) revoked: Revoked,
    /// One bit for each session that it ends.
    pub(super) ended: u16,
}

impl Known {
    pub(super) fn new(revoked: Revoked) -> Self {
        let ended = (0..=OTHER).filter(|session| ends(&revoked, *session)).fold(0, |bits, session| bits | 1 << session);
        Self { revoked, ended }
    }

    pub(super) fn of(log: &[Written]) -> Self {
        let seq = Seq(i64::try_from(log.len()).unwrap_or(0));
        Self::new(Revoked::of(seq, log.iter().map(|line| line.subject())))
    }
}

fn ends(revoked: &Revoked, session: u8) -> bool {
    let (id, video, project) = (SessionId::from_bytes([session; 12]), video_of(session), project());
    let access = revoked.judge_access((&video, &project), Timestamp::EPOCH, Denial::SessionEnded);
    revoked.judge(&id, &video).and(access).is_err()
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        (self.revoked.seq, self.ended) == (other.revoked.seq, other.ended)
    }
}

impl Eq for Known {}

impl Hash for Known {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.revoked.seq.0, self.ended).hash(state);
    }
}

fn project() -> ProjectId {
    ProjectId::from_random([1; 22])
}

fn facts() -> Published {
    Published {
        project: project(),
        visibility: Visibility::Private,
        mp4_support: true,
        ingest: Ingest::Ingested,
        shelf: Shelf::default(),
        texts: Vec::new(),
        rules: Rules::default(),
        has_open_poster: false,
        token_access: true,
        on_stale: OnStale::Closed,
        encryption: None,
    }
}

/// The real gate, and a handle for every session that may be.
pub(super) struct Door {
    gate: Gate,
    handles: Vec<String>,
    facts: Published,
    /// The gate is a pure function: each question is asked once.
    answers: Mutex<HashMap<(u8, u16, Timestamp, Timestamp), bool>>,
}

impl Door {
    pub(super) fn new() -> Self {
        let keys = DeliveryKeys::new(DeliveryKey::new(1, &Secret::new([7; 32])), None);
        let handle = |session: u8| Handle {
            session: SessionId::from_bytes([session; 12]),
            video: video_of(session),
            begun_at: Timestamp::EPOCH,
            not_after: ENDS,
            rights: Rights::ALL,
            bound: Bound::default(),
        };
        let handles = (0..=OTHER).map(|session| handle(session).mint(&BoundValues::default(), &keys)).collect();
        Self { gate: Gate::new(keys, Revoked::default()), handles, facts: facts(), answers: Mutex::default() }
    }

    /// Would an edge that knows this give the session its film now?
    pub(super) fn opens(&self, session: u8, known: &Known, fresh_until: Timestamp, now: Timestamp) -> bool {
        let question = (session, known.ended, fresh_until, now);
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        *answers.entry(question).or_insert_with(|| self.judge(session, &known.revoked, fresh_until, now))
    }

    fn judge(&self, session: u8, revoked: &Revoked, fresh_until: Timestamp, now: Timestamp) -> bool {
        let gate = self.gate.with_revoked(revoked.clone()).fresh_until(fresh_until);
        let visitor = Visitor { ip: None, origin: None, referrer: None, agent: "", country_of: &|_| None };
        let carriage = Carriage::Handle(&self.handles[usize::from(session)]);
        let ask = Ask { video: video_of(session), asset: Asset::HlsMaster, carriage, visitor };
        gate.admit(&ask, now).is_ok_and(|admitted| gate.under(admitted, &self.facts, &visitor, now).is_ok())
    }
}
