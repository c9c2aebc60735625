//! HLS playlists, rendered from a presentation. Every address in them is relative, so they inherit the viewer's handle.

use std::fmt::Write as _;

use crate::{
    asset::Asset,
    encryption::Encryption,
    language::Language,
    presentation::{Presentation, Track, TrackKind, TrackName},
    timed_text::{TextKind, TimedText},
};

const AUDIO_GROUP: &str = "audio";
const SUBTITLES_GROUP: &str = "subtitles";

/// The playlist of playlists. `base` is put before the address of each; it is empty unless the master is served from
/// somewhere else than its children.
///
/// Variants stand in order of weight, because players start with the first and the lightest starts fastest.
pub fn master<'a>(presentation: &Presentation, captions: impl Iterator<Item = &'a TimedText>, base: &str) -> String {
    let mut out = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    let subtitled = subtitles_group(&mut out, captions, base);
    let audio: Vec<_> = presentation.audio().collect();
    let mut video: Vec<_> = presentation.video().collect();
    video.sort_by_key(|track| (track.peak_bits_per_second, track.name));
    if video.is_empty() {
        for track in audio {
            line(&mut out, format_args!("#EXT-X-STREAM-INF:{}{subtitled}", bandwidth(track, None)));
            line(&mut out, format_args!("{base}{}.m3u8", track.name));
        }
        return out;
    }
    for (index, track) in audio.iter().enumerate() {
        let TrackKind::Audio { channels, .. } = track.kind else { continue };
        let (name, is_default) = (track.name, if index == 0 { "YES" } else { "NO" });
        let choice =
            format!("NAME=\"Audio {}\",DEFAULT={is_default},AUTOSELECT=YES,CHANNELS=\"{channels}\"", index + 1);
        line(
            &mut out,
            format_args!("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{AUDIO_GROUP}\",{choice},URI=\"{base}{name}.m3u8\""),
        );
    }
    // A player may choose any sound of the group, so a variant must promise room for the heaviest.
    let heaviest = audio.iter().max_by_key(|track| track.peak_bits_per_second).copied();
    for track in video {
        let TrackKind::Video { width, height, frame_rate } = track.kind else { continue };
        let mut attributes = format!("{},RESOLUTION={width}x{height}", bandwidth(track, heaviest));
        if frame_rate.millis() > 0 {
            let _ = write!(attributes, ",FRAME-RATE={}", decimal(frame_rate.millis().into(), 3));
        }
        if heaviest.is_some() {
            let _ = write!(attributes, ",AUDIO=\"{AUDIO_GROUP}\"");
        }
        line(&mut out, format_args!("#EXT-X-STREAM-INF:{attributes}{subtitled}"));
        line(&mut out, format_args!("{base}{}.m3u8", track.name));
    }
    out
}

/// Lists the captions, and returns what a variant says of them: nothing when there are none.
fn subtitles_group<'a>(out: &mut String, captions: impl Iterator<Item = &'a TimedText>, base: &str) -> String {
    let mut subtitled = String::new();
    for TimedText { language, is_default, .. } in captions {
        let is_default = if *is_default { "YES" } else { "NO" };
        let choice = format!(
            "NAME=\"{}\",LANGUAGE=\"{language}\",DEFAULT={is_default},AUTOSELECT={is_default}",
            language.name()
        );
        let group = format!("TYPE=SUBTITLES,GROUP-ID=\"{SUBTITLES_GROUP}\"");
        line(out, format_args!("#EXT-X-MEDIA:{group},{choice},FORCED=NO,URI=\"{base}subtitles-{language}.m3u8\""));
        subtitled = format!(",SUBTITLES=\"{SUBTITLES_GROUP}\"");
    }
    subtitled
}

