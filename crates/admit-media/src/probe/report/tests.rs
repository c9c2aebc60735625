//! Reports as the program writes them, and the facts that are read from them.

use super::*;

fn facts(streams: &str, packets: &[&str]) -> Result<SourceFacts, Unsupported> {
    let report = read(&format!(r#"{{"programs":[],"streams":[{streams}],"format":{{"format_name":"mov"}}}}"#))?;
    let mut counts = report.counts();
    for line in packets {
        counts.add(line);
    }
    Ok(report.facts(1, &counts))
}

/// A second of 25 pictures, each 100 bytes, with one keyframe.
fn second_of_video() -> Vec<String> {
    let line = |n: u32| {
        format!("0,{0}.{1:06},{0}.{1:06},0.040000,100,{2}", n / 25, n % 25 * 40_000, if n == 0 { "K__" } else { "__" })
    };
    (0..25).map(line).collect()
}

fn video(fields: &str) -> VideoFacts {
    let stream = format!(
        r#"{{"index":0,"codec_type":"video","codec_name":"h264","width":640,"height":360,"r_frame_rate":"25/1",{fields}}}"#
    );
    let packets = second_of_video();
    facts(&stream, &packets.iter().map(String::as_str).collect::<Vec<_>>()).unwrap().video.unwrap()
}

#[test]
fn an_ordinary_film_is_read() {
    let found = video(r#""pix_fmt":"yuv420p","field_order":"progressive","sample_aspect_ratio":"1:1""#);
    let expected = VideoFacts {
        codec: VideoCodec::H264,
        width: 640,
        height: 360,
        frame_rate: FrameRate::new(25, 1),
        constant_frame_rate: true,
        bit_depth: 8,
        chroma: Chroma::Yuv420,
        bits_per_second: 20_000,
        rotated: false,
        square_pixels: true,
        interlaced: false,
        high_dynamic_range: false,
        longest_gop_ms: 1_000,
        starts_late_ms: 0,
        complete_timestamps: true,
    };
    assert_eq!(found, expected);
}

#[test]
fn the_picture_is_described_as_it_is_shown() {
    let turned = |degrees: &str| {
        let found = video(&format!(r#""pix_fmt":"yuv420p","side_data_list":[{{}},{{"rotation":{degrees}}}]"#));
        (found.width, found.height, found.rotated)
    };
    assert_eq!(turned("90"), (360, 640, true));
    assert_eq!(turned("-90.0"), (360, 640, true));
    assert_eq!(turned("180"), (640, 360, true));
    assert_eq!(turned("0"), (640, 360, false));
    let wide = video(r#""pix_fmt":"yuv420p","sample_aspect_ratio":"4:3""#);
    assert_eq!((wide.width, wide.height, wide.square_pixels), (853, 360, false));
    let unknown = video(r#""pix_fmt":"yuv420p","sample_aspect_ratio":"0:1""#);
    assert_eq!((unknown.width, unknown.square_pixels), (640, true));
}

#[test]
fn formats_that_must_be_converted_are_recognised() {
    for (format, depth, chroma) in [
        ("yuv420p", 8, Chroma::Yuv420),
        ("yuvj420p", 8, Chroma::Yuv420),
        ("yuv420p10le", 10, Chroma::Yuv420),
        ("yuv422p", 8, Chroma::Other),
        ("yuv444p12le", 12, Chroma::Other),
        ("gray", 8, Chroma::Other),
        ("", 8, Chroma::Other),
    ] {
        assert_eq!(pixel_format(format, 0), (depth, chroma), "{format}");
    }
    assert!(video(r#""field_order":"tb""#).interlaced);
    assert!(video(r#""color_transfer":"arib-std-b67""#).high_dynamic_range);
}

#[test]
fn a_rate_the_packets_do_not_keep_is_not_believed() {
    let stream = r#"{"index":0,"codec_type":"video","codec_name":"vp9","width":2,"height":2,"r_frame_rate":"1000/1"}"#;
    let packets = second_of_video();
    let found = facts(stream, &packets.iter().map(String::as_str).collect::<Vec<_>>()).unwrap().video.unwrap();
    assert_eq!((found.frame_rate, found.constant_frame_rate), (FrameRate::new(25_000, 1_000), false));
}

#[test]
fn only_films_are_accepted() {
    let sound =
        r#"{"index":0,"codec_type":"audio","codec_name":"aac","profile":"HE-AAC","channels":2,"sample_rate":"48000"}"#;
    let cover = r#"{"index":1,"codec_type":"video","codec_name":"png","disposition":{"attached_pic":1}}"#;
    let found = facts(&format!("{sound},{cover}"), &["0,0.0,0.0,1.0,1000,K__"]).unwrap();
    assert_eq!(found.video, None, "a cover picture is not a film");
    assert_eq!(found.audio.map(|audio| audio.codec), Some(AudioCodec::AacOther));

    let slides = r#"{"index":0,"codec_type":"video","codec_name":"png"}"#;
    let exotic = r#"{"index":0,"codec_type":"audio","codec_name":"dsd_lsbf"}"#;
    let words = r#"{"index":0,"codec_type":"subtitle","codec_name":"subrip"}"#;
    for (streams, reason) in [
        (slides, Unsupported::VideoCodec),
        (exotic, Unsupported::AudioCodec),
        (words, Unsupported::NoStreams),
        ("", Unsupported::NoStreams),
        ("{", Unsupported::Unreadable),
    ] {
        assert_eq!(facts(streams, &[]), Err(reason), "{streams}");
    }
}
