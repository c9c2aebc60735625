//! A slice: what an edge fetches and keeps of an object at once.

use std::ops::Range;

use admit_domain::{limits::OBJECT_SLICE_BYTES, object_key::ObjectKey};
use bytes::Bytes;

/// The name of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SliceKey {
    pub(crate) object: ObjectKey,
    pub(crate) no: u64,
}

impl SliceKey {
    /// The slice in which a byte of an object lies.
    pub(crate) const fn of(object: ObjectKey, byte: u64) -> Self {
        Self { object, no: byte / OBJECT_SLICE_BYTES }
    }

    pub(crate) const fn next(self) -> Self {
        Self { no: self.no + 1, ..self }
    }

    /// Its first byte.
    pub(crate) const fn start(&self) -> u64 {
        self.no.saturating_mul(OBJECT_SLICE_BYTES)
    }
}

/// A slice of an object, and the size of the whole.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    pub(crate) object_bytes: u64,
    pub(crate) bytes: Bytes,
}

impl Slice {
    /// Has it the bytes that slice `no` of an object of that size has?
    pub(crate) fn fits(&self, at: &SliceKey) -> bool {
        let expected = self.object_bytes.saturating_sub(at.start()).min(OBJECT_SLICE_BYTES);
        self.bytes.len() as u64 == expected
    }

    /// The bytes of a range from its own first byte on, as far as it has them.
    pub(crate) fn piece(&self, range: Range<u64>) -> Bytes {
        let within = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(self.bytes.len());
        self.bytes.slice(within(range.start)..within(range.end).max(within(range.start)))
    }
}
