//! What a caller is told when something cannot be done: one problem document, in api.video's shape.

use std::borrow::Cow;

use admit_db::DbError;
use admit_domain::{upload::RangeFault, verdict::Denial};
use admit_objects::ObjectError;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// Where each kind of problem is explained. The slugs are api.video's, so their clients' tables keep working.
const DOCUMENTATION: &str = "https://docs.api.video/reference/";

/// A problem document; also the schema of every error answer.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// Address of the explanation.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The offending attribute, parameter or id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Cow<'static, str>>,
    /// The values that would have been in range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<OutOf>,
    /// All faults of the request, when there is more than one; the first is repeated above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub problems: Vec<Problem>,
}

/// The bounds a number must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct OutOf {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
}

/// A request that was refused or failed. Becomes a response in one place, below.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    problem: Box<Problem>,
    /// Why a viewer was refused, for `Admit-Reason`.
    reason: Option<&'static str>,
}

impl ApiError {
    fn new(status: StatusCode, slug: &str, title: impl Into<Cow<'static, str>>) -> Self {
        let problem = Problem {
            kind: format!("{DOCUMENTATION}{slug}"),
            title: title.into(),
            status: Some(status.as_u16()),
            name: None,
            detail: None,
            range: None,
            problems: Vec::new(),
        };
        Self { status, problem: Box::new(problem), reason: None }
    }

    fn named(mut self, name: impl Into<String>) -> Self {
        self.problem.name = Some(name.into());
        self
    }

    fn detailed(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.problem.detail = Some(detail.into());
        self
    }

    /// The thing named by the path parameter `name` does not exist, or belongs to somebody else.
    pub fn not_found(name: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "resource-not-found", "The requested resource was not found.").named(name)
    }

    /// Nothing is known of why a request was refused.
    pub fn not_remembered() -> Self {
        let title = "No refusal of this request is remembered: it was answered, or refused long ago, or elsewhere.";
        Self::new(StatusCode::NOT_FOUND, "resource-not-found", title).named("requestId")
    }

    pub fn unknown_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "unrecognized-request-url", "Unrecognized request URL.")
    }

    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Method is not allowed for this route.")
    }

    /// `slug` is one of the `authentication-…` kinds.
    pub fn unauthenticated(slug: &'static str, title: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, slug, title).named("")
    }

    /// The caller is known, and may not do this.
    pub fn missing_scope(title: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "missing-scope", title)
    }

    pub fn attribute_required(name: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "attribute-required", "This attribute is required.").named(name)
    }

    pub fn invalid_attribute(name: impl Into<String>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid-attribute", "An attribute is invalid.").named(name).detailed(detail)
    }

    pub fn invalid_payload(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid-payload", "The payload is invalid.").detailed(detail)
    }

    pub fn invalid_query(name: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid-query-parameter", "A query parameter is invalid.").named(name)
    }

    pub(crate) fn out_of_range(name: &'static str, range: OutOf) -> Self {
        let title = "This parameter is out of the allowed range of values.";
        let mut error = Self::new(StatusCode::BAD_REQUEST, "invalid-query-parameter", title).named(name);
        error.problem.range = Some(range);
        error
    }

    /// `slug` is one of the `uploaded-file-…` or `video-source-…` kinds.
    pub fn bad_upload(slug: &'static str, title: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, slug, title)
    }

    /// A token to join with opens the door once.
    pub fn join_token_spent() -> Self {
        Self::new(StatusCode::GONE, "join-token-spent", "This token to join with was used, or is over.")
    }

    pub fn webhook_limit_reached() -> Self {
        let title = "Your account has reached the webhook urls limit.";
        Self::new(StatusCode::BAD_REQUEST, "webhook-limit-reached", title)
    }

    /// The file is none of the kinds that `title` names.
    pub fn unsupported_file(title: &'static str) -> Self {
        Self::bad_upload("uploaded-file-extension-invalid", title).named("file")
    }

    /// The picture has more pixels than fit.
    pub fn picture_too_large(width_max: u32, height_max: u32) -> Self {
        let detail = format!("This picture must have at most {width_max} x {height_max} pixels.");
        Self::bad_upload("uploaded-file-invalid-file", "The uploaded file is invalid.").named("file").detailed(detail)
    }

    pub fn body_too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "invalid-payload", "The payload is too large.")
    }

    pub fn too_many_requests() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests.")
    }

    pub fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "service-unavailable", "The service is unavailable.")
    }

    /// Something broke on our side. The cause is for the operator's log alone.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "answer a request");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server-error", "Server error.")
    }

    /// Several faults at once; the first stands for all. `None` when there is none.
    pub fn all(faults: Vec<Self>) -> Option<Self> {
        let first = faults.first()?.problem.clone();
        let problems = faults.into_iter().map(|fault| Problem { status: None, ..*fault.problem });
        let problems: Vec<_> = problems.collect();
        let problems = if problems.len() > 1 { problems } else { Vec::new() };
        Some(Self { status: StatusCode::BAD_REQUEST, problem: Box::new(Problem { problems, ..*first }), reason: None })
    }
}

impl From<RangeFault> for ApiError {
    fn from(fault: RangeFault) -> Self {
        Self::new(StatusCode::BAD_REQUEST, fault.slug(), fault.to_string()).named("Content-Range")
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(_) | DbError::Overloaded => {
                tracing::warn!(%error, "reach the database");
                Self::unavailable()
            }
            other => Self::internal(&other),
        }
    }
}

impl From<ObjectError> for ApiError {
    fn from(error: ObjectError) -> Self {
        Self::internal(&error)
    }
}

/// A viewer is told the code and the kind of refusal, as an edge would tell it; the rest is for the operator.
impl From<Denial> for ApiError {
    fn from(denial: Denial) -> Self {
        let status = StatusCode::from_u16(denial.status()).unwrap_or(StatusCode::FORBIDDEN);
        let mut error = Self::new(status, denial.code(), denial.title());
        error.problem.kind = format!("urn:admit:refusal:{}", denial.code());
        error.reason = Some(denial.code());
        error
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status;
        let mut response = (status, Json(*self.problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(reason) = self.reason {
            headers.insert("admit-reason", HeaderValue::from_static(reason));
            // Who was refused as a viewer is not asked for a password.
            return response;
        }
        match status {
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"admit\""));
            }
            _ => {}
        }
        response
    }
}
