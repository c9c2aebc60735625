//! From the call that takes access back to the last byte that anybody gets by it: real processes, real sockets, one
//! control plane, three edges, three hundred viewers. What is printed is kept in `target/bench/revocation.md`.

#![expect(clippy::print_stdout, reason = "printing figures is what a benchmark is for")]

mod access;
mod fleet;
mod http;
#[path = "../house/program.rs"]
mod program;
mod tally;
mod viewers;

use anyhow::Result;

use crate::{
    access::{Kind, Office},
    fleet::Fleet,
    tally::Tally,
    viewers::Crowd,
};

/// How often access of each kind is taken back, unless `ADMIT_BENCH_REVOCATIONS` says otherwise.
const TIMES: u32 = 1_000;
const EDGES: usize = 3;
const VIEWERS: usize = 300;

fn main() -> Result<()> {
    // `cargo test --benches` runs this too; it is no test.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "a benchmark is told by its caller how long to run")]
    let times = std::env::var("ADMIT_BENCH_REVOCATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(TIMES);
    let fleet = Fleet::start(EDGES)?;
    let office = Office::open(&fleet).await?;
    let mut report = format!(
        "From the call of POST /revocations to the last byte of an answer that was still given: 1 control plane, {EDGES} edges, \
         {VIEWERS} viewers; {times} revocations of each kind, in milliseconds\n\n"
    );
    for kind in Kind::ALL {
        let crowd = Crowd::gather(&office, &fleet, kind, VIEWERS).await?;
        let mut tally = Tally::new(EDGES);
        for _ in 0..times {
            let access = office.let_in(kind).await?;
            tally.add(&office.take_back(&fleet, &access).await?);
        }
        report.push_str(&tally.told(kind.word()));
        crowd.leave().await?;
    }
    println!("{report}");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join("revocation.md"), report)?)
}
