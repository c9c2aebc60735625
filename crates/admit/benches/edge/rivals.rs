//! The servers beside ours, from Debian's packages, configured by files in a folder that goes away again.

pub(crate) mod credential;
pub(crate) mod floor;
pub(crate) mod haproxy;
pub(crate) mod nginx;
pub(crate) mod traffic;
pub(crate) mod varnish;

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

/// Where a rival lives, and what it serves.
pub(crate) struct Place<'a> {
    /// Its own.
    pub(crate) folder: &'a Path,
    /// The objects.
    pub(crate) files: &'a Path,
    pub(crate) port: u16,
    pub(crate) tls: Option<Tls>,
    /// nginx without any check, for those that keep objects in memory and must first get them.
    pub(crate) origin: SocketAddr,
}

#[derive(Clone, Debug)]
pub(crate) struct Tls {
    pub(crate) port: u16,
    pub(crate) chain: PathBuf,
    pub(crate) key: PathBuf,
}

/// Fails, with a reason for the report, unless the file is there.
fn installed(file: &Path) -> Result<()> {
    ensure!(file.exists(), "not installed ({} is missing)", file.display());
    Ok(())
}

/// A command that runs in the rival's folder and leaves what it says there.
fn command(program: &str, place: &Place<'_>) -> Result<Command> {
    let said = File::options().create(true).append(true).open(place.folder.join("said.log"))?;
    #[expect(clippy::disallowed_methods, reason = "a benchmark starts the servers it measures")]
    let mut command = Command::new(program);
    command.current_dir(place.folder).stdin(Stdio::null()).stdout(said.try_clone()?).stderr(said);
    Ok(command)
}

/// A port that nobody has at this moment.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").context("find a free port")?.local_addr()?.port())
}

/// What a server that would not start last said.
pub(crate) fn last_words(folder: &Path) -> String {
    let said = ["said.log", "error.log"].map(|file| fs::read_to_string(folder.join(file)).unwrap_or_default()).concat();
    said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned()
}
