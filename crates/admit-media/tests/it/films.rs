//! Every kind of film an honest person sends: what is found in it, what it becomes, and that the result plays.

use std::{fs, path::Path};

use admit_domain::{
    presentation::{ByteRange, Track, TrackKind},
    source::{AudioCodec, Unsupported, VideoCodec},
};

use crate::support::{Bench, Made, ffprobe, frames};

const PICTURES: &str = "-f lavfi -i testsrc2=size=320x240:rate=25:duration=5";
const SOUND: &str = "-f lavfi -i sine=duration=5:sample_rate=48000";
const H264: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50";

/// Each segment by itself behind the header must decode without a complaint, begin with a keyframe and be as long as
/// the index says; together they must be the whole track, without a hole.
fn check_segments(track: &Track, path: &Path) {
    let bytes = fs::read(path).unwrap();
    let cut = |range: ByteRange| &bytes[usize::try_from(range.offset).unwrap()..][..range.len as usize];
    let mut end = u64::from(track.init.len);
    for (index, segment) in track.segments.iter().enumerate() {
        assert_eq!(segment.offset, end, "segment {index} follows what is before it");
        end += u64::from(segment.len);
        let alone = path.with_extension(format!("{index}.mp4"));
        fs::write(&alone, [cut(track.init), cut(track.segment(index).unwrap())].concat()).unwrap();
        let flags = ffprobe("-select_streams 0 -show_entries packet=flags", &alone);
        assert!(flags.starts_with('K'), "segment {index} of {} begins with a keyframe", track.name);
        let ticks = ffprobe("-show_entries packet=duration", &alone);
        let ticks: u64 = ticks.lines().filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        if track.is_video() {
            assert_eq!(ticks, u64::from(segment.duration), "segment {index} of {}", track.name);
        }
    }
    assert_eq!(end, bytes.len() as u64, "the segments are the whole file");
}

fn check_whole(made: &Made) {
    for track in &made.tracks {
        let (track, path) = made.track(track.name.as_str());
        check_segments(track, &path);
        let ticks: u64 = track.segments.iter().map(|segment| u64::from(segment.duration)).sum();
        let ms = ticks * 1_000 / u64::from(track.timescale);
        assert!(ms.abs_diff(made.source.duration_ms) <= 150, "{}: {ms} of {} ms", track.name, made.source.duration_ms);
        assert!(track.peak_bits_per_second > 0 && track.average_bits_per_second > 0);
    }
    assert!(made.heard.windows(2).all(|pair| pair[0] <= pair[1]), "progress runs forward: {:?}", made.heard);
    assert_eq!(made.heard.last(), Some(&1.0));
}

fn size(track: &Track) -> (u32, u32) {
    match track.kind {
        TrackKind::Video { width, height, .. } => (width, height),
        TrackKind::Audio { .. } => panic!("{} has no size", track.name),
    }
}

#[tokio::test]
async fn a_film_every_player_shows_is_only_wrapped_anew() {
    let bench = Bench::new();
    let film = bench.clip("film.mp4", &format!("{PICTURES} {SOUND} {H264} -c:a aac -shortest"));
    let made = bench.first_step(&film).await;
    let video = made.source.video.as_ref().unwrap();
    assert_eq!((video.codec, video.width, video.height, video.longest_gop_ms), (VideoCodec::H264, 320, 240, 2_000));
    assert!(video.constant_frame_rate && made.plan.first().unwrap().is_remux());
    check_whole(&made);
    let (track, path) = made.track("vsource");
    assert_eq!(frames(&path), frames(&film), "not one picture is changed");
    assert_eq!((track.codecs.as_str(), made.track("a1").0.codecs.as_str()), ("avc1.42c00d", "mp4a.40.2"));
    assert_eq!(track.segments.len(), 2, "five seconds are one segment of four and one of one");
}

#[tokio::test]
async fn a_film_of_another_codec_is_encoded() {
    let bench = Bench::new();
    let deep = "-c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p10le -tag:v hvc1";
    let film = bench.clip("deep.mp4", &format!("{PICTURES} {SOUND} {deep} -c:a libopus -shortest"));
    let made = bench.first_step(&film).await;
    let video = made.source.video.as_ref().unwrap();
    assert_eq!((video.codec, video.bit_depth), (VideoCodec::Hevc, 10));
    assert_eq!(made.source.audio.as_ref().unwrap().codec, AudioCodec::Opus);
    check_whole(&made);
    let (track, path) = made.track("v240");
    assert_eq!(ffprobe("-select_streams v -show_entries stream=pix_fmt,codec_name", &path), "h264\nyuv420p");
    assert!(track.codecs.starts_with("avc1.6400"), "{}", track.codecs);
    assert_eq!(made.track("a1").0.codecs, "mp4a.40.2");
}

