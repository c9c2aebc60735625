//! All chance of one run, from its seed.

use std::cell::Cell;

pub(super) struct Chance(Cell<u64>);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(Cell::new(seed ^ 0x0ad3_17ed_5eed))
    }

    /// splitmix64.
    fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let z = self.0.get();
        let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub(super) fn below(&self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub(super) fn index(&self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// One in four: whatever may go wrong at some place in the code does so as often as this.
    pub(super) fn buggify(&self) -> bool {
        self.below(4) == 0
    }

    pub(super) fn bytes<const N: usize>(&self) -> [u8; N] {
        std::array::from_fn(|_| u8::try_from(self.next() >> 56).unwrap_or(0))
    }
}
