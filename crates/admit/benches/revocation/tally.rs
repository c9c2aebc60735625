//! What was measured, as quantiles and as a histogram.

use std::{fmt::Write as _, time::Duration};

use crate::access::TakenBack;

/// Upper bounds of the bars, in milliseconds.
const BARS: [u64; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

pub(crate) struct Tally {
    edges: Vec<Vec<Duration>>,
    calls: Vec<Duration>,
    missing: usize,
}

impl Tally {
    pub(crate) fn new(edges: usize) -> Self {
        Self { edges: vec![Vec::new(); edges], calls: Vec::new(), missing: 0 }
    }

    pub(crate) fn add(&mut self, taken: &TakenBack) {
        for (edge, last) in self.edges.iter_mut().zip(&taken.last_bytes) {
            edge.push(*last);
        }
        self.calls.push(taken.call);
        self.missing += taken.missing;
    }

    pub(crate) fn told(mut self, word: &str) -> String {
        let mut text = format!("{word}: edges that had not acknowledged in 5 s: {}\n", self.missing);
        let mut row = |name: &str, spans: &mut Vec<Duration>| {
            spans.sort_unstable();
            let at = |share: usize| millis(spans.get((spans.len().saturating_sub(1)) * share / 1_000));
            let _ = writeln!(
                text,
                "  {name:<9} p50 {:>8.2}  p99 {:>8.2}  worst {:>8.2}   {}",
                at(500),
                at(990),
                at(1_000),
                bars(spans)
            );
        };
        for (number, edge) in self.edges.iter_mut().enumerate() {
            row(&format!("edge {number}"), edge);
        }
        row("the call", &mut self.calls);
        text.push('\n');
        text
    }
}

fn millis(span: Option<&Duration>) -> f64 {
    span.map_or(f64::NAN, |span| span.as_secs_f64() * 1_000.0)
}

/// How many took no longer than each bound, and longer than the one before.
fn bars(spans: &[Duration]) -> String {
    let mut below = 0;
    let mut told = Vec::new();
    for bound in BARS {
        let now = spans.partition_point(|span| *span <= Duration::from_millis(bound));
        if now > below {
            told.push(format!("≤{bound}: {}", now - below));
        }
        below = now;
    }
    if below < spans.len() {
        told.push(format!("more: {}", spans.len() - below));
    }
    told.join("  ")
}
