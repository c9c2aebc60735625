//! Every bound of this room, with its unit in its name and the reason for its size.

use std::time::Duration;

use admit_domain::{
    ladder::{AudioHow, Step, VideoHow},
    source::{SourceFacts, VideoFacts},
};

/// A decoder opens its input, its output and a few libraries.
pub(crate) const OPEN_FILES: u64 = 64;
/// Threads, in truth: new processes are refused altogether. Sixteen each for decoder, filters and encoder, and spare.
pub(crate) const PROCESSES: u64 = 64;
/// Beyond eight, threads cost more memory than they save time on the rungs we make.
pub(crate) const MAX_THREADS: usize = 8;
/// What is kept of a program's complaints: its end, where the reason stands.
pub(crate) const STDERR_BYTES: usize = 64 * 1024;
/// Longest line a program may write; honest ones stay below one kilobyte.
pub(crate) const LINE_BYTES: usize = 64 * 1024;
/// A probe's report on sixteen streams is some ten kilobytes.
pub(crate) const REPORT_BYTES: usize = 1024 * 1024;
/// A header or fragment index larger than this is not one we made.
pub(crate) const BOX_BYTES: u64 = 16 * 1024 * 1024;

const MIB: u64 = 1024 * 1024;
/// What one second of an ordinary 1080p film at 30 frames a second may cost, in seconds of one processor.
const CPU_SECONDS_PER_SECOND: u64 = 4;
const ORDINARY_PIXELS_PER_SECOND: u64 = 1_920 * 1_080 * 30;
/// Starting, probing and a few frames of anything.
const BASE_CPU_SECONDS: u64 = 60;
/// A slow disk still delivers this much a second.
const SLOW_DISK_BYTES_PER_SECOND: u64 = 20 * MIB;
/// Enough for every rung up to 1080p with a decoder beside it.
const ADDRESS_SPACE_BYTES: u64 = 2 * 1024 * MIB;
/// Frames of 2160p are nine times larger than those of 720p, and an encoder holds some sixty of them.
const LARGE_ADDRESS_SPACE_BYTES: u64 = 4 * 1024 * MIB;
/// More pixels than this in source or rung, and the larger address space is granted.
const LARGE_PIXELS: u64 = 2_560 * 1_440;

/// What one run of a program may use before it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub address_space_bytes: u64,
    pub cpu_seconds: u64,
    /// The largest file it may write.
    pub file_bytes: u64,
    pub wall: Duration,
}

impl Bounds {
    /// Reading headers, or the whole file without decoding it.
    pub fn probe(size_bytes: u64) -> Self {
        Self::new(BASE_CPU_SECONDS + size_bytes / SLOW_DISK_BYTES_PER_SECOND, 0, false)
    }

    /// Rewrapping a file of this size.
    pub fn copy(size_bytes: u64) -> Self {
        let cpu_seconds = BASE_CPU_SECONDS + 2 * size_bytes / SLOW_DISK_BYTES_PER_SECOND;
        Self::new(cpu_seconds, size_bytes + size_bytes / 4 + 16 * MIB, false)
    }

    /// One step of the ladder: time by the pixels that pass through, size by the bits its rung may spend.
    pub fn step(source: &SourceFacts, step: &Step) -> Self {
        let copy = Self::copy(source.size_bytes);
        let seconds = source.duration_ms.div_ceil(1_000);
        let video_bits = step.video.map_or(0, |rung| match rung.how {
            VideoHow::Copy => 0,
            VideoHow::Encode { max_bits_per_second, .. } => max_bits_per_second,
        });
        let audio_bits = step.audio.map_or(0, |audio| match audio.how {
            AudioHow::Copy => 0,
            AudioHow::Encode { bits_per_second, .. } => bits_per_second,
        });
        let written = u64::from(video_bits.max(audio_bits)).saturating_mul(seconds) / 8;
        let bounds = Self::new(
            Self::film_cpu_seconds(source),
            copy.file_bytes.max(written / 4 * 5 + 16 * MIB),
            is_large(source),
        );
        Self { cpu_seconds: bounds.cpu_seconds.max(copy.cpu_seconds), ..bounds }
    }

    /// The whole film anew at its own size, with an image in memory that may be larger than its pictures.
    pub fn edit(source: &SourceFacts, step: &Step) -> Self {
        let Self { cpu_seconds, file_bytes, .. } = Self::step(source, step);
        Self::new(cpu_seconds.saturating_mul(2), file_bytes, true)
    }

    /// Small pictures of the whole film.
    pub fn pictures(source: &SourceFacts) -> Self {
        Self::new(Self::film_cpu_seconds(source), 16 * MIB, is_large(source))
    }

    fn new(cpu_seconds: u64, file_bytes: u64, large: bool) -> Self {
        let address_space_bytes = if large { LARGE_ADDRESS_SPACE_BYTES } else { ADDRESS_SPACE_BYTES };
        // Twice, because the machine may be busy, and a little, because it may be very busy.
        let wall = Duration::from_secs(cpu_seconds.saturating_mul(2).saturating_add(60));
        Self { address_space_bytes, cpu_seconds, file_bytes, wall }
    }

    /// In proportion to the pixels of the source, which bound those of every rung made from it.
    fn film_cpu_seconds(source: &SourceFacts) -> u64 {
        let seconds = source.duration_ms.div_ceil(1_000);
        let pixels_per_second = source
            .video
            .as_ref()
            .map_or(0, |video| pixels(video).saturating_mul(u64::from(video.frame_rate.millis().max(10_000))) / 1_000);
        let ordinary_films = pixels_per_second.div_ceil(ORDINARY_PIXELS_PER_SECOND).max(1);
        BASE_CPU_SECONDS.saturating_add(seconds.saturating_mul(CPU_SECONDS_PER_SECOND).saturating_mul(ordinary_films))
    }
}

fn is_large(source: &SourceFacts) -> bool {
    source.video.as_ref().is_some_and(|video| pixels(video) > LARGE_PIXELS)
}

fn pixels(video: &VideoFacts) -> u64 {
    u64::from(video.width) * u64::from(video.height)
}
