//! What whoever runs the benchmark may choose, by environment variables.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result};

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Paired rounds of the contest: `ADMIT_BENCH_ROUNDS`. 0 measures nothing, and only counts.
    pub(crate) rounds: usize,
    /// One server's turn in a round: `ADMIT_BENCH_WINDOW_MS`.
    pub(crate) window: Duration,
    /// Whether every server takes part in every round of every cell: `ADMIT_BENCH_FULL=1`.
    pub(crate) full: bool,
    /// Whether the machine's other work is put behind ours while we measure: not with `ADMIT_BENCH_PRIORITY=0`.
    pub(crate) priority: bool,
    /// Whether instructions are counted: not with `ADMIT_BENCH_COUNTS=0`.
    pub(crate) counts: bool,
    /// The names of those who take part, if not everybody, separated by commas: `ADMIT_BENCH_ONLY`.
    pub(crate) only: Option<String>,
    /// A folder for the installation, which is kept there and found again: `ADMIT_BENCH_FOLDER`.
    pub(crate) folder: Option<PathBuf>,
    /// Another program than the one that was built beside this benchmark: `ADMIT_BENCH_BIN`.
    pub(crate) program: String,
}

impl Settings {
    pub(crate) fn read() -> Result<Self> {
        let program = said("ADMIT_BENCH_BIN").or_else(|| option_env!("CARGO_BIN_EXE_admit").map(str::to_owned));
        Ok(Self {
            rounds: number("ADMIT_BENCH_ROUNDS", 15)?,
            window: Duration::from_millis(u64::try_from(number("ADMIT_BENCH_WINDOW_MS", 250)?)?),
            full: said("ADMIT_BENCH_FULL").is_some_and(|said| said == "1"),
            priority: said("ADMIT_BENCH_PRIORITY").is_none_or(|said| said != "0"),
            counts: said("ADMIT_BENCH_COUNTS").is_none_or(|said| said != "0"),
            only: said("ADMIT_BENCH_ONLY"),
            folder: said("ADMIT_BENCH_FOLDER").map(PathBuf::from),
            program: program.context("name the program in ADMIT_BENCH_BIN")?,
        })
    }
}

fn number(name: &str, otherwise: usize) -> Result<usize> {
    said(name).map_or(Ok(otherwise), |said| said.parse().with_context(|| format!("{name} is a number")))
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is told by its caller how long it may take")]
fn said(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
