//! Every setting of the program. Flags come before the environment, that before the file, that before the defaults.

mod load;
#[cfg(test)]
mod manual;
mod sections;
mod spelling;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

pub use load::{Flags, load};
pub use sections::{Access, Config, Edge, Log, Media, Outbound, Rate, Server, Storage, Upload};
pub use spelling::{DatabaseUrl, FolderUrl, Network, PublicUrl, SecretPrefix, Visibility};

/// A program by absolute path: as configured, or the first of that name in the search path.
#[expect(clippy::disallowed_methods, reason = "the environment is read in this room")]
pub fn program(name: &Path) -> Result<PathBuf> {
    if name.is_absolute() {
        return Ok(name.to_owned());
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("{} is not installed, or not in the search path", name.display()))
}

/// Where the command line keeps what must outlive one run of it, such as half-finished uploads.
#[expect(clippy::disallowed_methods, reason = "the environment is read in this room")]
pub fn user_state_dir() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state"))).map(|base| base.join("admit"))
}

/// A variable that somebody named on the command line, so that a secret need not stand there.
#[expect(clippy::disallowed_methods, reason = "the environment is read in this room")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
