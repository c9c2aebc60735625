//! `catnip`: the addresses and networks that may use a token, in the three spellings that issuers use.
//!
//! ```text
//! 52(h'0a000001')  an address, and 54(…) for IPv6
//! 52([8, h'0a'])  a network as RFC 9164 has it, and with the zeros behind it: 52([8, h'0a000000'])
//! 52({8: h'0a'})  a network as a draft of it had it
//! ```

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::cbor::{Key, Value};
use crate::{claims::Fault, limits::TOKEN_LIST_MAX, network::Network, rules::Networks};

const TAG_IPV4: u64 = 52;
const TAG_IPV6: u64 = 54;

pub(super) fn networks(claim: &Value<'_>) -> Result<Networks, Fault> {
    match claim {
        Value::Array(items) if (1..=TOKEN_LIST_MAX).contains(&items.len()) => items.iter().map(network).collect(),
        _ => Err(wrong()),
    }
}

fn network(item: &Value<'_>) -> Result<Network, Fault> {
    let (tag, value) = match item {
        Value::Tag(tag @ (TAG_IPV4 | TAG_IPV6), value) => (*tag, value.as_ref()),
        Value::Int(_) => {
            return Err(Fault::invalid("catnip", "no numbers of autonomous systems: they are not known here"));
        }
        _ => return Err(wrong()),
    };
    let bits = if tag == TAG_IPV4 { 32 } else { 128 };
    let (prefix, bytes) = match value {
        Value::Bytes(bytes) if bytes.len() * 8 == bits => (bits, *bytes),
        Value::Array(pair) => match pair.as_slice() {
            [Value::Int(prefix), Value::Bytes(bytes)] => (length(*prefix)?, *bytes),
            _ => return Err(wrong()),
        },
        Value::Map(map) => match map.first_key_value() {
            Some((Key::Int(prefix), Value::Bytes(bytes))) if map.len() == 1 => (length(*prefix)?, *bytes),
            _ => return Err(wrong()),
        },
        _ => return Err(wrong()),
    };
    let address = if tag == TAG_IPV4 {
        padded(bytes).map(|bytes: [u8; 4]| IpAddr::from(Ipv4Addr::from(bytes)))
    } else {
        padded(bytes).map(|bytes: [u8; 16]| IpAddr::from(Ipv6Addr::from(bytes)))
    };
    // The network's own reader refuses what is set behind the prefix.
    format!("{}/{prefix}", address.ok_or_else(wrong)?).parse().map_err(|_| wrong())
}

fn length(prefix: i64) -> Result<usize, Fault> {
    usize::try_from(prefix).map_err(|_| wrong())
}

/// The bytes, with the zeros that may be left out.
fn padded<const LEN: usize>(bytes: &[u8]) -> Option<[u8; LEN]> {
    let mut address = [0; LEN];
    address.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(address)
}

fn wrong() -> Fault {
    Fault::invalid("catnip", "addresses and networks as RFC 9164 writes them, with nothing set behind their prefix")
}
