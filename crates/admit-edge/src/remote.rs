//! A control plane in another process: the questions of an edge as requests, under `/internal/edge/`.

mod control;
mod join;
mod origin;
mod refusals;
mod rules;
mod upstreams;
mod wire;

pub use self::{
    control::RemoteControl,
    join::{Identity, JoinError},
    origin::RemoteOrigin,
    refusals::refusals,
    upstreams::{EdgeSecret, Upstreams},
};
pub(crate) use self::{upstreams::Upstream, wire::ReportBody};
