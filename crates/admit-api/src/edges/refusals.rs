//! What edges refused, kept beside what is refused here.

use admit_domain::limits::EDGE_REFUSALS_TOLD_MAX;
use axum::{extract::State, http::StatusCode};

use super::{
    caller::EdgeCaller,
    wire::refused::{RefusalsBody, RefusedBody},
};
use crate::{
    app::App,
    check::{self, JsonObject},
    error::ApiError,
};

pub(super) async fn hear(
    _: EdgeCaller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<StatusCode, ApiError> {
    let RefusalsBody { refusals } = check::json(&body)?;
    for refused in refusals.into_iter().take(EDGE_REFUSALS_TOLD_MAX).filter_map(RefusedBody::read) {
        app.ledger.refused(refused);
    }
    Ok(StatusCode::NO_CONTENT)
}
