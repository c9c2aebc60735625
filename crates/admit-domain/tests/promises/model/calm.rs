//! Faults are over: what every house comes to then, from whatever state they left.

use std::sync::PoisonError;

use super::{
    act::Act,
    edge::Place,
    house::{House, World},
    store::{Request, Store, Work},
    subjects::{Known, OTHER, token_of},
};

/// Control planes finish what they do, the viewer of the first token tries once more with its nonce, and each edge asks
/// anew and hears one heartbeat.
fn calm_down(house: &House, world: &World) -> World {
    let mut world = world.clone();
    let mut act = |act: Act| act.happens(&mut world, house.flaw);
    for replica in [0, 1] {
        (0..3).for_each(|_| act(Act::Work(replica)));
    }
    for edge in 0..house.bounds.edges {
        [Act::Cut(edge), Act::Connect(edge), Act::Answer(edge)].into_iter().for_each(&mut act);
        for _ in 0..4 {
            act(Act::Write(edge));
        }
        (0..5).for_each(|_| act(Act::Deliver(edge)));
    }
    world
}

fn viewer_asks_again(house: &House, world: &mut World) {
    let nonce = world.store.spent.map_or(0, |(nonce, _)| nonce);
    world.asks_left = 1;
    Act::Ask(0, Request::Redeem { client: 0, nonce }).happens(world, house.flaw);
    (0..3).for_each(|_| Act::Work(0).happens(world, house.flaw));
}

/// All that what follows depends on: lines are cut, and freshness is what is heard then.
pub(super) type Rest = (u8, Store, [Option<Work>; 2], Vec<(Known, Place, u16)>);

fn rest_of(world: &World) -> Rest {
    let edges = world.edges.iter().map(|edge| (edge.sight.known.clone(), edge.place, edge.ever));
    (world.now, world.store.clone(), world.replicas, edges.collect())
}

/// Whoever is valid plays, on every edge; whoever is revoked does not. The same rest is not gone through twice.
pub(super) fn viewers_play(house: &House, world: &World) -> bool {
    let rest = rest_of(world);
    let known = house.calm.lock().unwrap_or_else(PoisonError::into_inner).get(&rest).copied();
    known.unwrap_or_else(|| {
        let plays = do_viewers_play(house, world);
        house.calm.lock().unwrap_or_else(PoisonError::into_inner).insert(rest, plays);
        plays
    })
}

fn do_viewers_play(house: &House, world: &World) -> bool {
    let mut calm = calm_down(house, world);
    viewer_asks_again(house, &mut calm);
    let first = calm.store.spent.map(|(_, session)| session);
    let sessions = first.into_iter().chain([OTHER]);
    sessions.into_iter().all(|session| {
        let is_revoked = calm.store.revoked[token_of(session)];
        (0..house.bounds.edges).all(|edge| {
            // An edge remembers what a log that was set back has forgotten.
            let is_remembered = calm.edges[edge].ever & 1 << session != 0;
            house.plays(&calm, edge, session) != (is_revoked || is_remembered)
        })
    }) && (first.is_some() || calm.store.revoked[0])
}
