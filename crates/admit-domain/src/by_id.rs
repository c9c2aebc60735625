//! Tables of ids. Ids are chance of our own making, so a few of their bytes are as good a hash as any, and nobody can choose
//! them to collide.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

pub(crate) type IdMap<Id, T> = HashMap<Id, T, BuildHasherDefault<TailHasher>>;
pub(crate) type IdSet<Id> = HashSet<Id, BuildHasherDefault<TailHasher>>;

/// Hashes by the last eight bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TailHasher(u64);

impl Hasher for TailHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.last_chunk().copied().map_or(0, u64::from_le_bytes);
    }

    /// All ids of a kind are of one length, which therefore says nothing.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        spread(self.0)
    }
}

/// Letters and digits differ in the low bits of each byte only: fold all of them into all bits.
pub(crate) const fn spread(tail: u64) -> u64 {
    let product = tail.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ product >> 32
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use super::*;
    use crate::id::{SessionId, VideoId};

    /// Both ends of the hash choose a place in a table, so both must tell ids apart.
    #[test]
    fn ids_are_spread_over_both_ends_of_the_hash() {
        const IDS: u32 = 4_096;
        let hasher = BuildHasherDefault::<TailHasher>::default();
        let chance = |number: u32| crate::secret::Secret::new([1; 32]).mac().tag_of(&number.to_be_bytes());
        let videos = (0..IDS).map(|number| {
            hasher.hash_one(VideoId::from_random(chance(number).first_chunk().copied().unwrap_or_default()))
        });
        let sessions = (0..IDS).map(|number| {
            hasher.hash_one(SessionId::from_bytes(chance(number).first_chunk().copied().unwrap_or_default()))
        });
        for hashes in [videos.collect::<Vec<_>>(), sessions.collect()] {
            for end in [0, 52] {
                let places: HashSet<u64> = hashes.iter().map(|hash| hash >> end & 0xfff).collect();
                // Of 4,096 thrown into as many places, 63 % find one of their own.
                assert!(places.len() > 2_400, "{} places from bit {end}", places.len());
            }
        }
    }
}
