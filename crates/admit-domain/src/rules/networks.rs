//! The networks from which a video may be watched.

use std::{fmt, net::IpAddr};

use super::{
    nested::{AnyOf, Nested},
    words::Listed,
};
use crate::network::Network;

/// A list of networks, none within another. An IPv4 address mapped into IPv6 is the IPv4 address, in the list and of
/// the visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Networks(AnyOf<Network>);

impl Nested for Network {
    fn is_within(&self, other: &Self) -> bool {
        self.is_within(other)
    }
}

impl Networks {
    /// The networks in their canonical order.
    pub fn parts(&self) -> &[Network] {
        self.0.parts()
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.parts().iter().any(|network| network.contains(address))
    }

    /// What is in both lists.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.and(&other.0))
    }
}

impl From<Vec<Network>> for Networks {
    fn from(networks: Vec<Network>) -> Self {
        networks.into_iter().collect()
    }
}

impl FromIterator<Network> for Networks {
    fn from_iter<I: IntoIterator<Item = Network>>(networks: I) -> Self {
        Self(AnyOf::of(networks.into_iter().map(Network::unmapped).collect()))
    }
}

/// "10.1.0.0/16 or 10.2.0.0/16", "no network".
impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            [] => f.write_str("no network"),
            parts => Listed(parts, "or").fmt(f),
        }
    }
}
