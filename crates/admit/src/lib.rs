//! The door: flags, configuration, listener, wiring and subcommands. A library only so that the tests can come in by it.

pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod countries;
pub mod faces;
pub mod install;
pub mod keys;
pub mod listener;
pub mod random;
pub mod serve;
pub mod tls;
pub mod wire;
