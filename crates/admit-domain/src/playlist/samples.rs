//! A small film for the tests of every playlist: two rungs that are cut differently, and a sound that starts late.

use crate::{
    id::Edition,
    presentation::{ByteRange, Presentation, Segment, Track, TrackKind},
    source::FrameRate,
    timed_text::{TextKind, TimedText},
};

pub(super) fn captions() -> [TimedText; 2] {
    [("en", false), ("fr-BE", true)].map(|(language, is_default)| TimedText {
        kind: TextKind::Captions,
        language: language.parse().expect("a language"),
        edition: Edition::default(),
        is_default,
    })
}

pub(super) fn film() -> Presentation {
    let rate = FrameRate::new(30_000, 1_001);
    let video = |width, height| TrackKind::Video { width, height, frame_rate: rate };
    let audio = TrackKind::Audio { channels: 2, sample_rate_hz: 48_000 };
    let tracks = vec![
        track("v720", video(1280, 720), "avc1.64001f", (2_800_000, 2_000_000), 30_000, 0, &[120_120, 120_120, 60_060]),
        track("v240", video(426, 240), "avc1.64000d", (400_000, 300_000), 30_000, 0, &[120_120, 135_135, 45_045]),
        late(track("a1", audio, "mp4a.40.2", (130_000, 128_000), 48_000, 1_024, &[191_488, 191_488, 95_968])),
    ];
    Presentation { duration_ms: 10_010, tracks, storyboard: None }
}

pub(super) fn only(film: &Presentation, wanted: fn(&Track) -> bool) -> Presentation {
    Presentation { tracks: film.tracks.iter().filter(|track| wanted(track)).cloned().collect(), ..film.clone() }
}

fn track(
    name: &str,
    kind: TrackKind,
    codecs: &str,
    (peak, average): (u32, u32),
    timescale: u32,
    mut start: u64,
    durations: &[u32],
) -> Track {
    let mut offset = 800;
    let segment = |duration: &u32| {
        let segment = Segment { offset, len: 1_000, start, duration: *duration };
        (offset, start) = (offset + 1_000, start + u64::from(*duration));
        segment
    };
    Track {
        name: name.parse().expect("a literal name"),
        kind,
        codecs: codecs.into(),
        timescale,
        peak_bits_per_second: peak,
        average_bits_per_second: average,
        edition: Edition::default(),
        init: ByteRange { offset: 0, len: 800 },
        segments: durations.iter().map(segment).collect(),
    }
}

/// Leaves a hole before the last segment.
fn late(mut track: Track) -> Track {
    if let Some(last) = track.segments.last_mut() {
        last.start += 512;
    }
    track
}
