//! Films in, tracks out: probing, encoding, packaging and pictures, all by programs in a jail.

mod check;
mod edit;
pub mod error;
mod input;
pub mod jail;
pub mod limits;
mod mp4;
mod package;
mod probe;
mod process;
#[cfg(test)]
mod samples;
mod thumbnails;
mod toolbox;
mod transcode;

pub use error::MediaError;
pub use jail::Jail;
pub use toolbox::{Preset, Programs, Progress, Toolbox, track_path};
