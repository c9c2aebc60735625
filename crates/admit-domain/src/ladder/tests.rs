//! The ladder as a table: a source in short hand, the steps it deserves in short hand.

use super::*;

fn source(video: Option<VideoFacts>, audio: Option<AudioFacts>) -> SourceFacts {
    SourceFacts { size_bytes: 1_000_000, duration_ms: 10_000, container: "mov".into(), video, audio }
}

fn h264(width: u32, height: u32) -> VideoFacts {
    VideoFacts {
        codec: VideoCodec::H264,
        width,
        height,
        frame_rate: FrameRate::new(30, 1),
        constant_frame_rate: true,
        bit_depth: 8,
        chroma: Chroma::Yuv420,
        bits_per_second: 500_000,
        rotated: false,
        square_pixels: true,
        interlaced: false,
        high_dynamic_range: false,
        longest_gop_ms: 2_000,
        starts_late_ms: 0,
        complete_timestamps: true,
    }
}

fn hevc(width: u32, height: u32) -> VideoFacts {
    VideoFacts { codec: VideoCodec::Hevc, ..h264(width, height) }
}

fn aac() -> AudioFacts {
    AudioFacts { codec: AudioCodec::AacLc, channels: 2, sample_rate_hz: 48_000, bits_per_second: 128_000 }
}

/// One word a track, such as `copy:vsource:1920x1080` or `v720:1280x720@30/1<2800k`; steps are set apart by `|`.
fn spell(plan: &Plan) -> String {
    let video = |rung: &Rung| match rung.how {
        VideoHow::Copy => format!("copy:{}:{}x{}", rung.track, rung.width, rung.height),
        VideoHow::Encode { frame_rate, max_bits_per_second } => {
            format!("{}:{}x{}@{frame_rate}<{}k", rung.track, rung.width, rung.height, max_bits_per_second / 1_000)
        }
    };
    let audio = |audio: &AudioTrack| match audio.how {
        AudioHow::Copy => format!("copy:{}", audio.track),
        AudioHow::Encode { bits_per_second, channels } => {
            format!("{}:{channels}ch@{}k", audio.track, bits_per_second / 1_000)
        }
    };
    let step = |step: &Step| {
        let words: Vec<_> = step.video.iter().map(video).chain(step.audio.iter().map(audio)).collect();
        words.join(" ")
    };
    plan.steps.iter().map(step).collect::<Vec<_>>().join(" | ")
}

fn check(what: &str, video: Option<VideoFacts>, audio: Option<AudioFacts>, expected: &str) {
    let plan = plan(&source(video, audio)).expect("a supported source");
    assert_eq!(spell(&plan), expected, "{what}");
}

#[test]
fn a_source_every_player_shows_is_copied_first() {
    check(
        "1080p",
        Some(h264(1920, 1080)),
        Some(aac()),
        "copy:vsource:1920x1080 copy:a1 | v240:426x240@30/1<400k | v360:640x360@30/1<800k | v480:854x480@30/1<1400k | v720:1280x720@30/1<2800k",
    );
    check("portrait", Some(h264(360, 640)), None, "copy:vsource:360x640 | v240:240x426@30/1<400k");
    check("odd quality", Some(h264(640, 272)), None, "copy:vsource:640x272");
    check("tiny", Some(h264(64, 36)), Some(aac()), "copy:vsource:64x36 copy:a1");
    let heavy = VideoFacts { bits_per_second: 900_000, ..h264(426, 240) };
    check("heavy", Some(heavy), None, "copy:vsource:426x240 | v240:426x240@30/1<400k");
}

#[test]
fn any_other_source_starts_with_the_cheapest_rung() {
    let ladder = "v240:428x240@30/1<400k a1:2ch@128k | v360:640x360@30/1<800k | v480:854x480@30/1<1400k";
    check("hevc", Some(hevc(854, 480)), Some(AudioFacts { codec: AudioCodec::Opus, channels: 6, ..aac() }), ladder);
    let small = "v240:320x240@30/1<400k";
    for (what, video) in [
        ("10 bit", VideoFacts { bit_depth: 10, ..h264(320, 240) }),
        ("4:2:2", VideoFacts { chroma: Chroma::Other, ..h264(320, 240) }),
        ("rotated", VideoFacts { rotated: true, ..h264(320, 240) }),
        ("anamorphic", VideoFacts { square_pixels: false, ..h264(320, 240) }),
        ("interlaced", VideoFacts { interlaced: true, ..h264(320, 240) }),
        ("hdr", VideoFacts { high_dynamic_range: true, ..h264(320, 240) }),
        ("late", VideoFacts { starts_late_ms: 81, ..h264(320, 240) }),
        ("without times", VideoFacts { complete_timestamps: false, ..h264(320, 240) }),
        ("keyframes 12 s apart and a little", VideoFacts { longest_gop_ms: 12_001, ..h264(320, 240) }),
    ] {
        check(what, Some(video), None, small);
    }
}

