//! The DASH manifest, rendered from a presentation: the same segments as HLS, told in XML.
//!
//! Nothing needs escaping: names, codecs and languages are checked when they are read, and the rest are numbers.

use std::fmt::Write as _;

use super::hls::{decimal, scaled};
use crate::{
    asset::Asset,
    presentation::{Presentation, Segment, Track, TrackKind},
    timed_text::{TextKind, TimedText},
};

/// Players wait for this much before they start; two fragments are enough for one of them to arrive late.
const MIN_BUFFER: &str = "PT4S";
const TEXT_BITS_PER_SECOND: u32 = 256;

/// A static manifest with one adaptation set for the pictures, one for each sound and one for each language's captions.
pub fn manifest<'a>(presentation: &Presentation, captions: impl Iterator<Item = &'a TimedText>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let namespaces = "xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-live:2011\"";
    let length = decimal(presentation.duration_ms, 3);
    let _ = writeln!(
        out,
        "<MPD {namespaces} type=\"static\" mediaPresentationDuration=\"PT{length}S\" \
         maxSegmentDuration=\"PT{}S\" minBufferTime=\"{MIN_BUFFER}\">",
        decimal(longest_segment_ms(presentation), 3)
    );
    let _ = writeln!(out, "  <Period id=\"0\" start=\"PT0S\" duration=\"PT{length}S\">");
    let mut video: Vec<_> = presentation.video().collect();
    video.sort_by_key(|track| (track.peak_bits_per_second, track.name));
    if !video.is_empty() {
        let aligned = are_aligned(&video);
        let _ = writeln!(
            out,
            "    <AdaptationSet id=\"0\" contentType=\"video\" mimeType=\"video/mp4\" \
             segmentAlignment=\"{aligned}\" startWithSAP=\"1\">"
        );
        for track in &video {
            representation(&mut out, track);
        }
        out.push_str("    </AdaptationSet>\n");
    }
    for (index, track) in presentation.audio().enumerate() {
        let _ = writeln!(
            out,
            "    <AdaptationSet id=\"{}\" contentType=\"audio\" mimeType=\"audio/mp4\" \
             segmentAlignment=\"true\" startWithSAP=\"1\">",
            index + 1
        );
        representation(&mut out, track);
        out.push_str("    </AdaptationSet>\n");
    }
    for text in captions {
        subtitles(&mut out, text);
    }
    out.push_str("  </Period>\n</MPD>\n");
    out
}

/// A text is one file; its bandwidth is what a second of speech weighs, and nobody chooses by it.
fn subtitles(out: &mut String, text: &TimedText) {
    let language = text.language;
    let role = |value: &str| format!("      <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"{value}\"/>\n");
    let _ = writeln!(out, "    <AdaptationSet contentType=\"text\" mimeType=\"text/vtt\" lang=\"{language}\">");
    out.push_str(&role("subtitle"));
    if text.is_default {
        out.push_str(&role("main"));
    }
    let _ = writeln!(out, "      <Label>{}</Label>", language.name());
    let _ = writeln!(out, "      <Representation id=\"captions-{language}\" bandwidth=\"{TEXT_BITS_PER_SECOND}\">");
    let _ = writeln!(out, "        <BaseURL>../{}</BaseURL>", Asset::Text(TextKind::Captions, language).path());
    out.push_str("      </Representation>\n    </AdaptationSet>\n");
}

fn representation(out: &mut String, track: &Track) {
    let what =
        format!("id=\"{}\" codecs=\"{}\" bandwidth=\"{}\"", track.name, track.codecs, track.peak_bits_per_second);
    match track.kind {
        TrackKind::Video { width, height, frame_rate } => {
            let size = format!("width=\"{width}\" height=\"{height}\" sar=\"1:1\"");
            let rate = if frame_rate.millis() > 0 { format!(" frameRate=\"{frame_rate}\"") } else { String::new() };
            let _ = writeln!(out, "      <Representation {what} {size}{rate}>");
        }
        TrackKind::Audio { channels, sample_rate_hz } => {
            let _ = writeln!(out, "      <Representation {what} audioSamplingRate=\"{sample_rate_hz}\">");
            let scheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011";
            let _ = writeln!(out, "        <AudioChannelConfiguration schemeIdUri=\"{scheme}\" value=\"{channels}\"/>");
        }
    }
    let addresses =
        "initialization=\"../media/$RepresentationID$/init.mp4\" media=\"../media/$RepresentationID$/$Number$.m4s\"";
    let _ = writeln!(out, "        <SegmentTemplate timescale=\"{}\" startNumber=\"0\" {addresses}>", track.timescale);
    out.push_str("          <SegmentTimeline>\n");
    timeline(out, &track.segments);
    out.push_str("          </SegmentTimeline>\n        </SegmentTemplate>\n      </Representation>\n");
}

/// Runs of equal segments become one line, and a time is only said where it does not follow from the one before.
fn timeline(out: &mut String, segments: &[Segment]) {
    let follows = |a: &Segment, b: &Segment| a.duration == b.duration && a.start + u64::from(a.duration) == b.start;
    let mut expected = None;
    for run in segments.chunk_by(follows) {
        expected = write_run(out, run, expected);
    }
}

