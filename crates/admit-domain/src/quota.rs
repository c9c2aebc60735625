//! How often somebody may ask: a count that begins anew each minute.

use std::time::Duration;

use crate::time::Timestamp;

/// Limits are given, and told to clients, by the minute.
pub const WINDOW: Duration = Duration::from_mins(1);

/// What a client is told of its limit with every answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Requests a minute.
    pub limit: u32,
    /// Requests left of this minute.
    pub remaining: u32,
    /// Until the count begins anew; whole seconds, at least one.
    pub resets_in_seconds: u64,
    /// May this request be answered?
    pub is_granted: bool,
}

/// One client's count.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    began: Timestamp,
    used: u32,
}

impl Window {
    pub const fn new(now: Timestamp) -> Self {
        Self { began: now, used: 0 }
    }

    /// Counts one request. Those beyond the limit do not make the wait longer.
    pub fn take(&mut self, limit: u32, now: Timestamp) -> Quota {
        if self.is_over(now) {
            *self = Self::new(now);
        }
        let is_granted = self.used < limit;
        self.used += u32::from(is_granted);
        let left = WINDOW.saturating_sub(now.since(self.began));
        let resets_in_seconds = left.as_millis().div_ceil(1_000).max(1);
        Quota {
            limit,
            remaining: limit.saturating_sub(self.used),
            resets_in_seconds: u64::try_from(resets_in_seconds).unwrap_or(u64::MAX),
            is_granted,
        }
    }

    /// Would one more be refused?
    pub fn is_spent(&self, limit: u32, now: Timestamp) -> bool {
        !self.is_over(now) && self.used >= limit
    }

    /// Nothing of it counts any more.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.began) >= WINDOW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_whole_again_in_a_minute() {
        let now = Timestamp::from_secs(1_800_000_000);
        let mut window = Window::new(now);
        assert!(!window.is_spent(1, now));
        window.take(1, now);
        assert!(window.is_spent(1, now));
        assert!(!window.is_spent(1, now.plus(WINDOW)));
    }

    #[test]
    fn a_minute_has_so_many_requests_and_no_more() {
        let start = Timestamp::from_secs(1_000);
        let mut window = Window::new(start);
        let quota =
            |remaining, resets_in_seconds, is_granted| Quota { limit: 2, remaining, resets_in_seconds, is_granted };
        assert_eq!(window.take(2, start), quota(1, 60, true));
        let later = start.plus(Duration::from_millis(30_001));
        assert_eq!(window.take(2, later), quota(0, 30, true));
        assert_eq!(window.take(2, later), quota(0, 30, false));
        let last = start.plus(Duration::from_millis(59_999));
        assert_eq!(window.take(2, last), quota(0, 1, false));
        assert_eq!(
            window.take(2, start.plus(WINDOW)),
            quota(1, 60, true),
            "the next minute begins when it is asked for"
        );
    }
}
