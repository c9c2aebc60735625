//! The face that works: claims a job, runs it, finishes it or tries again. Every job may run twice.

mod context;
mod jobs;
mod publish;
mod run;
mod worker;

pub use crate::{context::JobError, worker::Worker};
