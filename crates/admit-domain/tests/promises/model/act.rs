//! What can happen next, and what it does.

use super::{
    bounds::{Bounds, Flaw},
    house::World,
    store::{Outcome, Request, Step, Work},
    subjects::OTHER,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// A control plane takes a request. One that was sent twice is taken twice; one that was lost is never taken.
    Ask(usize, Request),
    /// The control plane makes its next step.
    Work(usize),
    Crash(usize),
    /// A second passes.
    Tick,
    /// The log is put back to so many entries.
    SetBack(usize),
    /// The edge asks for the log.
    Connect(usize),
    /// A control plane takes that request.
    Answer(usize),
    /// It writes the next entry, or a heartbeat, to the edge's line.
    Write(usize),
    /// The first message on the line arrives.
    Deliver(usize),
    /// The second arrives before the first.
    Overtake(usize),
    /// The first arrives, and will once more.
    Double(usize),
    Lose(usize),
    Cut(usize),
    Restart(usize),
    /// What arrives reaches the disk, and then the edge dies.
    DieWriting(usize),
}

/// Everything that can happen next.
pub(super) fn possible(bounds: &Bounds, world: &World, acts: &mut Vec<Act>) {
    let may_fail = world.faults_left > 0;
    for (replica, work) in world.replicas.iter().enumerate() {
        match work {
            Some(_) => {
                acts.push(Act::Work(replica));
                acts.extend(may_fail.then_some(Act::Crash(replica)));
            }
            None if world.asks_left > 0 => {
                acts.extend(world.requests().into_iter().map(|request| Act::Ask(replica, request)));
            }
            None => {}
        }
    }
    acts.extend((world.now < bounds.seconds).then_some(Act::Tick));
    if may_fail && world.store.life == 0 && bounds.edges == 1 && bounds.is_spent {
        acts.extend((0..world.store.log.len()).map(Act::SetBack));
    }
    for edge in 0..world.edges.len() {
        possible_at(edge, bounds, world, acts);
    }
}

fn possible_at(edge: usize, bounds: &Bounds, world: &World, acts: &mut Vec<Act>) {
    let may_fail = world.faults_left > 0;
    let Some(line) = &world.edges[edge].line else {
        acts.push(Act::Connect(edge));
        acts.extend(may_fail.then_some(Act::Restart(edge)));
        return;
    };
    let has_room = line.queue.len() < bounds.in_flight && !line.is_dead;
    if has_room {
        acts.push(if line.asks.is_some() { Act::Answer(edge) } else { Act::Write(edge) });
    }
    if !line.queue.is_empty() {
        acts.push(Act::Deliver(edge));
    }
    if may_fail {
        acts.extend([Act::Cut(edge), Act::Restart(edge)]);
        if !line.queue.is_empty() {
            acts.extend([Act::Double(edge), Act::Lose(edge), Act::DieWriting(edge)]);
        }
        acts.extend((line.queue.len() > 1).then_some(Act::Overtake(edge)));
    } else if line.is_dead && line.queue.is_empty() {
        acts.push(Act::Cut(edge));
    }
}

impl Act {
    pub(super) fn happens(self, world: &mut World, flaw: Option<Flaw>) {
        match self {
            Self::Ask(replica, request) => {
                world.asks_left -= 1;
                world.replicas[replica] = Some(Work::new(replica, request));
            }
            Self::Work(replica) => work(replica, world, flaw),
            Self::Tick => world.now += 1,
            Self::Connect(edge) => {
                let now = world.clock_of(edge);
                world.edges[edge].connect(now);
            }
            Self::Answer(edge) => {
                if let Some(line) = &mut world.edges[edge].line {
                    line.answer(&world.store, flaw);
                }
            }
            Self::Write(edge) => {
                if let Some(line) = &mut world.edges[edge].line {
                    line.write(&world.store, world.now);
                }
            }
            Self::Deliver(edge) => deliver(edge, 0, true, world, flaw),
            _ => self.goes_wrong(world, flaw),
        }
    }