#[tokio::test]
async fn portrait_and_turned_films_stand_upright() {
    let bench = Bench::new();
    let portrait = bench.clip("portrait.mp4", &format!("-f lavfi -i testsrc2=size=180x320:rate=25:duration=2 {H264}"));
    let made = bench.first_step(&portrait).await;
    assert_eq!(size(made.track("vsource").0), (180, 320));

    let lying = bench.clip("lying.mp4", &format!("{PICTURES} {H264} -t 2"));
    let turned = bench.clip("turned.mp4", &format!("-i {} -c copy -metadata:s:v rotate=90", lying.display()));
    let made = bench.first_step(&turned).await;
    let video = made.source.video.as_ref().unwrap();
    assert_eq!((video.width, video.height, video.rotated), (240, 320, true));
    check_whole(&made);
    let (track, path) = made.track("v240");
    assert_eq!(size(track), (240, 320));
    assert_eq!(ffprobe("-show_entries stream_side_data=rotation", &path), "", "the pictures themselves are turned");
}

#[tokio::test]
async fn odd_and_tiny_pictures_become_even_ones() {
    let bench = Bench::new();
    let odd = "-f lavfi -i testsrc2=size=201x151:rate=25:duration=2 -c:v libx264 -preset ultrafast -pix_fmt yuv444p";
    let made = bench.first_step(&bench.clip("odd.mp4", odd)).await;
    assert_eq!(size(made.track("v240").0), (200, 150));
    check_whole(&made);
    let dot = "-f lavfi -i color=red:size=16x16:rate=25:duration=2 -vf format=yuv444p,crop=1:1:0:0 -c:v libvpx-vp9";
    let made = bench.first_step(&bench.clip("dot.webm", dot)).await;
    assert_eq!(size(made.track("v240").0), (2, 2));
    check_whole(&made);
}

#[tokio::test]
async fn an_uneven_rate_becomes_even() {
    let bench = Bench::new();
    // Every picture of the first second, then every fifth.
    let uneven = format!(
        "{PICTURES} -vf select='lt(t,1)+not(mod(n,5))' -fps_mode vfr -c:v libvpx-vp9 -deadline realtime -cpu-used 8"
    );
    let made = bench.first_step(&bench.clip("uneven.webm", &uneven)).await;
    assert!(!made.source.video.as_ref().unwrap().constant_frame_rate);
    check_whole(&made);
    let durations = ffprobe("-show_entries packet=duration", &made.track("v240").1);
    let mut different: Vec<_> = durations.lines().collect();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), 1, "every picture is shown equally long: {different:?}");
}

#[tokio::test]
async fn sound_alone_and_pictures_alone_are_films() {
    let bench = Bench::new();
    let made = bench.first_step(&bench.clip("sound.mp3", &format!("{SOUND} -c:a libmp3lame"))).await;
    assert_eq!(made.source.video, None);
    check_whole(&made);
    assert_eq!(made.tracks.len(), 1);

    let made = bench.first_step(&bench.clip("silent.mp4", &format!("{PICTURES} {H264}"))).await;
    assert_eq!(made.source.audio, None);
    check_whole(&made);
    assert_eq!(made.tracks.len(), 1);
}

#[tokio::test]
async fn a_recording_without_a_length_is_measured() {
    let bench = Bench::new();
    // As browsers record: no length in the header, because it was written before the end was known.
    let live = "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus -shortest -f webm -live 1";
    let made = bench.first_step(&bench.clip("live.webm", &format!("{PICTURES} {SOUND} {live}"))).await;
    assert!(made.source.duration_ms.abs_diff(5_000) < 100, "{} ms", made.source.duration_ms);
    check_whole(&made);
}

#[tokio::test]
async fn sound_that_starts_late_stays_late() {
    let bench = Bench::new();
    let late = format!("{PICTURES} -itsoffset 1.5 {SOUND} {H264} -c:a aac");
    let made = bench.first_step(&bench.clip("late.mkv", &late)).await;
    assert!(made.plan.first().unwrap().is_remux());
    let start = |name: &str| {
        let track = made.track(name).0;
        track.segments[0].start * 1_000 / u64::from(track.timescale)
    };
    let apart = start("a1") - start("vsource");
    assert!(apart.abs_diff(1_500) < 50, "{apart} ms");
}

#[tokio::test]
async fn keyframes_too_far_apart_to_cut_are_encoded_anew() {
    let bench = Bench::new();
    let rare =
        "-f lavfi -i testsrc2=size=320x240:rate=5:duration=14 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 1000";
    let made = bench.first_step(&bench.clip("rare.mp4", rare)).await;
    assert_eq!(made.source.video.as_ref().unwrap().longest_gop_ms, 14_000);
    check_whole(&made);
    let (track, _) = made.track("v240");
    let longest = track.segments.iter().map(|segment| segment.duration).max().unwrap();
    assert!(longest <= 5 * track.timescale, "{} s", longest / track.timescale);
}

