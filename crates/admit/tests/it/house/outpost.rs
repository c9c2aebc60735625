//! An edge in a process of its own: started with a join token, stopped, frozen, killed and started again.

use std::{path::PathBuf, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Child,
};

use super::{
    House, Viewer, client, command,
    net::{Door, Net},
    say,
    until::{until, within},
};

const START_MAX: Duration = Duration::from_secs(30);
const READY_MAX: Duration = Duration::from_secs(30);
const STOP_MAX: Duration = Duration::from_secs(20);

/// The real program as an edge, in a folder of its own.
pub(crate) struct Outpost {
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
    origins: Vec<String>,
    serving: Option<(Child, String)>,
    /// Where it lives, and how it is reached there, if that is not here.
    abroad: Option<(Net, Option<Door>)>,
    http: reqwest::Client,
}

impl Outpost {
    /// An edge of this house that is ready for viewers.
    pub(crate) async fn open(house: &House, settings: &[(&'static str, &str)]) -> Self {
        Self::of(house, &[house.origin()], settings).await
    }

    /// The same, by way of these addresses.
    pub(crate) async fn of(house: &House, origins: &[&str], settings: &[(&'static str, &str)]) -> Self {
        Self::living(house, None, origins, settings).await
    }

    /// The same, in a network of its own.
    pub(crate) async fn living(
        house: &House,
        net: Option<Net>,
        origins: &[&str],
        settings: &[(&'static str, &str)],
    ) -> Self {
        let mut outpost = Self {
            folder: tempfile::tempdir().unwrap(),
            settings: vec![("ADMIT_LOG", "info".to_owned())],
            origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
            serving: None,
            abroad: net.map(|net| (net, None)),
            http: client().build().unwrap(),
        };
        outpost.settings.extend(settings.iter().map(|(name, value)| (*name, (*value).to_owned())));
        outpost.start(Some(&join_token(house).await)).await;
        outpost.until_ready().await;
        outpost
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// From the next start on.
    pub(crate) fn belong_to(&mut self, origin: &str) {
        self.origins = vec![origin.to_owned()];
    }

    /// Starts the program, and waits until it says that it listens.
    pub(crate) async fn start(&mut self, join: Option<&str>) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut program = command(env!("CARGO_BIN_EXE_admit"));
        program.args(["edge", "--listen", "127.0.0.1:0", "--data"]).arg(self.data());
        for origin in &self.origins {
            program.args(["--origin", origin]);
        }
        if let Some(join) = join {
            program.env("ADMIT_EDGE_JOIN", join);
        }
        program.envs(self.settings.iter().map(|(name, value)| (name, value)));
        program.stdout(Stdio::piped()).stderr(Stdio::from(log));
        let mut child = match &self.abroad {
            None => program.spawn(),
            Some((net, _)) => net.within(move || program.spawn()).await,
        }
        .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = within(START_MAX, "the edge listens", said.next_line()).await.unwrap();
        let ready = ready.unwrap_or_else(|| panic!("the edge ended before it listened:\n{}", self.log()));
        let mut origin = ready.strip_prefix("admit is ready at ").expect("the ready line").to_owned();
        if let Some((net, door)) = &mut self.abroad {
            let opened = net.door(origin.strip_prefix("http://").unwrap().parse().unwrap()).await;
            origin.clone_from(&opened.origin);
            *door = Some(opened);
        }
        self.serving = Some((child, origin));
    }

    pub(crate) fn origin(&self) -> &str {
        &self.serving.as_ref().expect("the edge runs").1
    }

    /// Somebody who has nothing but addresses of this edge.
    pub(crate) fn viewer(&self) -> Viewer {
        Viewer { http: self.http.clone(), origin: self.origin().to_owned() }
    }

    /// Waits until it judges private videos.
    pub(crate) async fn until_ready(&self) {
        let viewer = self.viewer();
        until(READY_MAX, "the edge is ready", async || (viewer.get("/readyz").await.status == 204).then_some(())).await;
    }

    fn pid(&self) -> Pid {
        let id = self.serving.as_ref().and_then(|(child, _)| child.id()).expect("the edge runs");
        Pid::from_raw(id.cast_signed()).unwrap()
    }

    /// As the power would: without a word.
    pub(crate) async fn kill(&mut self) {
        kill_process(self.pid(), Signal::KILL).unwrap();
        self.serving.take().unwrap().0.wait().await.unwrap();
    }

    /// The orderly end.
    pub(crate) async fn stop(&mut self) {
        kill_process(self.pid(), Signal::TERM).unwrap();
        let status = within(STOP_MAX, "the edge stops", self.serving.take().unwrap().0.wait()).await.unwrap();
        assert!(status.success(), "an orderly end is a success, and not {status}");
    }

    /// The files of the slices it keeps.
    pub(crate) fn cached(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.data().join("cache")).into_iter().flatten().flatten();
        let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(|file| file.extension().is_none()).collect();
        files.sort();
        files
    }
}

impl Drop for Outpost {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<_> = log.lines().collect();
            say(&format!("the last the edge said:\n{}", lines[lines.len().saturating_sub(40)..].join("\n")));
        }
    }
}

/// A token with which one edge may join.
pub(crate) async fn join_token(house: &House) -> String {
    let made = house.run(&["edge-token", "create"]).await;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}
