//! What a player reads first: manifests and thumbnail tracks, rendered from a presentation by pure functions.

pub mod dash;
pub mod hls;
pub mod vtt;

#[cfg(test)]
mod samples;
