//! Which renditions a source deserves, and in which order they are made so that the film can be watched early.

use crate::{
    presentation::TrackName,
    source::{AudioCodec, AudioFacts, Chroma, FrameRate, SourceFacts, Unsupported, VideoCodec, VideoFacts},
};

/// Segments aim at this length; shorter ones cost requests, longer ones cost waiting.
pub const SEGMENT_MS: u32 = 4_000;
/// Encoders put a keyframe at least this often, at the same instants in every rung.
pub const KEYFRAME_MS: u32 = 2_000;
/// A source whose keyframes lie further apart than this cannot be cut finely enough to be copied.
const LONGEST_COPIED_GOP_MS: u32 = 12_000;
/// A copied video track begins at zero. Moving it further than this towards its sound could be noticed.
const LATEST_COPIED_START_MS: u32 = 80;
/// No more frames than this are encoded: twice the bits for nothing most screens can show.
const MAX_ENCODED_RATE: FrameRate = FrameRate::new(60, 1);
/// Slide shows are topped up to this rate, or a two-second keyframe interval would be shorter than a frame.
const MIN_ENCODED_RATE: FrameRate = FrameRate::new(10, 1);
/// The rates cameras and screens really have; a measured rate within two in a hundred of one is taken to be it.
const COMMON_RATES: [FrameRate; 8] = [
    FrameRate::new(24_000, 1_001),
    FrameRate::new(24, 1),
    FrameRate::new(25, 1),
    FrameRate::new(30_000, 1_001),
    FrameRate::new(30, 1),
    FrameRate::new(50, 1),
    FrameRate::new(60_000, 1_001),
    FrameRate::new(60, 1),
];
/// A copy with more bits than this many times its quality needs is heavy: viewers get a lighter rung beside it.
const HEAVY: u32 = 2;
/// Stereo at a quality few can tell from the original.
const AUDIO_BITS_PER_SECOND: u32 = 128_000;

/// The closed list of qualities, named by the short side of the picture so that portrait films get them too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    P240,
    P360,
    P480,
    P720,
    P1080,
    P2160,
}

impl Quality {
    pub const ALL: [Self; 6] = [Self::P240, Self::P360, Self::P480, Self::P720, Self::P1080, Self::P2160];

    /// As operators and players see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P240 => "240p",
            Self::P360 => "360p",
            Self::P480 => "480p",
            Self::P720 => "720p",
            Self::P1080 => "1080p",
            Self::P2160 => "2160p",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quality| quality.as_str() == text)
    }

    pub const fn short_side(self) -> u32 {
        match self {
            Self::P240 => 240,
            Self::P360 => 360,
            Self::P480 => 480,
            Self::P720 => 720,
            Self::P1080 => 1_080,
            Self::P2160 => 2_160,
        }
    }

    /// The best quality a picture with this short side can be called; the smallest is called 240p all the same.
    pub fn of_short_side(pixels: u32) -> Self {
        Self::ALL.into_iter().rev().find(|quality| quality.short_side() <= pixels).unwrap_or(Self::P240)
    }

    /// The most a rung may spend on an ordinary frame rate.
    const fn max_bits_per_second(self) -> u32 {
        match self {
            Self::P240 => 400_000,
            Self::P360 => 800_000,
            Self::P480 => 1_400_000,
            Self::P720 => 2_800_000,
            Self::P1080 => 5_000_000,
            Self::P2160 => 16_000_000,
        }
    }

    const fn track_name(self) -> &'static str {
        match self {
            Self::P240 => "v240",
            Self::P360 => "v360",
            Self::P480 => "v480",
            Self::P720 => "v720",
            Self::P1080 => "v1080",
            Self::P2160 => "v2160",
        }
    }
}

/// What is to be made of a source, in order. After the first step the film can be watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub steps: Vec<Step>,
}

/// One run of the encoder: the tracks that come out of it together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub video: Option<Rung>,
    pub audio: Option<AudioTrack>,
}

/// A video track to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    pub track: TrackName,
    pub quality: Quality,
    pub width: u32,
    pub height: u32,
    pub how: VideoHow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VideoHow {
    /// The source's own pictures in a new wrapping: seconds instead of hours.
    Copy,
    Encode {
        frame_rate: FrameRate,
        max_bits_per_second: u32,
    },
}

