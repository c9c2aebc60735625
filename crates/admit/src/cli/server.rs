//! `admit serve` and `admit edge`: settings, log and runtime; then the server itself.

use std::io::{self, IsTerminal as _};

use admit_domain::limits::OPEN_OBJECTS_MAX;
use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use super::failure::{Failure, HintExt as _};
use crate::{
    config::{self, Config, Flags},
    edge_role, listener, serve,
};

/// Descriptors for everything that is not a viewer: database, media programs, log, and objects that are sent from.
const OTHER_DESCRIPTORS: u64 = 256 + OPEN_OBJECTS_MAX as u64;

pub(super) fn serve(flags: Flags) -> Result<(), Failure> {
    let config = prepare(flags)?;
    Ok(runtime()?.block_on(serve::run(config))?)
}

/// `join` is a join token, for the first start.
pub(super) fn edge(flags: Flags, join: Option<String>) -> Result<(), Failure> {
    let config = prepare(flags)?;
    Ok(runtime()?.block_on(edge_role::run(config, join))?)
}

/// Settings and log.
fn prepare(flags: Flags) -> Result<Config, Failure> {
    let mut config = config::load(flags).hint("admit.toml explains every setting")?;
    let filter = EnvFilter::try_new(&config.log.filter).context("log.filter is no log filter")?;
    let is_terminal = io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(is_terminal).init();
    fit_connections(&mut config);
    Ok(config)
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// A connection costs a descriptor, and a second one when the file it watches is open.
fn fit_connections(config: &mut Config) {
    let files = listener::raise_file_limit();
    let affordable = usize::try_from(files.saturating_sub(OTHER_DESCRIPTORS) / 2).unwrap_or(usize::MAX).max(1);
    if affordable < config.server.max_connections {
        tracing::info!(files, connections = affordable, "as many connections as the system grants files for");
        config.server.max_connections = affordable;
    }
}
