//! How far the checker walks, and the flaws that it must find.

use crate::setting;

/// How much may happen. The model is finite by these.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Seconds that may pass.
    pub(super) seconds: u8,
    /// Requests that control planes may take: redeems and revokes.
    pub(super) asks: u8,
    /// Crashes, restarts, cuts, set-back logs and mistreated messages, together.
    pub(super) faults: u8,
    pub(super) edges: usize,
    /// Messages on the way to one edge.
    pub(super) in_flight: usize,
    /// The one-time token is spent already: what follows is about revocation.
    pub(super) is_spent: bool,
}

fn is_deep() -> bool {
    setting("ADMIT_TEST_DEEP").is_some()
}

impl Bounds {
    /// No edge: 2 clients × 2 nonces × 2 control planes.
    pub(super) fn entrance() -> Self {
        let (asks, faults) = if is_deep() { (8, 4) } else { (5, 2) };
        Self { seconds: 0, asks, faults, edges: 0, in_flight: 0, is_spent: false }
    }

    pub(super) fn following() -> Self {
        let (seconds, faults) = if is_deep() { (3, 2) } else { (3, 1) };
        Self { seconds, asks: 2, faults, edges: 1, in_flight: 2, is_spent: true }
    }

    /// As little as shows every flaw of an edge.
    pub(super) fn flawed_edge() -> Self {
        Self { seconds: 2, asks: 2, faults: 1, edges: 1, in_flight: 2, is_spent: true }
    }

    pub(super) fn two_edges() -> Self {
        let (seconds, faults) = if is_deep() { (3, 1) } else { (2, 0) };
        Self { seconds, asks: 1, faults, edges: 2, in_flight: 1, is_spent: true }
    }

    pub(super) fn whole() -> Self {
        let (seconds, asks) = if is_deep() { (3, 4) } else { (2, 2) };
        Self { seconds, asks, faults: 1, edges: 1, in_flight: 1, is_spent: false }
    }
}

/// A mistake that a house could make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Redeem looks first and writes later.
    NoCompareAndSet,
    RedeemAcknowledgedFirst,
    RevokeAcknowledgedFirst,
    /// Whoever shows the token gets the session that it began.
    NonceIgnored,
    /// A heartbeat counts as said when it arrives.
    FreshByArrival,
    /// Only the first heartbeat of a conversation does.
    FirstWordTrusted,
    GapIgnored,
    NotPersisted,
    /// A snapshot is believed whole, whatever was known.
    SetBackBelieved,
    /// A control plane resumes wherever its log has that number, though it is another entry's.
    ResumedByNumber,
}
