//! Stored bytes come back as they went in, and nothing else is believed.

use proptest::{collection::vec, option, prelude::*};

use super::*;

fn any_segments() -> impl Strategy<Value = Vec<Segment>> {
    vec((0_u64..3, 1_u32.., 0_u64..3, 1_u32..), 0..40).prop_map(|steps| {
        let (mut byte, mut tick) = (0, 0);
        let mut segments = Vec::new();
        for (byte_gap, len, tick_gap, duration) in steps {
            let segment = Segment { offset: byte + byte_gap, len, start: tick + tick_gap, duration };
            (byte, tick) = (segment.offset + u64::from(len), segment.start + u64::from(duration));
            segments.push(segment);
        }
        segments
    })
}

fn any_kind() -> impl Strategy<Value = TrackKind> {
    prop_oneof![
        any::<[u32; 4]>().prop_map(|[width, height, frames, seconds]| TrackKind::Video {
            width,
            height,
            frame_rate: FrameRate::new(frames, seconds)
        }),
        (any::<u8>(), any::<u32>())
            .prop_map(|(channels, sample_rate_hz)| TrackKind::Audio { channels, sample_rate_hz }),
    ]
}

fn any_track() -> impl Strategy<Value = Track> {
    let names = ("[a-z0-9]{1,16}", "[a-zA-Z0-9.,]{0,20}", any::<i64>());
    let rates = (1_u32.., any::<u32>(), any::<u32>());
    (names, any_kind(), rates, any::<(u64, u32)>(), any_segments()).prop_map(|(names, kind, rates, init, segments)| {
        Track {
            name: names.0.parse().expect("the pattern is the grammar"),
            kind,
            codecs: names.1,
            timescale: rates.0,
            peak_bits_per_second: rates.1,
            average_bits_per_second: rates.2,
            edition: Edition(names.2),
            init: ByteRange { offset: init.0, len: init.1 },
            segments,
        }
    })
}

fn any_storyboard() -> impl Strategy<Value = Storyboard> {
    (any::<[u16; 2]>(), 1_u8.., 1_u8.., any::<[u32; 2]>(), any::<i64>()).prop_map(
        |(tile, columns, rows, [tiles, interval_ms], edition)| Storyboard {
            edition: Edition(edition),
            tile_width: tile[0],
            tile_height: tile[1],
            columns,
            rows,
            tiles,
            interval_ms,
        },
    )
}

fn any_presentation() -> impl Strategy<Value = Presentation> {
    (any::<u64>(), vec(any_track(), 0..4), option::of(any_storyboard())).prop_map(
        |(duration_ms, tracks, storyboard)| {
            let mut presentation = Presentation { duration_ms, tracks: Vec::new(), storyboard };
            for track in tracks {
                presentation.put(track);
            }
            presentation
        },
    )
}

proptest! {
    #[test]
    fn what_went_in_comes_out(presentation in any_presentation()) {
        prop_assert_eq!(Presentation::decode(&presentation.encode()), Ok(presentation));
    }

    #[test]
    fn no_beginning_of_it_is_believed(presentation in any_presentation()) {
        let bytes = presentation.encode();
        for cut in 0..bytes.len() {
            prop_assert_eq!(Presentation::decode(&bytes[..cut]), Err(Damaged));
        }
    }

    #[test]
    fn bytes_have_one_meaning_and_meaning_one_spelling(bytes in vec(any::<u8>(), 0..200)) {
        let mut bytes = bytes;
        bytes.insert(0, VERSION);
        if let Ok(presentation) = Presentation::decode(&bytes) {
            prop_assert_eq!(presentation.encode(), bytes);
        }
    }

    #[test]
    fn a_changed_byte_never_panics(presentation in any_presentation(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = presentation.encode();
        *at.get_mut(&mut bytes) = byte;
        let _ = Presentation::decode(&bytes);
    }
}

#[test]
fn strange_bytes_are_refused() {
    let track = b"\x01a\x01\x02\x80\x01\x00\x00\x01\x00\x00\x00\x00\x00";
    let with = |tracks: &[&[u8]]| {
        [&[VERSION, 0, u8::try_from(tracks.len()).unwrap()], tracks.concat().as_slice(), &[0]].concat()
    };
    assert!(Presentation::decode(&with(&[track])).is_ok(), "the table below must fail for its own reasons");
    for (what, bytes) in [
        ("nothing", vec![]),
        ("another version", vec![2, 0, 0, 0]),
        ("trailing byte", vec![VERSION, 0, 0, 0, 0]),
        ("second spelling of zero", vec![VERSION, 0x80, 0, 0, 0]),
        ("number past 64 bits", [vec![VERSION], vec![0xff; 9], vec![2, 0, 0]].concat()),
        ("number without end", vec![0xff; 40]),
        ("more tracks than bytes", vec![VERSION, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]),
        ("the same track twice", with(&[track, track])),
        ("quote in a codec", with(&[b"\x01a\x01\x02\x80\x01\x01\"\x00\x01\x00\x00\x00\x00\x00"])),
        ("third kind of track", with(&[b"\x01a\x02\x02\x80\x01\x00\x00\x01\x00\x00\x00\x00\x00"])),
        ("timescale of zero", with(&[b"\x01a\x01\x02\x80\x01\x00\x00\x00\x00\x00\x00\x00\x00"])),
        ("sheet without columns", vec![VERSION, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1]),
    ] {
        assert_eq!(Presentation::decode(&bytes), Err(Damaged), "{what}");
    }
}
