//! How an edge is told why a viewer is refused.

use admit_domain::verdict::Denial;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::error::ApiError;

/// A viewer is refused, or an edge asked what cannot be asked.
pub(crate) enum Refusal {
    Viewer(Denial),
    Edge(ApiError),
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Viewer(denial)
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self::Edge(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let denial = match self {
            Self::Viewer(denial) => denial,
            Self::Edge(error) => return error.into_response(),
        };
        // 401 is the edge's own. What cannot be known here, another control plane may know.
        let status = match denial {
            Denial::NotFound => StatusCode::NOT_FOUND,
            Denial::CannotKnow | Denial::Overloaded | Denial::Stale => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::FORBIDDEN,
        };
        let code = denial.code();
        let problem = json!({
            "type": format!("urn:admit:refusal:{code}"),
            "title": denial.title(),
            "status": status.as_u16(),
            "code": code,
        });
        (status, Json(problem)).into_response()
    }
}
