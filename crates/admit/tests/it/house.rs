//! A house for one story: an empty data folder and the real program serving it, to be stopped, killed and started again.

pub(crate) mod answer;
pub(crate) mod clip;
pub(crate) mod customer;
pub(crate) mod database;
pub(crate) mod forge;
pub(crate) mod names;
pub(crate) mod net;
pub(crate) mod outpost;
pub(crate) mod outside;
pub(crate) mod relay;
pub(crate) mod seed;
pub(crate) mod slow;
pub(crate) mod statements;
pub(crate) mod until;
pub(crate) mod viewer;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

pub(crate) use self::{
    answer::Answer,
    customer::Customer,
    database::{Database, Kind},
    viewer::Viewer,
};
use self::{forge::Forge, until::within};

/// From the start of the program to its ready line, on a machine that has other things to do.
const START_MAX: Duration = Duration::from_secs(30);
/// From SIGTERM to the end: the listener drains for ten seconds.
const STOP_MAX: Duration = Duration::from_secs(20);

pub(crate) struct House {
    database: Database,
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
    serving: Option<Serving>,
    http: reqwest::Client,
}

struct Serving {
    program: Child,
    origin: String,
}

/// Opens a house on that kind of database, tells the story in it, and sees that it ends in order. Says so and tells
/// nothing where there is no such database.
pub(crate) async fn tell(kind: Kind, story: impl AsyncFnOnce(&mut House)) {
    let Some(mut house) = House::build(kind) else { return };
    house.start().await;
    story(&mut house).await;
    house.close().await;
}

/// Makes two tests of every story: one per database.
macro_rules! on_both {
    ($($story:ident,)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                crate::house::tell(crate::house::Kind::Sqlite, super::$story).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                crate::house::tell(crate::house::Kind::Postgres, super::$story).await;
            })*
        }
    };
}
pub(crate) use on_both;

/// A word to whoever reads a story that failed, or asks for what succeeded.
#[expect(clippy::print_stdout, reason = "the harness keeps what is printed with the story")]
pub(crate) fn say(word: &str) {
    println!("{word}");
}

/// What only the caller of the tests knows.
#[expect(clippy::disallowed_methods, reason = "the caller of the tests speaks by the environment")]
pub(crate) fn told(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Another program, with nothing of our environment but where programs are.
#[expect(clippy::disallowed_methods, reason = "a story starts the program under test and its helpers")]
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", told("PATH").unwrap_or_default()).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// A client that goes where it is told to. What it opened and did not use yet the server closes after ten seconds, and must
/// not be taken for good in that very moment.
pub(crate) fn client() -> reqwest::ClientBuilder {
    let idle = Duration::from_secs(5);
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).pool_idle_timeout(idle)
}

