//! What is promised of every state of the house.

use stateright::Property;

use super::{
    bounds::Bounds,
    calm,
    edge::STALE_AFTER_SECONDS,
    house::{House, World},
    subjects::{OTHER, SESSIONS, token_of},
};

pub(super) const ONE_SESSION: &str = "a one-time token begins at most one session";
pub(super) const ONE_HOLDER: &str = "only one nonce is ever told of it";
pub(super) const NONE_AFTER_REVOKE: &str = "no session begins after its token is known to be revoked";
pub(super) const BOUNDED: &str = "no edge lets a session in longer than the bound after it was revoked";
pub(super) const NOTHING_FORGOTTEN: &str =
    "what an edge has once known to be over is over for it, restarts and set-back logs or not";
pub(super) const VIEWERS_PLAY: &str = "when faults are over every valid viewer plays, and nobody else";

pub(super) fn all(bounds: &Bounds) -> Vec<Property<House>> {
    let mut all = vec![
        Property::always(ONE_SESSION, |_, world: &World| world.past.begun.count_ones() <= 1),
        Property::always(ONE_HOLDER, |_, world: &World| world.past.holders.count_ones() <= 1),
        Property::always(NONE_AFTER_REVOKE, |_, world: &World| !world.past.began_late),
        Property::always(BOUNDED, is_bounded),
        Property::always(NOTHING_FORGOTTEN, forgets_nothing),
        Property::always(VIEWERS_PLAY, calm::viewers_play),
    ];
    // These show that the promises are not kept by a house in which nothing happens.
    if bounds.edges > 0 {
        all.extend([
            Property::sometimes("a viewer plays", |house: &House, world| house.plays(world, 0, OTHER)),
            Property::sometimes("a revoked viewer plays on, within the bound", |house: &House, world: &World| {
                world.past.revoked_at[1].is_some_and(|at| at < world.now) && house.plays(world, 0, OTHER)
            }),
            Property::sometimes("an edge that has heard nothing for long is closed", |house: &House, world: &World| {
                let until = world.edges[0].sight.view.fresh_until();
                until.as_millis() > 0 && until <= world.clock_of(0) && !house.plays(world, 0, OTHER)
            }),
        ]);
    }
    if bounds.edges > 0 && bounds.faults > 0 {
        all.push(Property::sometimes("an edge notices that it has missed something", |_, world: &World| {
            world.edges[0].had_gap
        }));
    }
    if bounds.edges == 0 {
        all.push(Property::sometimes("a token is spent and then revoked", |_, world: &World| {
            world.past.holders != 0 && world.past.acknowledged[0]
        }));
    }
    all
}

/// The sessions that there are.
fn sessions(world: &World) -> impl Iterator<Item = u8> {
    let begun = world.past.begun;
    SESSIONS.filter(move |session| begun & 1 << session != 0).chain([OTHER])
}

fn is_bounded(house: &House, world: &World) -> bool {
    sessions(world).all(|session| match world.past.revoked_at[token_of(session)] {
        Some(at) if world.now - at >= STALE_AFTER_SECONDS => {
            (0..world.edges.len()).all(|edge| !house.plays(world, edge, session))
        }
        _ => true,
    })
}

fn forgets_nothing(_: &House, world: &World) -> bool {
    world.edges.iter().all(|edge| edge.ever & !edge.sight.known.ended == 0)
}
