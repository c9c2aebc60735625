//! Lists of things that lie one in the other or apart, as networks and domains do: there "both lists" is a list again.

/// Sets of which no two overlap without one being inside the other.
pub(super) trait Nested: Clone + Ord {
    /// Is all of this also in `other`?
    fn is_within(&self, other: &Self) -> bool;
}

/// What is in any of its parts. No part lies within another and all are in order, so that equal lists are written
/// equally. Without parts it holds nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AnyOf<T>(Vec<T>);

impl<T: Nested> AnyOf<T> {
    pub(super) fn of(mut parts: Vec<T>) -> Self {
        parts.sort_unstable();
        parts.dedup();
        let is_widest = |part: &&T| !parts.iter().any(|other| other != *part && part.is_within(other));
        Self(parts.iter().filter(is_widest).cloned().collect())
    }

    pub(super) fn parts(&self) -> &[T] {
        &self.0
    }

    /// What is in both lists. Two parts share the smaller of them, or nothing: so the parts of the outcome are those of
    /// either list that lie within the other, never more than both had together.
    pub(super) fn and(&self, other: &Self) -> Self {
        let shared = |from: &Self, by: &Self| -> Vec<T> {
            from.0.iter().filter(|part| by.0.iter().any(|outer| part.is_within(outer))).cloned().collect()
        };
        let mut parts = shared(self, other);
        parts.append(&mut shared(other, self));
        Self::of(parts)
    }
}
