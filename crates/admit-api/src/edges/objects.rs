//! Bytes of what viewers are served from, for edges that cannot ask the store.

use std::ops::Range;

use admit_domain::object_key::ObjectKey;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use futures_util::stream;

use super::caller::EdgeCaller;
use crate::{app::App, error::ApiError};

pub(super) async fn open(
    _: EdgeCaller,
    State(app): State<App>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, ApiError> {
    let missing = || ApiError::not_found("path");
    let key = ObjectKey::of_edge_path(&path).ok_or_else(missing)?;
    let length = app.objects.size(&key).await?.ok_or_else(missing)?;
    let range = match headers.get(header::RANGE) {
        None => None,
        Some(value) => {
            let range = value.to_str().ok().and_then(|text| read_range(text, length));
            let Some(range) = range else { return answer(StatusCode::RANGE_NOT_SATISFIABLE, &path, length, None) };
            Some(range)
        }
    };
    let slices = app.objects.open_range(&key, range.clone()).await?;
    let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut response = answer(status, &path, length, range.as_ref())?;
    let bytes = stream::unfold(slices, async |mut slices| Some((slices.next().await.transpose()?, slices)));
    *response.body_mut() = Body::from_stream(bytes);
    Ok(response)
}

fn answer(status: StatusCode, path: &str, length: u64, range: Option<&Range<u64>>) -> Result<Response<Body>, ApiError> {
    let text = |text: String| HeaderValue::try_from(text).map_err(|error| ApiError::internal(&error));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::ETAG, text(format!("\"{path}\""))?);
    match range {
        Some(&Range { start, end }) => {
            headers.insert(header::CONTENT_RANGE, text(format!("bytes {start}-{}/{length}", end.saturating_sub(1)))?);
            headers.insert(header::CONTENT_LENGTH, (end - start).into());
        }
        None if status == StatusCode::RANGE_NOT_SATISFIABLE => {
            headers.insert(header::CONTENT_RANGE, text(format!("bytes */{length}"))?);
        }
        None => {
            headers.insert(header::CONTENT_LENGTH, length.into());
        }
    }
    Ok(response)
}

/// One range of bytes (RFC 9110 §14.1.2) of an object that long. Edges are ours, so anything else they ask for is refused.
fn read_range(text: &str, length: u64) -> Option<Range<u64>> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (number(first)?, number(last)?) {
        (Some(first), Some(last)) => first..last.checked_add(1)?.min(length),
        (Some(first), None) => first..length,
        (None, Some(count)) => length.saturating_sub(count)..length,
        (None, None) => return None,
    };
    (!range.is_empty()).then_some(range)
}

/// Digits, or nothing at all.
#[expect(clippy::option_option, reason = "nothing is said, and what is said is wrong, are two things")]
fn number(digits: &str) -> Option<Option<u64>> {
    if digits.is_empty() {
        return Some(None);
    }
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_strictly() {
        for (text, range) in [
            ("bytes=0-0", Some(0..1)),
            ("bytes=5-", Some(5..10)),
            ("bytes=-3", Some(7..10)),
            ("bytes=-30", Some(0..10)),
            ("bytes=2-99", Some(2..10)),
            ("bytes=10-", None),
            ("bytes=3-2", None),
            ("bytes=-0", None),
            ("bytes=-", None),
            ("bytes=0-1,3-4", None),
            ("bytes=+1-2", None),
            ("bytes= 1-2", None),
            ("items=0-1", None),
            ("bytes=0-18446744073709551615", None),
        ] {
            assert_eq!(read_range(text, 10), range, "{text}");
        }
        assert_eq!(read_range("bytes=0-", 0), None);
    }
}
