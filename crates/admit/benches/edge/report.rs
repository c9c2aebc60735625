//! The report: printed as it grows, and kept.

use std::{fmt::Write as _, fs, path::PathBuf};

use anyhow::Result;

use crate::{
    check::Checked,
    counts::{Counted, NGINX, Row},
    field::{BASE, Entrant, FLOOR, Field, OURS},
    goals,
    loader::Stalled,
    machine::{congestion_control, load_average},
    rounds::{Figure, Played},
    settings::Settings,
    workload::{ADDRESSES, Workload},
};

pub(crate) struct Report {
    text: String,
    settings: Settings,
    played: Vec<Played>,
    counted: Vec<Row>,
}

impl Report {
    pub(crate) fn begin(settings: &Settings) -> Self {
        Self { text: String::new(), settings: settings.clone(), played: Vec::new(), counted: Vec::new() }
    }

    /// A word on what goes on, which is not kept.
    #[expect(clippy::print_stdout, reason = "printing figures is what a benchmark is for")]
    pub(crate) fn say(what: &str) {
        println!("… {what}");
    }

    #[expect(clippy::print_stdout, reason = "printing figures is what a benchmark is for")]
    fn write(&mut self, text: &str) {
        println!("{text}");
        self.text += text;
        self.text.push('\n');
    }

    pub(crate) fn line_up(&mut self, field: &Field, workloads: &[Workload], checked: Checked) -> Result<()> {
        let mut text =
            String::from("# Delivery, side by side\n\n## Who takes part\n\n| server | how |\n| --- | --- |\n");
        for entrant in &field.entrants {
            writeln!(text, "| {} | {} |", entrant.name, entrant.what)?;
        }
        for (name, reason) in &field.absent {
            writeln!(text, "| {name} | not measured: {reason} |")?;
        }
        text += "\n| workload | what | bytes | addresses | distinct objects |\n| --- | --- | --- | --- | --- |\n";
        for workload in workloads {
            let (bytes, objects) = (workload.bytes(), workload.objects.len());
            writeln!(text, "| {} | {} | {bytes} | {ADDRESSES} | {objects} |", workload.name, workload.what)?;
        }
        let Checked { compared, refused } = checked;
        writeln!(
            text,
            "\nBefore: {compared} answers were compared byte for byte; {refused} forged credentials refused."
        )?;
        self.write(&text);
        Ok(())
    }

    pub(crate) fn conditions(&mut self, comes_first: bool) {
        let Settings { rounds, window, .. } = self.settings;
        let first = if comes_first { "put behind ours" } else { "not put behind ours" };
        self.write(&format!(
            "Server on core 0, loader on core 1; {rounds} rounds of {} ms; load average {}; other work was {first}; TCP\n\
             by {}. Medians of rounds. A ratio is the median of the ratios within each round, to `{BASE}` in the same round. The\n\
             loader is the limit of req/s, p50 and p99 where it is busy all the time, and never of processor time.\n",
            window.as_millis(),
            load_average(),
            congestion_control(),
        ));
    }

    pub(crate) fn cell(&mut self, field: &Field, played: Played) -> Result<()> {
        let mut text = format!("## {}\n\n", played.cell.name());
        text += "| server | req/s | p50 us | p99 us | CPU us/req | of it user | CPU s/GB | server busy | loader us/req | loader busy | CPU ratio |\n";
        text += "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n";
        let mut rows: Vec<(f64, String)> = field.entrants.iter().filter_map(|entrant| row(entrant, &played)).collect();
        rows.sort_by(|one, other| one.0.total_cmp(&other.0));
        for (_, row) in rows {
            text += &row;
        }
        if let (Some(more), Some(busy)) = (
            played.ratio(FLOOR, OURS, Figure::AnswersPerSecond),
            played.median(OURS, |outcome| outcome.busy / outcome.seconds),
        ) {
            let busy = busy * 100.0;
            writeln!(
                text,
                "\nThe loader: busy {busy:.0} % of the time with `{OURS}`; it takes {more:.1} times as many answers from `{FLOOR}`."
            )?;
        }
        for name in &played.stalled {
            writeln!(text, "\n`{name}` stopped answering in one turn, which was taken again: {Stalled}.")?;
        }
        self.write(&text);
        self.played.push(played);
        Ok(())
    }

