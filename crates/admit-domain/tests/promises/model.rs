//! Two clients with two nonces each, two control planes over one store, two edges: every order of steps, crashes and faults
//! within bounds, walked through by a checker. It must find nothing here, and something in each flawed house.

mod act;
mod bounds;
mod calm;
mod edge;
mod house;
mod promises;
mod store;
mod subjects;

use stateright::{Checker, HasDiscoveries, Model};

use self::{
    bounds::{Bounds, Flaw},
    house::House,
};

#[expect(clippy::print_stdout, reason = "how far the checker walked is the result of it")]
fn say(text: &str) {
    println!("{text}");
}

/// Walks everywhere and says how many states there are. A broken promise is told with the steps that lead there.
fn walk(name: &str, bounds: Bounds) -> usize {
    let checker = House::new(bounds, None).checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    say(&format!("{name}: {} states, every one of them", checker.unique_state_count()));
    checker.unique_state_count()
}

/// A house with the flaw breaks `promise`, and the checker finds out.
fn finds(flaw: Flaw, promise: &'static str, bounds: Bounds) {
    let found = HasDiscoveries::AnyOf([promise].into());
    let checker = House::new(bounds, Some(flaw)).checker().finish_when(found).spawn_bfs().join();
    let Some(path) = checker.discovery(promise) else { panic!("{flaw:?} was not found: {promise}") };
    say(&format!("{flaw:?}: {promise}: not so after {:?}", path.into_actions()));
}

#[test]
fn a_token_is_redeemed_once_by_whoever_was_first() {
    let states = walk("entrance", Bounds::entrance());
    assert!(states > 1_000, "{states} states are not the whole model");
}

#[test]
fn an_edge_follows_the_log_through_every_fault() {
    let states = walk("following", Bounds::following());
    assert!(states > 10_000, "{states} states are not the whole model");
}

#[test]
fn two_edges_follow_one_log() {
    let states = walk("two edges", Bounds::two_edges());
    assert!(states > 10_000, "{states} states are not the whole model");
}

#[test]
fn from_redeem_to_revocation() {
    let states = walk("whole", Bounds::whole());
    assert!(states > 10_000, "{states} states are not the whole model");
}

#[test]
fn a_flawed_entrance_is_found() {
    finds(Flaw::NoCompareAndSet, promises::ONE_SESSION, Bounds::entrance());
    finds(Flaw::RedeemAcknowledgedFirst, promises::ONE_SESSION, Bounds::entrance());
    finds(Flaw::NonceIgnored, promises::ONE_HOLDER, Bounds::entrance());
    finds(Flaw::RevokeAcknowledgedFirst, promises::NONE_AFTER_REVOKE, Bounds::entrance());
}

#[test]
fn a_flawed_edge_is_found() {
    finds(Flaw::FreshByArrival, promises::BOUNDED, Bounds::flawed_edge());
    finds(Flaw::FirstWordTrusted, promises::BOUNDED, Bounds::flawed_edge());
    finds(Flaw::GapIgnored, promises::BOUNDED, Bounds::flawed_edge());
    finds(Flaw::NotPersisted, promises::NOTHING_FORGOTTEN, Bounds::flawed_edge());
    finds(Flaw::SetBackBelieved, promises::NOTHING_FORGOTTEN, Bounds::flawed_edge());
    finds(Flaw::ResumedByNumber, promises::BOUNDED, Bounds::flawed_edge());
}
