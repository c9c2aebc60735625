//! Ours: the real program, on data of its own, with real films, and a handle for each address.

mod api;
mod kept;

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use admit_domain::{
    handle::{BoundValues, Handle},
    id::{SessionId, VideoId},
    key::{DeliveryKeys, InstallKeys},
    secret::Secret,
    time::Timestamp,
};
use anyhow::{Context as _, Result, bail};

use self::{api::Api, kept::Kept};
use crate::{
    film,
    machine::Running,
    workload::{Object, Workload},
};

/// Films of which the playlist is asked for.
const PLAYLIST_FILMS: usize = 8;
/// A playlist of so many segments has about 2 KiB.
const PLAYLIST_SEGMENTS: u32 = 45;
const SMALL_SEGMENTS: u32 = 1_000;
/// Eight times as many bytes as a last-level cache of 32 MiB holds.
const LARGE_SEGMENTS: u32 = 128;
const SMALL_BITS: u32 = 200 * 1_024 * 8 / film::SEGMENT_SECONDS;
const LARGE_BITS: u32 = 2_048 * 1_024 * 8 / film::SEGMENT_SECONDS;
/// An installation that is kept is used for longer than a session lasts.
const FAR: Timestamp = Timestamp::from_secs(4_000_000_000);
/// The track of a film that needed no encoding.
const TRACK: &str = "vsource";
/// Captions stand for keys of 16 bytes, of which a session is given only so many a minute.
const TEXTS: usize = 100;
const TEXT: &str = "WEBVTT\n\n00:00.000 --> 00:01.000\n";

const NAMES: [(&str, &str); 4] = [
    ("W1", "2 KiB playlist"),
    ("W2", "200 KiB part"),
    ("W3", "2 MiB segment"),
    ("W4", "tiny captions (for a 16-byte key)"),
];

/// The program while it runs.
pub(crate) struct Program {
    pub(crate) running: Running,
    pub(crate) address: SocketAddr,
}

impl Program {
    pub(crate) fn start(admit: &str, data: &Path, tls: Option<(&Path, &Path)>) -> Result<Self> {
        Self::start_under(&[], admit, data, tls)
    }

    /// Starts it on every core, while nothing is measured.
    fn start_anywhere(admit: &str, data: &Path) -> Result<Self> {
        Self::of(Running::start_anywhere, &[admit], data, None)
    }

    /// Starts it below another program, which counts what it does.
    pub(crate) fn start_under(above: &[&str], admit: &str, data: &Path, tls: Option<(&Path, &Path)>) -> Result<Self> {
        Self::of(Running::start, &[above, &[admit]].concat(), data, tls)
    }

    fn of(
        start: fn(&mut Command) -> Result<Running>,
        words: &[&str],
        data: &Path,
        tls: Option<(&Path, &Path)>,
    ) -> Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "a benchmark starts the program it measures")]
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        if let Some((chain, key)) = tls {
            command.arg("--tls-cert").arg(chain).arg("--tls-key").arg(key);
        }
        // Nobody is limited while limits are not what is measured.
        for limit in ["UPLOADS", "WRITES", "READS", "REFUSALS"] {
            command.env(format!("ADMIT_{limit}_PER_MINUTE"), "0");
        }
        command.env("ADMIT_ONE_SHOT_MAX_BYTES", "1073741824").env("ADMIT_LOG", "error");
        let mut running = start(command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let mut line = String::new();
        BufReader::new(running.child().stdout.take().context("its output")?).read_line(&mut line)?;
        let (_, address) = line.trim().split_once("://").context("its ready line")?;
        Ok(Self { address: address.parse()?, running })
    }
}

/// What the program was given, and what opens it.
pub(crate) struct House {
    pub(crate) data: PathBuf,
    pub(crate) workloads: Vec<Workload>,
    /// The first workload's films once more, for everybody.
    pub(crate) open: Workload,
    keys: DeliveryKeys,
    /// A handle that the program itself gave out, after which all others are made.
    pattern: (String, VideoId),
}

impl House {
    /// Fills an installation in `folder/data`, and writes what it serves to `folder/files`; or finds both there.
    pub(crate) fn fill(admit: &str, folder: &Path) -> Result<Self> {
        let data = folder.join("data");
        if !Kept::is_in(folder) {
            Self::make(admit, folder, &data)?;
        }
        let Kept { workloads, open, pattern: (handle, video) } = Kept::read(folder, NAMES)?;
        Ok(Self { keys: keys(&data)?, data, workloads, open, pattern: (handle, video.parse()?) })
    }