impl House {
    /// `None`, and a word about it, where there is no such database.
    pub(crate) fn build(kind: Kind) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::fresh(kind)?;
        let http = client().build().unwrap();
        // Stories show far more wrong credentials than a viewer does; the one about that says so.
        let settings = [("ADMIT_PRESET", "ultrafast"), ("ADMIT_LOG", "info"), ("ADMIT_REFUSALS_PER_MINUTE", "0")];
        let settings = settings.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        Some(Self { database, folder, settings, serving: None, http })
    }

    /// A setting for the next start.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.settings.retain(|(known, _)| *known != name);
        self.settings.push((name, value.to_owned()));
    }

    /// What the program is told of its database; nothing where it is a file of the data folder.
    pub(crate) fn database_url(&self) -> Option<String> {
        self.database.url()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What lies in storage below that folder, by its path from there; empty where there is no such folder.
    pub(crate) fn stored(&self, below: &str) -> Vec<String> {
        let root = self.data().join("objects").join(below);
        let mut found = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    found.push(entry.path().strip_prefix(&root).unwrap().display().to_string());
                }
            }
        }
        found.sort();
        found
    }

    /// Does any file of the data folder hold that text?
    pub(crate) fn holds(&self, text: &str) -> bool {
        let mut folders = vec![self.data()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else if std::fs::read(entry.path()).unwrap().windows(text.len()).any(|bytes| bytes == text.as_bytes())
                {
                    return true;
                }
            }
        }
        false
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// All that the program said.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn program(&self, arguments: &[&str]) -> Command {
        self.program_under(&[], arguments)
    }

    /// The program below another, which takes what it is to run after words of its own.
    fn program_under(&self, above: &[&str], arguments: &[&str]) -> Command {
        let words = [above, &[env!("CARGO_BIN_EXE_admit")], arguments].concat();
        let mut program = command(words[0]);
        program.args(&words[1..]).arg("--data").arg(self.data());
        if let Some(url) = self.database.url() {
            program.env("ADMIT_DATABASE", url);
        }
        // A story may know another way to the same database.
        program.envs(self.settings.iter().map(|(name, value)| (name, value)));
        program
    }

    pub(crate) async fn start(&mut self) {
        self.start_under(&[]).await;
    }

    pub(crate) async fn start_under(&mut self, above: &[&str]) {
        self.start_listening(above, "127.0.0.1:0").await;
    }

    /// Starts it where others know it to be.
    pub(crate) async fn start_at(&mut self, origin: &str) {
        self.start_listening(&[], origin.strip_prefix("http://").expect("an origin without TLS")).await;
    }

    async fn start_listening(&mut self, above: &[&str], address: &str) {
        assert!(self.serving.is_none(), "the house is open already");
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log_file()).unwrap();
        let mut program = self
            .program_under(above, &["serve", "--listen", address])
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log))
            .spawn()
            .unwrap();
        let mut said = BufReader::new(program.stdout.take().unwrap()).lines();
        let ready = within(START_MAX, "the program is ready", said.next_line()).await.unwrap();
        let ready = ready.unwrap_or_else(|| panic!("the program ended before it was ready:\n{}", self.log()));
        let origin = ready.strip_prefix("admit is ready at ").expect("the ready line").to_owned();
        self.serving = Some(Serving { program, origin });
    }

    pub(crate) fn origin(&self) -> &str {
        &self.serving.as_ref().expect("the house is open").origin
    }

    /// What the program holds in memory, in bytes.
    pub(crate) fn resident_bytes(&self) -> u64 {
        self.counted("status", "VmRSS:") * 1_024
    }

    /// What of it is its own: no pages of files, and so none of the program's text.
    pub(crate) fn private_bytes(&self) -> u64 {
        self.counted("status", "RssAnon:") * 1_024
    }

    /// What the program has read so far, from files and elsewhere.
    pub(crate) fn read_bytes(&self) -> u64 {
        self.counted("io", "rchar:")
    }

    /// A number that the kernel tells of the program.
    fn counted(&self, file: &str, name: &str) -> u64 {
        let told = std::fs::read_to_string(format!("/proc/{}/{file}", self.pid().as_raw_nonzero())).unwrap();
        let line = told.lines().find_map(|line| line.strip_prefix(name)).expect("a line about it");
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    pub(crate) fn pid(&self) -> Pid {
        let id = self.serving.as_ref().and_then(|serving| serving.program.id()).expect("the program runs");
        Pid::from_raw(id.cast_signed()).unwrap()
    }

    /// The number of the process that serves.
    pub(crate) fn process(&self) -> u32 {
        self.pid().as_raw_nonzero().get().cast_unsigned()
    }

    /// As the power would: without a word.
    pub(crate) async fn kill(&mut self) {
        kill_process(self.pid(), Signal::KILL).unwrap();
        let mut serving = self.serving.take().unwrap();
        serving.program.wait().await.unwrap();
    }

    /// A second program on the same database, with the same secret and the same storage; `None` where the database is a
    /// file of one. It is to [`leave`](Self::leave) before the first closes.
    pub(crate) async fn beside(&self) -> Option<Self> {
        self.database_url()?;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::copy(self.data().join("install.key"), data.join("install.key")).unwrap();
        std::os::unix::fs::symlink(self.data().join("objects"), data.join("objects")).unwrap();
        let (database, settings, http) = (self.database.clone(), self.settings.clone(), self.http.clone());
        let mut second = Self { database, folder, settings, serving: None, http };
        second.start().await;
        Some(second)
    }

    /// Ends in order, and leaves the database to others.
    pub(crate) async fn leave(mut self) {
        self.ask_to_stop();
        self.ended().await;
    }

    /// Asks the program to stop, and returns at once.
    pub(crate) fn ask_to_stop(&self) {
        kill_process(self.pid(), Signal::TERM).unwrap();
    }

    /// Has the program ended by now?
    pub(crate) fn has_ended(&mut self) -> bool {
        self.serving.as_mut().is_none_or(|serving| serving.program.try_wait().unwrap().is_some())
    }

    /// Waits for the orderly end of a program that was asked to stop.
    pub(crate) async fn ended(&mut self) {
        let mut serving = self.serving.take().unwrap();
        let status = within(STOP_MAX, "the program stops", serving.program.wait()).await.unwrap();
        assert!(status.success(), "an orderly end is a success, and not {status}");
    }

    pub(crate) async fn restart(&mut self) {
        self.ask_to_stop();
        self.ended().await;
        self.start().await;
    }

    /// The end of the story: the program goes in order, and has nothing to be sorry for.
    pub(crate) async fn close(mut self) {
        if self.serving.is_some() {
            self.ask_to_stop();
            self.ended().await;
        }
        let log = self.log();
        let regrets: Vec<_> = log.lines().filter(|line| line.contains("ERROR") || line.contains("panicked")).collect();
        assert!(regrets.is_empty(), "the program regrets:\n{}", regrets.join("\n"));
        self.database.drop_it();
    }

    /// The command line of the same installation.
    pub(crate) async fn run(&self, arguments: &[&str]) -> std::process::Output {
        self.program(arguments).output().await.unwrap()
    }

    /// A customer with a key of its own.
    pub(crate) async fn customer(&self) -> Customer {
        let made = self.run(&["api-key", "create", "--name", "story"]).await;
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        self.customer_with(String::from_utf8(made.stdout).unwrap().trim())
    }

    pub(crate) fn customer_with(&self, key: &str) -> Customer {
        Customer { http: self.http.clone(), origin: self.origin().to_owned(), key: key.to_owned() }
    }

    /// Somebody who has nothing but addresses.
    pub(crate) fn viewer(&self) -> Viewer {
        Viewer { http: self.http.clone(), origin: self.origin().to_owned() }
    }

    /// The same, over HTTP/2.
    pub(crate) fn viewer_over_http2(&self) -> Viewer {
        let http = client().http2_prior_knowledge().build().unwrap();
        Viewer { http, origin: self.origin().to_owned() }
    }

    /// Whoever has read the installation's secret.
    pub(crate) fn forge(&self) -> Forge {
        Forge::read(&self.data())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<_> = log.lines().collect();
            say(&format!("the last the program said:\n{}", lines[lines.len().saturating_sub(40)..].join("\n")));
        }
    }
}

/// A file's SHA-256 in hexadecimal.
pub(crate) fn sha256_of(file: &Path) -> String {
    use sha2::Digest as _;
    let bytes = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    admit_domain::secret::hex(&sha2::Sha256::digest(bytes))
}
