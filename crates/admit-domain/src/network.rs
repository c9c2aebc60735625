//! Networks of addresses: `10.1.0.0/16`.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// A text that is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a network such as 10.1.0.0/16 or fd00::/8")]
pub struct BadNetwork;

/// An address and how many of its leading bits count: `10.1.0.0/16`. Two networks lie one in the other, or apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    base: IpAddr,
    prefix: u8,
}

impl Network {
    /// For tables: `prefix` fits the family, and no bit of `base` beyond it is set.
    pub(crate) const fn of(base: IpAddr, prefix: u8) -> Self {
        Self { base, prefix }
    }

    /// The network of one address.
    pub const fn host(address: IpAddr) -> Self {
        let prefix = if address.is_ipv4() { 32 } else { 128 };
        Self { base: address, prefix }
    }

    /// Its first address.
    pub const fn base(&self) -> IpAddr {
        self.base
    }

    /// How many leading bits count: at most 32 of IPv4, and 128 of IPv6.
    pub const fn prefix(&self) -> u8 {
        self.prefix
    }

    /// A network of one family holds no address of the other, however that is wrapped.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (base_family, base) = bits(self.base);
        let (family, address) = bits(address);
        base_family == family && cut(base, self.prefix) == cut(address, self.prefix)
    }

    /// Is each of its addresses also one of `other`?
    pub fn is_within(&self, other: &Self) -> bool {
        self.prefix >= other.prefix && other.contains(self.base)
    }

    /// Its addresses that are not in `other`, as networks that lie apart: one for each bit by which `other` is longer.
    pub fn without(&self, other: &Self) -> Vec<Self> {
        if self.is_within(other) {
            return Vec::new();
        }
        if !other.is_within(self) {
            return vec![*self];
        }
        // For each length: what agrees with `other` up to its last bit, and there does not.
        let sibling = |prefix| Self { base: flipped(other.base, prefix), prefix };
        (self.prefix + 1..=other.prefix).map(sibling).collect()
    }

    /// The same addresses as IPv4, where they are IPv4 ones mapped into IPv6 (RFC 4291 §2.5.5.2).
    #[must_use]
    pub fn unmapped(self) -> Self {
        let base = self.base.to_canonical();
        let spare = if base == self.base { 0 } else { 96 };
        self.prefix.checked_sub(spare).map_or(self, |prefix| Self { base, prefix })
    }
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let (base, prefix) = text.split_once('/').ok_or(BadNetwork)?;
        let base: IpAddr = base.parse().map_err(|_| BadNetwork)?;
        let is_number = prefix.bytes().all(|byte| byte.is_ascii_digit()) && (prefix == "0" || !prefix.starts_with('0'));
        let prefix: u8 = prefix.parse().ok().filter(|_| is_number).ok_or(BadNetwork)?;
        let (family_bits, value) = bits(base);
        // Bits that do not count, and are set, are a slip of the operator's pen.
        let is_meant = prefix <= family_bits && cut(value, prefix) == value;
        is_meant.then_some(Self { base, prefix }).ok_or(BadNetwork)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.prefix)
    }
}

/// How many bits the family has, and those of the address, from the top.
fn bits(address: IpAddr) -> (u8, u128) {
    match address {
        IpAddr::V4(v4) => (32, u128::from(v4.to_bits()) << 96),
        IpAddr::V6(v6) => (128, v6.to_bits()),
    }
}

/// The first address of the network that differs from `address` in the last of `prefix` bits.
fn flipped(address: IpAddr, prefix: u8) -> IpAddr {
    let (_, value) = bits(address);
    let last = 1_u128.checked_shl(128_u32.saturating_sub(u32::from(prefix))).unwrap_or(0);
    let base = cut(value, prefix) ^ last;
    match address {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from(base.to_be_bytes().first_chunk().copied().unwrap_or([0; 4]))),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from_bits(base)),
    }
}

fn cut(bits: u128, prefix: u8) -> u128 {
    bits & u128::MAX.checked_shl(128_u32.saturating_sub(u32::from(prefix))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap_or_else(|_| panic!("{text} is a network"))
    }

    #[test]
    fn a_network_has_one_spelling() {
        for text in ["0.0.0.0/0", "10.1.0.0/16", "192.0.2.7/32", "::/0", "fd00::/8", "2001:db8::1/128"] {
            assert_eq!(network(text).to_string(), text);
        }
        for wrong in ["", "10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/+8", "::/129", "a/8", "/8"]
        {
            assert_eq!(wrong.parse::<Network>(), Err(BadNetwork), "{wrong:?}");
        }
    }

    #[test]
    fn a_host_is_a_network_of_one() {
        let host = Network::host("192.0.2.7".parse().unwrap());
        assert_eq!((host.to_string(), host.prefix()), ("192.0.2.7/32".to_owned(), 32));
        assert!(host.contains(host.base()) && !host.contains("192.0.2.8".parse().unwrap()));
        assert_eq!(Network::host("::1".parse().unwrap()).to_string(), "::1/128");
    }

    #[test]
    fn networks_lie_in_one_another_or_apart() {
        for (inner, outer, is_within) in [
            ("10.1.0.0/16", "10.0.0.0/8", true),
            ("10.0.0.0/8", "10.0.0.0/8", true),
            ("10.0.0.0/8", "10.1.0.0/16", false),
            ("11.0.0.0/16", "10.0.0.0/8", false),
            ("10.0.0.0/8", "::/0", false),
            ("fd00::/9", "fd00::/8", true),
        ] {
            assert_eq!(network(inner).is_within(&network(outer)), is_within, "{inner} in {outer}");
        }
    }

    #[test]
    fn what_is_taken_away_is_gone_and_nothing_else() {
        let cases: [(&str, &str, &[&str]); 7] = [
            ("10.0.0.0/8", "10.0.0.0/8", &[]),
            ("10.0.0.0/8", "0.0.0.0/0", &[]),
            ("10.0.0.0/8", "11.0.0.0/8", &["10.0.0.0/8"]),
            ("::/0", "10.0.0.0/8", &["::/0"]),
            ("10.0.0.0/8", "10.64.0.0/10", &["10.128.0.0/9", "10.0.0.0/10"]),
            ("192.0.2.4/30", "192.0.2.6/32", &["192.0.2.4/31", "192.0.2.7/32"]),
            ("2001:db8::/126", "2001:db8::1/128", &["2001:db8::2/127", "2001:db8::/128"]),
        ];
        for (network_text, other, rest) in cases {
            let found: Vec<String> =
                network(network_text).without(&network(other)).iter().map(Network::to_string).collect();
            assert_eq!(found, rest, "{network_text} without {other}");
        }
        assert_eq!(network("0.0.0.0/0").without(&network("192.0.2.7/32")).len(), 32);
        assert_eq!(network("::/0").without(&network("2001:db8::1/128")).len(), 128);
    }

    #[test]
    fn mapped_addresses_are_ipv4_ones() {
        for (text, unmapped) in [
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:192.0.2.7/128", "192.0.2.7/32"),
            ("::ffff:0.0.0.0/96", "0.0.0.0/0"),
            ("::/0", "::/0"),
            ("fd00::/8", "fd00::/8"),
            ("10.0.0.0/8", "10.0.0.0/8"),
        ] {
            assert_eq!(network(text).unmapped().to_string(), unmapped);
        }
    }
}
