//! What a probe found in an uploaded file, in our words, and the closed list of reasons to refuse it.

use std::fmt;

/// A film of twelve hours is the longest we prepare; longer claims are nearly always broken or hostile headers.
pub const MAX_DURATION_MS: u64 = 12 * 60 * 60 * 1_000;
/// Twice the fastest common cameras' 60 frames a second.
pub const MAX_FRAMES_PER_SECOND: u32 = 120;
/// 8192 × 4320: the largest picture a decoder is allowed to allocate.
pub const MAX_PIXELS: u64 = 35_389_440;
/// The longest side H.264 encoders accept; also stops pictures one pixel high and a mile wide.
pub const MAX_SIDE_PIXELS: u32 = 16_384;
/// Streams in one file. Honest files have two to ten; each stream costs the demuxer memory.
pub const MAX_STREAMS: usize = 16;

/// A probed upload: everything the ladder needs to decide, measured rather than believed where that is possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFacts {
    pub size_bytes: u64,
    pub duration_ms: u64,
    /// The demuxer's name for the container, such as `matroska`. For display only.
    pub container: String,
    pub video: Option<VideoFacts>,
    pub audio: Option<AudioFacts>,
}

/// The first real video stream; cover pictures do not count.
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact about a stranger's file")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoFacts {
    pub codec: VideoCodec,
    /// As shown: after rotation, and with non-square pixels stretched to square ones.
    pub width: u32,
    pub height: u32,
    pub frame_rate: FrameRate,
    pub constant_frame_rate: bool,
    pub bit_depth: u8,
    pub chroma: Chroma,
    pub bits_per_second: u32,
    /// The picture is stored lying down and a display matrix turns it.
    pub rotated: bool,
    pub square_pixels: bool,
    pub interlaced: bool,
    /// Wide dynamic range (PQ or HLG), which looks grey when it is shown as if it were ordinary.
    pub high_dynamic_range: bool,
    /// The longest stretch without a keyframe. A copied track can only be cut where a keyframe is.
    pub longest_gop_ms: u32,
    /// How long after the film's first sound the first picture is shown.
    pub starts_late_ms: u32,
    /// Some old containers leave out when a picture is shown; such a stream cannot be copied.
    pub complete_timestamps: bool,
}

/// The first audio stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioFacts {
    pub codec: AudioCodec,
    pub channels: u8,
    pub sample_rate_hz: u32,
    pub bits_per_second: u32,
}

/// Frames per second as a fraction, because 30000/1001 is not 29.97.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameRate {
    pub frames: u32,
    pub seconds: u32,
}

impl FrameRate {
    pub const fn new(frames: u32, seconds: u32) -> Self {
        Self { frames, seconds }
    }

    /// Thousandths of a frame per second, rounded; zero when the fraction says nothing.
    pub fn millis(self) -> u32 {
        let seconds = u64::from(self.seconds);
        (u64::from(self.frames) * 1_000 + seconds / 2)
            .checked_div(seconds)
            .map_or(0, |rate| u32::try_from(rate).unwrap_or(u32::MAX))
    }
}

impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.frames, self.seconds)
    }
}

/// How the colour planes are sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chroma {
    /// 4:2:0, the only sampling every player shows.
    Yuv420,
    /// Anything else; it is converted.
    Other,
}

