//! A path has one spelling. What a router, a log or a proxy could decode into another path is refused, never repaired.

use super::super::refusal::Refusal;

/// First segments under which videos are delivered. There a second spelling could dodge a revocation or a rule of a proxy
/// in front, so not even the leading `//` of a careless client is forgiven.
const DELIVERY_ROOTS: [&str; 7] = ["s", "u", "vod", "embed", "live", "w", "api"];

pub(super) fn check(path: &str) -> Result<(), Refusal> {
    let Some(rest) = path.strip_prefix('/') else { return Err(Refusal::TargetForm) };
    if !path.bytes().all(|c| c.is_ascii_graphic() && c != b'\\') {
        return Err(Refusal::PathBytes);
    }
    let segments = rest.strip_prefix('/').filter(|rest| is_management(rest)).unwrap_or(rest);
    check_escapes(segments)?;
    // A trailing slash leaves one empty segment at the end, and the router has no such route.
    let inner = segments.strip_suffix('/').unwrap_or(segments);
    let canonical = inner.is_empty() && segments.is_empty()
        || inner.split('/').all(|segment| !segment.is_empty() && !segment.bytes().all(|c| c == b'.'));
    if canonical { Ok(()) } else { Err(Refusal::PathNotCanonical) }
}

fn is_management(rest: &str) -> bool {
    let root = rest.split('/').next().unwrap_or_default();
    !root.is_empty() && !DELIVERY_ROOTS.contains(&root)
}

/// Every `%` begins an escape of a byte that needs one; what is decoded is UTF-8 without separators or controls.
fn check_escapes(text: &str) -> Result<(), Refusal> {
    if !text.contains('%') {
        return Ok(());
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let (Some(high), Some(low)) = (bytes.next().and_then(nibble), bytes.next().and_then(nibble)) else {
            return Err(Refusal::PathEscape);
        };
        match high << 4 | low {
            b'/' | b'\\' => return Err(Refusal::PathEscape),
            control if control.is_ascii_control() => return Err(Refusal::PathEscape),
            c if c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~') => {
                return Err(Refusal::PathNotCanonical);
            }
            other => decoded.push(other),
        }
    }
    // An overlong or broken sequence is read differently by every decoder.
    std::str::from_utf8(&decoded).map(drop).map_err(|_| Refusal::PathEscape)
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use Refusal::{PathBytes, PathEscape, PathNotCanonical, TargetForm};

    use super::*;

    #[test]
    fn one_spelling_passes() {
        for path in [
            "/",
            "/videos",
            "/videos/",
            "//videos",
            "//videos/vi1/source",
            "/vod/vi1/token/c77d/hls/manifest.m3u8",
            "/a.b..c",
            "/a%20b",
            "/a;b=c",
            "/a,b",
            "/caf%C3%A9",
            "/%25",
            "/%ef%bc%8e",
            "/@:!$&'()*+=~",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for (path, refusal) in [
            ("*", TargetForm),
            ("", TargetForm),
            ("/a\\b", PathBytes),
            ("/caf\u{e9}", PathBytes),
            ("/.", PathNotCanonical),
            ("/..", PathNotCanonical),
            ("/...", PathNotCanonical),
            ("/a/../b", PathNotCanonical),
            ("/a/./b", PathNotCanonical),
            ("/a//b", PathNotCanonical),
            ("/a//", PathNotCanonical),
            ("//", PathNotCanonical),
            ("///videos", PathNotCanonical),
            ("//vod/vi1", PathNotCanonical),
            ("//s/handle", PathNotCanonical),
            ("/%2e%2e/a", PathNotCanonical),
            ("/%2E./a", PathNotCanonical),
            ("/.%2e/a", PathNotCanonical),
            ("/%54", PathNotCanonical),
            ("/a%2fb", PathEscape),
            ("/a%5Cb", PathEscape),
            ("/a%00", PathEscape),
            ("/a%0d%0ab", PathEscape),
            ("/a%7f", PathEscape),
            ("/a%zz", PathEscape),
            ("/a%", PathEscape),
            ("/a%2", PathEscape),
            ("/%u002e", PathEscape),
            ("/%c0%ae", PathEscape),
            ("/%ff", PathEscape),
        ] {
            assert_eq!(check(path), Err(refusal), "{path}");
        }
    }
}
