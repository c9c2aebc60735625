//! What a request says about itself: the session it shows, and whether it is a person's request at all.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts};

use admit_domain::{id::RequestId, limits::NONCE_CHARS_MAX, rules::Visitor, session::Client, verdict::Denial};

use crate::edge::Edge;

pub(crate) const X_TOKEN_SESSION: HeaderName = HeaderName::from_static("x-token-session");
/// The cookie of a bare `<video src>`, scoped to that one address.
pub(crate) const COOKIE: &str = "admit_session";

/// The session a request shows: in the query as `avh`, in a header, or in the cookie of this very address.
/// Two that differ are refused rather than ordered.
pub(crate) fn shown_session(parts: &Parts) -> Result<Option<String>, Denial> {
    let in_query = query_values(parts.uri.query().unwrap_or_default(), "avh").map(str::to_owned);
    let in_header = parts.headers.get_all(X_TOKEN_SESSION).iter().filter_map(text).map(str::to_owned);
    let explicit: Vec<String> = in_query.chain(in_header).filter(|value| !value.is_empty()).collect();
    match explicit.split_first() {
        None => Ok(cookie(&parts.headers)),
        Some((first, rest)) if rest.iter().all(|other| other == first) => Ok(Some(first.clone())),
        Some(_) => Err(Denial::MalformedHandle),
    }
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(text).flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value.to_owned())
}

/// The values of a query parameter, as written: none of ours needs an escape.
fn query_values<'a>(query: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter(move |(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// May this request spend a credential? Previews, probes and replays may not.
pub(crate) fn may_redeem(parts: &Parts) -> Result<(), Denial> {
    is_deliberate(parts)?;
    let from_the_middle = parts
        .headers
        .get(header::RANGE)
        .is_some_and(|range| !text(range).is_some_and(|spec| spec.starts_with("bytes=0-")));
    if from_the_middle { Err(Denial::NotARedeem) } else { Ok(()) }
}

/// Did somebody mean this request? Only such a one begins a session.
pub(crate) fn is_deliberate(parts: &Parts) -> Result<(), Denial> {
    if parts.method != Method::GET && parts.method != Method::POST {
        return Err(Denial::MethodNotAllowed);
    }
    if parts.headers.contains_key("early-data") {
        return Err(Denial::EarlyData);
    }
    let speculative = ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        parts.headers.get_all(*name).iter().filter_map(text).any(|value| {
            let value = value.to_ascii_lowercase();
            ["prefetch", "prerender", "preview"].iter().any(|word| value.contains(word))
        })
    });
    if speculative { Err(Denial::NotARedeem) } else { Ok(()) }
}

impl Edge {
    /// Who wants to watch, as far as rules ask.
    pub(crate) fn visitor<'a>(&'a self, parts: &'a Parts) -> Visitor<'a> {
        let header = |name: HeaderName| parts.headers.get(name).and_then(text);
        self.visitor_of(Caller {
            ip: parts.extensions.get::<std::net::SocketAddr>().map(std::net::SocketAddr::ip),
            host: own_host(parts),
            origin: header(header::ORIGIN),
            referrer: header(header::REFERER),
            agent: header(header::USER_AGENT).unwrap_or_default(),
        })
    }

    /// The same, of a request whose head somebody else has read.
    pub(crate) fn visitor_of<'a>(&'a self, caller: Caller<'a>) -> Visitor<'a> {
        let is_own = |address: &&str| caller.host.is_some_and(|host| is_below(address, scheme(self.secure), host));
        Visitor {
            ip: caller.ip.map(|ip| ip.to_canonical()),
            origin: caller.origin.filter(|origin| !is_own(origin)),
            referrer: caller.referrer.filter(|referrer| !is_own(referrer)),
            agent: caller.agent,
            country_of: &*self.country_of,
        }
    }
}

/// What a request says of whoever sent it.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    pub ip: Option<IpAddr>,
    /// By which host they addressed us.
    pub host: Option<&'a str>,
    /// `Origin`.
    pub origin: Option<&'a str>,
    /// `Referer`.
    pub referrer: Option<&'a str>,
    /// `User-Agent`; empty where there is none.
    pub agent: &'a str,
}

