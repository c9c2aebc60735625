//! Why the latest requests were refused, kept for the operator's questions. Of each only the fault is kept: what was
//! shown may have been a secret.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use admit_domain::{
    claims::Fault,
    id::{RequestId, VideoId},
    limits::REFUSALS_KEPT_MAX,
};

/// Why a request was refused, and which video it was about: its owner alone is told the cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub video: Option<VideoId>,
    pub fault: Fault,
}

/// The latest refusals of this process, by request.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    refusals: HashMap<RequestId, Refusal>,
    order: VecDeque<RequestId>,
}

impl Ledger {
    /// The first fault of a request is its cause; whoever speaks later knows less.
    pub fn note(&self, request: RequestId, video: Option<VideoId>, fault: Fault) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { refusals, order } = &mut *kept;
        refusals.entry(request).or_insert_with(|| {
            order.push_back(request);
            Refusal { video, fault }
        });
        if order.len() > REFUSALS_KEPT_MAX
            && let Some(oldest) = order.pop_front()
        {
            refusals.remove(&oldest);
        }
    }

    pub fn find(&self, request: &RequestId) -> Option<Refusal> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).refusals.get(request).cloned()
    }
}

#[cfg(test)]
mod tests {
    use admit_domain::verdict::Denial;

    use super::*;

    #[test]
    fn the_first_word_counts_and_the_oldest_is_forgotten() {
        let request = |number: usize| {
            let mut chance = [0; 22];
            for (index, byte) in chance.iter_mut().enumerate() {
                *byte = u8::try_from(number >> (5 * index.min(4)) & 31).expect("five bits");
            }
            RequestId::from_random(chance)
        };
        let ledger = Ledger::default();
        ledger.note(request(0), None, Fault::invalid("exp", "a time that is not over"));
        ledger.note(request(0), None, Denial::InvalidToken.into());
        assert_eq!(ledger.find(&request(0)).map(|refusal| refusal.fault.field), Some("exp"));
        for number in 1..=REFUSALS_KEPT_MAX {
            ledger.note(request(number), None, Denial::NotFound.into());
        }
        assert_eq!(ledger.find(&request(0)), None);
        assert!(ledger.find(&request(1)).is_some());
    }
}
