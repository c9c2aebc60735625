//! What of the outside world may be called, on whose word: a spelling, a port and an address each have to pass.

mod public;
mod target;

use std::net::IpAddr;

pub use self::target::{Host, Refused, Target};
pub use crate::network::{BadNetwork, Network};

/// All that a customer is ever told about an address that did not answer as it should: whether it does not exist, is
/// not allowed or does not listen is nothing to learn from us.
pub const UNREACHABLE: &str = "This address could not be reached.";

/// What the operator decided about calls that leave the house. The public internet, and what is named here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Networks of the operator's own that may be called although they are not public.
    pub allow: Vec<Network>,
    pub ports: Vec<u16>,
    pub https_only: bool,
}

impl Rules {
    /// Judges an address that somebody gave us.
    pub fn target(&self, text: &str) -> Result<Target, Refused> {
        self.judge(Target::parse(text)?)
    }

    /// Judges where an answer of `from` sends us. No way leads back from TLS to plain text.
    pub fn redirect(&self, from: &Target, location: &str) -> Result<Target, Refused> {
        let next = self.judge(from.join(location)?)?;
        if from.is_https() && !next.is_https() { Err(Refused::Scheme) } else { Ok(next) }
    }

    /// Judges what a name turned out to stand for: one address that may not be called spoils them all.
    pub fn addresses(&self, found: &[IpAddr]) -> Result<(), Refused> {
        found.iter().try_for_each(|address| self.address(*address))
    }

    fn judge(&self, target: Target) -> Result<Target, Refused> {
        if self.https_only && !target.is_https() {
            return Err(Refused::Scheme);
        }
        if !self.ports.contains(&target.port()) {
            return Err(Refused::Port(target.port()));
        }
        if let Host::Address(address) = target.host() {
            self.address(address)?;
        }
        Ok(target)
    }

    fn address(&self, address: IpAddr) -> Result<(), Refused> {
        let is_allowed = public::is_public(address) || self.allow.iter().any(|network| network.contains(address));
        if is_allowed { Ok(()) } else { Err(Refused::Address(address)) }
    }
}

#[cfg(test)]
mod tests;
