//! What edges in processes of their own ask: an address for each, under `/internal/edge/`. docs/edges.md says how.

pub(crate) mod acks;
mod caller;
mod feed;
mod join;
mod objects;
mod questions;
mod refusals;
pub mod roll;
mod wire;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

/// The addresses. They are no part of the API that customers are told of.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/internal/edge/join", post(join::join))
        .route("/internal/edge/applied", post(join::applied))
        .route("/internal/edge/feed", get(feed::follow))
        .route("/internal/edge/videos/{videoId}", get(questions::video))
        .route("/internal/edge/videos/{videoId}/screen", get(questions::screen))
        .route("/internal/edge/pictures/{kind}/{id}", get(questions::picture))
        .route("/internal/edge/vouch", post(questions::vouch))
        .route("/internal/edge/redeem", post(questions::redeem))
        .route("/internal/edge/present", post(questions::present))
        .route("/internal/edge/seats", post(questions::seat))
        .route("/internal/edge/refusals", post(refusals::hear))
        .route("/internal/edge/objects/{*path}", get(objects::open))
}
