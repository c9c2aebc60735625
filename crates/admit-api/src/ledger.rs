//! What was decided lately, kept for the operator's questions: why requests were refused, and who wanted in. Of what was
//! shown nothing is kept, for it may have been a secret.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use admit_domain::{
    claims::Fault,
    decision::{Decision, Refused},
    id::{RequestId, VideoId},
    limits::{DECISIONS_KEPT_MAX, REFUSALS_KEPT_MAX},
    revocation::Seq,
    time::Timestamp,
};

/// Why a request was refused, and which video it was about: its owner alone is told the cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub at: Timestamp,
    /// What was known of the log then.
    pub seq: Seq,
    pub video: Option<VideoId>,
    pub fault: Fault,
}

/// The latest refusals and decisions that this process was told of.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    refusals: HashMap<RequestId, Refusal>,
    order: VecDeque<RequestId>,
    decisions: VecDeque<Arc<Decision>>,
}

impl Ledger {
    /// The first fault of a request is its cause; whoever speaks later knows less.
    pub fn note(&self, request: RequestId, refusal: Refusal) {
        self.lock().note(request, refusal);
    }

    /// Keeps what an edge refused. Whom it kept from beginning a session was judged by rules.
    pub fn refused(&self, refused: Refused) {
        let Refused { request, at, seq, video, fault, newcomer } = refused;
        let mut kept = self.lock();
        if let (Some(video), Some(newcomer)) = (video, newcomer) {
            let (request, by_credential, verdict) = (Some(request), Ok(()), Err(fault.denial));
            kept.decide(Decision { request, at, seq, video, newcomer, by_credential, verdict });
        }
        kept.note(request, Refusal { at, seq, video, fault });
    }

    /// Keeps what was decided about somebody.
    pub fn decided(&self, decision: Decision) {
        self.lock().decide(decision);
    }

    pub fn find(&self, request: &RequestId) -> Option<Refusal> {
        self.lock().refusals.get(request).cloned()
    }

    /// The decisions that somebody asks for, the latest first.
    pub fn decisions(&self, wanted: impl Fn(&Decision) -> bool) -> Vec<Arc<Decision>> {
        self.lock().decisions.iter().rev().filter(|decision| wanted(decision)).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn note(&mut self, request: RequestId, refusal: Refusal) {
        let Self { refusals, order, .. } = self;
        refusals.entry(request).or_insert_with(|| {
            order.push_back(request);
            refusal
        });
        if order.len() > REFUSALS_KEPT_MAX
            && let Some(oldest) = order.pop_front()
        {
            refusals.remove(&oldest);
        }
    }

    /// Whoever says more of itself than can be kept is forgotten.
    fn decide(&mut self, decision: Decision) {
        if !decision.newcomer.asker.is_brief() {
            return;
        }
        self.decisions.push_back(Arc::new(decision));
        if self.decisions.len() > DECISIONS_KEPT_MAX {
            self.decisions.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use admit_domain::{asker::Asker, decision::Newcomer, id::ProjectId, verdict::Denial};

    use super::*;

    fn request(number: usize) -> RequestId {
        let mut chance = [0; 22];
        for (index, byte) in chance.iter_mut().enumerate() {
            *byte = u8::try_from(number >> (5 * index.min(4)) & 31).expect("five bits");
        }
        RequestId::from_random(chance)
    }

    fn refusal(fault: Fault) -> Refusal {
        Refusal { at: Timestamp::EPOCH, seq: Seq(1), video: None, fault }
    }

    #[test]
    fn the_first_word_counts_and_the_oldest_is_forgotten() {
        let ledger = Ledger::default();
        ledger.note(request(0), refusal(Fault::invalid("exp", "a time that is not over")));
        ledger.note(request(0), refusal(Denial::InvalidToken.into()));
        assert_eq!(ledger.find(&request(0)).map(|refusal| refusal.fault.field), Some("exp"));
        for number in 1..=REFUSALS_KEPT_MAX {
            ledger.note(request(number), refusal(Denial::NotFound.into()));
        }
        assert_eq!(ledger.find(&request(0)), None);
        assert!(ledger.find(&request(1)).is_some());
    }

    #[test]
    fn decisions_are_bounded_by_their_number_and_their_size() {
        let decided = |number: usize, agent: String| Decision {
            request: Some(request(number)),
            at: Timestamp::EPOCH,
            seq: Seq(1),
            video: VideoId::from_random([1; 22]),
            newcomer: Newcomer { project: ProjectId::from_random([1; 22]), asker: Asker { agent, ..Asker::default() } },
            by_credential: Ok(()),
            verdict: Ok(()),
        };
        let ledger = Ledger::default();
        ledger.decided(decided(0, "x".repeat(1_000_000)));
        assert!(ledger.decisions(|_| true).is_empty());
        for number in 0..=DECISIONS_KEPT_MAX {
            ledger.decided(decided(number, "curl/8".to_owned()));
        }
        let kept = ledger.decisions(|_| true);
        assert_eq!(kept.len(), DECISIONS_KEPT_MAX);
        assert_eq!(kept.first().map(|decision| decision.request), Some(Some(request(DECISIONS_KEPT_MAX))));
        assert_eq!(kept.last().map(|decision| decision.request), Some(Some(request(1))));
    }
}
