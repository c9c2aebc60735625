//! The promises of the house, held against everything that can go wrong between control planes and edges: every order of
//! events within bounds (`model`), and long runs under chance (`simulation`). What decides is the real code.
//!
//! `ADMIT_TEST_DEEP=1` widens the bounds of the model; `ADMIT_TEST_SEEDS` says how many runs are simulated, and
//! `ADMIT_TEST_SEED` repeats one.

mod model;
mod simulation;

#[expect(clippy::disallowed_methods, reason = "how long this test runs is no setting of the house")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
