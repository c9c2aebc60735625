//! Films whose segments come out at a chosen size: a constant rate, filled up where the pictures need less.

use std::{path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};

/// A segment's length, and thus the length between two keyframes that we put where segments begin.
pub(crate) const SEGMENT_SECONDS: u32 = 4;
const FRAMES_PER_SECOND: u32 = 12;
/// The length that is encoded; longer films repeat it.
const ENCODED_SEGMENTS: u32 = 5;

/// Writes a film of so many segments, of `bits_per_second` whatever they show.
pub(crate) fn make(file: &Path, segments: u32, bits_per_second: u32) -> Result<()> {
    let once = file.with_extension("once.mp4");
    let seconds = SEGMENT_SECONDS * ENCODED_SEGMENTS;
    let picture = format!("testsrc2=size=320x180:rate={FRAMES_PER_SECOND}:duration={seconds}");
    let gop = (FRAMES_PER_SECOND * SEGMENT_SECONDS).to_string();
    let (rate, buffer) = (bits_per_second.to_string(), (bits_per_second / 2).to_string());
    ffmpeg(
        &["-f", "lavfi", "-i", &picture, "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-bf", "0"],
        &["-g", &gop, "-keyint_min", &gop, "-sc_threshold", "0", "-b:v", &rate, "-minrate", &rate, "-maxrate", &rate],
        &["-bufsize", &buffer, "-x264-params", "nal-hrd=cbr"],
        &once,
    )?;
    let times = (segments.div_ceil(ENCODED_SEGMENTS) - 1).to_string();
    let length = (segments * SEGMENT_SECONDS).to_string();
    let input = once.to_str().context("a folder with a plain name")?;
    ffmpeg(
        &["-stream_loop", &times, "-i", input, "-c", "copy", "-t", &length],
        &["-movflags", "+faststart"],
        &[],
        file,
    )?;
    Ok(std::fs::remove_file(once)?)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark makes its own films")]
fn ffmpeg(inputs: &[&str], coded: &[&str], more: &[&str], output: &Path) -> Result<()> {
    let mut program = Command::new("ffmpeg");
    program.args(["-v", "error", "-nostdin", "-y"]).args(inputs).args(coded).args(more).arg(output);
    ensure!(program.status().context("start ffmpeg")?.success(), "make a film");
    Ok(())
}
