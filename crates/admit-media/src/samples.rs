//! An ordinary film, for the tests of every command line.

use admit_domain::source::{AudioCodec, AudioFacts, Chroma, FrameRate, SourceFacts, VideoCodec, VideoFacts};

pub(crate) fn video(width: u32, height: u32) -> VideoFacts {
    VideoFacts {
        codec: VideoCodec::H264,
        width,
        height,
        frame_rate: FrameRate::new(25, 1),
        constant_frame_rate: true,
        bit_depth: 8,
        chroma: Chroma::Yuv420,
        bits_per_second: 1_000_000,
        rotated: false,
        square_pixels: true,
        interlaced: false,
        high_dynamic_range: false,
        longest_gop_ms: 2_000,
        starts_late_ms: 0,
        complete_timestamps: true,
    }
}

pub(crate) fn film(width: u32, height: u32) -> SourceFacts {
    let audio = AudioFacts { codec: AudioCodec::AacLc, channels: 2, sample_rate_hz: 48_000, bits_per_second: 128_000 };
    SourceFacts {
        size_bytes: 1,
        duration_ms: 61_500,
        container: "mov".into(),
        video: Some(video(width, height)),
        audio: Some(audio),
    }
}
