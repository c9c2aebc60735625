//! How a source arrives in parts: which part a request is, and whether it fits those that came before.
//!
//! The grammar is api.video's: `Content-Range: part N/T`, or `part N/*` while the total is unknown.

use crate::{limits::UPLOAD_PARTS_MAX, object_key::Edition};

/// The part a request brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartRange {
    /// From 1.
    pub part: u32,
    pub total: Option<u32>,
}

/// A part that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    pub part: u32,
    pub bytes: u64,
    /// SHA-256 in hexadecimal: a repeated part must be the same part.
    pub sha256: String,
    pub edition: Edition,
}

/// What has arrived of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub total: Option<u32>,
    /// Sorted by number.
    pub parts: Vec<StoredPart>,
}

/// Why a part is refused. Each is a slug of api.video's catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartFault {
    #[error("The Content-Range header must be of the form \"part <number>/<total>\".")]
    Malformed,
    #[error("Parts are numbered from 1.")]
    PartZero,
    #[error("The total number of parts cannot be zero.")]
    TotalZero,
    #[error("The part number is higher than the total.")]
    PartAboveTotal,
    #[error("The part number is higher than allowed.")]
    PartAboveAllowed,
    #[error("The total number of parts is higher than allowed.")]
    TotalAboveAllowed,
    #[error("The total number of parts is lower than a part already sent.")]
    TotalTooLow,
    #[error("The total number of parts differs from the one announced before.")]
    TotalChanged,
    #[error("This part was already sent with other bytes.")]
    AlreadySent,
    #[error("A part that is not the last is smaller than allowed.")]
    TooSmall,
}

impl PartFault {
    /// The last component of the problem's type.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Malformed => "video-content-range-malformed",
            Self::PartZero => "video-content-range-by-part-part-zero",
            Self::TotalZero => "video-content-range-by-part-total-parts-zero",
            Self::PartAboveTotal => "video-content-range-by-part-part-too-high-total",
            Self::PartAboveAllowed => "video-content-range-by-part-part-too-high-allowed",
            Self::TotalAboveAllowed => "video-content-range-by-part-total-parts-too-high",
            Self::TotalTooLow => "video-content-range-by-part-total-parts-too-low",
            Self::TotalChanged => "video-content-range-by-part-different-total-parts",
            Self::AlreadySent => "video-content-range-by-part-part-already-sent",
            Self::TooSmall => "video-content-range-by-part-uploaded-file-too-small",
        }
    }
}

impl PartRange {
    /// Reads the header's value.
    pub fn parse(value: &str) -> Result<Self, PartFault> {
        let (part, total) =
            value.strip_prefix("part ").and_then(|rest| rest.split_once('/')).ok_or(PartFault::Malformed)?;
        let part = number(part)?;
        let total = if total == "*" { None } else { Some(number(total)?) };
        match (part, total) {
            (0, _) => Err(PartFault::PartZero),
            (_, Some(0)) => Err(PartFault::TotalZero),
            (_, Some(total)) if total > UPLOAD_PARTS_MAX => Err(PartFault::TotalAboveAllowed),
            (part, _) if part > UPLOAD_PARTS_MAX => Err(PartFault::PartAboveAllowed),
            (part, Some(total)) if part > total => Err(PartFault::PartAboveTotal),
            _ => Ok(Self { part, total }),
        }
    }
}

fn number(digits: &str) -> Result<u32, PartFault> {
    let plain = !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|c| c.is_ascii_digit());
    if plain { digits.parse().map_err(|_| PartFault::Malformed) } else { Err(PartFault::Malformed) }
}

impl Progress {
    /// May this part join the others? Judged before its bytes are read, as far as that is possible.
    pub fn expects(&self, range: PartRange) -> Result<(), PartFault> {
        if let (Some(known), Some(total)) = (self.total, range.total)
            && known != total
        {
            return Err(PartFault::TotalChanged);
        }
        let highest = self.parts.iter().map(|stored| stored.part).max().unwrap_or(0);
        match range.total.or(self.total) {
            Some(total) if highest > total => Err(PartFault::TotalTooLow),
            Some(total) if range.part > total => Err(PartFault::PartAboveTotal),
            _ => Ok(()),
        }
    }

