//! What the requests of one session must have in common: a network, a country, a family of programs, a seat. The text of
//! a handle or of a signed address says only *that* they must; the values are under its MAC, and seats are counted.

use std::net::IpAddr;

use crate::{
    network::Network,
    rules::{Agent, Visitor},
};

/// The values under a MAC: family 1 | network 16 | country 2 | program 1.
pub const BOUND_VALUES_BYTES: usize = 20;

/// Bits of the second byte; the lower ones of it are rights.
const COUNTRY: u8 = 1 << 3;
const AGENT: u8 = 1 << 4;
const SEAT: u8 = 1 << 5;

/// What is bound. The default is nothing: viewers change networks in the middle of a film.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bound {
    pub network: Option<Width>,
    pub country: bool,
    pub agent: bool,
    /// The credential limits how many watch at once.
    pub seat: bool,
}

/// How much of an address counts: so many leading bits of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Width {
    V4(u8),
    V6(u8),
}

impl Width {
    const V4_BITS: u8 = 32;
    const V6_BITS: u8 = 128;

    pub fn of(network: &Network) -> Self {
        if network.base().is_ipv4() { Self::V4(network.prefix()) } else { Self::V6(network.prefix()) }
    }

    /// Zero is no width at all.
    const fn code(width: Option<Self>) -> u8 {
        match width {
            None => 0,
            Some(Self::V4(bits)) => 1 + bits,
            Some(Self::V6(bits)) => 2 + Self::V4_BITS + bits,
        }
    }

    /// `None` for zero, and for codes that no width has.
    const fn of_code(code: u8) -> Option<Self> {
        const FIRST_V6: u8 = 2 + Width::V4_BITS;
        match code {
            1..FIRST_V6 => Some(Self::V4(code - 1)),
            FIRST_V6.. if code - FIRST_V6 <= Self::V6_BITS => Some(Self::V6(code - FIRST_V6)),
            _ => None,
        }
    }

    /// The leading bits of the address; `None` when it is of the other family.
    fn cut(self, ip: IpAddr) -> Option<[u8; 16]> {
        match (self, ip.to_canonical()) {
            (Self::V4(bits), IpAddr::V4(ip)) => {
                let mask = u32::MAX.checked_shl(u32::from(Self::V4_BITS - bits)).unwrap_or(0);
                let mut cut = [0; 16];
                cut[..4].copy_from_slice(&(ip.to_bits() & mask).to_be_bytes());
                Some(cut)
            }
            (Self::V6(bits), IpAddr::V6(ip)) => {
                let mask = u128::MAX.checked_shl(u32::from(Self::V6_BITS - bits)).unwrap_or(0);
                Some((ip.to_bits() & mask).to_be_bytes())
            }
            _ => None,
        }
    }
}

impl Bound {
    /// Whoever watches, the same values are under the MAC.
    pub const fn is_free(&self) -> bool {
        self.network.is_none() && !self.country && !self.agent
    }

    /// The width of the network, and the bits that stand beside rights, of which they have none.
    pub(crate) const fn to_bytes(self) -> (u8, u8) {
        let country = if self.country { COUNTRY } else { 0 };
        let agent = if self.agent { AGENT } else { 0 };
        let seat = if self.seat { SEAT } else { 0 };
        (Width::code(self.network), country | agent | seat)
    }

    /// What two bytes say of binding, and what is left of the second: rights. `None` where nothing is meant.
    pub(crate) fn of_bytes(width: u8, flags: u8) -> Option<(Self, u8)> {
        let network = Width::of_code(width);
        if width != 0 && network.is_none() {
            return None;
        }
        let has = |flag| flags & flag != 0;
        let bound = Self { network, country: has(COUNTRY), agent: has(AGENT), seat: has(SEAT) };
        Some((bound, flags & !(COUNTRY | AGENT | SEAT)))
    }

    /// The visitor's values of what is bound; zero for what is not. `None` when the visitor has no such value.
    pub fn values(&self, visitor: &Visitor<'_>) -> Option<[u8; BOUND_VALUES_BYTES]> {
        let mut values = [0; BOUND_VALUES_BYTES];
        if let Some(width) = self.network {
            values[0] = Width::code(self.network);
            values[1..17].copy_from_slice(&width.cut(visitor.ip?)?);
        }
        if self.country {
            let country = (visitor.country_of)(visitor.ip?.to_canonical())?;
            values[17..19].copy_from_slice(country.as_str().as_bytes().first_chunk::<2>()?);
        }
        if self.agent {
            values[19] = Agent::of(visitor.agent) as u8;
        }
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_one_width_or_none() {
        let mut known = 0;
        for code in 0..=u8::MAX {
            if let Some((bound, 0)) = Bound::of_bytes(code, 0) {
                known += 1;
                assert_eq!(bound.to_bytes(), (code, 0));
            }
        }
        assert_eq!(known, 1 + 33 + 129);
    }

    #[test]
    fn a_width_cuts_its_own_family() {
        let v4 = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(Width::V4(24).cut(v4("203.0.113.7")), Width::V4(24).cut(v4("203.0.113.200")));
        assert_eq!(Width::V4(24).cut(v4("203.0.113.7")), Width::V4(24).cut(v4("::ffff:203.0.113.9")));
        assert_ne!(Width::V4(25).cut(v4("203.0.113.7")), Width::V4(25).cut(v4("203.0.113.200")));
        assert_eq!(Width::V4(0).cut(v4("203.0.113.7")), Width::V4(0).cut(v4("1.2.3.4")));
        assert_eq!(Width::V4(24).cut(v4("2001:db8::1")), None);
        assert_eq!(Width::V6(56).cut(v4("2001:db8:0:12::1")), Width::V6(56).cut(v4("2001:db8:0:34::1")));
        assert_eq!(Width::V6(56).cut(v4("203.0.113.7")), None);
    }
}
