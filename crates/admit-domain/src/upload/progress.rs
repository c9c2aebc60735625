//! What has arrived of an upload, and what may still join it.

use super::{RangeFault, UploadRange};
use crate::object_key::Edition;

/// A piece that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// The number of a part, or the first byte of a range.
    pub place: u64,
    pub bytes: u64,
    /// SHA-256 in hexadecimal: a repeated piece must be the same piece.
    pub sha256: String,
    pub edition: Edition,
}

/// In which grammar an upload was begun, and how much it will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Not known before the last part.
    Parts(Option<u32>),
    Bytes(u64),
}

/// How large one piece may be; the last may be smaller.
#[derive(Clone, Copy, Debug)]
pub struct PieceBounds {
    pub bytes_min: u64,
    /// Of a byte range only: parts have no upper bound of their own.
    pub range_bytes_max: u64,
}

/// What has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub total: Total,
    /// Sorted by place.
    pub parts: Vec<StoredPart>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { total: Total::Parts(None), parts: Vec::new() }
    }
}

impl Progress {
    /// May this piece join the others? Judged before its bytes are read, as far as that is possible.
    pub fn expects(&self, range: UploadRange, bounds: PieceBounds) -> Result<(), RangeFault> {
        match (self.total, range) {
            (Total::Bytes(_), UploadRange::Part { .. }) => Err(RangeFault::StartedWithBytes),
            (Total::Parts(_), UploadRange::Bytes { .. }) if !self.parts.is_empty() => Err(RangeFault::StartedWithParts),
            (Total::Bytes(known), UploadRange::Bytes { total, .. }) if known != total => {
                Err(RangeFault::TotalBytesChanged)
            }
            (_, UploadRange::Bytes { first, last, total }) => self.expects_bytes(first, last, total, bounds),
            (Total::Parts(Some(known)), UploadRange::Part { total: Some(total), .. }) if known != total => {
                Err(RangeFault::TotalPartsChanged)
            }
            (Total::Parts(known), UploadRange::Part { part, total }) => self.expects_part(part, total.or(known)),
        }
    }

    fn expects_part(&self, part: u32, total: Option<u32>) -> Result<(), RangeFault> {
        let highest = self.parts.last().map_or(0, |stored| stored.place);
        match total {
            Some(total) if highest > u64::from(total) => Err(RangeFault::TotalPartsTooLow),
            Some(total) if part > total => Err(RangeFault::PartAboveTotal),
            _ => Ok(()),
        }
    }

    fn expects_bytes(&self, first: u64, last: u64, total: u64, bounds: PieceBounds) -> Result<(), RangeFault> {
        let bytes = last - first + 1;
        if bytes > bounds.range_bytes_max {
            return Err(RangeFault::RangeTooLarge);
        }
        if bytes < bounds.bytes_min && last + 1 < total {
            return Err(RangeFault::RangeTooSmall);
        }
        let is_same = |stored: &StoredPart| stored.place == first && stored.bytes == bytes;
        let overlaps = |stored: &StoredPart| stored.place <= last && first < stored.place + stored.bytes;
        // The very same range again may be a retry; whether it is, only its bytes can tell.
        if self.parts.iter().any(|stored| overlaps(stored) && !is_same(stored)) {
            return Err(RangeFault::Overlap);
        }
        Ok(())
    }

    /// Adds a piece whose bytes are stored. `true` when it is new, `false` when it repeats one we have.
    pub fn add(&mut self, range: UploadRange, stored: StoredPart, bounds: PieceBounds) -> Result<bool, RangeFault> {
        self.expects(range, bounds)?;
        let total = self.total_with(range);
        let other_bytes = match range {
            UploadRange::Part { .. } => RangeFault::PartAlreadySent,
            UploadRange::Bytes { .. } => RangeFault::Overlap,
        };
        if let Some(known) = self.parts.iter().find(|known| known.place == stored.place) {
            return if known.sha256 == stored.sha256 { Ok(false) } else { Err(other_bytes) };
        }
        match range {
            UploadRange::Part { part, .. } if total != Total::Parts(Some(part)) && stored.bytes < bounds.bytes_min => {
                return Err(RangeFault::PartTooSmall);
            }
            UploadRange::Bytes { first, last, .. } if stored.bytes != last - first + 1 => {
                return Err(RangeFault::Mismatch);
            }
            _ => {}
        }
        self.total = total;
        let at = self.parts.partition_point(|known| known.place < stored.place);
        self.parts.insert(at, stored);
        Ok(true)
    }

    const fn total_with(&self, range: UploadRange) -> Total {
        match (self.total, range) {
            (_, UploadRange::Bytes { total, .. }) => Total::Bytes(total),
            (_, UploadRange::Part { total: Some(total), .. }) => Total::Parts(Some(total)),
            (known, UploadRange::Part { total: None, .. }) => known,
        }
    }

    /// Every piece is here.
    pub fn is_complete(&self) -> bool {
        match self.total {
            Total::Parts(total) => total.is_some_and(|total| u32::try_from(self.parts.len()) == Ok(total)),
            // None overlaps another, so their sum says that there is no gap.
            Total::Bytes(total) => self.bytes() == total,
        }
    }

    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }
}

#[cfg(test)]
mod tests;