    /// Adds a part whose bytes are stored; all but the last have at least `part_bytes_min`. `true` when it is new, `false` when it repeats one we have.
    pub fn add(&mut self, range: PartRange, stored: StoredPart, part_bytes_min: u64) -> Result<bool, PartFault> {
        self.expects(range)?;
        let total = range.total.or(self.total);
        if let Some(known) = self.parts.iter().find(|known| known.part == stored.part) {
            return if known.sha256 == stored.sha256 { Ok(false) } else { Err(PartFault::AlreadySent) };
        }
        let last = total == Some(stored.part);
        if !last && stored.bytes < part_bytes_min {
            return Err(PartFault::TooSmall);
        }
        self.total = total;
        let at = self.parts.partition_point(|known| known.part < stored.part);
        self.parts.insert(at, stored);
        Ok(true)
    }

    /// All of 1..=total are here.
    pub fn is_complete(&self) -> bool {
        self.total.is_some_and(|total| u32::try_from(self.parts.len()) == Ok(total))
    }

    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::UPLOAD_PART_BYTES_MIN;

    const BIG: u64 = UPLOAD_PART_BYTES_MIN;

    fn range(text: &str) -> PartRange {
        PartRange::parse(text).expect(text)
    }

    fn part(part: u32, bytes: u64) -> StoredPart {
        StoredPart { part, bytes, sha256: format!("{part}:{bytes}"), edition: Edition(1) }
    }

    #[test]
    fn the_header_is_read_strictly() {
        let cases = [
            ("part 1/3", Ok(PartRange { part: 1, total: Some(3) })),
            ("part 2/*", Ok(PartRange { part: 2, total: None })),
            ("part 0/3", Err(PartFault::PartZero)),
            ("part 1/0", Err(PartFault::TotalZero)),
            ("part 4/3", Err(PartFault::PartAboveTotal)),
            ("part 1/10001", Err(PartFault::TotalAboveAllowed)),
            ("part 10001/*", Err(PartFault::PartAboveAllowed)),
            ("part 1", Err(PartFault::Malformed)),
            ("part +1/3", Err(PartFault::Malformed)),
            ("part 1/3 ", Err(PartFault::Malformed)),
            ("parts 1/3", Err(PartFault::Malformed)),
            ("bytes 0-9/5", Err(PartFault::Malformed)),
            ("part 99999999999/*", Err(PartFault::Malformed)),
        ];
        for (text, expected) in cases {
            assert_eq!(PartRange::parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn parts_come_in_any_order_and_only_once() {
        let mut progress = Progress::default();
        assert_eq!(progress.add(range("part 3/3"), part(3, 10), BIG), Ok(true));
        assert_eq!(progress.add(range("part 1/3"), part(1, BIG), BIG), Ok(true));
        assert!(!progress.is_complete());
        assert_eq!(progress.add(range("part 1/3"), part(1, BIG), BIG), Ok(false), "the same bytes again are no fault");
        assert_eq!(progress.add(range("part 1/3"), part(1, BIG + 1), BIG), Err(PartFault::AlreadySent));
        assert_eq!(progress.add(range("part 2/4"), part(2, BIG), BIG), Err(PartFault::TotalChanged));
        assert_eq!(progress.add(range("part 2/*"), part(2, 10), BIG), Err(PartFault::TooSmall));
        assert_eq!(progress.add(range("part 2/*"), part(2, BIG), BIG), Ok(true));
        assert!(progress.is_complete());
        assert_eq!(progress.bytes(), 2 * BIG + 10);
        assert_eq!(progress.parts.iter().map(|part| part.part).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn a_total_learned_last_must_hold_what_came_before() {
        let mut progress = Progress::default();
        progress.add(range("part 3/*"), part(3, BIG), BIG).expect("a first part");
        assert_eq!(progress.expects(range("part 2/2")), Err(PartFault::TotalTooLow));
    }
}
