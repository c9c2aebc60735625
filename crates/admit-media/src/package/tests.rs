//! Fragments gathered into segments, and files that are not what an encoder of ours leaves behind.

use std::io::Cursor;

use super::*;

/// Fragments of these lengths in milliseconds, each 100 bytes; a `-` marks one that cannot be played alone.
fn fragments(lengths: &[&str]) -> Vec<Fragment> {
    let (mut offset, mut start) = (0, 0);
    let fragment = |text: &&str| {
        let (starts_with_keyframe, digits) = text.strip_prefix('-').map_or((true, *text), |digits| (false, digits));
        let duration: u32 = digits.parse().unwrap();
        let segment = Segment { offset, len: 100, start, duration };
        (offset, start) = (offset + 100, start + u64::from(duration));
        Fragment { segment, starts_with_keyframe }
    };
    lengths.iter().map(fragment).collect()
}

#[test]
fn segments_aim_at_four_seconds() {
    for (what, lengths, expected) in [
        ("two and two", &["2000", "2000", "2000", "2000"][..], &[4_000, 4_000][..]),
        ("sound is uneven", &["2005", "1984", "2005", "1984", "2005"], &[3_989, 3_989, 2_005]),
        ("a long one stays whole", &["2000", "9000", "2000"], &[11_000, 2_000]),
        ("a short end is joined", &["2000", "2000", "64"], &[4_064]),
        ("a short film is one segment", &["64"], &[64]),
        ("no cut without a keyframe", &["2000", "2000", "-2000", "2000"], &[6_000, 2_000]),
    ] {
        let segments = segments(&fragments(lengths), 1_000).unwrap();
        let durations: Vec<_> = segments.iter().map(|segment| segment.duration).collect();
        assert_eq!(durations, expected, "{what}");
        let bytes: u64 = segments.iter().map(|segment| u64::from(segment.len)).sum();
        assert_eq!(bytes, 100 * lengths.len() as u64, "{what}: no byte is lost");
    }
}

#[test]
fn what_cannot_be_played_is_no_track() {
    assert!(segments(&[], 1_000).is_err());
    assert!(segments(&fragments(&["-2000"]), 1_000).is_err());
}

#[test]
fn bandwidth_is_measured_and_a_short_end_does_not_count() {
    let segment = |len, duration| Segment { offset: 0, len, start: 0, duration };
    assert_eq!(peak(&[segment(1_000, 4_000), segment(500, 4_000), segment(1_000, 100)], 1_000), 2_000);
    assert_eq!(peak(&[segment(1_000, 100)], 1_000), 80_000);
    assert_eq!(bits_per_second(1, 0, 1_000), u32::MAX);
}

#[test]
fn a_file_of_another_shape_is_refused() {
    let boxed = |name: &[u8; 4], body: &[u8]| {
        let size = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
        [&size, name.as_slice(), body].concat()
    };
    let name = "v240".parse().unwrap();
    for (what, bytes) in [
        ("nothing", vec![]),
        ("no header", boxed(b"ftyp", b"isom\0\0\0\0")),
        ("a strange box", boxed(b"free", b"")),
        ("media first", boxed(b"mdat", b"x")),
        ("an endless box", vec![0, 0, 0, 0, b'm', b'd', b'a', b't']),
        ("a size below its own header", vec![0, 0, 0, 4, b'm', b'o', b'o', b'v']),
        ("a header larger than any", vec![0x7f, 0xff, 0xff, 0xff, b'm', b'o', b'o', b'v']),
        ("cut off", boxed(b"moov", &[0; 64])[..20].to_vec()),
        ("an empty header", boxed(b"moov", b"")),
    ] {
        assert!(read(Cursor::new(bytes), name, FrameRate::new(25, 1)).is_err(), "{what}");
    }
}
