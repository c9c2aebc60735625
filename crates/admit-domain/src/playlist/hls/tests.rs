//! What we write, a parser that is not ours reads.

use quick_m3u8::{
    HlsLine, Reader,
    config::ParsingOptions,
    tag::{KnownTag, hls},
};

use super::*;
use crate::{
    presentation::{ByteRange, Segment},
    source::FrameRate,
};

fn track(name: &str, kind: TrackKind, codecs: &str, durations: &[u32]) -> Track {
    let mut start = 0;
    let segments = durations.iter().zip(1..).map(|(&duration, index)| {
        let segment = Segment { offset: 1_000 * index, len: 1_000, start, duration };
        start += u64::from(duration);
        segment
    });
    Track {
        name: name.parse().expect("a track name"),
        kind,
        codecs: codecs.to_owned(),
        timescale: 1_000,
        peak_bits_per_second: 2_000_000,
        average_bits_per_second: 1_500_000,
        edition: Default::default(),
        init: ByteRange { offset: 0, len: 800 },
        segments: segments.collect(),
    }
}

pub(in crate::playlist) fn film() -> Presentation {
    let video = |width, height| TrackKind::Video { width, height, frame_rate: FrameRate::new(30_000, 1_001) };
    let audio = TrackKind::Audio { channels: 2, sample_rate_hz: 48_000 };
    let mut small = track("v240", video(426, 240), "avc1.640015", &[4_000, 4_000, 2_500]);
    small.peak_bits_per_second = 400_000;
    Presentation {
        duration_ms: 10_500,
        tracks: vec![
            track("v720", video(1_280, 720), "avc1.64001f", &[4_000, 4_000, 2_500]),
            track("a1", audio, "mp4a.40.2", &[4_011, 3_989, 2_500]),
            small,
        ],
        storyboard: None,
    }
}

/// Every line of a playlist that a stranger's parser knows, and none that it does not.
fn tags(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text, ParsingOptions::default());
    let mut names = Vec::new();
    while let Some(line) = reader.read_line().expect("a playlist that can be parsed") {
        match line {
            HlsLine::KnownTag(KnownTag::Hls(tag)) => names.push(match tag {
                hls::Tag::StreamInf(stream) => format!("{:?} {:?}", stream.bandwidth(), stream.codecs()),
                hls::Tag::Inf(inf) => format!("{:.3}", inf.duration()),
                hls::Tag::Targetduration(target) => format!("target {}", target.target_duration()),
                hls::Tag::Media(media) => format!("{:?}", media.uri()),
                other => format!("{other:?}").split('(').next().unwrap_or_default().to_owned(),
            }),
            HlsLine::Uri(uri) => names.push(uri.to_string()),
            HlsLine::Blank => {}
            other => panic!("unknown line {other:?}"),
        }
    }
    names
}

#[test]
fn a_master_names_every_rung_with_its_sound() {
    let text = master(&film(), "");
    assert!(text.contains("RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO=\"audio\"\nv720.m3u8\n"), "{text}");
    let tags = tags(&text);
    assert!(tags.iter().any(|tag| tag.contains("2400000") && tag.contains("avc1.640015,mp4a.40.2")), "{tags:?}");
    let order: Vec<_> = tags.iter().filter(|tag| tag.ends_with(".m3u8")).collect();
    assert_eq!(order, ["v240.m3u8", "v720.m3u8"]);
    assert!(master(&film(), "/s/h/vi/hls/").contains("\n/s/h/vi/hls/v720.m3u8\n"));
    assert!(master(&film(), "/s/h/vi/hls/").contains("URI=\"/s/h/vi/hls/a1.m3u8\""));
}

#[test]
fn sound_alone_is_a_variant() {
    let mut presentation = film();
    presentation.tracks.retain(|track| !track.is_video());
    let text = master(&presentation, "");
    assert!(text.ends_with("CODECS=\"mp4a.40.2\"\na1.m3u8\n"), "{text}");
    assert!(!text.contains("EXT-X-MEDIA:"), "{text}");
}

#[test]
fn a_media_playlist_lists_every_segment_within_its_target() {
    let text = media(&film(), &"a1".parse().expect("a name")).expect("a playlist");
    assert!(text.contains("#EXT-X-MAP:URI=\"../media/a1/init.mp4\"\n#EXTINF:4.011000,\n../media/a1/0.m4s\n"), "{text}");
    assert!(text.ends_with("../media/a1/2.m4s\n#EXT-X-ENDLIST\n"), "{text}");
    assert!(tags(&text).contains(&"target 4".to_owned()), "{:?}", tags(&text));
    assert_eq!(media(&film(), &"v999".parse().expect("a name")), None);
}
