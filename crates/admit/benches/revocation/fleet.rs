//! A control plane and its edges, each a process of its own on data of its own.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

use crate::program::Program;

pub(crate) struct Fleet {
    pub(crate) control: Program,
    edges: Vec<Edge>,
}

struct Edge {
    child: Child,
    address: String,
    _data: tempfile::TempDir,
}

impl Fleet {
    pub(crate) fn start(edges: usize) -> Result<Self> {
        let control = Program::start(None)?;
        let edges = (0..edges).map(|_| Edge::join(&control)).collect::<Result<_>>()?;
        Ok(Self { control, edges })
    }

    pub(crate) fn addresses(&self) -> impl Iterator<Item = &str> {
        self.edges.iter().map(|edge| edge.address.as_str())
    }

    /// The edge that the viewer of that number comes to.
    pub(crate) fn edge_of(&self, viewer: usize) -> Result<&str> {
        self.edges.get(viewer % self.edges.len().max(1)).map(|edge| edge.address.as_str()).context("an edge")
    }
}

impl Edge {
    fn join(control: &Program) -> Result<Self> {
        let token = program().args(["edge-token", "create", "--data"]).arg(control.data.path()).output()?;
        let token = String::from_utf8(token.stdout)?;
        let data = tempfile::tempdir()?;
        let mut child = program()
            .args(["edge", "--origin", &format!("http://{}", control.address), "--join", token.trim()])
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("start an edge")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("its output")?).read_line(&mut line)?;
        let (_, address) = line.trim().split_once("http://").context("its ready line")?;
        Ok(Self { child, address: address.to_owned(), _data: data })
    }
}

/// A short film, made once.
pub(crate) fn make_clip(path: &str) -> Result<()> {
    let path = Path::new(path);
    if path.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(path.parent().context("a folder")?)?;
    #[expect(clippy::disallowed_methods, reason = "a benchmark makes its own film")]
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=8"])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p"])
        .arg(path)
        .status()?;
    ensure!(made.success(), "make the film");
    Ok(())
}

fn program() -> Command {
    #[expect(clippy::disallowed_methods, reason = "a benchmark starts the program it measures")]
    Command::new(env!("CARGO_BIN_EXE_admit"))
}

impl Drop for Edge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