#[tokio::test]
async fn nothing_tells_where_and_with_what_a_film_was_made() {
    let bench = Bench::new();
    let marks = "-metadata title=secret-title -metadata location=+48.1+011.5/ -metadata comment=secret-comment";
    let film = bench.clip(
        "marked.mp4",
        &format!("{PICTURES} {SOUND} {H264} -c:a aac -shortest {marks} -movflags use_metadata_tags"),
    );
    let made = bench.first_step(&film).await;
    for track in &made.tracks {
        let bytes = fs::read(made.track(track.name.as_str()).1).unwrap();
        for mark in ["secret", "+48.1"] {
            assert!(!bytes.windows(mark.len()).any(|window| window == mark.as_bytes()), "{} tells {mark}", track.name);
        }
    }
}

#[tokio::test]
async fn all_rungs_are_cut_at_the_same_instants() {
    let bench = Bench::new();
    let film = bench.clip(
        "film.webm",
        "-f lavfi -i testsrc2=size=640x360:rate=30:duration=5 -c:v libvpx -deadline realtime -cpu-used 8",
    );
    let made = bench.first_step(&film).await;
    let opened = fs::File::open(&film).unwrap();
    let starts = |track: &Track| track.segments.iter().map(|segment| segment.start).collect::<Vec<_>>();
    let first = starts(made.track("v240").0);
    for quality in made.plan.later_qualities() {
        let step = made.plan.later(quality).unwrap();
        let tracks = bench.toolbox.make(&opened, &made.source, step, &bench.scratch(), &mut |_| {}).await.unwrap();
        assert_eq!(starts(&tracks[0]), first, "{}", quality.as_str());
    }
}

#[tokio::test]
async fn one_file_with_everything_is_made_without_encoding() {
    let bench = Bench::new();
    let film = bench.clip("film.mp4", &format!("{PICTURES} {SOUND} {H264} -c:a aac -shortest"));
    let made = bench.first_step(&film).await;
    let names: Vec<_> = made.tracks.iter().map(|track| track.name).collect();
    let whole = bench.toolbox.progressive(&names, &made.scratch).await.unwrap();
    assert_eq!(frames(&whole), frames(&film));
    assert_eq!(ffprobe("-show_entries stream=codec_name", &whole), "h264\naac");
    let bytes = fs::read(&whole).unwrap();
    let find = |name: &[u8]| bytes.windows(4).position(|window| window == name).unwrap();
    assert!(find(b"moov") < find(b"mdat"), "the index stands in front");
}

#[tokio::test]
async fn what_is_no_film_is_refused_with_its_reason() {
    let bench = Bench::new();
    let whole = bench.clip("whole.mp4", &format!("{PICTURES} {H264}"));
    let bytes = fs::read(&whole).unwrap();
    for (name, bytes, reason) in [
        ("empty.mp4", &b""[..], Unsupported::Empty),
        ("text.mp4", b"Dear diary, today I uploaded a text file.\n", Unsupported::Unreadable),
        ("noise.mp4", &[7; 4_096], Unsupported::Unreadable),
        ("cut.mp4", &bytes[..bytes.len() / 2], Unsupported::Unreadable),
    ] {
        assert_eq!(bench.refusal(&bench.file(name, bytes)).await, reason, "{name}");
    }
    let words = bench.file("words.srt", "1\n00:00:00,000 --> 00:00:01,000\nhello\n");
    assert_eq!(bench.refusal(&words).await, Unsupported::Unreadable);
}

#[tokio::test]
async fn a_film_cut_short_is_as_long_as_what_arrived() {
    let bench = Bench::new();
    let whole = bench.clip("whole.mkv", &format!("{PICTURES} {H264}"));
    let bytes = fs::read(&whole).unwrap();
    let made = bench.first_step(&bench.file("cut.mkv", &bytes[..bytes.len() / 2])).await;
    assert!((1_000..4_500).contains(&made.source.duration_ms), "{} ms", made.source.duration_ms);
    check_segments(made.track("vsource").0, &made.track("vsource").1);
}

#[tokio::test]
async fn bright_and_interlaced_pictures_are_put_right() {
    let bench = Bench::new();
    let bright =
        "-c:v libx265 -preset ultrafast -x265-params log-level=none:transfer=arib-std-b67 -pix_fmt yuv420p10le";
    let film = bench.clip("bright.mp4", &format!("{PICTURES} {bright} -t 1"));
    let made = bench.first_step(&film).await;
    assert!(made.source.video.as_ref().unwrap().high_dynamic_range);
    let colours = ffprobe("-show_entries stream=pix_fmt,color_transfer", &made.track("v240").1);
    assert_eq!(colours, "yuv420p\nbt709");

    let woven = "-vf interlace -c:v libx264 -preset ultrafast -pix_fmt yuv420p -flags +ilme+ildct";
    let made = bench.first_step(&bench.clip("woven.mp4", &format!("{PICTURES} {woven} -t 2"))).await;
    assert!(made.source.video.as_ref().unwrap().interlaced);
    assert_eq!(ffprobe("-show_entries stream=field_order", &made.track("v240").1), "progressive");
    check_whole(&made);
}
