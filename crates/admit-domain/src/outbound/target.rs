//! An address outside the house in its one canonical spelling: what is checked is what is connected to.

use std::{fmt, net::IpAddr};

use url::Url;

use crate::limits::OUTBOUND_URL_BYTES_MAX;

/// Why an address may not be called. For the operator's log; a customer hears [`UNREACHABLE`](super::UNREACHABLE).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the address is not spelled as one")]
    Spelling,
    #[error("the scheme is not allowed")]
    Scheme,
    #[error("the address holds a user name or a password")]
    Credentials,
    #[error("the name is one of this machine")]
    Name,
    #[error("port {0} is not allowed")]
    Port(u16),
    #[error("{0} is not allowed")]
    Address(IpAddr),
}

/// Whom a target names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host<'a> {
    /// To be looked up; in ASCII, and in lower case.
    Name(&'a str),
    Address(IpAddr),
}

/// An `http` or `https` address. What lies beyond its origin may open something, so it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Target(Url);

impl Target {
    /// Reads an absolute address. What readers of addresses disagree about is not one.
    pub(super) fn parse(text: &str) -> Result<Self, Refused> {
        let (scheme, rest) = text.split_once("://").ok_or(Refused::Scheme)?;
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return Err(Refused::Scheme);
        }
        plain(text)?;
        authority(rest)?;
        Self::of(Url::parse(text).map_err(|_| Refused::Spelling)?)
    }

    /// Reads what an answer of this target calls its place: absolute, or relative to it.
    pub(super) fn join(&self, location: &str) -> Result<Self, Refused> {
        if location.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':')) {
            return Self::parse(location);
        }
        plain(location)?;
        location.strip_prefix("//").map_or(Ok(()), authority)?;
        Self::of(self.0.join(location).map_err(|_| Refused::Spelling)?)
    }

    fn of(mut url: Url) -> Result<Self, Refused> {
        url.set_fragment(None);
        if url.as_str().len() > OUTBOUND_URL_BYTES_MAX {
            return Err(Refused::Spelling);
        }
        let target = Self(url);
        match target.host() {
            Host::Name(name) => {
                let name = name.strip_suffix('.').unwrap_or(name);
                let is_sound = !name.is_empty() && name.split('.').all(|label| !label.is_empty());
                let is_ours = name.rsplit('.').next() == Some("localhost");
                if !is_sound {
                    Err(Refused::Spelling)
                } else if is_ours {
                    Err(Refused::Name)
                } else {
                    Ok(target)
                }
            }
            Host::Address(_) => Ok(target),
        }
    }

    pub fn host(&self) -> Host<'_> {
        match self.0.host() {
            Some(url::Host::Domain(name)) => Host::Name(name),
            Some(url::Host::Ipv4(address)) => Host::Address(address.into()),
            Some(url::Host::Ipv6(address)) => Host::Address(address.into()),
            None => Host::Name(""),
        }
    }

    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// The origin alone.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self}/…)")
    }
}

/// Nothing that some readers skip and others take for a slash.
fn plain(text: &str) -> Result<(), Refused> {
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if text.len() > OUTBOUND_URL_BYTES_MAX || text.contains(is_odd) { Err(Refused::Spelling) } else { Ok(()) }
}

/// What stands between the slashes: a host and perhaps a port.
fn authority(rest: &str) -> Result<(), Refused> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(Refused::Credentials);
    }
    if authority.is_empty() || authority.contains('%') { Err(Refused::Spelling) } else { Ok(()) }
}
