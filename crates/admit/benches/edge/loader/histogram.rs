//! Durations in buckets that are at most 3 % wide.

use std::time::Duration;

/// Buckets for each doubling.
const STEPS: u32 = 32;
const STEP_BITS: u32 = STEPS.trailing_zeros();

#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
    all: u64,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self { counts: vec![0; (64 * STEPS) as usize], all: 0 }
    }

    pub(crate) fn add(&mut self, duration: Duration) {
        let value = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX).max(u64::from(STEPS));
        let doublings = value.ilog2() - STEP_BITS;
        let bucket = u64::from(doublings * STEPS) + (value >> doublings) - u64::from(STEPS);
        if let Some(count) = usize::try_from(bucket).ok().and_then(|bucket| self.counts.get_mut(bucket)) {
            *count += 1;
            self.all += 1;
        }
    }

    /// The duration in microseconds that this share of all does not exceed.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "counts of one run are far below 2^52")]
        let wanted = self.all as f64 * share;
        let mut seen = 0.0;
        for (bucket, count) in (0u32..).zip(&self.counts) {
            #[expect(clippy::cast_precision_loss, reason = "counts of one run are far below 2^52")]
            let more = *count as f64;
            seen += more;
            if seen >= wanted && more > 0.0 {
                return f64::from(bucket % STEPS + STEPS) * f64::from(bucket / STEPS).exp2() / 1e3;
            }
        }
        f64::NAN
    }
}
