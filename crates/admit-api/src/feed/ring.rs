//! The latest entries of the log, for edges that were away for a moment.

use std::collections::VecDeque;

use admit_domain::{
    limits::FEED_ENTRIES_KEPT_MAX,
    revocation::{Entry, Seq},
};

/// Entries in the order of their numbers, without a gap.
#[derive(Debug, Default)]
pub(super) struct Ring(VecDeque<Entry>);

impl Ring {
    /// Keeps the entries too, as far as none is missing before them. After a `gap` at their end nothing can be kept.
    pub(super) fn take(&mut self, entries: &[Entry], has_gap: bool) {
        if has_gap {
            self.0.clear();
        }
        for entry in entries {
            if self.0.back().is_some_and(|last| last.seq.next() != entry.seq) {
                self.0.clear();
            }
            if self.0.len() == FEED_ENTRIES_KEPT_MAX {
                self.0.pop_front();
            }
            self.0.push_back(*entry);
        }
    }

    /// The entries after `seen` up to `head`; `None` when they are not all here.
    pub(super) fn between(&self, seen: Seq, head: Seq) -> Option<Vec<Entry>> {
        if seen == head {
            return Some(Vec::new());
        }
        let first = self.0.front()?.seq;
        let last = self.0.back()?.seq;
        if seen > head || first > seen.next() || last < head {
            return None;
        }
        Some(self.0.iter().filter(|entry| entry.seq > seen && entry.seq <= head).copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use admit_domain::{id::VideoId, revocation::Subject};

    use super::*;

    fn entry(seq: i64) -> Entry {
        Entry { seq: Seq(seq), subject: Subject::VideoChanged(VideoId::from_random([1; 22])) }
    }

    fn between(ring: &Ring, seen: i64, head: i64) -> Option<Vec<i64>> {
        Some(ring.between(Seq(seen), Seq(head))?.iter().map(|entry| entry.seq.0).collect())
    }

    #[test]
    fn what_is_not_all_there_is_not_there() {
        let mut ring = Ring::default();
        assert_eq!(between(&ring, 0, 0), Some(vec![]));
        assert_eq!(between(&ring, 0, 1), None);
        ring.take(&[entry(4), entry(5), entry(6)], false);
        assert_eq!(between(&ring, 3, 6), Some(vec![4, 5, 6]));
        assert_eq!(between(&ring, 4, 5), Some(vec![5]));
        for (seen, head) in [(2, 6), (3, 7), (7, 6)] {
            assert_eq!(between(&ring, seen, head), None, "{seen} to {head}");
        }
    }

    #[test]
    fn a_gap_makes_it_forget() {
        let mut ring = Ring::default();
        ring.take(&[entry(1), entry(2)], false);
        ring.take(&[entry(4)], false);
        assert_eq!(between(&ring, 1, 4), None);
        assert_eq!(between(&ring, 3, 4), Some(vec![4]));
        ring.take(&[], true);
        assert_eq!(between(&ring, 3, 4), None);
    }

    #[test]
    fn the_oldest_go_first() {
        let mut ring = Ring::default();
        let most = i64::try_from(FEED_ENTRIES_KEPT_MAX).expect("a number");
        ring.take(&(1..=most + 1).map(entry).collect::<Vec<_>>(), false);
        assert_eq!(between(&ring, 0, most + 1), None);
        assert_eq!(between(&ring, 1, most + 1).map(|kept| kept.len()), Some(FEED_ENTRIES_KEPT_MAX));
    }
}
