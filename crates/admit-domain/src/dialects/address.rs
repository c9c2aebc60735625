//! What the dialects of signed addresses ask of an address: whom it names, what covers it, and when it ends.

use std::{net::IpAddr, time::Duration};

use crate::{claims::Fault, id::VideoId, network::Network, time::Timestamp};

/// Digits of a time in seconds, from 2001 to 2286. Signed texts in which a time stands beside something else would be
/// ambiguous if its length could vary.
pub(crate) const SECONDS_DIGITS: usize = 10;

/// Judges what a signature covers, a path or a pattern of paths: it must name one video, whole, between slashes.
/// `/vod/vi1` is no word for `/vod/vi12`, and `/vod/` or `/*` would open every video there is.
pub(crate) fn judge_scope(scope: &str, video: &VideoId, field: &'static str) -> Result<(), Fault> {
    let mut named = scope.split('/').filter_map(|part| part.parse::<VideoId>().ok());
    match (named.next(), named.next()) {
        (Some(named), None) if named == *video => Ok(()),
        (Some(_), None) => Err(Fault::other_video(field)),
        _ => Err(Fault::invalid(field, "a path that names one video, whole, between slashes")),
    }
}

/// Are the bytes of `path` such that they need no escape? Ours are. Others would let a signer and us differ on what
/// was signed, and carry the padding by which a bare hash of a secret can be extended.
pub(crate) fn is_plain(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.starts_with('/') && path.bytes().all(plain)
}

/// Does `prefix` cover `path`, up to a slash?
pub(crate) fn covers(prefix: &str, path: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || prefix.ends_with('/') || rest.starts_with('/'))
}

/// Which of a pattern's characters stand for others. `*` is any run of characters, slashes among them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wild {
    Star,
    /// `?` is any one character.
    StarAndQuestion,
}

/// Does `pattern` match the whole of `text`? Time grows with the product of their lengths, which are bounded.
pub(crate) fn matches(pattern: &str, text: &str, wild: Wild) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut seen, mut star) = (0, 0, None);
    while let Some(byte) = text.get(seen) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(b'?') if wild == Wild::StarAndQuestion => (at, seen) = (at + 1, seen + 1),
            Some(other) if other == byte => (at, seen) = (at + 1, seen + 1),
            // The last star takes one more character, and what follows it is tried again.
            _ => match star {
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    (at, seen) = (star_at + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|byte| *byte == b'*')
}

/// A count of seconds in its one spelling: decimal, no sign, no leading zeros, and of the usual length.
pub(crate) fn seconds(text: &str) -> Option<Timestamp> {
    let is_canonical =
        text.len() == SECONDS_DIGITS && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    is_canonical.then(|| text.parse().ok().map(Timestamp::from_secs)).flatten()
}

/// The spelling that [`seconds`] reads; `None` for times that have none.
pub(crate) fn spell_seconds(at: Timestamp) -> Option<String> {
    let text = at.as_secs().to_string();
    seconds(&text).is_some().then_some(text)
}

/// Has the credential not ended, and does it end soon enough?
pub(crate) fn judge_end(
    end: Timestamp,
    now: Timestamp,
    longest: Option<Duration>,
    field: &'static str,
) -> Result<(), Fault> {
    if end <= now {
        return Err(Fault::invalid(field, "a time that is not past"));
    }
    match longest {
        Some(longest) if end > now.plus(longest) => {
            Err(Fault::invalid(field, format!("a time within {} hours, for so weak a hash", longest.as_secs() / 3_600)))
        }
        _ => Ok(()),
    }
}

/// The name and the undecoded value of each query parameter, in their order.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Names that players and our own pages add to an address after it was signed.
pub(crate) fn is_added_by_players(name: &str) -> bool {
    name.starts_with("_HLS_") || name == "CMCD" || name == "avh"
}

/// The network of all addresses that share the first bits of this one: 32 of IPv4 or `v6_bits` of IPv6.
pub(crate) fn network_of(ip: IpAddr, v6_bits: u8) -> Option<Network> {
    match ip.to_canonical() {
        v4 @ IpAddr::V4(_) => Some(Network::host(v4)),
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(v6_bits)).unwrap_or(0);
            format!("{}/{v6_bits}", std::net::Ipv6Addr::from_bits(v6.to_bits() & mask)).parse().ok()
        }
    }
}

#[cfg(test)]
mod tests;
