//! Pieces in every order, again, and wrong.

use super::*;
use crate::limits::{ONE_SHOT_BYTES_MAX, UPLOAD_PART_BYTES_MIN};

const BIG: u64 = UPLOAD_PART_BYTES_MIN;
const BOUNDS: PieceBounds = PieceBounds { bytes_min: BIG, range_bytes_max: ONE_SHOT_BYTES_MAX };

fn range(text: &str) -> UploadRange {
    UploadRange::parse(text).expect(text)
}

fn piece(place: u64, bytes: u64) -> StoredPart {
    StoredPart { place, bytes, sha256: format!("{place}:{bytes}"), edition: Edition(1) }
}

fn bytes(first: u64, bytes: u64, total: u64) -> UploadRange {
    UploadRange::Bytes { first, last: first + bytes - 1, total }
}

#[test]
fn parts_come_in_any_order_and_only_once() {
    let mut progress = Progress::default();
    assert_eq!(progress.add(range("part 3/3"), piece(3, 10), BOUNDS), Ok(true));
    assert_eq!(progress.add(range("part 1/3"), piece(1, BIG), BOUNDS), Ok(true));
    assert!(!progress.is_complete());
    assert_eq!(progress.add(range("part 1/3"), piece(1, BIG), BOUNDS), Ok(false), "the same bytes again are no fault");
    assert_eq!(progress.add(range("part 1/3"), piece(1, BIG + 1), BOUNDS), Err(RangeFault::PartAlreadySent));
    assert_eq!(progress.add(range("part 2/4"), piece(2, BIG), BOUNDS), Err(RangeFault::TotalPartsChanged));
    assert_eq!(progress.add(range("part 2/*"), piece(2, 10), BOUNDS), Err(RangeFault::PartTooSmall));
    assert_eq!(progress.expects(bytes(0, BIG, 3 * BIG), BOUNDS), Err(RangeFault::StartedWithParts));
    assert_eq!(progress.add(range("part 2/*"), piece(2, BIG), BOUNDS), Ok(true));
    assert!(progress.is_complete());
    assert_eq!(progress.bytes(), 2 * BIG + 10);
    assert_eq!(progress.parts.iter().map(|part| part.place).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_total_learned_last_must_hold_what_came_before() {
    let mut progress = Progress::default();
    progress.add(range("part 3/*"), piece(3, BIG), BOUNDS).expect("a first part");
    assert_eq!(progress.expects(range("part 2/2"), BOUNDS), Err(RangeFault::TotalPartsTooLow));
}

#[test]
fn byte_ranges_come_in_any_order_and_leave_no_gap() {
    let total = 2 * BIG + 10;
    let mut progress = Progress::default();
    assert_eq!(progress.add(bytes(2 * BIG, 10, total), piece(2 * BIG, 10), BOUNDS), Ok(true), "the last may be small");
    assert_eq!(progress.add(bytes(0, BIG, total), piece(0, BIG), BOUNDS), Ok(true));
    assert_eq!(progress.add(bytes(0, BIG, total), piece(0, BIG), BOUNDS), Ok(false), "the same bytes again");
    let other = StoredPart { sha256: "other".into(), ..piece(0, BIG) };
    assert_eq!(progress.add(bytes(0, BIG, total), other, BOUNDS), Err(RangeFault::Overlap));
    assert_eq!(progress.expects(bytes(BIG - 1, BIG, total), BOUNDS), Err(RangeFault::Overlap));
    assert_eq!(progress.expects(bytes(BIG, BIG + 1, total), BOUNDS), Err(RangeFault::Overlap));
    assert_eq!(progress.expects(bytes(BIG, BIG, total + 1), BOUNDS), Err(RangeFault::TotalBytesChanged));
    assert_eq!(progress.expects(range("part 2/3"), BOUNDS), Err(RangeFault::StartedWithBytes));
    assert_eq!(progress.expects(bytes(BIG, 9, total), BOUNDS), Err(RangeFault::RangeTooSmall));
    assert_eq!(progress.add(bytes(BIG, BIG, total), piece(BIG, BIG - 1), BOUNDS), Err(RangeFault::Mismatch));
    assert!(!progress.is_complete());
    assert_eq!(progress.add(bytes(BIG, BIG, total), piece(BIG, BIG), BOUNDS), Ok(true));
    assert!(progress.is_complete());
}

#[test]
fn a_range_has_bounds_of_its_own() {
    let huge = ONE_SHOT_BYTES_MAX + 1;
    assert_eq!(Progress::default().expects(bytes(0, huge, huge), BOUNDS), Err(RangeFault::RangeTooLarge));
    assert_eq!(Progress::default().expects(bytes(0, huge - 1, huge), BOUNDS), Ok(()));
}
