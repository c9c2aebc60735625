//! What is really so in a run, told by nobody's clock: the store, the disks, all that was granted and all that was served.
//! It knows at once when a promise is broken.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use admit_domain::{
    bound::Bound,
    handle::{BoundValues, Handle, Rights},
    id::{ProjectId, SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    revocation::{Entry, Revoked, Seq, Subject},
    secret::Secret,
    signed::Signed,
    time::Timestamp,
};

use super::{
    Flaw,
    chance::Chance,
    viewer::{FIRST_SIGNED, VIEWERS, video_of},
};

pub(super) const STALE_AFTER: Duration = Duration::from_secs(5);
pub(super) const KEY: [u8; 32] = [9; 32];
pub(super) const EDGES: usize = 3;
pub(super) const VIDEOS: u8 = 4;
/// The project of this video chose to stay open when an edge is stale.
pub(super) const OPEN_VIDEO: u8 = 3;

/// What a credential really grants.
#[derive(Clone, Copy)]
pub(super) struct Grant {
    pub(super) video: u8,
    pub(super) session: Option<SessionId>,
    begun_at: Timestamp,
    not_after: Timestamp,
}

/// Who was first with a one-time token.
pub(super) struct Spent {
    pub(super) nonce: u64,
    pub(super) handle: String,
    pub(super) session: SessionId,
    pub(super) ends_at: Timestamp,
}

pub(super) struct Truth {
    pub(super) chance: Chance,
    pub(super) flaw: Option<Flaw>,
    pub(super) has_faults: Cell<bool>,
    pub(super) keys: DeliveryKeys,
    pub(super) skews_millis: [i64; EDGES],
    pub(super) log: RefCell<Vec<(Entry, Timestamp)>>,
    pub(super) tokens: RefCell<BTreeMap<u64, Spent>>,
    pub(super) disks: RefCell<[Revoked; EDGES]>,
    pub(super) applied: RefCell<[Seq; EDGES]>,
    pub(super) grants: RefCell<BTreeMap<String, Grant>>,
    /// What viewers have instead of tokens.
    signed: BTreeMap<u64, String>,
    /// All sessions that each token began.
    begun: RefCell<BTreeMap<u64, BTreeSet<[u8; 12]>>>,
    /// When each viewer first played after faults had ended.
    pub(super) calm_at: RefCell<BTreeMap<u64, Timestamp>>,
    pub(super) served: Cell<u64>,
    pub(super) refused: Cell<u64>,
    /// How long after a revocation its subject was let in at the latest.
    pub(super) latest: Cell<Duration>,
    pub(super) broken: RefCell<Vec<String>>,
}

pub(super) fn now() -> Timestamp {
    Timestamp::from_secs(1_800_000_000).plus(turmoil::sim_elapsed().unwrap_or_default())
}

pub(super) fn video_id(video: u8) -> VideoId {
    VideoId::from_random([video; 22])
}

pub(super) fn project_id(video: u8) -> ProjectId {
    ProjectId::from_random([u8::from(video == OPEN_VIDEO); 22])
}

impl Truth {
    pub(super) fn new(seed: u64, flaw: Option<Flaw>) -> Self {
        let chance = Chance::new(seed);
        let skews_millis = std::array::from_fn(|_| i64::try_from(chance.below(40_000)).unwrap_or(0) - 20_000);
        let mut truth = Self {
            chance,
            flaw,
            has_faults: Cell::new(true),
            keys: DeliveryKeys::new(DeliveryKey::new(1, &Secret::new(KEY)), None),
            skews_millis,
            log: RefCell::default(),
            tokens: RefCell::default(),
            disks: RefCell::default(),
            applied: RefCell::default(),
            grants: RefCell::default(),
            signed: BTreeMap::new(),
            begun: RefCell::default(),
            calm_at: RefCell::default(),
            served: Cell::new(0),
            refused: Cell::new(0),
            latest: Cell::default(),
            broken: RefCell::default(),
        };
        let hour = Duration::from_hours(1);
        let signed =
            (FIRST_SIGNED..VIEWERS).map(|viewer| (viewer, truth.signed(video_of(viewer), now(), now().plus(hour))));
        truth.signed = signed.collect();
        truth
    }

    pub(super) fn signed_of(&self, viewer: u64) -> Option<String> {
        self.signed.get(&viewer).cloned()
    }

    /// A token began a session.
    pub(super) fn begins(&self, token: u64, session: SessionId) {
        self.begun.borrow_mut().entry(token).or_default().insert(*session.as_bytes());
    }

