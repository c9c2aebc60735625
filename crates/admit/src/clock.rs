//! The one place where the wall clock is read.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use admit_domain::time::Timestamp;

/// A wall clock that never runs backwards: an operator who sets the time back must not give ended sessions a second life.
/// Clones share what they have seen.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    highest_millis: Arc<AtomicI64>,
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        self.not_before_seen(wall_millis())
    }

    fn not_before_seen(&self, wall_millis: i64) -> Timestamp {
        let highest = self.highest_millis.fetch_max(wall_millis, Ordering::Relaxed);
        Timestamp::from_millis(highest.max(wall_millis))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door through which time comes in")]
fn wall_millis() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_never_runs_backwards() {
        let clock = Clock::default();
        let other = clock.clone();
        assert_eq!(clock.not_before_seen(1_000), Timestamp::from_millis(1_000));
        assert_eq!(other.not_before_seen(400), Timestamp::from_millis(1_000), "a clone remembers too");
        assert_eq!(clock.not_before_seen(1_001), Timestamp::from_millis(1_001));
    }

    #[test]
    fn the_clock_is_in_this_century() {
        assert!(Clock::default().now() > Timestamp::from_secs(1_700_000_000));
    }
}