/// The sound, made once and shared by all rungs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioTrack {
    pub track: TrackName,
    pub how: AudioHow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AudioHow {
    Copy,
    Encode { bits_per_second: u32, channels: u8 },
}

impl Plan {
    /// The step that makes the film watchable.
    pub fn first(&self) -> Option<&Step> {
        self.steps.first()
    }

    /// The later step that encodes this quality. No two later steps share one.
    pub fn later(&self, quality: Quality) -> Option<&Step> {
        self.steps.iter().skip(1).find(|step| step.video.is_some_and(|rung| rung.quality == quality))
    }

    /// The qualities of the later steps, in the order they are to be made.
    pub fn later_qualities(&self) -> impl Iterator<Item = Quality> {
        self.steps.iter().skip(1).filter_map(|step| step.video.map(|rung| rung.quality))
    }

    /// The qualities the finished film will have, best first, each once.
    pub fn qualities(&self) -> Vec<Quality> {
        let mut qualities: Vec<_> = self.steps.iter().filter_map(|step| step.video.map(|rung| rung.quality)).collect();
        qualities.sort_unstable_by(|a, b| b.cmp(a));
        qualities.dedup();
        qualities
    }
}

impl Step {
    /// Nothing is encoded in this step, so it takes as long as reading the file.
    pub fn is_remux(&self) -> bool {
        let video = self.video.is_none_or(|rung| rung.how == VideoHow::Copy);
        video && self.audio.is_none_or(|audio| audio.how == AudioHow::Copy)
    }
}

/// Decides the ladder. A source that can be copied is copied first; otherwise the cheapest rung is made first.
pub fn plan(source: &SourceFacts) -> Result<Plan, Unsupported> {
    source.check()?;
    let rungs = source.video.as_ref().map(|video| if may_copy(video) { copied(video) } else { encoded(video) });
    Ok(steps(rungs.unwrap_or_default(), source.audio.as_ref().map(audio_track)))
}

/// The ladder for a source whose copy turned out not to work, whatever the facts promised.
pub fn plan_without_copy(source: &SourceFacts) -> Result<Plan, Unsupported> {
    source.check()?;
    let rungs = source.video.as_ref().map(encoded).unwrap_or_default();
    Ok(steps(rungs, source.audio.as_ref().map(encoded_audio)))
}

/// The whole film anew, in its own size as far as the ladder goes and with as many bits as a copy may have: what is
/// made of it afterwards can be copied. Sound that is cut is encoded too, because a packet cannot be.
pub fn remake(source: &SourceFacts, is_cut: bool) -> Result<Step, Unsupported> {
    source.check()?;
    let video = source.video.as_ref().map(|video| {
        let best = Quality::of_short_side(video.short_side());
        let (width, height) = fit(video, Quality::P2160);
        let frame_rate = encoded_rate(video);
        let max_bits_per_second = HEAVY * max_bits_per_second(best, frame_rate);
        Rung {
            track: name("vsource"),
            quality: best,
            width,
            height,
            how: VideoHow::Encode { frame_rate, max_bits_per_second },
        }
    });
    let audio = source.audio.as_ref().map(if is_cut { encoded_audio } else { audio_track });
    Ok(Step { video, audio })
}

fn steps(rungs: Vec<Rung>, audio: Option<AudioTrack>) -> Plan {
    let mut steps: Vec<_> = rungs.into_iter().map(|rung| Step { video: Some(rung), audio: None }).collect();
    match steps.first_mut() {
        Some(first) => first.audio = audio,
        None => steps.push(Step { video: None, audio }),
    }
    Plan { steps }
}

fn encoded(video: &VideoFacts) -> Vec<Rung> {
    let best = Quality::of_short_side(video.short_side());
    Quality::ALL.into_iter().filter(|quality| *quality <= best).map(|quality| encode(video, quality)).collect()
}

fn copied(video: &VideoFacts) -> Vec<Rung> {
    let best = Quality::of_short_side(video.short_side());
    let copy =
        Rung { track: name("vsource"), quality: best, width: video.width, height: video.height, how: VideoHow::Copy };
    // A copy may be far heavier than its quality needs; then viewers get an encoded rung of that quality as well.
    let heavy = video.bits_per_second > HEAVY * max_bits_per_second(best, encoded_rate(video));
    // A rung nearly the size of the copy would add nothing to it.
    let smaller = |quality: Quality| quality.short_side() * 5 <= video.short_side() * 4;
    let rest = Quality::ALL
        .into_iter()
        .filter(|quality| *quality <= best && (smaller(*quality) || (heavy && *quality == best)));
    std::iter::once(copy).chain(rest.map(|quality| encode(video, quality))).collect()
}

