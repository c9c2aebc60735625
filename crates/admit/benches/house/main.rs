//! The figures of the house, taken from the real program in one run: compare them with each other, not with another day's.

#![expect(clippy::print_stdout, reason = "printing figures is what a benchmark is for")]

mod dialects;
mod gate;
mod playable;
mod program;
mod redeem;
mod timing;

fn main() -> anyhow::Result<()> {
    // `cargo test --benches` runs this too; it is no test.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    gate::run();
    timing::run();
    dialects::run();
    redeem::run()?;
    playable::run()
}

/// The one place in the benchmarks that reads a clock.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = std::time::Instant::now();
    let done = work();
    (begun.elapsed().as_secs_f64(), done)
}

/// The middle of some figures.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
