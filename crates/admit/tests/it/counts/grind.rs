//! Callgrind: a processor in software that counts what it executes, told when to begin and when to end.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

/// What stands before the server's own words. Until it is told to begin, it only executes. Whoever tells it finds it by the
/// names of user and host, where both know them: here neither does.
pub(super) const UNDER_GRIND: [&str; 9] =
    ["env", "-u", "USER", "-u", "HOST", "valgrind", "-q", "--tool=callgrind", "--instr-atstart=no"];

pub(super) struct Grind {
    pub(super) process: u32,
    /// The name that its reports begin with.
    pub(super) out: PathBuf,
}

impl Grind {
    pub(super) fn begin(&self) -> Result<()> {
        for report in self.reports()? {
            fs::remove_file(report)?;
        }
        self.tell(&["instrumentation", "on"])?;
        self.tell(&["zero"])
    }

    /// Instructions since the beginning.
    pub(super) fn end(&self) -> Result<u64> {
        self.tell(&["dump"])?;
        self.tell(&["instrumentation", "off"])?;
        let reports = self.reports()?;
        ensure!(!reports.is_empty(), "no report was written");
        reports.iter().map(|report| total_of(report)).sum()
    }

    fn tell(&self, words: &[&str]) -> Result<()> {
        #[expect(clippy::disallowed_methods, reason = "whoever measures talks to what counts for it")]
        let mut vgdb = Command::new("vgdb");
        vgdb.env_remove("USER").env_remove("HOST").arg(format!("--pid={}", self.process)).args(words);
        let output = vgdb.output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
        Ok(())
    }

    fn reports(&self) -> Result<Vec<PathBuf>> {
        let (folder, name) = (self.out.parent(), self.out.file_name().and_then(|name| name.to_str()));
        let (folder, name) = (folder.context("a folder")?, name.context("a plain name")?);
        let begins =
            |path: &PathBuf| path.file_name().and_then(|file| file.to_str()).is_some_and(|f| f.starts_with(name));
        Ok(fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(begins).collect())
    }
}

fn total_of(report: &Path) -> Result<u64> {
    let text = fs::read_to_string(report)?;
    let line = text.lines().find_map(|line| line.strip_prefix("totals:").or_else(|| line.strip_prefix("summary:")));
    line.and_then(|line| line.split_whitespace().next()).context("a total")?.parse().context("a number")
}
