//! One step of the ladder: each track in a fragmented file of its own, copied where that is possible.

use std::{ffi::OsString, fs::File, path::Path};

use admit_domain::{
    ladder::{AudioHow, AudioTrack, KEYFRAME_MS, Rung, Step, VideoHow},
    presentation::{Track, TrackName},
    source::{FrameRate, SourceFacts, VideoFacts},
};

use crate::{
    MediaError, Toolbox, input,
    limits::Bounds,
    package,
    toolbox::{Progress, Settings, track_path},
};

/// A header, then fragments; no index at either end, because ours is kept elsewhere.
const FRAGMENTED: &str = "+cmaf+default_base_moof+skip_sidx+skip_trailer";
/// Where an encoder spends bits as it likes, below its ceiling. 23 looks like the source on a screen of the rung's size.
const CONSTANT_QUALITY: u32 = 23;

/// The whole command line of a step. Nothing in it comes from the file, its name or its owner but numbers.
pub(crate) fn argv(settings: &Settings, source: &SourceFacts, step: &Step) -> Vec<OsString> {
    let mut args = Args::default();
    args.add("-v error -nostdin -y -nostats -progress pipe:1");
    args.0.extend(input::guards(&settings.layers));
    args.add(&format!("-threads {} -i", settings.threads));
    args.0.push(input::source(&settings.layers));
    // A file whose clock jumps must not be padded for ever.
    let longest = seconds(source.duration_ms + 1_000);
    if let (Some(rung), Some(video)) = (&step.video, &source.video) {
        args.video(settings, video, rung);
        args.add(&format!("-t {longest} -movflags {FRAGMENTED}+empty_moov+frag_keyframe"));
        args.output(rung.track);
    }
    if let Some(audio) = &step.audio {
        args.audio(audio);
        // The last flag keeps the instant at which the sound begins; without it late sound would start with the picture.
        args.add(&format!(
            "-t {longest} -movflags {FRAGMENTED}+delay_moov+frag_discont -frag_duration {KEYFRAME_MS}000"
        ));
        args.output(audio.track);
    }
    args.0
}

/// Filters that turn the source's pictures into upright, square, progressive, ordinary-range ones of this size.
pub(crate) fn filters(video: &VideoFacts, width: u32, height: u32) -> String {
    let mut chain = Vec::new();
    if video.interlaced {
        chain.push("yadif=deint=interlaced".to_owned());
    }
    chain.push(format!("scale={width}:{height}"));
    if video.high_dynamic_range {
        // After scaling, because tone mapping works in floating point and costs by the pixel.
        // Cameras that mean the wide colours often forget to say so.
        chain.push("setparams=colorspace=bt2020nc:color_primaries=bt2020,zscale=t=linear:npl=100".to_owned());
        chain.push("format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0".to_owned());
        chain.push("zscale=t=bt709:m=bt709:r=tv".to_owned());
    }
    chain.push("setsar=1,format=yuv420p".to_owned());
    chain.join(",")
}

/// Milliseconds as the program reads seconds.
pub(crate) fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

/// A command line in the making.
#[derive(Default)]
pub(crate) struct Args(pub(crate) Vec<OsString>);

impl Args {
    /// Words that hold no space.
    pub(crate) fn add(&mut self, words: &str) {
        self.0.extend(words.split(' ').map(OsString::from));
    }

    fn video(&mut self, settings: &Settings, source: &VideoFacts, rung: &Rung) {
        self.add("-map 0:V:0");
        let VideoHow::Encode { frame_rate, max_bits_per_second } = rung.how else { return self.add("-c:v copy") };
        self.add(&format!("-vf {}", filters(source, rung.width, rung.height)));
        self.encoder(settings, CONSTANT_QUALITY, frame_rate, max_bits_per_second);
    }

    pub(crate) fn encoder(&mut self, settings: &Settings, quality: u32, rate: FrameRate, max_bits_per_second: u32) {
        self.add(&format!("-fps_mode cfr -r {rate} -c:v libx264 -preset {}", settings.preset.name()));
        self.add(&format!("-threads {} -profile:v high -crf {quality}", settings.threads));
        self.add(&format!("-maxrate {max_bits_per_second} -bufsize {}", 2 * u64::from(max_bits_per_second)));
        self.add(&format!("-sc_threshold 0 -force_key_frames expr:gte(t,n_forced*{})", KEYFRAME_MS / 1_000));
    }

    pub(crate) fn audio(&mut self, audio: &AudioTrack) {
        self.add("-map 0:a:0");
        let AudioHow::Encode { bits_per_second, channels } = audio.how else { return self.add("-c:a copy") };
        // Silence is put in where the source has a hole, or the sound would run ahead of the picture.
        self.add(&format!(
            "-af aresample=async=1:first_pts=0 -c:a aac -b:a {bits_per_second} -ac {channels} -ar 48000"
        ));
    }

    fn output(&mut self, track: TrackName) {
        self.nothing_else();
        self.add(&format!("-avoid_negative_ts make_non_negative -f mp4 {track}.mp4"));
    }

    /// Without anything that could tell where and with what the film was made.
    pub(crate) fn nothing_else(&mut self) {
        self.add("-map_metadata -1 -map_chapters -1 -sn -dn -fflags +bitexact");
    }
}

impl Toolbox {
    /// Makes the tracks of one step of the ladder, in `scratch`, as [`track_path`] names them.
    ///
    /// `progress` hears the finished fraction of the film, from 0 to 1.
    pub async fn make(
        &self,
        file: &File,
        source: &SourceFacts,
        step: &Step,
        scratch: &Path,
        progress: Progress<'_>,
    ) -> Result<Vec<Track>, MediaError> {
        let mut hear = |line: &str| {
            if let Some(done) = fraction_done(line, source.duration_ms) {
                progress(done);
            }
        };
        let args = argv(&self.settings(), source, step);
        self.ffmpeg(args, Some(file), scratch, Bounds::step(source, step), &mut hear).await?;

        let mut tracks = Vec::new();
        for (name, frame_rate) in outputs(source, step) {
            tracks.push(package::index(&track_path(scratch, name), name, frame_rate).await?);
        }
        Ok(tracks)
    }
}

/// The tracks that come out of a step; pictures with the rate they are shown at.
fn outputs(source: &SourceFacts, step: &Step) -> Vec<(TrackName, FrameRate)> {
    let video = step.video.iter().zip(&source.video).map(|(rung, video)| match rung.how {
        VideoHow::Copy => (rung.track, video.frame_rate),
        VideoHow::Encode { frame_rate, .. } => (rung.track, frame_rate),
    });
    video.chain(step.audio.iter().map(|audio| (audio.track, FrameRate::new(0, 1)))).collect()
}

/// Reads one line of the progress report. `out_time_us` is in microseconds; so, by an old mistake, is `out_time_ms`.
fn fraction_done(line: &str, duration_ms: u64) -> Option<f32> {
    if line == "progress=end" {
        return Some(1.0);
    }
    let micros = line.strip_prefix("out_time_us=")?.parse::<u64>().ok()?;
    let per_mille = (micros / duration_ms.max(1)).min(1_000);
    Some(f32::from(u16::try_from(per_mille).ok()?) / 1_000.0)
}

#[cfg(test)]
mod tests;
