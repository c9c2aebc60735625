//! What an edge has at hand, where the listener looks for it.

use std::net::IpAddr;

use admit_domain::time::Timestamp;
use admit_edge::{AtHand, Caller, Edge};

use crate::listener::{Asked, Shortcut};

impl Shortcut for Edge {
    type Answer = AtHand;

    fn at_hand(&self, asked: &Asked<'_>, from: IpAddr, now: Timestamp) -> Option<AtHand> {
        let Asked { path, host, origin, referrer, agent } = *asked;
        Self::at_hand(self, path, Caller { ip: Some(from), host: Some(host), origin, referrer, agent }, now)
    }

    fn head<'a>(&self, answer: &'a AtHand) -> &'a [u8] {
        answer.head()
    }

    fn slice<'a>(&self, answer: &'a AtHand, index: usize) -> Option<&'a [u8]> {
        answer.slice(index).map(|slice| &**slice)
    }

    fn stands(&self, answer: &AtHand, now: Timestamp) -> bool {
        Self::stands(self, answer, now)
    }
}
