//! The face that works: claims a job, runs it, finishes it or tries again. Every job may run twice.

mod context;
mod deliver;
mod events;
mod fetch_keys;
mod jobs;
mod outbound;
mod publish;
mod run;
mod worker;

pub use crate::{outbound::Outbound, worker::Worker};
