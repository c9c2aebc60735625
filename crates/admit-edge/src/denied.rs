//! A refusal as a response: the code for the viewer, and no byte of media.

use std::{collections::HashMap, sync::LazyLock};

use admit_domain::verdict::Denial;
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

use crate::reply::{Body, full, on_the_wire, open_to_all_origins};

/// Seconds after which a viewer may ask again when we could not know.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("2");

/// How a dialect spells refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Statuses that tell a client what to do next.
    Own,
    /// api.video's machine addresses: consumed, unknown and expired are all 404.
    ApiVideo,
}

/// A refusal, and the spelling its address speaks.
pub(crate) type Refused = (Denial, Spelling);

/// A refusal in our own spelling as it goes on the wire, but for what each answer says of itself.
pub(crate) struct Page {
    pub(crate) head: Vec<u8>,
    pub(crate) body: Bytes,
}

impl Page {
    pub(crate) fn of(denial: Denial) -> Option<&'static Self> {
        static PAGES: LazyLock<HashMap<Denial, Page>> =
            LazyLock::new(|| Denial::ALL.into_iter().map(|denial| (denial, Page::spell(denial))).collect());
        PAGES.get(&denial)
    }

    fn spell(denial: Denial) -> Self {
        let (mut parts, _) = denied(denial, Spelling::Own).into_parts();
        let body = Bytes::from(problem(denial, parts.status));
        parts.headers.insert(header::CONTENT_LENGTH, body.len().into());
        Self { head: on_the_wire(&parts), body }
    }
}

fn problem(denial: Denial, status: StatusCode) -> String {
    let problem = serde_json::json!({
        "type": format!("urn:admit:refusal:{}", denial.code()),
        "title": denial.title(),
        "status": status.as_u16(),
        "code": denial.code(),
    });
    problem.to_string()
}

pub(crate) fn denied(denial: Denial, spelling: Spelling) -> Response<Body> {
    let status = match (spelling, denial.status()) {
        (Spelling::ApiVideo, 401 | 403 | 410) => 404,
        (_, status) => status,
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
    let mut response = Response::new(full(problem(denial, status)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("admit-reason", HeaderValue::from_static(denial.code()));
    open_to_all_origins(headers);
    if matches!(denial, Denial::CannotKnow | Denial::Stale | Denial::Overloaded | Denial::NotARedeem) {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if denial == Denial::MethodNotAllowed {
        headers.insert(header::ALLOW, HeaderValue::from_static("GET"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_documented_with_its_status() {
        let page = include_str!("../../../docs/refusals.md");
        for denial in Denial::ALL {
            let row = format!("| `{}` | {} |", denial.code(), denial.status());
            assert!(page.contains(&row), "docs/refusals.md lacks {row}");
        }
        assert_eq!(page.lines().filter(|line| line.starts_with("| `")).count(), Denial::ALL.len());
    }

    #[test]
    fn a_refusal_says_why_and_is_never_kept() {
        let response = denied(Denial::CredentialSpent, Spelling::Own);
        assert_eq!(response.status(), 410);
        assert_eq!(response.headers()["admit-reason"], "credential_spent");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert_eq!(denied(Denial::CredentialSpent, Spelling::ApiVideo).status(), 404);
        assert_eq!(denied(Denial::CannotKnow, Spelling::ApiVideo).status(), 503);
    }
}