/// The origin by which the viewer addressed us; the listener has judged the host.
pub(crate) fn own_origin(parts: &Parts, secure: bool) -> Option<String> {
    own_host(parts).map(|host| format!("{}{host}", scheme(secure)))
}

fn own_host(parts: &Parts) -> Option<&str> {
    let host = parts.headers.get(header::HOST).and_then(text);
    host.or_else(|| parts.uri.authority().map(http::uri::Authority::as_str))
}

const fn scheme(secure: bool) -> &'static str {
    if secure { "https://" } else { "http://" }
}

fn is_below(address: &str, scheme: &str, host: &str) -> bool {
    let rest = address.strip_prefix(scheme).and_then(|rest| rest.strip_prefix(host));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A nonce a client chose: bounded, and plain enough to be told apart by its bytes.
pub(crate) fn read_nonce(text: &str) -> Result<String, Denial> {
    use admit_domain::limits::NONCE_CHARS_MIN;
    let bounded = (NONCE_CHARS_MIN..=NONCE_CHARS_MAX).contains(&text.len());
    let plain = text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_');
    if bounded && plain { Ok(text.to_owned()) } else { Err(Denial::BadNonce) }
}

/// Who is asking, as coarsely as the owner needs it.
pub(crate) fn client(parts: &Parts) -> Client {
    let agent = parts.headers.get(header::USER_AGENT).and_then(text).unwrap_or_default();
    Client::of(parts.extensions.get::<std::net::SocketAddr>().map(std::net::SocketAddr::ip), agent)
}

/// The number that the listener gave the request.
pub(crate) fn request_id(parts: &Parts) -> Option<RequestId> {
    parts.extensions.get().copied()
}

fn text(value: &HeaderValue) -> Option<&str> {
    value.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Shown = Result<Option<&'static str>, Denial>;
    type Headers = &'static [(&'static str, &'static str)];

    fn parts(method: &str, uri: &str, headers: Headers) -> Parts {
        let mut request = http::Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn only_a_deliberate_get_or_post_redeems() {
        let cases: [(&str, Headers, Result<(), Denial>); 12] = [
            ("GET", &[], Ok(())),
            ("POST", &[], Ok(())),
            ("GET", &[("range", "bytes=0-")], Ok(())),
            ("GET", &[("range", "bytes=0-1")], Ok(())),
            ("HEAD", &[], Err(Denial::MethodNotAllowed)),
            ("GET", &[("range", "bytes=100-")], Err(Denial::NotARedeem)),
            ("GET", &[("range", "bytes=-5")], Err(Denial::NotARedeem)),
            ("GET", &[("sec-purpose", "prefetch;prerender")], Err(Denial::NotARedeem)),
            ("GET", &[("purpose", "Prefetch")], Err(Denial::NotARedeem)),
            ("GET", &[("x-moz", "prefetch")], Err(Denial::NotARedeem)),
            ("GET", &[("x-purpose", "preview")], Ok(())),
            ("GET", &[("early-data", "1")], Err(Denial::EarlyData)),
        ];
        for (method, headers, expected) in cases {
            assert_eq!(may_redeem(&parts(method, "/", headers)), expected, "{method} {headers:?}");
        }
    }

    #[test]
    fn a_session_is_shown_once() {
        let cases: [(&str, Headers, Shown); 7] = [
            ("/x", &[], Ok(None)),
            ("/x?avh=a", &[], Ok(Some("a"))),
            ("/x?&&avh=a&avh=a", &[("x-token-session", "a")], Ok(Some("a"))),
            ("/x?avh=a&avh=b", &[], Err(Denial::MalformedHandle)),
            ("/x?avh=a", &[("x-token-session", "b")], Err(Denial::MalformedHandle)),
            ("/x", &[("cookie", "other=1; admit_session=c")], Ok(Some("c"))),
            ("/x?avh=a", &[("cookie", "admit_session=c")], Ok(Some("a"))),
        ];
        for (uri, headers, expected) in cases {
            let shown = shown_session(&parts("GET", uri, headers));
            assert_eq!(shown.as_ref().map(Option::as_deref), expected.as_ref().copied(), "{uri} {headers:?}");
        }
    }
}
