//! A bench to work at: a folder of its own, clips made to order, and a toolbox whose jail may lose layers.

use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::atomic::{AtomicU32, Ordering},
};

use admit_domain::{
    ladder::{self, Plan},
    presentation::{Track, TrackName},
    source::{SourceFacts, Unsupported},
};
use admit_media::{
    Jail, MediaError, Preset, Programs, Toolbox,
    jail::{Layer, Layers},
    track_path,
};
use tempfile::TempDir;

pub(crate) struct Bench {
    folder: TempDir,
    scratches: AtomicU32,
    pub(crate) toolbox: Toolbox,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::without(&[])
    }

    pub(crate) fn without(removed: &[Layer]) -> Self {
        Self::at(TempDir::new().unwrap(), removed, Programs::default())
    }

    fn at(folder: TempDir, removed: &[Layer], programs: Programs) -> Self {
        let mut jail = Jail::new(env!("CARGO_BIN_EXE_admit-jail").into(), vec![]);
        jail.layers = Layers::without(removed);
        let toolbox = Toolbox::new(jail, programs, Preset::Superfast);
        Self { folder, scratches: AtomicU32::new(0), toolbox }
    }

    /// A bench whose media programs are a small Perl script. Landlock is off: it would not let a script have its
    /// interpreter.
    pub(crate) fn scripted(body: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let script = folder.path().join("program");
        fs::write(&script, format!("#!/usr/bin/perl\n{body}\n")).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        Self::at(folder, &[Layer::Landlock], Programs { ffmpeg: script.clone(), ffprobe: script })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A new, empty folder for one run.
    pub(crate) fn scratch(&self) -> PathBuf {
        let scratch = self.path(&format!("scratch{}", self.scratches.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir(&scratch).unwrap();
        scratch
    }

    /// Makes a clip with the program's own generators; `arguments` are words, apart from the output.
    pub(crate) fn clip(&self, name: &str, arguments: &str) -> PathBuf {
        let path = self.path(name);
        let made = tool("ffmpeg", &format!("-v error -nostdin -y {arguments}"), Some(&path));
        assert!(made.status.success(), "{name}: {}", String::from_utf8_lossy(&made.stderr));
        path
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) async fn probe(&self, path: &Path) -> Result<SourceFacts, MediaError> {
        self.toolbox.probe(&File::open(path).unwrap(), &self.scratch()).await
    }

    /// The reason a file is refused with; anything else fails the test.
    pub(crate) async fn refusal(&self, path: &Path) -> Unsupported {
        match self.probe(path).await {
            Err(MediaError::Unsupported(reason)) => reason,
            other => panic!("{} was not refused: {other:?}", path.display()),
        }
    }

    /// Probes, plans and makes the first step.
    pub(crate) async fn first_step(&self, path: &Path) -> Made {
        let source = self.probe(path).await.unwrap();
        let plan = ladder::plan(&source).unwrap();
        let scratch = self.scratch();
        let mut heard = vec![];
        let mut hear = |done| heard.push(done);
        let file = File::open(path).unwrap();
        let tracks = self.toolbox.make(&file, &source, plan.first().unwrap(), &scratch, &mut hear).await.unwrap();
        Made { source, plan, scratch, tracks, heard }
    }
}

/// What came of a first step.
pub(crate) struct Made {
    pub(crate) source: SourceFacts,
    pub(crate) plan: Plan,
    pub(crate) scratch: PathBuf,
    pub(crate) tracks: Vec<Track>,
    pub(crate) heard: Vec<f32>,
}

impl Made {
    pub(crate) fn track(&self, name: &str) -> (&Track, PathBuf) {
        let name: TrackName = name.parse().unwrap();
        let track = self.tracks.iter().find(|track| track.name == name);
        (track.unwrap_or_else(|| panic!("no track {name} among {:?}", self.tracks)), track_path(&self.scratch, name))
    }
}

/// Runs an installed program outside the jail: tests make their clips and check results with it.
pub(crate) fn tool(program: &str, arguments: &str, last: Option<&Path>) -> Output {
    let words = arguments.split(' ').filter(|word| !word.is_empty());
    command(program).args(words).args(last).output().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the tests' own tools need no bounds")]
pub(crate) fn command(program: &str) -> Command {
    Command::new(program)
}

/// One box of a film in the family of MP4: its length, its name, its content.
pub(crate) fn box_of(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
    [&size, &name, body].concat()
}

/// What the program says about a file, as `key=value` lines.
pub(crate) fn ffprobe(question: &str, path: &Path) -> String {
    let answer = tool("ffprobe", &format!("-v error -of default=nk=1:nw=1 {question}"), Some(path));
    assert!(answer.status.success() && answer.stderr.is_empty(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
}

/// One fingerprint for all decoded pictures of a file.
pub(crate) fn frames(path: &Path) -> String {
    let arguments = format!("-v error -nostdin -i {} -map 0:v:0 -f md5 -", path.display());
    let answer = tool("ffmpeg", &arguments, None);
    assert!(answer.status.success() && answer.stderr.is_empty(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap()
}
