//! The door: flags, configuration, listener, wiring and subcommands. A library only so that the tests can come in by it.

mod at_hand;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod countries;
pub mod edge_config;
pub mod edge_role;
pub mod edge_tokens;
pub mod faces;
pub mod install;
pub mod keys;
pub mod listener;
pub mod random;
pub mod serve;
pub mod tls;
pub mod wire;
