//! What a person sees while an upload runs. Without a terminal on standard error, nothing.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::client::Status;

const BYTES: &str = "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}";
const REDRAW: Duration = Duration::from_millis(120);

/// A bar for the bytes of a file; indicatif draws it only on a terminal.
pub(super) fn bytes(total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template(BYTES).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total).with_style(style.progress_chars("=> ")).with_message("uploading")
}

/// A line for what the server is doing.
pub(super) fn encoding() -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    spinner.enable_steady_tick(REDRAW);
    spinner
}

/// `1080p waiting, 720p encoding, 360p encoded`.
pub(super) fn qualities(status: &Status) -> String {
    let words = |quality: &crate::client::Quality| format!("{} {} {}", quality.kind, quality.quality, quality.status);
    let each: Vec<_> = status.encoding.qualities.iter().map(words).collect();
    if each.is_empty() { "waiting for the encoder".to_owned() } else { each.join(", ") }
}
