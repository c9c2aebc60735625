//! Which host a request is for. It must say so once, or twice the same.

use std::net::Ipv6Addr;

use http::{HeaderValue, Version, header, request::Parts};

use super::super::refusal::Refusal;

pub(super) fn check(parts: &Parts) -> Result<(), Refusal> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return Err(Refusal::HostTwice);
    }
    let target = parts.uri.authority();
    // HTTP/2 may name the host in `:authority` alone; HTTP/1 must name it in the header, whatever the target says.
    let is_named = host.is_some() || parts.version >= Version::HTTP_2 && target.is_some();
    if !is_named {
        return Err(Refusal::HostMissing);
    }
    let spellings = [host.map(HeaderValue::as_bytes), target.map(|target| target.as_str().as_bytes())];
    if !spellings.iter().flatten().all(|spelling| is_well_formed(spelling)) {
        return Err(Refusal::HostMalformed);
    }
    match spellings {
        [Some(host), Some(target)] if !host.eq_ignore_ascii_case(target) => Err(Refusal::HostDisagrees),
        _ => Ok(()),
    }
}

/// `name`, `name:port`, `192.0.2.1:port` or `[2001:db8::1]:port`. No user, no path, no list, no escapes.
pub(crate) fn is_well_formed(text: &[u8]) -> bool {
    let (host_is_good, rest) = if let Some(inner) = text.strip_prefix(b"[") {
        let (address, rest) = inner.split_at(place_of(b']', inner));
        let Some(rest) = rest.strip_prefix(b"]") else { return false };
        (str::from_utf8(address).is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok()), rest)
    } else {
        let (name, rest) = text.split_at(place_of(b':', text));
        (is_name(name), rest)
    };
    host_is_good && (rest.is_empty() || rest.strip_prefix(b":").is_some_and(is_port))
}

/// Where a byte is first, or how many there are if it is nowhere.
fn place_of(byte: u8, text: &[u8]) -> usize {
    text.iter().position(|c| *c == byte).unwrap_or(text.len())
}

fn is_name(text: &[u8]) -> bool {
    const MAX_NAME_BYTES: usize = 253;
    (1..=MAX_NAME_BYTES).contains(&text.len())
        && text.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_'))
}

fn is_port(digits: &[u8]) -> bool {
    let port = digits.iter().try_fold(0_u32, |port, c| {
        c.is_ascii_digit().then(|| port.saturating_mul(10).saturating_add(u32::from(c - b'0')))
    });
    port.is_some_and(|port| (1..=u32::from(u16::MAX)).contains(&port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for good in [
            "a",
            "video.example.org",
            "a_b:8080",
            "127.0.0.1:1",
            "[::1]",
            "[2001:db8::1]:65535",
            "xn--bcher-kva.example",
        ] {
            assert!(is_well_formed(good.as_bytes()), "{good}");
        }
        for bad in [
            "",
            ":80",
            "a:",
            "a:0",
            "a:99999",
            "a:+80",
            "a:80:80",
            "u@a",
            "a,b",
            "a b",
            "a/evil?x",
            "a\\b",
            "a%41",
            "b\u{fc}cher",
            "[::1",
            "::1",
            "[::1]x",
            "[::g]",
            "[fe80::1%25eth0]",
            "a#b",
        ] {
            assert!(!is_well_formed(bad.as_bytes()), "{bad}");
        }
    }
}
