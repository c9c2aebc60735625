//! One run: two simulated minutes, of which the last ten seconds are calm.

use std::{collections::BTreeSet, rc::Rc, time::Duration};

use admit_domain::time::Timestamp;
use turmoil::{Builder, Sim};

use super::{
    Flaw, control, edge,
    truth::{EDGES, Truth, VIDEOS},
    viewer::{self, FIRST_SIGNED, HOMES, VIEWERS, nonce_of},
};

const LENGTH: Duration = Duration::from_mins(2);
const TICK: Duration = Duration::from_millis(50);
/// What a held link lets go at once must fit.
const CONNECTIONS_MAX: usize = 4_096;
const CALM: Duration = Duration::from_secs(110);
const PLAYS_WITHIN: Duration = Duration::from_secs(5);
pub(super) const FAULTS_END: Timestamp = Timestamp::from_secs(1_800_000_110);
/// When some of what the attacker has expires.
pub(super) const EXPIRY: Timestamp = Timestamp::from_secs(1_800_000_050);

/// What a run came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) served: u64,
    pub(super) refused: u64,
    pub(super) revocations: usize,
    pub(super) latest: Duration,
    /// Viewers who were valid in the end.
    pub(super) valid: usize,
    pub(super) broken: Vec<String>,
}

pub(super) fn run(seed: u64, flaw: Option<Flaw>) -> Outcome {
    let truth = Rc::new(Truth::new(seed, flaw));
    let mut sim = Builder::new()
        .rng_seed(seed)
        .tick_duration(TICK)
        .simulation_duration(LENGTH * 2)
        .min_message_latency(Duration::from_millis(1))
        .max_message_latency(Duration::from_millis(100))
        .tcp_capacity(CONNECTIONS_MAX)
        .build();
    let told = truth.clone();
    sim.host("control", move || control::run(told.clone()));
    for number in 0..EDGES {
        let told = truth.clone();
        sim.host(format!("edge-{number}"), move || edge::run(number, told.clone()));
    }
    for number in 0..HOMES {
        let told = truth.clone();
        sim.host(format!("home-{number}"), move || viewer::home(number, told.clone()));
    }
    let (for_attacker, for_office) = (truth.clone(), truth.clone());
    sim.host("attacker", move || viewer::attack(for_attacker.clone()));
    sim.host("office", move || viewer::office(for_office.clone()));

    let mut down = BTreeSet::new();
    for step in 0_u32.. {
        if sim.elapsed() >= LENGTH || !truth.broken.borrow().is_empty() {
            break;
        }
        if truth.has_faults.get() && sim.elapsed() >= CALM {
            calm_down(&mut sim, &truth, &mut down);
        }
        if truth.has_faults.get() && step % 10 == 0 {
            fault(&mut sim, &truth, &mut down);
        }
        if let Err(error) = sim.step() {
            truth.broken.borrow_mut().push(format!("a host failed: {error}"));
        }
    }
    outcome(&truth)
}

fn hosts() -> Vec<String> {
    let edges = (0..EDGES).map(|number| format!("edge-{number}"));
    let homes = (0..HOMES).map(|number| format!("home-{number}"));
    edges.chain(["control".to_owned()]).chain(homes).collect()
}

/// A link is cut, held up, slowed or mended; a host dies or comes back.
fn fault(sim: &mut Sim<'_>, truth: &Truth, down: &mut BTreeSet<String>) {
    let hosts = hosts();
    let edge = format!("edge-{}", truth.chance.index(EDGES));
    // Most of what can go wrong goes wrong between edges and the control plane.
    let other = hosts[EDGES + truth.chance.index(hosts.len() - EDGES).saturating_sub(3)].as_str();
    let mortal = if truth.chance.buggify() { "control" } else { edge.as_str() };
    match truth.chance.below(16) {
        0 => sim.partition(edge.as_str(), other),
        1 => sim.partition_oneway(edge.as_str(), other),
        2 => sim.partition_oneway(other, edge.as_str()),
        3 => sim.hold(edge.as_str(), other),
        4 => sim.set_link_latency(edge.as_str(), other, Duration::from_millis(truth.chance.below(3_000))),
        5 => sim.set_link_latency(edge.as_str(), other, Duration::from_millis(20)),
        6 | 7 if down.insert(mortal.to_owned()) => sim.crash(mortal),
        8..=11 => {
            sim.release(edge.as_str(), other);
            sim.repair(edge.as_str(), other);
        }
        _ => {
            if let Some(host) = down.pop_first() {
                sim.bounce(host);
            }
        }
    }
}

fn calm_down(sim: &mut Sim<'_>, truth: &Truth, down: &mut BTreeSet<String>) {
    truth.has_faults.set(false);
    let hosts = hosts();
    for edge in &hosts[..EDGES] {
        for other in &hosts[EDGES..] {
            sim.release(edge.as_str(), other.as_str());
            sim.repair(edge.as_str(), other.as_str());
            sim.set_link_latency(edge.as_str(), other.as_str(), Duration::from_millis(20));
        }
    }
    while let Some(host) = down.pop_first() {
        sim.bounce(host);
    }
}

/// G2 and C38 are judged in the end: one session a token, and every valid viewer has played soon after calm came.
fn outcome(truth: &Truth) -> Outcome {
    let mut broken = truth.broken.take();
    let valid: Vec<u64> = (0..VIEWERS).filter(|viewer| is_valid(truth, *viewer)).collect();
    if broken.is_empty() {
        broken.extend(truth.tokens_begun_twice().map(|token| format!("G2: token {token} began two sessions")));
        let played = truth.calm_at.borrow();
        let late =
            valid.iter().filter(|viewer| played.get(viewer).is_none_or(|at| *at > FAULTS_END.plus(PLAYS_WITHIN)));
        broken.extend(
            late.map(|viewer| format!("C38: viewer {viewer} of video {} does not play", viewer % u64::from(VIDEOS))),
        );
    }
    let (served, refused, latest) = (truth.served.get(), truth.refused.get(), truth.latest.get());
    Outcome { served, refused, revocations: truth.log.borrow().len(), latest, valid: valid.len(), broken }
}

fn is_valid(truth: &Truth, viewer: u64) -> bool {
    let grants = truth.grants.borrow();
    let credential = if viewer >= FIRST_SIGNED {
        truth.signed_of(viewer)
    } else {
        match truth.tokens.borrow().get(&viewer) {
            None => return true,
            Some(spent) if spent.nonce == nonce_of(viewer) => Some(spent.handle.clone()),
            Some(_) => return false,
        }
    };
    credential.and_then(|text| grants.get(&text)).is_some_and(|grant| truth.ended(grant).is_none())
}