    fn make(admit: &str, folder: &Path, data: &Path) -> Result<()> {
        let program = Program::start_anywhere(admit, data)?;
        let api = Api::open(admit, data, program.address)?;
        let films: Vec<PathBuf> = ["playlist", "small", "large"].map(|name| folder.join(format!("{name}.mp4"))).into();
        film::make(&films[0], PLAYLIST_SEGMENTS, 64_000)?;
        film::make(&films[1], SMALL_SEGMENTS, SMALL_BITS)?;
        film::make(&films[2], LARGE_SEGMENTS, LARGE_BITS)?;
        let mut made = Vec::new();
        for film in std::iter::repeat_n(&films[0], PLAYLIST_FILMS).chain(&films[1..]) {
            made.push(api.upload(film, false)?);
        }
        let open: Vec<String> = (0..PLAYLIST_FILMS).map(|_| api.upload(&films[0], true)).collect::<Result<_>>()?;
        for video in made.iter().chain(&open) {
            api.until_whole(video)?;
        }
        // What is left to be made now would be made while we measure.
        program.running.settle()?;
        let pattern = (api.enter(&made[0])?, made[0].parse()?);
        let [playlist, small, large, tiny] = NAMES;
        let workloads = vec![
            playlists(playlist, &made[..PLAYLIST_FILMS], "/w1"),
            segments(small, &made[PLAYLIST_FILMS], SMALL_SEGMENTS),
            segments(large, &made[PLAYLIST_FILMS + 1], LARGE_SEGMENTS),
            Workload { name: tiny.0, what: tiny.1, objects: api.texts(&made[..PLAYLIST_FILMS], TEXTS, TEXT)? },
        ];
        let open = playlists(playlist, &open, "/open");
        let mut house = Self { data: data.to_owned(), workloads, open, keys: keys(data)?, pattern };
        house.fetch(&program, &folder.join("files"))?;
        for film in films {
            std::fs::remove_file(film)?;
        }
        program.running.stop()?;
        let (handle, video) = house.pattern;
        Kept { workloads: house.workloads, open: house.open, pattern: (handle, video.to_string()) }.write(folder)
    }

    /// Everything by its handle, so that the rivals serve what we serve.
    fn fetch(&mut self, program: &Program, files: &Path) -> Result<()> {
        for index in 0..self.workloads.len() {
            for number in 0..self.workloads[index].objects.len() {
                let path = self.path(&self.workloads[index], number)?;
                let (status, bytes) = crate::client::get(program.address, None, &path)?;
                if status != 200 {
                    bail!("{status} at {path}");
                }
                Workload::keep(files, &mut self.workloads[index].objects[number], &bytes)?;
            }
        }
        Ok(())
    }

    /// The address of an object below a handle that no other number has.
    pub(crate) fn path(&self, workload: &Workload, number: usize) -> Result<String> {
        let Object { video, asset, .. } = workload.object(number);
        Ok(format!("/s/{}/{video}{asset}", self.handle(video, number)?))
    }

    fn handle(&self, video: &str, number: usize) -> Result<String> {
        let (text, of) = &self.pattern;
        let pattern = Handle::read(text, of, |_| None, &self.keys);
        let Ok(pattern) = pattern else { bail!("the program's own handle cannot be read") };
        let mut session = [0; SessionId::LEN];
        session[..8].copy_from_slice(&(number as u64).to_be_bytes());
        let session = SessionId::from_bytes(session);
        Ok(Handle { session, video: video.parse()?, not_after: FAR, ..pattern }
            .mint(&BoundValues::default(), &self.keys))
    }
}

/// One letter of the handle is another one.
pub(crate) fn tampered(path: &str) -> String {
    let at = path.match_indices('/').nth(2).map_or(0, |(at, _)| at.saturating_sub(10));
    crate::rivals::credential::with_another_letter(path, at)
}

fn keys(data: &Path) -> Result<DeliveryKeys> {
    let secret = std::fs::read(data.join("install.key"))?.try_into();
    let Ok(secret) = secret else { bail!("the installation's secret has another length") };
    Ok(InstallKeys::derive(&Secret::new(secret)).delivery)
}

fn playlists((name, what): (&'static str, &'static str), videos: &[String], folder: &str) -> Workload {
    let object = |(number, video): (usize, &String)| Object {
        file: format!("{folder}/{number}.m3u8"),
        video: video.clone(),
        asset: format!("/hls/{TRACK}.m3u8"),
        bytes: 0,
    };
    Workload { name, what, objects: videos.iter().enumerate().map(object).collect() }
}

fn segments((name, what): (&'static str, &'static str), video: &str, count: u32) -> Workload {
    let object = |number| Object {
        file: format!("/{}/{number}.m4s", name.to_lowercase()),
        video: video.to_owned(),
        asset: format!("/media/{TRACK}/{number}.m4s"),
        bytes: 0,
    };
    Workload { name, what, objects: (0..count).map(object).collect() }
}
