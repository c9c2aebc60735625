//! The house as the checker sees it: everything that is so at one moment, and what has happened that promises are about.

use std::{collections::HashMap, sync::Mutex};

use admit_domain::time::Timestamp;
use stateright::{Model, Property};

use super::{
    act::{self, Act},
    bounds::{Bounds, Flaw},
    calm::Rest,
    edge::Edge,
    promises,
    store::{Request, Store, Work},
    subjects::Door,
};

pub(super) struct House {
    pub(super) bounds: Bounds,
    pub(super) flaw: Option<Flaw>,
    pub(super) door: Door,
    pub(super) calm: Mutex<HashMap<Rest, bool>>,
}

impl House {
    pub(super) fn new(bounds: Bounds, flaw: Option<Flaw>) -> Self {
        Self { bounds, flaw, door: Door::new(), calm: Mutex::default() }
    }

    /// Does the edge give this session its film now? Its handle is real, and so is the gate.
    pub(super) fn plays(&self, world: &World, edge: usize, session: u8) -> bool {
        let sight = &world.edges[edge].sight;
        self.door.opens(session, &sight.known, sight.view.fresh_until(), world.clock_of(edge))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct World {
    /// True seconds; control planes have them right.
    pub(super) now: u8,
    pub(super) store: Store,
    pub(super) replicas: [Option<Work>; 2],
    pub(super) edges: Vec<Edge>,
    pub(super) asks_left: u8,
    pub(super) faults_left: u8,
    pub(super) past: Past,
}

/// What happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Past {
    /// One bit for each session of the first token that was committed or told to a client.
    pub(super) begun: u16,
    /// One bit for each nonce that was told of a session.
    pub(super) holders: u8,
    /// When the token was revoked: committed or told, whichever came first.
    pub(super) revoked_at: [Option<u8>; 2],
    pub(super) acknowledged: [bool; 2],
    /// A session began after its token was known to be revoked.
    pub(super) began_late: bool,
}

impl World {
    /// An edge's clock is wrong by as much as it is: the first is right, the second three seconds ahead.
    pub(super) fn clock_of(&self, edge: usize) -> Timestamp {
        Timestamp::from_secs(i64::from(self.now) + if edge == 0 { 0 } else { 3 })
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        let nonces = (0..2).flat_map(|client| (0..2).map(move |nonce| Request::Redeem { client, nonce }));
        let revokes = [0, 1].map(|token| Request::Revoke { token });
        let is_about_revocation = !self.edges.is_empty();
        let first = nonces.take(if is_about_revocation { 1 } else { 4 });
        let has_second = is_about_revocation && self.past.begun != 0;
        first
            .filter(|_| !has_second)
            .chain(revokes.into_iter().take(if is_about_revocation { 2 } else { 1 }))
            .filter(|request| !matches!(request, Request::Revoke { token } if self.store.revoked[*token]))
            .collect()
    }
}

impl Model for House {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        let Bounds { asks, faults, edges, is_spent, .. } = self.bounds;
        let mut world = World {
            now: 0,
            store: Store::default(),
            replicas: [None, None],
            edges: vec![Edge::new(); edges],
            asks_left: asks,
            faults_left: faults,
            past: Past::default(),
        };
        if is_spent {
            (world.store.spent, world.past.begun, world.past.holders) = (Some((0, 0)), 1, 1);
        }
        vec![world]
    }

    fn actions(&self, world: &World, acts: &mut Vec<Act>) {
        act::possible(&self.bounds, world, acts);
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        let mut next = world.clone();
        act.happens(&mut next, self.flaw);
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        promises::all(&self.bounds)
    }
}
