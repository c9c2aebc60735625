//! Delivery side by side: ours with a handle on every request, against servers that check something or nothing.

mod check;
mod client;
mod counts;
mod field;
mod film;
mod goals;
mod house;
mod loader;
mod machine;
mod report;
mod rivals;
mod rounds;
mod settings;
mod workload;

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result};

use crate::{field::Field, house::House, machine::First, report::Report, rivals::floor, settings::Settings};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).peekable();
    // `cargo test --benches` runs this too; it is no test.
    if arguments.peek().is_some_and(|argument| argument == "--test") {
        return Ok(());
    }
    if arguments.next_if(|argument| argument == floor::WORD).is_some() {
        return floor::serve(arguments);
    }
    let settings = Settings::read()?;
    let temporary = tempfile::tempdir()?;
    let folder = settings.folder.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(folder)?;
    let mut report = Report::begin(&settings);
    Report::say("filling an installation with films");
    let house = Arc::new(House::fill(&settings.program, folder)?);
    measure(&settings, &house, folder, &mut report)?;
    if settings.counts {
        Report::say("counting instructions and system calls");
        let counted = counts::all(&settings, &house, folder);
        report.counts(counted)?;
    }
    report.goals()?;
    report.keep().context("keep the report")
}

fn measure(settings: &Settings, house: &Arc<House>, folder: &Path, report: &mut Report) -> Result<()> {
    if settings.rounds == 0 {
        return Ok(());
    }
    let field = Field::gather(settings, house, folder)?;
    let checked = check::all(&field, &house.workloads, &folder.join("files"))?;
    report.line_up(&field, &house.workloads, checked)?;
    let mut processes = field.processes();
    processes.push(std::process::id());
    let (_first, comes_first) = if settings.priority { First::please(processes) } else { (First::nobody(), false) };
    report.conditions(comes_first);
    for cell in rounds::cells(&house.workloads, settings) {
        let played = rounds::play(&cell, &field, settings)?;
        report.cell(&field, played)?;
    }
    Ok(())
}
