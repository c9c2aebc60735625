//! Lays a target's seeds where it is told to begin, so that mutation starts from what is right.

use std::{env, fs, path::Path};

/// Writes the seeds into the first folder that the program is called with. Called with a file, it is to run that one alone.
pub fn lay<S: AsRef<[u8]>>(seeds: impl IntoIterator<Item = S>) {
    let Some(folder) = env::args().skip(1).find(|argument| !argument.starts_with('-')) else { return };
    let folder = Path::new(&folder);
    if folder.is_dir() {
        for (number, seed) in seeds.into_iter().enumerate() {
            fs::write(folder.join(format!("seed-{number}")), seed).expect("a corpus can be written");
        }
    }
}
