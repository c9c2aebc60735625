//! The sites on which a video may be shown: `a.example`, `*.a.example`.

use std::{fmt, str::FromStr};

use url::Host;

use super::{
    nested::{AnyOf, Nested},
    words::Listed,
};
use crate::limits::{DOMAIN_BYTES_MAX, DOMAIN_LABEL_BYTES_MAX};

/// A text that names no domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a domain such as a.example, or *.a.example for all below it, without a scheme, port or path")]
pub struct BadDomain;

/// A host, or all hosts below a domain, at any depth and without the domain itself. In lower-case ASCII, as browsers
/// write it in `Origin`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainPattern {
    host: String,
    is_below: bool,
}

impl DomainPattern {
    fn matches(&self, host: &str) -> bool {
        if self.is_below { is_below(host, &self.host) } else { host == self.host }
    }
}

/// A pattern's hosts are all of another's or none of them, or the other way round.
impl Nested for DomainPattern {
    fn is_within(&self, other: &Self) -> bool {
        self == other || (other.is_below && is_below(&self.host, &other.host))
    }
}

impl FromStr for DomainPattern {
    type Err = BadDomain;

    /// Names of other scripts are turned into ASCII, as browsers do (UTS #46); nothing else is made right.
    fn from_str(text: &str) -> Result<Self, BadDomain> {
        let (name, is_below) = text.strip_prefix("*.").map_or((text, false), |rest| (rest, true));
        // The parser would decode `%61`.
        let host = Host::parse(name).ok().filter(|_| !name.contains('%')).ok_or(BadDomain)?;
        let is_right = match &host {
            Host::Domain(name) => name.len() <= DOMAIN_BYTES_MAX && name.split('.').all(is_label),
            // Only in the spelling in which browsers write them: 127.1 is a slip.
            Host::Ipv4(_) | Host::Ipv6(_) => !is_below && host.to_string() == name,
        };
        is_right.then(|| Self { host: host.to_string(), is_below }).ok_or(BadDomain)
    }
}

impl fmt::Display for DomainPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_below { "*." } else { "" }, self.host)
    }
}

/// A list of patterns, none within another, and whether it may be left unsaid where the video is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domains {
    patterns: AnyOf<DomainPattern>,
    allow_no_referrer: bool,
}

impl Domains {
    /// `allow_no_referrer`: whoever names no site at all passes, as native apps do and whoever hides it.
    pub fn new(patterns: Vec<DomainPattern>, allow_no_referrer: bool) -> Self {
        Self { patterns: AnyOf::of(patterns), allow_no_referrer }
    }

    /// The patterns in their canonical order.
    pub fn patterns(&self) -> &[DomainPattern] {
        self.patterns.parts()
    }

    pub const fn allow_no_referrer(&self) -> bool {
        self.allow_no_referrer
    }

    /// As sources of a Content-Security-Policy, at any port: `http://a.example:* http://*.b.example:*`. They match
    /// `https` too (CSP3 §6.7.2.8), where sources without a scheme match that of our own page and no lesser one.
    pub fn sources(&self) -> String {
        self.patterns().iter().map(|pattern| format!("http://{pattern}:*")).collect::<Vec<_>>().join(" ")
    }

    /// What both allow.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            patterns: self.patterns.and(&other.patterns),
            allow_no_referrer: self.allow_no_referrer && other.allow_no_referrer,
        }
    }

    /// By `Origin` (RFC 6454 §7), or where there is none by the origin of `Referer` (RFC 9110 §10.1.3).
    pub(super) fn allow(&self, origin: Option<&str>, referrer: Option<&str>) -> bool {
        match origin.or(referrer.map(origin_of)) {
            None => self.allow_no_referrer,
            Some(origin) => self.allow_origin(origin),
        }
    }

    /// An origin that names no host, as the opaque `null`, is foreign.
    pub(super) fn allow_origin(&self, origin: &str) -> bool {
        host_of(origin).is_some_and(|host| self.patterns().iter().any(|pattern| pattern.matches(host)))
    }
}

/// "a.example or below b.example", "a.example or where no site is named", "no site".
impl fmt::Display for Domains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spoken = self
            .patterns()
            .iter()
            .map(|pattern| if pattern.is_below { format!("below {}", pattern.host) } else { pattern.host.clone() });
        let hidden = self.allow_no_referrer.then(|| "where no site is named".to_owned());
        match (self.patterns(), self.allow_no_referrer) {
            ([], false) => f.write_str("no site"),
            ([], true) => f.write_str("no site that is named"),
            _ => Listed(&spoken.chain(hidden).collect::<Vec<_>>(), "or").fmt(f),
        }
    }
}

fn is_label(label: &str) -> bool {
    let fits = (1..=DOMAIN_LABEL_BYTES_MAX).contains(&label.len());
    fits && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).and_then(|above| above.strip_suffix('.')).is_some_and(|labels| !labels.is_empty())
}

/// What of a referrer is its origin.
fn origin_of(referrer: &str) -> &str {
    let authority = referrer.find("://").map_or(referrer.len(), |colon| colon + 3);
    let (scheme, rest) = referrer.split_at(authority);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    &referrer[..scheme.len() + end]
}

/// The host of `https://host:port`. What no browser writes there is nobody's host.
fn host_of(origin: &str) -> Option<&str> {
    let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))?;
    let bracket = rest.find(']').map_or(0, |at| at + 1);
    let colon = rest.get(bracket..)?.find(':').map_or(rest.len(), |at| bracket + at);
    let (host, port) = rest.split_at(colon);
    let is_port = |port: &str| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.[:]".contains(&byte);
    let is_right = !host.is_empty() && host.bytes().all(is_plain) && port.strip_prefix(':').is_none_or(is_port);
    is_right.then_some(host)
}

#[cfg(test)]
mod tests;
