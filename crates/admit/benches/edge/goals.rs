//! What was aimed at, and what was measured.

use std::fmt::Write as _;

use anyhow::Result;

use crate::{
    counts::{self, Row},
    field::{BASE, HAPROXY, LUA, MIXED, NJS, OPEN, OURS, REFUSING, SECURE_LINK, SMALL, TRAFFIC, VARNISH},
    rounds::{FEW, Figure, MANY, Played},
};

/// Which way a figure must lie of its aim.
#[derive(Clone, Copy)]
enum Aim {
    AtMost(f64),
    AtLeast(f64),
}

struct Goal {
    name: &'static str,
    what: String,
    aim: Aim,
    measured: Option<f64>,
}

pub(crate) fn table(played: &[Played], counted: &[Row]) -> Result<String> {
    let mut goals = processor_time(played);
    goals.extend(against_peers(played));
    goals.extend(counts(counted));
    goals.extend(verification(played, counted));
    goals.sort_by_key(|goal| goal.name.trim_start_matches('G').parse::<u32>().unwrap_or(0));
    let mut text = String::from("## Goals\n\n| goal | what | aim | measured | |\n| --- | --- | --: | --: | --- |\n");
    for Goal { name, what, aim, measured } in goals {
        let (aimed, met) = match aim {
            Aim::AtMost(most) => (format!("≤ {most}"), measured.map(|figure| figure <= most)),
            Aim::AtLeast(least) => (format!("≥ {least}"), measured.map(|figure| figure >= least)),
        };
        let verdict = met.map_or("not measured", |met| if met { "met" } else { "missed" });
        let figure = measured.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.2}"));
        writeln!(text, "| {name} | {what} | {aimed} | {figure} | {verdict} |")?;
    }
    Ok(text)
}

fn cell<'a>(played: &'a [Played], workload: &str, connections: usize, tls: bool) -> Option<&'a Played> {
    played.iter().find(|played| {
        let cell = &played.cell;
        (cell.workload.name, cell.connections, cell.tls) == (workload, connections, tls)
    })
}

fn ratio(
    played: &[Played],
    (workload, connections, tls): (&str, usize, bool),
    (ours, theirs): (&str, &str),
    figure: Figure,
) -> Option<f64> {
    cell(played, workload, connections, tls)?.ratio(ours, theirs, figure)
}

fn processor_time(played: &[Played]) -> Vec<Goal> {
    use Figure::{CpuPerAnswer, CpuPerByte, Late};
    let rows = [
        ("G1", "W1", FEW, false, BASE, CpuPerAnswer, 0.60),
        ("G1", "W4", FEW, false, BASE, CpuPerAnswer, 0.60),
        ("G1", "W1", MANY, false, BASE, CpuPerAnswer, 0.60),
        ("G1", "W4", MANY, false, BASE, CpuPerAnswer, 0.60),
        ("G1", "W1", FEW, false, SMALL, CpuPerAnswer, 0.80),
        ("G1", "W4", FEW, false, SMALL, CpuPerAnswer, 0.80),
        ("G6", "W2", FEW, false, BASE, CpuPerByte, 0.80),
        ("G7", "W3", FEW, false, BASE, CpuPerByte, 0.60),
        ("G8", "W1", FEW, true, BASE, CpuPerAnswer, 0.65),
        ("G8", "W2", FEW, true, BASE, CpuPerByte, 0.45),
        ("G8", "W3", FEW, true, BASE, CpuPerByte, 0.45),
        ("G11", "W1", FEW, false, BASE, Late, 0.70),
    ];
    rows.map(|(name, workload, connections, tls, other, figure, aim)| {
        let (of, how) = (
            match figure {
                CpuPerByte => "CPU/GB",
                Late => "p99",
                _ => "CPU/req",
            },
            if tls { ", TLS" } else { "" },
        );
        Goal {
            name,
            what: format!("{of} of {workload}, {connections} connections{how}, to {other}"),
            aim: Aim::AtMost(aim),
            measured: ratio(played, (workload, connections, tls), (OURS, other), figure),
        }
    })
    .into()
}

fn against_peers(played: &[Played]) -> Vec<Goal> {
    let peers = [(SECURE_LINK, 1.75), (HAPROXY, 3.0), (NJS, 4.0), (LUA, 4.0), (TRAFFIC, 4.0), (VARNISH, 4.0)];
    peers
        .map(|(peer, aim)| Goal {
            name: "G2",
            what: format!("req/s of W1 on one core, to {peer}"),
            aim: Aim::AtLeast(aim),
            measured: ratio(played, ("W1", FEW, false), (OURS, peer), Figure::AnswersPerSecond),
        })
        .into()
}

fn counts(counted: &[Row]) -> Vec<Goal> {
    let of = |name: &str| counted.iter().find(|row| row.name == name);
    let instructions = |name: &str| of(name)?.instructions;
    let to = |ours: &str, theirs: &str| Some(instructions(ours)? / instructions(theirs)?);
    let goal = |what: &str, aim, measured| Goal { name: "G3", what: what.to_owned(), aim: Aim::AtMost(aim), measured };
    vec![
        goal("instructions of W1, handle seen before, to nginx static", 0.30, to(counts::SEEN, counts::NGINX)),
        goal("instructions of W4, handle seen before, to nginx static", 0.30, to(counts::TINY, counts::NGINX_TINY)),
        goal("instructions of W1, handle never seen, to nginx static", 0.85, to(counts::NEW, counts::NGINX)),
        goal("system calls of W1", 2.1, of(counts::SEEN).and_then(|row| row.calls)),
        goal("system calls of W4", 2.1, of(counts::TINY).and_then(|row| row.calls)),
    ]
}

fn verification(played: &[Played], counted: &[Row]) -> Vec<Goal> {
    let first = ("W1", FEW, false);
    let goal = |name, what: &str, aim, measured| Goal { name, what: what.to_owned(), aim: Aim::AtMost(aim), measured };
    let instructions = |name: &str| counted.iter().find(|row| row.name == name)?.instructions;
    let more = instructions(counts::SEEN).zip(instructions(counts::OPEN)).map(|(with, without)| with - without);
    vec![
        goal(
            "G4",
            "CPU/req of W1 with a handle, to the same of a public video",
            1.05,
            ratio(played, first, (OURS, OPEN), Figure::CpuPerAnswer),
        ),
        goal("G4", "instructions that a handle seen before adds", 600.0, more),
        goal(
            "G9",
            "CPU of a refusal, to that of an answer of W1",
            1.0,
            ratio(played, first, (REFUSING, OURS), Figure::CpuPerAnswer),
        ),
        goal(
            "G9",
            "p50 of valid requests while one in ten is forged, to without",
            1.05,
            ratio(played, first, (MIXED, OURS), Figure::Median),
        ),
    ]
}
