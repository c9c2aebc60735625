//! Chance that can be had again: every story that rolls dice prints the seed it rolled them with.

use super::{say, told};

/// `SplitMix64`: small, even, and the same everywhere.
#[derive(Clone, Debug)]
pub(crate) struct Seed(u64);

impl Seed {
    /// The seed in `ADMIT_TEST_SEED`, or a fresh one; printed, so that a failure can be had again.
    pub(crate) fn new(story: &str) -> Self {
        let given = told("ADMIT_TEST_SEED").map(|text| text.parse().expect("ADMIT_TEST_SEED is a number"));
        let seed = given.unwrap_or_else(|| u64::from_be_bytes(admit::random::fill().unwrap()));
        say(&format!("SEED: {story}: ADMIT_TEST_SEED={seed}"));
        Self(seed)
    }

    /// Another one, for whoever rolls at the same time.
    pub(crate) const fn split(&mut self) -> Self {
        Self(self.next())
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend(self.next().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }

    /// A nonce as our player makes them.
    pub(crate) fn nonce(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }
}