    pub(super) fn tokens_begun_twice(&self) -> impl Iterator<Item = u64> {
        let begun = self.begun.borrow().clone();
        begun.into_iter().filter(|(_, sessions)| sessions.len() > 1).map(|(token, _)| token)
    }

    pub(super) fn plays(&self, viewer: u64) {
        if !self.has_faults.get() {
            self.calm_at.borrow_mut().entry(viewer).or_insert_with(now);
        }
    }

    /// Any credential that was ever given out, as the first part of a path, and its video.
    pub(super) fn any_grant(&self) -> (String, u8) {
        let grants = self.grants.borrow();
        let (text, grant) = grants.iter().nth(self.chance.index(grants.len())).expect("the attacker has two");
        (format!("/{}/{text}", if grant.session.is_some() { "s" } else { "u" }), grant.video)
    }

    /// Something goes wrong here, as long as things may.
    pub(super) fn buggify(&self) -> bool {
        self.has_faults.get() && self.chance.buggify()
    }

    pub(super) fn clock_of(&self, edge: usize) -> Timestamp {
        Timestamp::from_millis(now().as_millis() + self.skews_millis[edge])
    }

    pub(super) fn handle(&self, video: u8, session: SessionId, begun_at: Timestamp, not_after: Timestamp) -> String {
        let (rights, bound) = (Rights::ALL, Bound::default());
        let handle = Handle { session, video: video_id(video), begun_at, not_after, rights, bound };
        let text = handle.mint(&BoundValues::default(), &self.keys);
        self.grants.borrow_mut().insert(text.clone(), Grant { video, session: Some(session), begun_at, not_after });
        text
    }

    pub(super) fn signed(&self, video: u8, signed_at: Timestamp, not_after: Timestamp) -> String {
        let (rights, bound) = (Rights::ALL, Bound::default());
        let text = Signed { video: video_id(video), signed_at, not_after, rights, bound }
            .mint(&BoundValues::default(), &self.keys);
        self.grants.borrow_mut().insert(text.clone(), Grant { video, session: None, begun_at: signed_at, not_after });
        text
    }

    /// Commits an entry.
    pub(super) fn append(&self, subject: Subject) {
        let mut log = self.log.borrow_mut();
        let seq = log.last().map_or(Seq(1), |(last, _)| last.seq.next());
        log.push((Entry { seq, subject }, now()));
    }

    /// The first entry that takes the grant back, and when it was committed.
    pub(super) fn ended(&self, grant: &Grant) -> Option<(Seq, Timestamp)> {
        let ends = |subject: &Subject| match *subject {
            Subject::Session { id, .. } => grant.session == Some(id),
            Subject::VideoAccess { id, until } => id == video_id(grant.video) && grant.begun_at <= until,
            Subject::ProjectAccess { id, until } => id == project_id(grant.video) && grant.begun_at <= until,
            _ => false,
        };
        let log = self.log.borrow();
        log.iter().find(|(entry, _)| ends(&entry.subject)).map(|(entry, at)| (entry.seq, *at))
    }

    /// An edge serves; was it right?
    pub(super) fn serves(&self, edge: usize, credential: &str, video: u8) {
        self.served.set(self.served.get() + 1);
        let grant = self.grants.borrow().get(credential).copied();
        let Some(grant) = grant.filter(|grant| grant.video == video) else {
            return self.breaks("G1", &format!("edge {edge} served video {video} for what grants no such thing"));
        };
        if grant.not_after <= self.clock_of(edge) {
            self.breaks("G1", &format!("edge {edge} served for what had expired"));
        }
        let Some((seq, at)) = self.ended(&grant) else { return };
        let since = now().since(at);
        self.latest.set(self.latest.get().max(if video == OPEN_VIDEO { Duration::ZERO } else { since }));
        if video != OPEN_VIDEO && since >= STALE_AFTER {
            self.breaks("G3", &format!("edge {edge} served {since:?} after entry {} was committed", seq.0));
        }
        if self.applied.borrow()[edge] >= seq {
            self.breaks("G3", &format!("edge {edge} served what it had acknowledged to be over by entry {}", seq.0));
        }
    }

    pub(super) fn breaks(&self, promise: &str, how: &str) {
        let at = turmoil::sim_elapsed().unwrap_or_default();
        self.broken.borrow_mut().push(format!("{promise} at {at:?}: {how}"));
    }
}
