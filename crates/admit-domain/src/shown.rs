//! What a request shows: where dialects look for a credential.

use std::net::IpAddr;

use crate::{claims::Fault, verdict::Denial};

/// The headers that may carry a token, in lower case.
pub const TOKEN_HEADERS: [&str; 2] = ["x-moviie-playback-token", "cta-common-access-token"];
/// The query parameters that may carry a token.
pub const TOKEN_PARAMETERS: [&str; 2] = ["token", "cat"];
/// The cookie that may carry a token, in lower case.
pub const TOKEN_COOKIE: &str = "cta-common-access-token";

/// A request, as far as credentials are concerned. Not `Debug`: it holds them.
#[derive(Clone, Default)]
pub struct Shown {
    /// `https://host` or `https://host:port`, as the viewer addressed us.
    pub origin: String,
    /// The path as it was sent, which the listener found to be in normal form.
    pub path: String,
    /// The query as it was sent, without its question mark.
    pub query: String,
    /// Those headers that a dialect may ask for, by lower-case name.
    pub headers: Vec<(String, String)>,
    pub cookies: Vec<(String, String)>,
    /// A token that stands in the path where an id would.
    pub path_token: Option<String>,
    pub ip: Option<IpAddr>,
}

impl Shown {
    /// The values of a query parameter, undecoded.
    pub fn parameters<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(move |(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The value of a query parameter, undecoded, when it is given once.
    pub fn parameter<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let mut values = self.parameters(name);
        values.next().filter(|_| values.next().is_none())
    }

    /// The values of a header, by lower-case name.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The values of a cookie, by its exact name.
    pub fn cookie<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.cookies.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The one token that is shown. In two places, even equal ones, it is refused: somebody passed on what is not
    /// theirs, or hopes that two readers disagree.
    pub fn token(&self) -> Result<Option<&str>, Fault> {
        let in_query = TOKEN_PARAMETERS.iter().flat_map(|name| self.parameters(name));
        let in_headers = TOKEN_HEADERS.iter().flat_map(|name| self.header(name));
        let in_cookies = self.cookies.iter().filter(|(name, _)| name.eq_ignore_ascii_case(TOKEN_COOKIE));
        let mut all = self
            .path_token
            .as_deref()
            .into_iter()
            .chain(in_query)
            .chain(in_headers)
            .chain(in_cookies.map(|(_, value)| value.as_str()))
            .filter(|token| !token.is_empty());
        match (all.next(), all.next()) {
            (_, Some(_)) => Err(Fault::new(Denial::AmbiguousToken, "token", "one token, in one place")),
            (token, None) => Ok(token),
        }
    }
}
