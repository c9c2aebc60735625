//! Which edge is calling.

use admit_db::edges;
use admit_domain::{id::EdgeId, secret::Fingerprint, time::Timestamp};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{header, request::Parts},
};

use crate::{app::App, caller::arrived, error::ApiError, rate, secrets};

/// An edge that showed its secret. It acts for no project, and serves the viewers of all.
#[derive(Clone, Copy, Debug)]
pub(super) struct EdgeCaller {
    pub(super) id: EdgeId,
    /// When the request arrived.
    pub(super) now: Timestamp,
}

impl<S: Send + Sync> FromRequestParts<S> for EdgeCaller
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let app = App::from_ref(state);
        let now = arrived(parts)?;
        let mut headers = parts.headers.get_all(header::AUTHORIZATION).iter();
        let shown = match (headers.next(), headers.next()) {
            (Some(value), None) => value.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")),
            _ => None,
        };
        // Only what is spelled as a secret of edges is looked up.
        let secret = shown.filter(|text| secrets::is_edge(text)).ok_or_else(stranger)?;
        let found = edges::find(&app.db, &Fingerprint::of(&app.keys.pepper, secret)).await?;
        let edge = found.ok_or_else(stranger)?;
        // An edge asks for many viewers: it is them who are counted.
        rate::waive(parts);
        Ok(Self { id: edge.id, now })
    }
}

fn stranger() -> ApiError {
    ApiError::unauthenticated("authentication-invalid-edge", "This is not the secret of an edge that has joined.")
}