/// Declares a closed list of codecs, each with the one name programs and operators know it by.
macro_rules! codecs {
    ($(#[$doc:meta])* $list:ident { $($variant:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $list { $($variant,)+ }

        impl $list {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

codecs! {
    /// The pictures we decode. Every further decoder is attack surface, so the list is short on purpose.
    VideoCodec {
        H264 = "h264", Hevc = "hevc", Vp8 = "vp8", Vp9 = "vp9", Av1 = "av1", Mpeg1 = "mpeg1video", Mpeg2 = "mpeg2video",
        Mpeg4 = "mpeg4", Mjpeg = "mjpeg", Prores = "prores", H263 = "h263", Flv1 = "flv1", Theora = "theora",
    }
}

codecs! {
    /// The sounds we decode. `AacLc` is told apart from its high-efficiency relatives because only it is copied.
    AudioCodec {
        AacLc = "aac", AacOther = "aac_he", Mp3 = "mp3", Mp2 = "mp2", Opus = "opus", Vorbis = "vorbis", Flac = "flac",
        Alac = "alac", Ac3 = "ac3", Eac3 = "eac3", AmrNb = "amr_nb", PcmU8 = "pcm_u8", PcmS16Le = "pcm_s16le",
        PcmS16Be = "pcm_s16be", PcmS24Le = "pcm_s24le", PcmS24Be = "pcm_s24be", PcmS32Le = "pcm_s32le", PcmF32Le = "pcm_f32le",
    }
}

/// Why an upload cannot become a film. Final: trying again gives the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    #[error("The file is empty.")]
    Empty,
    #[error("The file is not in a format we read, or it is damaged beyond reading.")]
    Unreadable,
    #[error("The file holds neither pictures nor sound.")]
    NoStreams,
    #[error("The file holds more than {MAX_STREAMS} streams.")]
    TooManyStreams,
    #[error("The film is longer than 12 hours.")]
    TooLong,
    #[error("The film has no measurable length.")]
    NoDuration,
    #[error("The film has more than {MAX_FRAMES_PER_SECOND} frames a second.")]
    TooManyFrames,
    #[error("The picture is larger than 8192 × 4320 pixels, or one side is longer than {MAX_SIDE_PIXELS}.")]
    TooManyPixels,
    #[error("The file holds pictures in a format we do not decode.")]
    VideoCodec,
    #[error("The file holds sound in a format we do not decode.")]
    AudioCodec,
    #[error("The clip begins where the film has already ended, or ends before it begins.")]
    EmptyClip,
}

impl Unsupported {
    /// The stable name of the reason, for programs. Never renamed once released.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::Unreadable => "unsupported_format",
            Self::NoStreams => "no_streams",
            Self::TooManyStreams => "too_many_streams",
            Self::TooLong => "too_long",
            Self::NoDuration => "no_duration",
            Self::TooManyFrames => "too_many_frames_per_second",
            Self::TooManyPixels => "too_many_pixels",
            Self::VideoCodec => "unsupported_video_codec",
            Self::AudioCodec => "unsupported_audio_codec",
            Self::EmptyClip => "empty_clip",
        }
    }
}

impl SourceFacts {
    /// Holds the facts against the bounds above; the ladder calls it first, so no plan is made for a hostile file.
    pub fn check(&self) -> Result<(), Unsupported> {
        if self.video.is_none() && self.audio.is_none() {
            return Err(Unsupported::NoStreams);
        }
        match self.duration_ms {
            0 => return Err(Unsupported::NoDuration),
            1..=MAX_DURATION_MS => {}
            _ => return Err(Unsupported::TooLong),
        }
        self.video.as_ref().map_or(Ok(()), VideoFacts::check)
    }
}

impl VideoFacts {
    pub fn short_side(&self) -> u32 {
        self.width.min(self.height)
    }

    fn check(&self) -> Result<(), Unsupported> {
        let pixels = u64::from(self.width) * u64::from(self.height);
        if pixels == 0 || pixels > MAX_PIXELS || self.width.max(self.height) > MAX_SIDE_PIXELS {
            return Err(Unsupported::TooManyPixels);
        }
        if self.frame_rate.millis() > MAX_FRAMES_PER_SECOND * 1_000 {
            return Err(Unsupported::TooManyFrames);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film() -> SourceFacts {
        let video = VideoFacts {
            codec: VideoCodec::H264,
            width: 1920,
            height: 1080,
            frame_rate: FrameRate::new(30, 1),
            constant_frame_rate: true,
            bit_depth: 8,
            chroma: Chroma::Yuv420,
            bits_per_second: 4_000_000,
            rotated: false,
            square_pixels: true,
            interlaced: false,
            high_dynamic_range: false,
            longest_gop_ms: 2_000,
            starts_late_ms: 0,
            complete_timestamps: true,
        };
        SourceFacts { size_bytes: 1, duration_ms: 1_000, container: "mov".into(), video: Some(video), audio: None }
    }

    fn with_video(change: impl FnOnce(&mut VideoFacts)) -> SourceFacts {
        let mut facts = film();
        if let Some(video) = &mut facts.video {
            change(video);
        }
        facts
    }

    #[test]
    fn each_bound_holds_on_both_sides() {
        let size = |width, height| with_video(|video| (video.width, video.height) = (width, height));
        let rate = |frames, seconds| with_video(|video| video.frame_rate = FrameRate::new(frames, seconds));
        for (what, facts, verdict) in [
            ("plain", film(), Ok(())),
            ("nothing inside", SourceFacts { video: None, ..film() }, Err(Unsupported::NoStreams)),
            ("no length", SourceFacts { duration_ms: 0, ..film() }, Err(Unsupported::NoDuration)),
            ("12 h", SourceFacts { duration_ms: MAX_DURATION_MS, ..film() }, Ok(())),
            ("12 h and 1 ms", SourceFacts { duration_ms: MAX_DURATION_MS + 1, ..film() }, Err(Unsupported::TooLong)),
            ("the end of time", SourceFacts { duration_ms: u64::MAX, ..film() }, Err(Unsupported::TooLong)),
            ("8K", size(8_192, 4_320), Ok(())),
            ("8K and a column", size(8_193, 4_320), Err(Unsupported::TooManyPixels)),
            ("no picture", size(0, 1_080), Err(Unsupported::TooManyPixels)),
            ("ribbon", size(16_385, 1), Err(Unsupported::TooManyPixels)),
            ("120 fps", rate(120, 1), Ok(())),
            ("121 fps", rate(121, 1), Err(Unsupported::TooManyFrames)),
            ("unknown fps", rate(0, 0), Ok(())),
        ] {
            assert_eq!(facts.check(), verdict, "{what}");
        }
    }

    #[test]
    fn codecs_are_found_by_the_name_they_give() {
        assert!(VideoCodec::ALL.iter().all(|codec| VideoCodec::from_name(codec.name()) == Some(*codec)));
        assert!(AudioCodec::ALL.iter().all(|codec| AudioCodec::from_name(codec.name()) == Some(*codec)));
        assert_eq!(VideoCodec::from_name("magicyuv"), None);
    }

    #[test]
    fn frame_rates_round_to_thousandths() {
        let rates = [(30_000, 1_001, 29_970), (25, 1, 25_000), (0, 0, 0), (u32::MAX, 1, u32::MAX)];
        for (frames, seconds, millis) in rates {
            assert_eq!(FrameRate::new(frames, seconds).millis(), millis, "{frames}/{seconds}");
        }
    }
}
