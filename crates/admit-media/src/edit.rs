//! The film as its owner wishes it to be seen, made once out of what was sent: cut, and marked with an image.

use std::{
    ffi::OsString,
    fs::File,
    path::{Path, PathBuf},
};

use admit_domain::{
    edit::Remake,
    image::Format,
    ladder::VideoHow,
    limits::WATERMARK_SIDE_PIXELS_MAX,
    placement::Overlay,
    source::{SourceFacts, VideoFacts},
};

use crate::{
    MediaError, Toolbox, input,
    limits::Bounds,
    toolbox::{Settings, existing},
    transcode::{Args, filters, seconds},
};

const OUTPUT: &str = "edited.mp4";
/// The image, in the scratch folder: the one descriptor is the film's.
const MARK: &str = "mark";
/// What is encoded from this, or copied out of it, cannot be told from the film that was sent.
const CONSTANT_QUALITY: u32 = 18;
/// From this height on, players take colours to be those of high definition.
const HIGH_DEFINITION_PIXELS: u32 = 720;

/// The whole command line. Nothing in it comes from the customer but numbers.
pub(crate) fn argv(settings: &Settings, source: &SourceFacts, remake: &Remake) -> Vec<OsString> {
    let Remake { span, step, overlay } = remake;
    let mut args = Args::default();
    args.add("-v error -nostdin -y -nostats -progress pipe:1");
    args.0.extend(input::guards(&settings.layers));
    // Some containers are sought to a place without a keyframe. So a stretch more is read than is asked for, with a
    // keyframe in it for certain, and its pictures and its sound are dropped up to the same instant.
    let gop_ms = source.video.as_ref().map_or(0, |video| u64::from(video.longest_gop_ms));
    let lead_ms = span.start.min(gop_ms + 1_000);
    args.add(&format!("-threads {}", settings.threads));
    args.skip(span.start - lead_ms);
    args.add("-i");
    args.0.push(input::source(&settings.layers));
    if let Some(overlay) = overlay {
        args.image(overlay.format);
    }
    if let (Some(rung), Some(video)) = (&step.video, &source.video) {
        let picture = filters(video, rung.width, rung.height);
        match overlay {
            Some(overlay) => {
                args.0.extend(["-filter_complex".into(), marked(&picture, video, overlay).into()]);
                args.add("-map [marked]");
            }
            None => args.add(&format!("-map 0:V:0 -vf {picture}")),
        }
        if let VideoHow::Encode { frame_rate, max_bits_per_second } = rung.how {
            args.encoder(settings, CONSTANT_QUALITY, frame_rate, max_bits_per_second);
        }
    }
    if let Some(audio) = &step.audio {
        args.audio(audio);
    }
    // The end of the film is where it ends, whatever was measured; but a clock that jumps must not pad it for ever.
    let spare_ms = if span.end < source.duration_ms { 0 } else { 1_000 };
    args.skip(lead_ms);
    args.add(&format!("-t {}", seconds(span.end - span.start + spare_ms)));
    args.nothing_else();
    args.add(&format!("-f mp4 {OUTPUT}"));
    args.0
}

/// The film's pictures with the image upon each of them.
fn marked(picture: &str, video: &VideoFacts, overlay: &Overlay) -> String {
    let Overlay { x, y, width, height, opacity, .. } = overlay;
    let matrix = if video.short_side() < HIGH_DEFINITION_PIXELS { "bt601" } else { "bt709" };
    let opacity = opacity.percent();
    format!(
        "[0:V:0]{picture}[film];\
         [1:v:0]format=rgba,colorchannelmixer=aa={}.{:02},scale={width}:{height}:out_color_matrix={matrix}:out_range=tv,\
         format=yuva420p[mark];\
         [film][mark]overlay={x}:{y},format=yuv420p[marked]",
        opacity / 100,
        opacity % 100
    )
}

impl Args {
    fn skip(&mut self, ms: u64) {
        if ms > 0 {
            self.add(&format!("-ss {}", seconds(ms)));
        }
    }

    /// A stranger's image: read as the one thing its first bytes say it is, by the one decoder for that.
    fn image(&mut self, format: Format) {
        let (demuxer, decoder) = match format {
            Format::Jpeg => ("jpeg_pipe", "mjpeg"),
            Format::Png => ("png_pipe", "png"),
            Format::Webp => ("webp_pipe", "webp"),
        };
        let pixels = u64::from(WATERMARK_SIDE_PIXELS_MAX).pow(2);
        self.add(&format!("-max_pixels {pixels} -format_whitelist {demuxer} -codec_whitelist {decoder}"));
        self.add(&format!("-protocol_whitelist file -f {demuxer} -i {MARK}"));
    }
}

impl Toolbox {
    /// Makes the edited film in `scratch`. `image` are the bytes of the watermark, if there is one.
    pub async fn edit(
        &self,
        file: &File,
        source: &SourceFacts,
        remake: &Remake,
        image: &[u8],
        scratch: &Path,
    ) -> Result<PathBuf, MediaError> {
        if remake.overlay.is_some() {
            tokio::fs::write(scratch.join(MARK), image).await?;
        }
        let args = argv(&self.settings(), source, remake);
        self.ffmpeg(args, Some(file), scratch, Bounds::edit(source, &remake.step), &mut |_| {}).await?;
        existing(scratch.join(OUTPUT), "no film").await
    }
}

#[cfg(test)]
mod tests;
