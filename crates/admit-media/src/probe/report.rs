//! The probe's report on headers, put into our words.

use admit_domain::source::{
    AudioCodec, AudioFacts, Chroma, FrameRate, SourceFacts, Unsupported, VideoCodec, VideoFacts,
};
use serde::Deserialize;

use super::packets::{Counts, Stretch};

#[derive(Deserialize)]
struct Raw {
    format: RawFormat,
    #[serde(default)]
    streams: Vec<RawStream>,
}

#[derive(Deserialize)]
struct RawFormat {
    format_name: String,
}

/// A stream as the program describes it; whatever does not apply is missing.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RawStream {
    index: u32,
    codec_type: String,
    codec_name: String,
    profile: String,
    width: u32,
    height: u32,
    sample_aspect_ratio: String,
    pix_fmt: String,
    bits_per_raw_sample: String,
    field_order: String,
    color_transfer: String,
    r_frame_rate: String,
    channels: u8,
    sample_rate: String,
    disposition: RawDisposition,
    side_data_list: Vec<RawSideData>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawDisposition {
    attached_pic: u8,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawSideData {
    rotation: f64,
}

/// The streams a film is made from, their codecs already found acceptable.
pub(super) struct Report {
    container: String,
    video: Option<(VideoCodec, RawStream)>,
    audio: Option<(AudioCodec, RawStream)>,
}

pub(super) fn read(json: &str) -> Result<Report, Unsupported> {
    let raw: Raw = serde_json::from_str(json).map_err(|_| Unsupported::Unreadable)?;
    let (mut video, mut audio) = (None, None);
    for stream in raw.streams {
        match stream.codec_type.as_str() {
            "video" if video.is_none() && stream.disposition.attached_pic == 0 => {
                let codec = VideoCodec::from_name(&stream.codec_name).ok_or(Unsupported::VideoCodec)?;
                video = Some((codec, stream));
            }
            "audio" if audio.is_none() => audio = Some((audio_codec(&stream).ok_or(Unsupported::AudioCodec)?, stream)),
            _ => {}
        }
    }
    if video.is_none() && audio.is_none() {
        return Err(Unsupported::NoStreams);
    }
    Ok(Report { container: raw.format.format_name, video, audio })
}

fn audio_codec(stream: &RawStream) -> Option<AudioCodec> {
    match AudioCodec::from_name(&stream.codec_name)? {
        AudioCodec::AacLc if stream.profile != "LC" => Some(AudioCodec::AacOther),
        codec => Some(codec),
    }
}

impl Report {
    /// Where to count packets.
    pub(super) fn counts(&self) -> Counts {
        let index = |stream: &RawStream| stream.index;
        Counts::of(self.video.as_ref().map(|(_, s)| index(s)), self.audio.as_ref().map(|(_, s)| index(s)))
    }

    pub(super) fn facts(&self, size_bytes: u64, counts: &Counts) -> SourceFacts {
        SourceFacts {
            size_bytes,
            duration_ms: counts.duration_ms(),
            container: self.container.clone(),
            video: self.video.as_ref().map(|(codec, stream)| video_facts(*codec, stream, counts)),
            audio: self.audio.as_ref().map(|(codec, stream)| AudioFacts {
                codec: *codec,
                channels: stream.channels,
                sample_rate_hz: stream.sample_rate.parse().unwrap_or(0),
                bits_per_second: counts.audio.bits_per_second(),
            }),
        }
    }
}

fn video_facts(codec: VideoCodec, stream: &RawStream, counts: &Counts) -> VideoFacts {
    let measured = &counts.video;
    let (width, height, square_pixels) = square(stream);
    let turn = stream.side_data_list.iter().map(|data| data.rotation).find(|turn| *turn != 0.0).unwrap_or(0.0);
    let on_its_side = (turn.rem_euclid(180.0) - 90.0).abs() < 45.0;
    let (width, height) = if on_its_side { (height, width) } else { (width, height) };
    let (bit_depth, chroma) = pixel_format(&stream.pix_fmt, stream.bits_per_raw_sample.parse().unwrap_or(0));
    let (frame_rate, constant_frame_rate) = frame_rate(&stream.r_frame_rate, measured);
    VideoFacts {
        codec,
        width,
        height,
        frame_rate,
        constant_frame_rate,
        bit_depth,
        chroma,
        bits_per_second: measured.bits_per_second(),
        rotated: turn != 0.0,
        square_pixels,
        interlaced: matches!(stream.field_order.as_str(), "tt" | "bb" | "tb" | "bt"),
        high_dynamic_range: matches!(stream.color_transfer.as_str(), "smpte2084" | "arib-std-b67"),
        longest_gop_ms: measured.longest_gop_ms(),
        starts_late_ms: counts.video_starts_late_ms(),
        complete_timestamps: measured.complete_timestamps,
    }
}

/// The size with pixels stretched to squares, sideways as players do it.
fn square(stream: &RawStream) -> (u32, u32, bool) {
    let ratio =
        fraction(&stream.sample_aspect_ratio, ':').filter(|(wide, high)| *wide > 0 && *high > 0 && wide != high);
    let Some((wide, high)) = ratio else { return (stream.width, stream.height, true) };
    let width = u64::from(stream.width) * u64::from(wide) / u64::from(high);
    (u32::try_from(width).unwrap_or(u32::MAX), stream.height, false)
}

fn pixel_format(name: &str, raw_bits: u8) -> (u8, Chroma) {
    let deep = [("p10", 10), ("p12", 12), ("p14", 14), ("p16", 16)].into_iter().find(|(mark, _)| name.contains(mark));
    let depth = deep.map_or(8, |(_, bits)| bits).max(raw_bits);
    let planar = ["yuv420p", "yuvj420p", "nv12", "nv21"];
    (depth, if planar.iter().any(|known| name.starts_with(known)) { Chroma::Yuv420 } else { Chroma::Other })
}

/// The exact rate when the packets keep to it; otherwise the measured average, which then varies.
fn frame_rate(claimed: &str, measured: &Stretch) -> (FrameRate, bool) {
    let average = measured.packets_per_second();
    if let Some((frames, seconds)) = fraction(claimed, '/').filter(|(_, seconds)| *seconds > 0) {
        let claimed = FrameRate::new(frames, seconds);
        // The first and last frame blur the average of a short film by a few in a hundred.
        if average.millis().abs_diff(claimed.millis()) <= claimed.millis() / 50 + 1_000 / measured.seconds().max(1) {
            return (claimed, true);
        }
    }
    (average, false)
}

fn fraction(text: &str, mark: char) -> Option<(u32, u32)> {
    let (over, under) = text.split_once(mark)?;
    Some((over.parse().ok()?, under.parse().ok()?))
}

#[cfg(test)]
mod tests;
