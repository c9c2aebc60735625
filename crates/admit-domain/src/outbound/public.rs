//! Which addresses are the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::network::Network;

const fn v4(a: u8, b: u8, c: u8, prefix: u8) -> Network {
    Network::of(IpAddr::V4(Ipv4Addr::new(a, b, c, 0)), prefix)
}

const fn v6(a: u16, b: u16, prefix: u8) -> Network {
    Network::of(IpAddr::V6(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0)), prefix)
}

/// What is not the public internet, of IPv4: the special-purpose registry, and all that is no single host.
const NOT_PUBLIC_V4: [Network; 15] = [
    v4(0, 0, 0, 8),       // this network
    v4(10, 0, 0, 8),      // private
    v4(100, 64, 0, 10),   // behind a carrier's translator
    v4(127, 0, 0, 8),     // this machine
    v4(169, 254, 0, 16),  // this link, and the metadata of clouds
    v4(172, 16, 0, 12),   // private
    v4(192, 0, 0, 24),    // protocol assignments
    v4(192, 0, 2, 24),    // documentation
    v4(192, 88, 99, 24),  // relays into 6to4
    v4(192, 168, 0, 16),  // private
    v4(198, 18, 0, 15),   // benchmarks
    v4(198, 51, 100, 24), // documentation
    v4(203, 0, 113, 24),  // documentation
    v4(224, 0, 0, 4),     // multicast
    v4(240, 0, 0, 4),     // reserved
];

/// Where public IPv6 lies. Addresses that wrap an IPv4 one (mapped, NAT64) lie outside, and so does all that is local.
const GLOBAL_V6: Network = v6(0x2000, 0, 3);

/// What is not public within it.
const NOT_PUBLIC_V6: [Network; 4] = [
    v6(0x2001, 0, 23),      // protocol assignments, Teredo among them
    v6(0x2001, 0x0db8, 32), // documentation
    v6(0x2002, 0, 16),      // 6to4, which wraps an IPv4 address
    v6(0x3fff, 0, 20),      // documentation
];

pub(super) fn is_public(address: IpAddr) -> bool {
    let is_in = |networks: &[Network]| networks.iter().any(|network| network.contains(address));
    match address {
        IpAddr::V4(_) => !is_in(&NOT_PUBLIC_V4),
        IpAddr::V6(_) => GLOBAL_V6.contains(address) && !is_in(&NOT_PUBLIC_V6),
    }
}