#[test]
fn nothing_is_enlarged_and_every_side_is_even() {
    check("one pixel", Some(hevc(1, 1)), None, "v240:2x2@30/1<400k");
    check("odd", Some(h264(319, 239)), None, "v240:318x238@30/1<400k");
    check("wide", Some(hevc(640, 272)), None, "v240:564x240@30/1<400k");
    check("ribbon", Some(hevc(16_384, 20)), None, "v240:16384x20@30/1<400k");
}

#[test]
fn frame_rates_become_constant_and_common() {
    for (frames, seconds, constant, expected) in [
        (30_000, 1_001, true, "30000/1001"),
        (2_997, 100, true, "30000/1001"),
        (299, 10, false, "30000/1001"),
        (120, 1, true, "120/2"),
        (100, 1, true, "100/2"),
        (61, 1, true, "60/1"),
        (90, 1, true, "90/2"),
        (15, 1, true, "15/1"),
        (123, 10, true, "13/1"),
        (123, 10, false, "30/1"),
        (1, 1, true, "10/1"),
        (0, 0, false, "10/1"),
    ] {
        let video =
            VideoFacts { frame_rate: FrameRate::new(frames, seconds), constant_frame_rate: constant, ..hevc(320, 240) };
        assert_eq!(encoded_rate(&video).to_string(), expected, "{frames}/{seconds}");
    }
    let smooth = VideoFacts { frame_rate: FrameRate::new(50, 1), ..hevc(320, 240) };
    check("more frames may cost more", Some(smooth), None, "v240:320x240@50/1<600k");
}

#[test]
fn sound_alone_is_a_film() {
    check("aac", None, Some(aac()), "copy:a1");
    check("surround", None, Some(AudioFacts { channels: 6, ..aac() }), "a1:2ch@128k");
    check("high-efficiency", None, Some(AudioFacts { codec: AudioCodec::AacOther, ..aac() }), "a1:2ch@128k");
    check("telephone", None, Some(AudioFacts { sample_rate_hz: 8_000, channels: 1, ..aac() }), "a1:1ch@128k");
}

#[test]
fn a_copy_that_failed_can_be_encoded_instead() {
    let plan = plan_without_copy(&source(Some(h264(320, 240)), Some(aac()))).unwrap();
    assert_eq!(spell(&plan), "v240:320x240@30/1<400k a1:2ch@128k");
}

#[test]
fn a_refused_source_gets_no_plan() {
    assert_eq!(plan(&source(None, None)), Err(Unsupported::NoStreams));
    assert_eq!(plan(&source(Some(h264(8_194, 4_320)), None)), Err(Unsupported::TooManyPixels));
}

#[test]
fn qualities_are_named_once_and_best_first() {
    let heavy = VideoFacts { bits_per_second: 90_000_000, ..h264(1920, 1080) };
    let plan = plan(&source(Some(heavy), None)).unwrap();
    let names: Vec<_> = plan.qualities().into_iter().map(Quality::as_str).collect();
    assert_eq!(names, ["1080p", "720p", "480p", "360p", "240p"]);
    let later: Vec<_> = plan.later_qualities().map(Quality::as_str).collect();
    assert_eq!(later, ["240p", "360p", "480p", "720p", "1080p"]);
    assert!(
        plan.later(Quality::P1080).is_some_and(|step| !step.is_remux()),
        "the copy of the same quality is the first step"
    );
}

#[test]
fn a_quality_is_read_as_it_is_spelled() {
    assert!(Quality::ALL.into_iter().all(|quality| Quality::parse(quality.as_str()) == Some(quality)));
    assert_eq!(Quality::parse("1440p"), None);
}

#[test]
fn what_is_made_anew_can_be_copied_afterwards() {
    for ((width, height), expected) in [
        ((1_920, 1_080), (1_920, 1_080, 10_000_000)),
        ((1_080, 1_920), (1_080, 1_920, 10_000_000)),
        ((201, 151), (200, 150, 800_000)),
        ((8_192, 4_320), (4_096, 2_160, 32_000_000)),
    ] {
        let sent = source(Some(hevc(width, height)), Some(aac()));
        let step = remake(&sent, false).unwrap();
        let Rung { width, height, how, .. } = step.video.unwrap();
        let VideoHow::Encode { max_bits_per_second, .. } = how else { panic!("copied") };
        assert_eq!((width, height, max_bits_per_second), expected);
        let made = VideoFacts { bits_per_second: max_bits_per_second, ..h264(width, height) };
        let plan = plan(&source(Some(made), Some(aac()))).unwrap();
        assert!(plan.first().unwrap().is_remux());
        assert!(plan.later_qualities().all(|quality| quality < plan.qualities()[0]), "no rung of the size of the copy");
        assert_eq!(step.audio.unwrap().how, AudioHow::Copy);
        assert_ne!(remake(&sent, true).unwrap().audio.unwrap().how, AudioHow::Copy);
    }
}
