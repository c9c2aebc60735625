//! Objects by way of a control plane, for an edge without credentials for the store itself.

use std::ops::Range;

use admit_domain::{limits::EDGE_FETCH, object_key::ObjectKey};
use admit_objects::{Fetched, Fetching, ObjectError, Origin};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use reqwest::{Method, Response};

use super::upstreams::{Upstream, Upstreams, bounded};
use crate::told::told;

/// Objects elsewhere.
pub struct RemoteOrigin(pub Upstreams);

impl Origin for RemoteOrigin {
    fn fetch(&self, key: ObjectKey, range: Range<u64>) -> Fetching<'_> {
        Box::pin(async move {
            let mut failure = ObjectError::unavailable("there is no control plane");
            for upstream in self.0.all() {
                match fetch(upstream, &key, &range).await {
                    Ok(fetched) => return Ok(fetched),
                    Err(error) => {
                        tracing::warn!(origin = upstream.origin(), %error, "fetch a slice");
                        failure = error;
                    }
                }
            }
            Err(failure)
        })
    }
}

async fn fetch(upstream: &Upstream, key: &ObjectKey, range: &Range<u64>) -> Result<Fetched, ObjectError> {
    let asked = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
    let request = upstream.request(Method::GET, &format!("objects/{}", key.path())).header(header::RANGE, asked);
    let response = request.timeout(EDGE_FETCH).send().await.map_err(|error| ObjectError::unavailable(told(&error)))?;
    let wrong = |what: &str| ObjectError::unavailable(format!("a control plane gave {what}"));
    match response.status() {
        StatusCode::PARTIAL_CONTENT => {
            let (given, object_bytes) = content_range(&response).ok_or_else(|| wrong("a range of nothing"))?;
            let expected = range.start..range.end.min(object_bytes);
            if given != Some(expected.clone()) {
                return Err(wrong("another range"));
            }
            let bytes = exactly(response, expected.end - expected.start).await.ok_or_else(|| wrong("other bytes"))?;
            Ok(Fetched { object_bytes, bytes })
        }
        StatusCode::RANGE_NOT_SATISFIABLE => match content_range(&response) {
            Some((None, object_bytes)) if range.start >= object_bytes => {
                Ok(Fetched { object_bytes, bytes: Bytes::new() })
            }
            _ => Err(wrong("no range where there is one")),
        },
        StatusCode::NOT_FOUND => Err(ObjectError::NotFound),
        status => Err(wrong(status.as_str())),
    }
}

/// `bytes 0-9/100`, or `bytes */100`.
fn content_range(response: &Response) -> Option<(Option<Range<u64>>, u64)> {
    read_content_range(
        response.headers().get(header::CONTENT_RANGE).and_then(|value: &HeaderValue| value.to_str().ok())?,
    )
}

fn read_content_range(text: &str) -> Option<(Option<Range<u64>>, u64)> {
    let (given, size) = text.strip_prefix("bytes ")?.split_once('/')?;
    let size = size.parse().ok()?;
    if given == "*" {
        return Some((None, size));
    }
    let (first, last) = given.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    Some((Some(first..last.checked_add(1)?), size))
}

async fn exactly(response: Response, wanted: u64) -> Option<Bytes> {
    let wanted = usize::try_from(wanted).ok()?;
    bounded(response, wanted).await.filter(|bytes| bytes.len() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_read_strictly() {
        assert_eq!(read_content_range("bytes 0-9/100"), Some((Some(0..10), 100)));
        assert_eq!(read_content_range("bytes */0"), Some((None, 0)));
        for wrong in ["", "bytes 0-9/*", "bytes 0-/100", "0-9/100", "bytes 0-18446744073709551615/9", "bytes -9/100"] {
            assert_eq!(read_content_range(wrong), None, "{wrong}");
        }
    }
}