    pub(crate) fn counts(&mut self, counted: Result<Counted>) -> Result<()> {
        let mut text = String::from("## Counts, which no neighbour disturbs (W1 unless said otherwise)\n\n");
        match counted {
            Err(reason) => writeln!(text, "not counted: {reason:#}")?,
            Ok(Counted { rows, missing }) => {
                let base = rows.iter().find(|row| row.name == NGINX).and_then(|row| row.instructions);
                text += "| server | user instructions/req | of nginx static | syscalls/req | which |\n";
                text += "| --- | --: | --: | --: | --- |\n";
                for row in &rows {
                    let ratio = row.instructions.zip(base).map(|(ours, theirs)| ours / theirs);
                    let [instructions, calls] =
                        [(row.instructions, 0), (row.calls, 2)].map(|(n, digits)| number(n, digits));
                    writeln!(
                        text,
                        "| {} | {instructions} | {} | {calls} | {} |",
                        row.name,
                        number(ratio, 2),
                        row.which
                    )?;
                }
                text += "\nThe counting processor has no SHA instructions: a MAC counts for more than it takes.\n";
                for missing in missing {
                    writeln!(text, "{missing}")?;
                }
                self.counted = rows;
            }
        }
        self.write(&text);
        Ok(())
    }

    pub(crate) fn goals(&mut self) -> Result<()> {
        let text = goals::table(&self.played, &self.counted)?;
        self.write(&text);
        Ok(())
    }

    /// Beside the program that was built: `target/bench/edge.md`.
    pub(crate) fn keep(&self) -> Result<()> {
        let folder = target()?.join("bench");
        fs::create_dir_all(&folder)?;
        let file = folder.join("edge.md");
        fs::write(&file, &self.text)?;
        Self::say(&format!("kept in {}", file.display()));
        Ok(())
    }
}

/// Cargo's folder: this program lies in `<target>/<profile>/deps`.
fn target() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let found = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    Ok(found.map_or_else(std::env::temp_dir, PathBuf::from))
}

#[expect(clippy::cast_precision_loss, reason = "counts of one run are far below 2^52")]
fn row(entrant: &Entrant, played: &Played) -> Option<(f64, String)> {
    let name = entrant.name;
    let of = |figure: Figure| played.median(name, |outcome| figure.of(outcome));
    let cpu = of(Figure::CpuPerAnswer)?;
    let turns = played.turns.get(name)?.iter().flatten();
    let (user, system) = turns
        .fold((0, 0), |(user, system), outcome| (user + outcome.used.user_ticks, system + outcome.used.system_ticks));
    let user_share = user as f64 / (user + system) as f64;
    let served = played.median(name, |outcome| outcome.body_bytes as f64)? > 0.0;
    let busy = played.median(name, |outcome| outcome.used.nanoseconds as f64 / 1e9 / outcome.seconds);
    let loader = played.median(name, |outcome| outcome.busy * 1e6 / outcome.answers as f64);
    let loader_busy = played.median(name, |outcome| outcome.busy / outcome.seconds);
    let percent = |share: Option<f64>| share.map(|share| share * 100.0);
    let when_served = |figure: Option<f64>| figure.filter(|_| served);
    let mark = if name == OURS { "**" } else { "" };
    let row = format!(
        "| {mark}{name}{mark} | {} | {} | {} | {} | {} | {} | {} % | {} | {} % | {} |\n",
        number(of(Figure::AnswersPerSecond), 0),
        number(when_served(of(Figure::Median)), 0),
        number(when_served(of(Figure::Late)), 0),
        number(Some(cpu), 2),
        number(Some(cpu * user_share), 2),
        number(when_served(of(Figure::CpuPerByte)), 3),
        number(percent(busy), 0),
        number(loader, 2),
        number(percent(loader_busy), 0),
        number(played.ratio(name, BASE, Figure::CpuPerAnswer), 2),
    );
    Some((cpu, row))
}

fn number(figure: Option<f64>, digits: usize) -> String {
    figure.filter(|figure| figure.is_finite()).map_or_else(|| "–".to_owned(), |figure| format!("{figure:.digits$}"))
}