    fn goes_wrong(self, world: &mut World, flaw: Option<Flaw>) {
        world.faults_left = world.faults_left.saturating_sub(1);
        match self {
            Self::Crash(replica) => world.replicas[replica] = None,
            Self::SetBack(to) => set_back(to, world),
            Self::Overtake(edge) => deliver(edge, 1, true, world, flaw),
            Self::Double(edge) => deliver(edge, 0, false, world, flaw),
            Self::Lose(edge) => {
                if let Some(line) = &mut world.edges[edge].line {
                    line.queue.remove(0);
                }
            }
            Self::Cut(edge) => world.edges[edge].line = None,
            Self::Restart(edge) => world.edges[edge].restart(),
            Self::DieWriting(edge) => {
                deliver(edge, 0, true, world, flaw);
                world.edges[edge].restart();
            }
            _ => {}
        }
    }
}

fn deliver(edge: usize, at: usize, is_last: bool, world: &mut World, flaw: Option<Flaw>) {
    let now = world.clock_of(edge);
    let Some(line) = &mut world.edges[edge].line else { return };
    if at >= line.queue.len() {
        return;
    }
    let message = if is_last { line.queue.remove(at) } else { line.queue[at].clone() };
    world.edges[edge].take(&message, now, flaw);
}

/// What was revoked in the entries that are lost is not revoked, except where an edge knows better.
fn set_back(to: usize, world: &mut World) {
    world.store.set_back(to);
    world.replicas = [None, None];
    for token in [0, 1] {
        if !world.store.revoked[token] {
            (world.past.revoked_at[token], world.past.acknowledged[token]) = (None, false);
        }
    }
    for line in world.edges.iter_mut().filter_map(|edge| edge.line.as_mut()) {
        line.is_dead = true;
    }
}

fn work(replica: usize, world: &mut World, flaw: Option<Flaw>) {
    let Some(mut work) = world.replicas[replica].take() else { return };
    let is_redeem = matches!(work.request, Request::Redeem { .. });
    let early = if is_redeem { Flaw::RedeemAcknowledgedFirst } else { Flaw::RevokeAcknowledgedFirst };
    match work.step {
        Step::Asked if flaw == Some(early) => {
            acknowledge(&work, work.hoped(&world.store), world);
            work.step = Step::Answered;
        }
        Step::Asked if flaw == Some(Flaw::NoCompareAndSet) && is_redeem && world.store.spent.is_none() => {
            work.step = Step::Looked;
        }
        Step::Asked => work.step = Step::Committed(commit(&work, world, flaw)),
        Step::Looked => {
            world.store.spent = None;
            work.step = Step::Committed(commit(&work, world, flaw));
        }
        Step::Answered => {
            commit(&work, world, flaw);
            return;
        }
        Step::Committed(outcome) => {
            acknowledge(&work, outcome, world);
            return;
        }
    }
    world.replicas[replica] = Some(work);
}

fn commit(work: &Work, world: &mut World, flaw: Option<Flaw>) -> Outcome {
    let was_spent = world.store.spent;
    let outcome = work.commit(&mut world.store, flaw);
    match work.request {
        Request::Redeem { .. } if world.store.spent != was_spent => begin(work.session, world),
        Request::Revoke { token } => note_revoked(token, world),
        Request::Redeem { .. } => {}
    }
    outcome
}

fn begin(session: u8, world: &mut World) {
    world.past.begun |= 1 << session;
    world.past.began_late |= session != OTHER && world.past.acknowledged[0];
}

fn note_revoked(token: usize, world: &mut World) {
    let at = &mut world.past.revoked_at[token];
    *at = at.or(Some(world.now));
}

/// The client is told; it may hear or not.
fn acknowledge(work: &Work, outcome: Outcome, world: &mut World) {
    match (work.request, outcome) {
        (Request::Redeem { nonce, .. }, Outcome::Session(session)) => {
            if world.past.begun & 1 << session == 0 {
                begin(session, world);
            }
            world.past.holders |= 1 << nonce;
        }
        (Request::Revoke { token }, _) => {
            note_revoked(token, world);
            world.past.acknowledged[token] = true;
        }
        (Request::Redeem { .. }, _) => {}
    }
}
