//! The `Content-Range` of an upload, in api.video's two grammars: `part N/T` (or `part N/*`) and `bytes first-last/total`.

use super::RangeFault;
use crate::limits::{RANGED_SOURCE_BYTES_MAX, UPLOAD_PARTS_MAX};

/// The piece a request brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadRange {
    Part {
        /// From 1.
        part: u32,
        /// Unknown while the source is still being made.
        total: Option<u32>,
    },
    Bytes {
        first: u64,
        /// Inclusive.
        last: u64,
        total: u64,
    },
}

impl UploadRange {
    /// A source in one request.
    pub const WHOLE: Self = Self::Part { part: 1, total: Some(1) };

    /// Reads the header's value.
    pub fn parse(value: &str) -> Result<Self, RangeFault> {
        let (unit, rest) = value.split_once(' ').ok_or(RangeFault::Malformed)?;
        let (place, total) = rest.split_once('/').ok_or(RangeFault::Malformed)?;
        match unit {
            "part" => Self::of_part(number(place)?, if total == "*" { None } else { Some(number(total)?) }),
            "bytes" => {
                let (first, last) = place.split_once('-').ok_or(RangeFault::Malformed)?;
                Self::of_bytes(number(first)?, number(last)?, number(total)?)
            }
            _ => Err(RangeFault::Malformed),
        }
    }

    fn of_part(part: u64, total: Option<u64>) -> Result<Self, RangeFault> {
        let bounded = |count: u64| u32::try_from(count).ok().filter(|count| *count <= UPLOAD_PARTS_MAX);
        match (part, total) {
            (0, _) => return Err(RangeFault::PartZero),
            (_, Some(0)) => return Err(RangeFault::TotalPartsZero),
            _ => {}
        }
        let total = total.map(|total| bounded(total).ok_or(RangeFault::TotalPartsAboveAllowed)).transpose()?;
        let part = bounded(part).ok_or(RangeFault::PartAboveAllowed)?;
        if total.is_some_and(|total| part > total) {
            Err(RangeFault::PartAboveTotal)
        } else {
            Ok(Self::Part { part, total })
        }
    }

    const fn of_bytes(first: u64, last: u64, total: u64) -> Result<Self, RangeFault> {
        if total == 0 {
            return Err(RangeFault::TotalBytesZero);
        }
        if last >= RANGED_SOURCE_BYTES_MAX {
            return Err(RangeFault::LastAboveAllowed);
        }
        if total > RANGED_SOURCE_BYTES_MAX {
            return Err(RangeFault::TotalBytesAboveAllowed);
        }
        if first > last {
            return Err(RangeFault::FirstAboveLast);
        }
        if last >= total {
            return Err(RangeFault::LastAboveTotal);
        }
        Ok(Self::Bytes { first, last, total })
    }

    /// What tells this piece from the others of its upload: its number, or its first byte.
    pub const fn place(self) -> u64 {
        match self {
            Self::Part { part, .. } => part as u64,
            Self::Bytes { first, .. } => first,
        }
    }
}

/// Decimal digits, and not more than any total could have.
fn number(digits: &str) -> Result<u64, RangeFault> {
    let plain = !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|c| c.is_ascii_digit());
    if plain { digits.parse().map_err(|_| RangeFault::Malformed) } else { Err(RangeFault::Malformed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: u64 = RANGED_SOURCE_BYTES_MAX;

    #[test]
    fn parts_are_read_strictly() {
        let cases = [
            ("part 1/3", Ok(UploadRange::Part { part: 1, total: Some(3) })),
            ("part 2/*", Ok(UploadRange::Part { part: 2, total: None })),
            ("part 1/1", Ok(UploadRange::WHOLE)),
            ("part 0/3", Err(RangeFault::PartZero)),
            ("part 1/0", Err(RangeFault::TotalPartsZero)),
            ("part 4/3", Err(RangeFault::PartAboveTotal)),
            ("part 1/10001", Err(RangeFault::TotalPartsAboveAllowed)),
            ("part 10001/*", Err(RangeFault::PartAboveAllowed)),
            ("part 99999999999/*", Err(RangeFault::PartAboveAllowed)),
            ("part 1", Err(RangeFault::Malformed)),
            ("part +1/3", Err(RangeFault::Malformed)),
            ("part 1/3 ", Err(RangeFault::Malformed)),
            ("part  1/3", Err(RangeFault::Malformed)),
            ("parts 1/3", Err(RangeFault::Malformed)),
            ("part 1-2/3", Err(RangeFault::Malformed)),
        ];
        for (text, expected) in cases {
            assert_eq!(UploadRange::parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn byte_ranges_are_read_strictly() {
        let huge = format!("bytes {}-{}/{}", MAX - 1, MAX - 1, MAX);
        let beyond = format!("bytes 0-{MAX}/{}", MAX + 1);
        let too_long = format!("bytes 0-9/{}", MAX + 1);
        let cases = [
            ("bytes 0-9/10", Ok(UploadRange::Bytes { first: 0, last: 9, total: 10 })),
            ("bytes 5-5/10", Ok(UploadRange::Bytes { first: 5, last: 5, total: 10 })),
            (&huge, Ok(UploadRange::Bytes { first: MAX - 1, last: MAX - 1, total: MAX })),
            (&beyond, Err(RangeFault::LastAboveAllowed)),
            (&too_long, Err(RangeFault::TotalBytesAboveAllowed)),
            ("bytes 0-9/0", Err(RangeFault::TotalBytesZero)),
            ("bytes 9-8/10", Err(RangeFault::FirstAboveLast)),
            ("bytes 0-10/10", Err(RangeFault::LastAboveTotal)),
            ("bytes 0-9/*", Err(RangeFault::Malformed)),
            ("bytes */10", Err(RangeFault::Malformed)),
            ("bytes 0-/10", Err(RangeFault::Malformed)),
            ("bytes -9/10", Err(RangeFault::Malformed)),
            ("bytes=0-9/10", Err(RangeFault::Malformed)),
            ("Bytes 0-9/10", Err(RangeFault::Malformed)),
        ];
        for (text, expected) in cases {
            assert_eq!(UploadRange::parse(text), expected, "{text:?}");
        }
    }
}
