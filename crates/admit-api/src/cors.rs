//! What browsers ask before they ask, and what they need to see afterwards, on errors too.
//!
//! The API knows its callers by a header and never by a cookie, so a page of any origin may call it: it can do no more
//! than the key or the token it was given.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// `Authorization` is never covered by a star, so all are named: ours, and those the published clients send.
const ALLOWED_HEADERS: &str = "Authorization, Content-Type, Content-Range, Idempotency-Key, AV-Origin-Client, \
    AV-Origin-App, AV-Origin-Sdk, X-Moviie-Playback-Token, X-Moviie-Client";
const ALLOWED_METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
const EXPOSED_HEADERS: &str = "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Retry-After, Retry-After, \
    Admit-Reason, Admit-Request-Id";

const PREFLIGHT: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS),
    (header::ACCESS_CONTROL_MAX_AGE, "86400"),
];

/// Answers preflights itself, and opens every other answer to the page that asked.
pub(crate) async fn open(request: Request, next: Next) -> Response {
    let is_preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
        && request.headers().contains_key(header::ORIGIN);
    let mut response = if is_preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    if is_preflight {
        insert(headers, &PREFLIGHT);
    }
    insert(
        headers,
        &[(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS)],
    );
    response
}

fn insert(headers: &mut HeaderMap, known: &[(HeaderName, &'static str)]) {
    for (name, value) in known {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
}
