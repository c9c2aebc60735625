//! The room's one door: programs, how they are confined, and how hard they may work.

use std::{
    ffi::OsString,
    fs::File,
    path::{Path, PathBuf},
    thread::available_parallelism,
    time::Duration,
};

use admit_domain::presentation::TrackName;

use crate::{
    Jail, MediaError,
    jail::Layers,
    limits::{self, Bounds},
    process::{self, Call, OnLine},
};

/// Hears the finished fraction of a long run, from 0 to 1.
pub type Progress<'a> = &'a mut (dyn FnMut(f32) + Send);

/// The media programs, by absolute path.
#[derive(Clone, Debug)]
pub struct Programs {
    pub ffmpeg: PathBuf,
    pub ffprobe: PathBuf,
}

impl Default for Programs {
    fn default() -> Self {
        Self { ffmpeg: "/usr/bin/ffmpeg".into(), ffprobe: "/usr/bin/ffprobe".into() }
    }
}

/// How much time the encoder takes to find a smaller spelling of the same pictures. A closed list: it reaches a command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    Ultrafast,
    Superfast,
    #[default]
    Veryfast,
    Faster,
    Fast,
    Medium,
}

impl Preset {
    pub const ALL: [Self; 6] =
        [Self::Ultrafast, Self::Superfast, Self::Veryfast, Self::Faster, Self::Fast, Self::Medium];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ultrafast => "ultrafast",
            Self::Superfast => "superfast",
            Self::Veryfast => "veryfast",
            Self::Faster => "faster",
            Self::Fast => "fast",
            Self::Medium => "medium",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }
}

/// Runs media programs. Cheap to clone; every run is independent of every other.
///
/// Each method takes the stranger's file already opened, and a scratch folder that belongs to this run alone:
/// it is the only place the program can write to, and whatever is left in it is the caller's to delete. Both must
/// belong to the user we run as: inside the jail even root has no more rights than a file's owner.
#[derive(Clone, Debug)]
pub struct Toolbox {
    pub(crate) jail: Jail,
    programs: Programs,
    preset: Preset,
    threads: usize,
    longest_run: Duration,
}

/// What a command line depends on besides the film.
pub(crate) struct Settings {
    pub(crate) layers: Layers,
    pub(crate) preset: Preset,
    pub(crate) threads: usize,
}

impl Toolbox {
    pub fn new(jail: Jail, programs: Programs, preset: Preset) -> Self {
        let threads = available_parallelism().map_or(1, usize::from).min(limits::MAX_THREADS);
        Self { jail, programs, preset, threads, longest_run: Duration::MAX }
    }

    /// Stops every run after this long, whatever its film would be granted.
    #[must_use]
    pub fn with_longest_run(self, longest_run: Duration) -> Self {
        Self { longest_run, ..self }
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings { layers: self.jail.layers.clone(), preset: self.preset, threads: self.threads }
    }

    pub(crate) async fn ffprobe(
        &self,
        args: Vec<OsString>,
        file: &File,
        scratch: &Path,
        bounds: Bounds,
        on_line: OnLine<'_>,
    ) -> Result<(), MediaError> {
        let (name, program) = ("ffprobe", self.programs.ffprobe.as_path());
        self.run(Call { jail: &self.jail, name, program, args, input: Some(file), scratch, bounds }, on_line).await
    }

    pub(crate) async fn ffmpeg(
        &self,
        args: Vec<OsString>,
        input: Option<&File>,
        scratch: &Path,
        bounds: Bounds,
        on_line: OnLine<'_>,
    ) -> Result<(), MediaError> {
        let (name, program) = ("ffmpeg", self.programs.ffmpeg.as_path());
        self.run(Call { jail: &self.jail, name, program, args, input, scratch, bounds }, on_line).await
    }

    async fn run(&self, mut call: Call<'_>, on_line: OnLine<'_>) -> Result<(), MediaError> {
        call.bounds.wall = call.bounds.wall.min(self.longest_run);
        process::run(call, on_line).await
    }
}

/// Where in a scratch folder a track's file lies.
pub fn track_path(scratch: &Path, track: TrackName) -> PathBuf {
    scratch.join(format!("{track}.mp4"))
}

/// The program may report success and leave nothing.
pub(crate) async fn existing(path: PathBuf, without: &'static str) -> Result<PathBuf, MediaError> {
    match tokio::fs::metadata(&path).await {
        Ok(found) if found.len() > 0 => Ok(path),
        _ => Err(MediaError::unexpected("ffmpeg", without)),
    }
}
