//! The real program, started on data of its own and ended with the benchmark.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result};

pub(crate) struct Program {
    child: Child,
    pub(crate) address: String,
    pub(crate) key: String,
    pub(crate) data: tempfile::TempDir,
}

impl Program {
    pub(crate) fn start(database: Option<&str>) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let mut command = admit("serve", data.path(), database);
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().context("start the program")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("its output")?).read_line(&mut line)?;
        let (_, address) = line.trim().split_once("http://").context("its ready line")?;
        let mut command = admit("api-key", data.path(), database);
        command.args(["--name", "bench"]);
        let key = String::from_utf8(command.output()?.stdout)?.trim().to_owned();
        Ok(Self { child, address: address.to_owned(), key, data })
    }
}

fn admit(subcommand: &str, data: &Path, database: Option<&str>) -> Command {
    #[expect(clippy::disallowed_methods, reason = "a benchmark starts the program it measures")]
    let mut command = Command::new(env!("CARGO_BIN_EXE_admit"));
    command.arg(subcommand);
    if subcommand == "api-key" {
        command.arg("create");
    }
    command.arg("--data").arg(data);
    // What is measured is how fast it is, not how often it may be asked.
    command.env("ADMIT_WRITES_PER_MINUTE", "0").env("ADMIT_READS_PER_MINUTE", "0");
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    command
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
