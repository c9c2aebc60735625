//! Answers: ranges, validators and the headers every asset carries.

use std::ops::Range;

use admit_domain::asset::{Asset, Keep};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header, request, response::Parts};
use http_body_util::{BodyExt, Empty, Full, combinators::UnsyncBoxBody};

/// Why a body that had begun was cut.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;
/// Every response body of the edge.
pub type Body = UnsyncBoxBody<Bytes, BodyError>;

pub(crate) fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

pub(crate) fn empty() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// Status line and headers as HTTP/1.1 spells them; the empty line is for whoever adds more headers.
pub(crate) fn on_the_wire(parts: &Parts) -> Vec<u8> {
    let reason = parts.status.canonical_reason().unwrap_or_default();
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", parts.status.as_str()).into_bytes();
    for (name, value) in &parts.headers {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            head.extend_from_slice(part);
        }
    }
    head
}

/// Media is fetched by players on other people's pages; its protection is the handle, not the origin.
pub(crate) fn open_to_all_origins(headers: &mut HeaderMap) {
    const EXPOSED: HeaderValue = HeaderValue::from_static(
        "X-Token-Session, Admit-Reason, Admit-Request-Id, Content-Range, Content-Length, ETag, Retry-After",
    );
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

/// The headers of an asset that was permitted.
pub(crate) fn asset_headers(headers: &mut HeaderMap, asset: &Asset) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type()));
    let keep = match asset.keep() {
        Keep::Never => "private, no-store",
        Keep::Immutable => "private, max-age=300, immutable",
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    open_to_all_origins(headers);
}

/// The answer but for its body, and which bytes of the asset that is; `None` when there is none.
pub(crate) fn head(
    parts: &request::Parts,
    asset: &Asset,
    etag: &str,
    len: u64,
) -> (Response<Body>, Option<Range<u64>>) {
    let mut response = Response::new(empty());
    let headers = response.headers_mut();
    asset_headers(headers, asset);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    insert(headers, header::ETAG, etag);
    let (status, part) = match Wanted::of(&parts.headers, etag, len) {
        Wanted::Unchanged => (StatusCode::NOT_MODIFIED, None),
        Wanted::Unsatisfiable => {
            insert(headers, header::CONTENT_RANGE, &format!("bytes */{len}"));
            // It says nothing of the address, only of this wish.
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            (StatusCode::RANGE_NOT_SATISFIABLE, None)
        }
        Wanted::Whole => (StatusCode::OK, Some(0..len)),
        Wanted::Part(part) => {
            insert(headers, header::CONTENT_RANGE, &format!("bytes {}-{}/{len}", part.start, part.end - 1));
            (StatusCode::PARTIAL_CONTENT, Some(part))
        }
    };
    if let Some(part) = &part {
        headers.insert(header::CONTENT_LENGTH, (part.end - part.start).into());
    }
    *response.status_mut() = status;
    (response, part)
}

pub(crate) fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// What a browser asks before it asks.
pub(crate) fn preflight() -> Response<Body> {
    let mut response = Response::new(empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    open_to_all_origins(headers);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST, OPTIONS"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(
            "Range, X-Token-Session, Content-Type, If-None-Match, If-Range, X-Moviie-Playback-Token, \
             CTA-Common-Access-Token",
        ),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

/// Which bytes of an asset of `len` bytes a request wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Whole,
    Part(Range<u64>),
    /// Nothing of the range exists.
    Unsatisfiable,
    /// The client has these very bytes.
    Unchanged,
}

impl Wanted {
    /// Judges conditionals and range as RFC 9110 orders them. Several ranges are answered with the whole.
    pub(crate) fn of(headers: &HeaderMap, etag: &str, len: u64) -> Self {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        if let Some(known) = text(header::IF_NONE_MATCH)
            && (known.trim() == "*" || known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag))
        {
            return Self::Unchanged;
        }
        if text(header::IF_RANGE).is_some_and(|validator| validator != etag) {
            return Self::Whole;
        }
        text(header::RANGE).map_or(Self::Whole, |range| Self::of_range(range, len))
    }

    fn of_range(range: &str, len: u64) -> Self {
        // Anything that is not one well-formed range is ignored, as RFC 9110 §14.2 allows.
        let Some((first, last)) = range.strip_prefix("bytes=").and_then(|spec| spec.split_once('-')) else {
            return Self::Whole;
        };
        let (Some(first), Some(last)) = (bound(first), bound(last)) else { return Self::Whole };
        match (first, last) {
            (None, None) => Self::Whole,
            (None, Some(0)) => Self::Unsatisfiable,
            (None, Some(suffix)) if len > 0 => Self::Part(len.saturating_sub(suffix)..len),
            (Some(first), Some(last)) if last < first => Self::Whole,
            (Some(first), last) if first < len => {
                Self::Part(first..last.map_or(len, |last| last.saturating_add(1).min(len)))
            }
            _ => Self::Unsatisfiable,
        }
    }
}

/// A bound of a range: absent, or decimal digits. `None` when it is neither. A number too large for us is
/// simply beyond every file.
#[expect(clippy::option_option, reason = "absent and malformed are different answers")]
fn bound(digits: &str) -> Option<Option<u64>> {
    match digits {
        "" => Some(None),
        digits if digits.bytes().all(|c| c.is_ascii_digit()) => Some(Some(digits.parse().unwrap_or(u64::MAX))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_follow_the_specification() {
        let cases = [
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=0-", Wanted::Part(0..100)),
            ("bytes=-1", Wanted::Part(99..100)),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=-200", Wanted::Part(0..100)),
            ("bytes=99-", Wanted::Part(99..100)),
            ("bytes=100-", Wanted::Unsatisfiable),
            ("bytes=5-2", Wanted::Whole),
            ("bytes=2-5", Wanted::Part(2..6)),
            ("bytes=0-18446744073709551616", Wanted::Part(0..100)),
            ("bytes=18446744073709551616-", Wanted::Unsatisfiable),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes= 0-1", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("items=0-1", Wanted::Whole),
            ("Bytes=0-1", Wanted::Whole),
        ];
        for (range, expected) in cases {
            assert_eq!(Wanted::of_range(range, 100), expected, "{range}");
        }
        assert_eq!(Wanted::of_range("bytes=-5", 0), Wanted::Unsatisfiable);
    }

    #[test]
    fn conditionals_come_before_ranges() {
        let of = |pairs: &[(&'static str, &str)]| {
            let headers = pairs.iter().map(|(name, value)| {
                (http::HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header value"))
            });
            Wanted::of(&headers.collect(), "\"e\"", 100)
        };
        assert_eq!(of(&[("if-none-match", "\"x\", W/\"e\"")]), Wanted::Unchanged);
        assert_eq!(of(&[("if-none-match", "\"x\""), ("range", "bytes=0-1")]), Wanted::Part(0..2));
        assert_eq!(of(&[("if-range", "\"e\""), ("range", "bytes=0-1")]), Wanted::Part(0..2));
        assert_eq!(of(&[("if-range", "\"x\""), ("range", "bytes=0-1")]), Wanted::Whole);
        assert_eq!(of(&[("if-range", "W/\"e\""), ("range", "bytes=0-1")]), Wanted::Whole);
    }
}