fn encode(video: &VideoFacts, quality: Quality) -> Rung {
    let (width, height) = fit(video, quality);
    let frame_rate = encoded_rate(video);
    let how = VideoHow::Encode { frame_rate, max_bits_per_second: max_bits_per_second(quality, frame_rate) };
    Rung { track: name(quality.track_name()), quality, width, height, how }
}

/// Whether every player shows these pictures as they are: upright, square, progressive 8-bit H.264 that can be cut.
fn may_copy(video: &VideoFacts) -> bool {
    let plays_everywhere = video.codec == VideoCodec::H264 && video.bit_depth == 8 && video.chroma == Chroma::Yuv420;
    let shown_as_stored = !video.rotated && video.square_pixels && !video.interlaced && !video.high_dynamic_range;
    let even = video.width.is_multiple_of(2) && video.height.is_multiple_of(2);
    let can_be_cut = video.complete_timestamps && video.longest_gop_ms <= LONGEST_COPIED_GOP_MS;
    let in_time = video.starts_late_ms <= LATEST_COPIED_START_MS;
    plays_everywhere && shown_as_stored && even && can_be_cut && in_time
}

/// The picture at `quality`: never larger than the source, same shape, even sides as 4:2:0 wants them.
fn fit(video: &VideoFacts, quality: Quality) -> (u32, u32) {
    let short = u64::from(video.short_side().max(1));
    let target = short.min(u64::from(quality.short_side()));
    let side = |pixels: u32| {
        let nearest_even = (u64::from(pixels) * target + short) / (2 * short) * 2;
        u32::try_from(nearest_even).unwrap_or(u32::MAX).min(pixels & !1).max(2)
    };
    (side(video.width), side(video.height))
}

/// One constant rate for all rungs, so that their keyframes fall on the same instants.
fn encoded_rate(video: &VideoFacts) -> FrameRate {
    let measured = video.frame_rate;
    let millis = u64::from(measured.millis());
    let near = |rate: &FrameRate| u64::from(rate.millis()).abs_diff(millis) * 50 <= millis;
    let closest = COMMON_RATES.into_iter().filter(near).min_by_key(|rate| u64::from(rate.millis()).abs_diff(millis));
    if millis > u64::from(MAX_ENCODED_RATE.millis()) && closest.is_none() {
        // Half of 100 is 50 and half of 120 is 60: every second frame is dropped, evenly.
        return FrameRate::new(measured.frames, measured.seconds.saturating_mul(2));
    }
    if let Some(common) = closest {
        return common;
    }
    if millis < u64::from(MIN_ENCODED_RATE.millis()) {
        return MIN_ENCODED_RATE;
    }
    // Screen recordings average low and burst high; a film of odd constant rate keeps its own, rounded up.
    if video.constant_frame_rate { FrameRate::new(measured.millis().div_ceil(1_000), 1) } else { FrameRate::new(30, 1) }
}

fn max_bits_per_second(quality: Quality, rate: FrameRate) -> u32 {
    let ordinary = quality.max_bits_per_second();
    if rate.millis() > 31_000 { ordinary / 2 * 3 } else { ordinary }
}

fn audio_track(audio: &AudioFacts) -> AudioTrack {
    let plays_everywhere = audio.codec == AudioCodec::AacLc && matches!(audio.channels, 1 | 2);
    if plays_everywhere && (22_050..=48_000).contains(&audio.sample_rate_hz) {
        return AudioTrack { track: name("a1"), how: AudioHow::Copy };
    }
    encoded_audio(audio)
}

fn encoded_audio(audio: &AudioFacts) -> AudioTrack {
    let how = AudioHow::Encode { bits_per_second: AUDIO_BITS_PER_SECOND, channels: audio.channels.clamp(1, 2) };
    AudioTrack { track: name("a1"), how }
}

#[expect(clippy::expect_used, reason = "every name is a literal above, and the tests plan all of them")]
fn name(text: &'static str) -> TrackName {
    text.parse().expect("a literal track name")
}

#[cfg(test)]
mod tests;