/// The playlist of the captions in one language: the whole text is one segment as long as the film.
pub fn subtitles(presentation: &Presentation, language: &Language) -> String {
    let mut out = String::from("#EXTM3U\n#EXT-X-VERSION:7\n");
    line(&mut out, format_args!("#EXT-X-TARGETDURATION:{}", presentation.duration_ms.div_ceil(1_000).max(1)));
    out.push_str("#EXT-X-PLAYLIST-TYPE:VOD\n");
    line(&mut out, format_args!("#EXTINF:{},", decimal(presentation.duration_ms, 3)));
    line(&mut out, format_args!("../{}", Asset::Text(TextKind::Captions, *language).path()));
    out.push_str("#EXT-X-ENDLIST\n");
    out
}

/// The playlist of one track, and of the keys of its segments where they are encrypted; `None` when there is no such track.
/// The init segment is not encrypted: its line stands before every key's.
pub fn media(presentation: &Presentation, name: &TrackName, encryption: Option<&Encryption>) -> Option<String> {
    let track = presentation.track(name)?;
    let mut out = String::from("#EXTM3U\n#EXT-X-VERSION:7\n");
    line(&mut out, format_args!("#EXT-X-TARGETDURATION:{}", target_duration(track)));
    out.push_str("#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    line(&mut out, format_args!("#EXT-X-MAP:URI=\"../media/{name}/init.mp4\""));
    for (index, segment) in (0_u32..).zip(&track.segments) {
        if let Some(encryption) = encryption.filter(|encryption| encryption.begins_key(index)) {
            let key = Asset::Key(encryption.key_of(index)).path();
            line(&mut out, format_args!("#EXT-X-KEY:METHOD=AES-128,URI=\"../{key}\""));
        }
        line(
            &mut out,
            format_args!("#EXTINF:{},", decimal(scaled(segment.duration.into(), track.timescale, 1_000_000), 6)),
        );
        line(&mut out, format_args!("../media/{name}/{index}.m4s"));
    }
    out.push_str("#EXT-X-ENDLIST\n");
    Some(out)
}

/// The longest segment in whole seconds, rounded as the standard rounds: no segment may round to more.
fn target_duration(track: &Track) -> u64 {
    let longest = track.segments.iter().map(|segment| segment.duration).max().unwrap_or(0);
    scaled(longest.into(), track.timescale, 1).max(1)
}

fn bandwidth(track: &Track, audio: Option<&Track>) -> String {
    let sum = |rate: fn(&Track) -> u32| u64::from(rate(track)) + audio.map_or(0, |audio| u64::from(rate(audio)));
    let codecs = audio.map_or_else(|| track.codecs.clone(), |audio| format!("{},{}", track.codecs, audio.codecs));
    let (peak, average) = (sum(|track| track.peak_bits_per_second), sum(|track| track.average_bits_per_second));
    format!("BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS=\"{codecs}\"")
}

/// `ticks` of a timescale in units of which a second has `per_second`, rounded to the nearest.
pub(super) fn scaled(ticks: u64, timescale: u32, per_second: u64) -> u64 {
    let timescale = u128::from(timescale.max(1));
    u64::try_from((u128::from(ticks) * u128::from(per_second) + timescale / 2) / timescale).unwrap_or(u64::MAX)
}

/// A number of which the last `places` digits are a fraction, without a detour over floating point.
pub(super) fn decimal(value: u64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    format!("{}.{:0width$}", value / unit, value % unit, width = places as usize)
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

#[cfg(test)]
mod tests {
    use quick_m3u8::{HlsLine, Reader, config::ParsingOptions, tag::KnownTag};

    use super::*;
    use crate::playlist::samples;

    /// Reads a playlist with another party's parser and fails on any line it does not know or does not believe.
    fn known_tags(playlist: &str) -> usize {
        let mut reader = Reader::from_str(playlist, ParsingOptions::default());
        let mut tags = 0;
        while let Some(line) = reader.read_line().expect("every line is well-formed") {
            match line {
                HlsLine::KnownTag(KnownTag::Hls(_)) => tags += 1,
                HlsLine::Uri(_) => {}
                other => panic!("not a line of ours: {other:?}"),
            }
        }
        tags
    }

    #[test]
    fn the_master_lists_rungs_from_light_to_heavy() {
        let playlist = master(&samples::film(), [].iter(), "");
        let expected = "\
#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"Audio 1\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"a1.m3u8\"
#EXT-X-STREAM-INF:BANDWIDTH=530000,AVERAGE-BANDWIDTH=428000,CODECS=\"avc1.64000d,mp4a.40.2\",RESOLUTION=426x240,FRAME-RATE=29.970,AUDIO=\"audio\"
v240.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2930000,AVERAGE-BANDWIDTH=2128000,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO=\"audio\"
v720.m3u8
";
        assert_eq!(playlist, expected);
        assert_eq!(known_tags(&playlist), 6);
    }

    #[test]
    fn a_base_is_put_before_every_child_and_nothing_else() {
        let base = "/s/handle/video/hls/";
        let (near, far) = (master(&samples::film(), [].iter(), ""), master(&samples::film(), [].iter(), base));
        assert_eq!(far.replace(base, ""), near);
        assert_eq!(far.matches(base).count(), 3);
    }

    #[test]
    fn a_track_lists_its_segments() {
        let name = "v240".parse().unwrap();
        let playlist = media(&samples::film(), &name, None).expect("the track is there");
        let expected = "\
#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:5
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI=\"../media/v240/init.mp4\"
#EXTINF:4.004000,
../media/v240/0.m4s
#EXTINF:4.504500,
../media/v240/1.m4s
#EXTINF:1.501500,
../media/v240/2.m4s
#EXT-X-ENDLIST
";
        assert_eq!(playlist, expected);
        assert_eq!(known_tags(&playlist), 10);
        assert_eq!(media(&samples::film(), &"v999".parse().unwrap(), None), None);
    }

    #[test]
    fn sound_alone_and_pictures_alone_are_valid() {
        let sound = samples::only(&samples::film(), |track| !track.is_video());
        let expected = "#EXT-X-STREAM-INF:BANDWIDTH=130000,AVERAGE-BANDWIDTH=128000,CODECS=\"mp4a.40.2\"\na1.m3u8\n";
        assert!(master(&sound, [].iter(), "").ends_with(expected));
        assert_eq!(known_tags(&master(&sound, [].iter(), "")), 4);

        let pictures = master(&samples::only(&samples::film(), Track::is_video), [].iter(), "");
        assert!(!pictures.contains("AUDIO") && !pictures.contains("mp4a"), "{pictures}");
        assert_eq!(known_tags(&pictures), 5);
    }

    #[test]
    fn every_variant_offers_the_captions() {
        let captions = samples::captions();
        let playlist = master(&samples::film(), captions.iter(), "");
        let expected = "\
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=NO,FORCED=NO,URI=\"subtitles-en.m3u8\"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\",NAME=\"Français (BE)\",LANGUAGE=\"fr-BE\",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI=\"subtitles-fr-BE.m3u8\"
";
        assert!(playlist.contains(expected), "{playlist}");
        assert_eq!(playlist.matches(",SUBTITLES=\"subtitles\"\n").count(), 2);
        assert_eq!(known_tags(&playlist), 8);
        let sound = samples::only(&samples::film(), |track| !track.is_video());
        assert!(master(&sound, captions.iter(), "").contains("CODECS=\"mp4a.40.2\",SUBTITLES=\"subtitles\"\n"));

        let playlist = subtitles(&samples::film(), &captions[1].language);
        let expected = "\
#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:11
#EXT-X-PLAYLIST-TYPE:VOD
#EXTINF:10.010,
../captions/fr-BE.vtt
#EXT-X-ENDLIST
";
        assert_eq!(playlist, expected);
        assert_eq!(known_tags(&playlist), 6);
    }

    #[test]
    fn no_segment_rounds_to_more_than_the_target() {
        for (ticks, target) in [(0, 1), (499, 1), (1_499, 1), (1_500, 2), (4_499, 4), (4_500, 5), (u32::MAX, 4_294_967)]
        {
            let mut film = samples::film();
            film.tracks[0].timescale = 1_000;
            film.tracks[0].segments.iter_mut().for_each(|segment| segment.duration = ticks);
            assert_eq!(target_duration(&film.tracks[0]), target, "{ticks} ms");
        }
    }
}
