//! Rounds: everybody's turn right after another's, so that what disturbs one disturbs its neighbours too.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};

use crate::{
    field::{Entrant, Field, Part},
    loader::{Load, Outcome, Request, Stalled},
    settings::Settings,
    workload::Workload,
};

/// One table: what is asked for, by how many, and whether by TLS.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) workload: Workload,
    pub(crate) connections: usize,
    pub(crate) tls: bool,
}

impl Cell {
    pub(crate) fn name(&self) -> String {
        let how = if self.tls { "TLS 1.3, AES-256-GCM" } else { "plain" };
        format!("{}, {}, {} connections, {how}", self.workload.name, self.workload.what, self.connections)
    }

    /// The cell in which everybody takes part, in every round.
    fn is_first(&self) -> bool {
        self.connections == FEW && !self.tls && self.workload.name == "W1"
    }

    fn admits(&self, entrant: &Entrant, settings: &Settings) -> bool {
        let wanted = settings.only.as_ref().is_none_or(|only| only.split(',').any(|name| name == entrant.name));
        wanted && entrant.endpoint(self.tls).is_some() && (entrant.part != Part::Role || self.is_first())
    }
}

pub(crate) const FEW: usize = 32;
pub(crate) const MANY: usize = 256;
/// Peers take every so many-th turn where there is less to learn.
const SELDOM: usize = 3;

/// All cells, in the order of the report.
pub(crate) fn cells(workloads: &[Workload], settings: &Settings) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (connections, tls) in [(FEW, false), (MANY, false), (FEW, true), (MANY, true)] {
        for workload in workloads {
            if connections == MANY && tls && workload.name != "W1" && !settings.full {
                continue;
            }
            cells.push(Cell { workload: workload.clone(), connections, tls });
        }
    }
    cells
}

/// What one entrant did, round by round; `None` where it had no turn.
pub(crate) type Turns = Vec<Option<Outcome>>;

/// What everybody did in one cell.
pub(crate) struct Played {
    pub(crate) cell: Cell,
    pub(crate) turns: BTreeMap<&'static str, Turns>,
    /// Who stopped answering in a turn, which was then taken again.
    pub(crate) stalled: Vec<&'static str>,
}

pub(crate) fn play(cell: &Cell, field: &Field, settings: &Settings) -> Result<Played> {
    let mut line_up: Vec<(&Entrant, Vec<Request>)> = Vec::new();
    for entrant in field.entrants.iter().filter(|entrant| cell.admits(entrant, settings)) {
        let Some(endpoint) = entrant.endpoint(cell.tls) else { continue };
        line_up.push((entrant, entrant.requests(&cell.workload, endpoint.address)?));
    }
    let mut turns: BTreeMap<&'static str, Turns> =
        line_up.iter().map(|(entrant, _)| (entrant.name, vec![None; settings.rounds])).collect();
    let mut stalled = Vec::new();
    for round in 0..settings.rounds {
        let count = line_up.len();
        // Nobody always comes after the same neighbour's noise.
        for (entrant, requests) in (0..count).filter_map(|turn| line_up.get((turn + round) % count)) {
            if entrant.part == Part::Peer && !cell.is_first() && !settings.full && !round.is_multiple_of(SELDOM) {
                continue;
            }
            let Some(endpoint) = entrant.endpoint(cell.tls) else { continue };
            let load = Load {
                address: endpoint.address,
                tls: cell.tls.then(|| field.trust.clone()),
                requests,
                connections: cell.connections,
                window: settings.window,
                family: &endpoint.family,
            };
            let outcome = load.run().or_else(|error| {
                if !error.is::<Stalled>() {
                    return Err(error);
                }
                stalled.push(entrant.name);
                load.run()
            });
            let outcome = outcome.with_context(|| format!("{} in {}", entrant.name, cell.name()))?;
            if let Some(turn) = turns.get_mut(entrant.name).and_then(|turns| turns.get_mut(round)) {
                *turn = Some(outcome);
            }
        }
    }
    Ok(Played { cell: cell.clone(), turns, stalled })
}

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Figure {
    CpuPerAnswer,
    CpuPerByte,
    AnswersPerSecond,
    Median,
    Late,
}

impl Figure {
    #[expect(clippy::cast_precision_loss, reason = "counts of one run are far below 2^52")]
    pub(crate) fn of(self, outcome: &Outcome) -> f64 {
        match self {
            Self::CpuPerAnswer => outcome.used.nanoseconds as f64 / 1e3 / outcome.answers as f64,
            Self::CpuPerByte => outcome.used.nanoseconds as f64 / outcome.body_bytes as f64,
            Self::AnswersPerSecond => outcome.answers as f64 / outcome.seconds,
            Self::Median => outcome.latency.quantile(0.5),
            Self::Late => outcome.latency.quantile(0.99),
        }
    }
}

impl Played {
    /// The middle of one's rounds.
    pub(crate) fn median(&self, name: &str, figure: impl Fn(&Outcome) -> f64) -> Option<f64> {
        median(self.turns.get(name)?.iter().flatten().map(figure).collect())
    }

    /// The middle of the ratios within each round.
    pub(crate) fn ratio(&self, name: &str, other: &str, figure: Figure) -> Option<f64> {
        let pairs = self.turns.get(name)?.iter().zip(self.turns.get(other)?);
        let ratios = pairs.filter_map(|(ours, theirs)| Some(figure.of(ours.as_ref()?) / figure.of(theirs.as_ref()?)));
        median(ratios.collect())
    }
}

fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}
