//! What an edge has at hand, where the listener looks for it.

use std::net::IpAddr;

use admit_domain::{id::RequestId, time::Timestamp};
use admit_edge::{AtHand, Caller, Edge};

use crate::listener::{Asked, Lies, Shortcut};

impl Shortcut for Edge {
    type Answer = AtHand;

    fn at_hand(&self, asked: &Asked<'_>, from: IpAddr, now: Timestamp) -> Option<AtHand> {
        let Asked { is_head, path, host, origin, referrer, agent } = *asked;
        let caller = Caller { ip: Some(from), host: Some(host), origin, referrer, agent };
        // On the long way a `HEAD` is not told how long a refusal is.
        Self::at_hand(self, path, caller, now).filter(|answer| !(is_head && answer.is_refusal()))
    }

    fn named(&self, answer: &AtHand, request: RequestId, now: Timestamp) {
        Self::named(self, answer, request, now);
    }

    fn head<'a>(&self, answer: &'a AtHand) -> &'a [u8] {
        answer.head()
    }

    fn body<'a>(&self, answer: &'a AtHand) -> Lies<'a> {
        match answer.file() {
            Some((file, range)) => Lies::InFile(file, range),
            None => Lies::InMemory(answer.slices()),
        }
    }

    fn stands(&self, answer: &AtHand, now: Timestamp) -> bool {
        Self::stands(self, answer, now)
    }
}
