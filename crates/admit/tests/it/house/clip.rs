//! Short films made for the stories, once per machine: moving pictures with a tone, in H.264 and AAC.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use super::seed::Seed;

/// Six seconds, small: one rung and one sound.
pub(crate) fn small() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| make("small", "size=426x240:rate=25:duration=6", 6, &["-crf", "36"]))
}

/// Six seconds that are worth two rungs.
pub(crate) fn two_rungs() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| make("two-rungs", "size=640x360:rate=25:duration=6", 6, &["-crf", "40"]))
}

/// A second of red, then five of blue.
pub(crate) fn red_then_blue() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let red = "size=426x240:rate=25:duration=6,drawbox=color=red:thickness=fill";
        let colours = format!("{red},fade=type=out:start_time=1:duration=0.1:color=blue");
        make("red-then-blue", &colours, 6, &["-crf", "30"])
    })
}

/// A picture of one colour, to be burned in.
pub(crate) fn green_mark() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| picture("green-mark.png", "color=0x00ff00:size=100x60"))
}

/// A red picture in the format that goes by this ending.
pub(crate) fn red_picture(ending: &str) -> PathBuf {
    picture(&format!("red-picture.{ending}"), "color=red:size=320x180")
}

/// So much noise that no socket's buffer holds it.
pub(crate) fn heavy() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| make("heavy", "size=426x240:rate=25:duration=12,noise=alls=40:allf=t", 12, &["-crf", "18"]))
}

/// Half a minute that is worth two rungs, of which the second takes its time.
pub(crate) fn long() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| make("long", "size=640x360:rate=25:duration=30", 30, &["-crf", "40"]))
}

/// The small film, made to measure by a box that every reader skips.
pub(crate) fn padded(bytes: usize, seed: &mut Seed) -> Vec<u8> {
    const BOX_HEADER_BYTES: usize = 8;
    let mut film = std::fs::read(small()).unwrap();
    let padding = bytes - film.len();
    film.extend(u32::try_from(padding).unwrap().to_be_bytes());
    film.extend(b"free");
    film.extend(seed.bytes(padding - BOX_HEADER_BYTES));
    film
}

/// A still picture, in the format its name ends with.
fn picture(name: &str, what: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if !file.exists() {
        let aside = file.with_file_name(format!("{}-{name}", std::process::id()));
        ffmpeg(&["-f", "lavfi", "-i", what, "-frames:v", "1"], &aside);
        std::fs::rename(&aside, &file).unwrap();
    }
    file
}

fn make(name: &str, picture: &str, seconds: u32, quality: &[&str]) -> PathBuf {
    // Kept between runs: the description is part of the name, so another film is another file.
    let file =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.mp4", picture.replace([':', '=', ','], "-")));
    if file.exists() {
        return file;
    }
    let aside = file.with_extension(format!("{}.mp4", std::process::id()));
    let picture = format!("testsrc2={picture}");
    let sound = format!("sine=frequency=330:sample_rate=48000:duration={seconds}");
    let inputs = ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound];
    let coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50"];
    let rest = ["-c:a", "aac", "-b:a", "64k", "-movflags", "+faststart"];
    ffmpeg(&[&inputs[..], &coded, quality, &rest].concat(), &aside);
    std::fs::rename(&aside, &file).unwrap();
    file
}

#[expect(clippy::disallowed_methods, reason = "ffmpeg makes the films of the stories, outside of any server")]
fn ffmpeg(arguments: &[&str], output: &Path) {
    let mut program = std::process::Command::new("ffmpeg");
    program.args(["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]).args(arguments).arg(output);
    let made = program.output().expect("ffmpeg is installed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}
