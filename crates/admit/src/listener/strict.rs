//! What a request must be before it is routed. A proxy, a log and a handler must all read the same thing in it, so whatever
//! has two readings is refused.

pub(super) mod host;
mod path;
mod query;

use http::{HeaderMap, HeaderName, Method, Uri, header, request::Parts, uri::PathAndQuery};

use super::{
    inlet,
    limits::{MAX_HEADER_BYTES, MAX_HEADER_COUNT, MAX_URI_BYTES},
    refusal::Refusal,
};

/// Judges a request by its head alone. `Ok` says that it has one reading, not that it may have anything.
pub fn check(parts: &Parts) -> Result<(), Refusal> {
    // What the inlet refused on the wire arrives as a request that only says why.
    if let Some(refusal) = inlet::refused_on_the_wire(&parts.method) {
        return Err(refusal);
    }
    check_size(parts)?;
    check_method(&parts.method)?;
    host::check(parts)?;
    check_target(&parts.uri)?;
    check_framing(&parts.headers)?;
    check_wishes(&parts.headers)
}

/// api.video's Node client, given a base address with a slash at its end, asks for `//videos`. For the management API one
/// leading `//` is read as `/`; `check` has refused it everywhere else.
pub fn collapse_leading_slashes(uri: &mut Uri) {
    let Some(rest) = uri.path().strip_prefix("//") else { return };
    let canonical = match uri.query() {
        Some(query) => format!("/{rest}?{query}"),
        None => format!("/{rest}"),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(canonical).ok();
    if let Ok(collapsed) = Uri::from_parts(parts) {
        *uri = collapsed;
    }
}

fn check_size(parts: &Parts) -> Result<(), Refusal> {
    let target_bytes = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target_bytes > MAX_URI_BYTES {
        return Err(Refusal::UriTooLong);
    }
    if parts.headers.len() > MAX_HEADER_COUNT {
        return Err(Refusal::TooManyHeaders);
    }
    let header_bytes: usize = parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if header_bytes > MAX_HEADER_BYTES {
        return Err(Refusal::HeadTooLarge);
    }
    Ok(())
}

fn check_method(method: &Method) -> Result<(), Refusal> {
    let spoken = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    if spoken.contains(method) { Ok(()) } else { Err(Refusal::Method) }
}

fn check_target(uri: &Uri) -> Result<(), Refusal> {
    path::check(uri.path())?;
    uri.query().map_or(Ok(()), query::check)
}

/// In HTTP/1 the inlet has judged the framing on the wire, where nothing has been tidied away yet. This is for HTTP/2,
/// and for whoever calls `check` without an inlet.
fn check_framing(headers: &HeaderMap) -> Result<(), Refusal> {
    let lengths = headers.get_all(header::CONTENT_LENGTH).iter().count();
    match (lengths, headers.contains_key(header::TRANSFER_ENCODING)) {
        (1.., true) => Err(Refusal::LengthAndChunked),
        (2.., false) => Err(Refusal::ContentLength),
        _ => Ok(()),
    }
}

fn check_wishes(headers: &HeaderMap) -> Result<(), Refusal> {
    let all_are = |name: HeaderName, wanted: &[u8]| {
        headers.get_all(name).iter().all(|value| value.as_bytes().eq_ignore_ascii_case(wanted))
    };
    if !all_are(header::CONTENT_ENCODING, b"identity") {
        return Err(Refusal::ContentEncoding);
    }
    if !all_are(header::EXPECT, b"100-continue") {
        return Err(Refusal::Expectation);
    }
    // RFC 8470: a proxy in front marks what it received as TLS early data, and any value but 1 counts as 1 too.
    if headers.contains_key("early-data") {
        return Err(Refusal::TooEarly);
    }
    Ok(())
}