fn write_run(out: &mut String, run: &[Segment], expected: Option<u64>) -> Option<u64> {
    let (first, last) = (run.first()?, run.last()?);
    let time = if expected == Some(first.start) { String::new() } else { format!(" t=\"{}\"", first.start) };
    let repeat = if run.len() > 1 { format!(" r=\"{}\"", run.len() - 1) } else { String::new() };
    let _ = writeln!(out, "            <S{time} d=\"{}\"{repeat}/>", first.duration);
    Some(last.start + u64::from(last.duration))
}

/// Whether segment boundaries fall on the same milliseconds in all tracks. A copied rung keeps its source's keyframes.
fn are_aligned(tracks: &[&Track]) -> bool {
    let starts = |track: &Track| -> Vec<u64> {
        track.segments.iter().map(|segment| scaled(segment.start, track.timescale, 1_000)).collect()
    };
    let close = |a: &[u64], b: &[u64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1);
    tracks.split_first().is_none_or(|(first, rest)| rest.iter().all(|track| close(&starts(first), &starts(track))))
}

fn longest_segment_ms(presentation: &Presentation) -> u64 {
    let longest = |track: &Track| {
        track.segments.iter().map(|segment| scaled(segment.duration.into(), track.timescale, 1_000)).max()
    };
    presentation.tracks.iter().filter_map(longest).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playlist::samples;

    #[test]
    fn the_manifest_tells_the_same_film() {
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static" mediaPresentationDuration="PT10.010S" maxSegmentDuration="PT4.505S" minBufferTime="PT4S">
  <Period id="0" start="PT0S" duration="PT10.010S">
    <AdaptationSet id="0" contentType="video" mimeType="video/mp4" segmentAlignment="false" startWithSAP="1">
      <Representation id="v240" codecs="avc1.64000d" bandwidth="400000" width="426" height="240" sar="1:1" frameRate="30000/1001">
        <SegmentTemplate timescale="30000" startNumber="0" initialization="../media/$RepresentationID$/init.mp4" media="../media/$RepresentationID$/$Number$.m4s">
          <SegmentTimeline>
            <S t="0" d="120120"/>
            <S d="135135"/>
            <S d="45045"/>
          </SegmentTimeline>
        </SegmentTemplate>
      </Representation>
      <Representation id="v720" codecs="avc1.64001f" bandwidth="2800000" width="1280" height="720" sar="1:1" frameRate="30000/1001">
        <SegmentTemplate timescale="30000" startNumber="0" initialization="../media/$RepresentationID$/init.mp4" media="../media/$RepresentationID$/$Number$.m4s">
          <SegmentTimeline>
            <S t="0" d="120120" r="1"/>
            <S d="60060"/>
          </SegmentTimeline>
        </SegmentTemplate>
      </Representation>
    </AdaptationSet>
    <AdaptationSet id="1" contentType="audio" mimeType="audio/mp4" segmentAlignment="true" startWithSAP="1">
      <Representation id="a1" codecs="mp4a.40.2" bandwidth="130000" audioSamplingRate="48000">
        <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/>
        <SegmentTemplate timescale="48000" startNumber="0" initialization="../media/$RepresentationID$/init.mp4" media="../media/$RepresentationID$/$Number$.m4s">
          <SegmentTimeline>
            <S t="1024" d="191488" r="1"/>
            <S t="384512" d="95968"/>
          </SegmentTimeline>
        </SegmentTemplate>
      </Representation>
    </AdaptationSet>
  </Period>
</MPD>
"#;
        assert_eq!(manifest(&samples::film(), [].iter()), expected);
    }

    #[test]
    fn captions_are_one_file_each() {
        let manifest = manifest(&samples::film(), samples::captions().iter());
        let expected = r#"
    <AdaptationSet contentType="text" mimeType="text/vtt" lang="fr-BE">
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle"/>
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
      <Label>Français (BE)</Label>
      <Representation id="captions-fr-BE" bandwidth="256">
        <BaseURL>../captions/fr-BE.vtt</BaseURL>
      </Representation>
    </AdaptationSet>
  </Period>
"#;
        assert!(manifest.contains(expected), "{manifest}");
        assert_eq!(manifest.matches("value=\"main\"").count(), 1);
    }

    #[test]
    fn rungs_cut_alike_are_declared_so() {
        let mut film = samples::film();
        let starts = film.tracks[0].segments.clone();
        film.tracks[1].segments = starts;
        assert!(
            manifest(&film, [].iter()).contains(r#"contentType="video" mimeType="video/mp4" segmentAlignment="true""#)
        );
    }

    #[test]
    fn sound_alone_has_no_set_for_pictures() {
        let sound = manifest(&samples::only(&samples::film(), |track| !track.is_video()), [].iter());
        assert!(!sound.contains("video/mp4") && sound.contains("audio/mp4"), "{sound}");
    }
}
