//! Reads the head of a plain request for media in one pass. It accepts less than `head::judge` and the strict check
//! together, and never more: whatever it does not know is theirs to judge.

use super::super::{
    limits::{MAX_HEADER_BYTES, MAX_HEADER_COUNT, MAX_URI_BYTES},
    shortcut::Asked,
    strict::host,
};

/// A head that was read, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plain<'a> {
    pub(super) asked: Asked<'a>,
    pub(super) bytes: usize,
}

/// What `raw` begins with, if it is whole and plain.
pub(super) fn read(raw: &[u8]) -> Option<Plain<'_>> {
    let raw = std::str::from_utf8(raw).ok()?;
    let (line, mut rest) = cut_line(raw)?;
    let line = line.strip_suffix(" HTTP/1.1")?;
    let (path, is_head) = match line.strip_prefix("GET ") {
        Some(path) => (path, false),
        None => (line.strip_prefix("HEAD ")?, true),
    };
    if !["/s/", "/u/", "/vod/"].iter().any(|place| path.starts_with(place)) || !is_of_ours(path) {
        return None;
    }
    let mut named = Named::default();
    for _ in 0..=MAX_HEADER_COUNT {
        if let Some(rest) = rest.strip_prefix("\r\n") {
            let bytes = raw.len() - rest.len();
            let Named { host, origin, referrer, agent } = named;
            let host = host.filter(|host| bytes <= MAX_HEADER_BYTES && host::is_well_formed(host.as_bytes()))?;
            let asked = Asked { is_head, path, host, origin, referrer, agent: agent.unwrap_or_default() };
            return Some(Plain { asked, bytes });
        }
        let (header, behind) = cut_line(rest)?;
        named.take(header)?;
        rest = behind;
    }
    None
}

/// Are these the letters of our addresses, in segments of which none is empty or begins with a dot? Whatever else may be
/// asked for, those who judge targets must see it.
#[expect(clippy::needless_bitwise_bool, reason = "without branches many letters are judged at once")]
fn is_of_ours(path: &str) -> bool {
    let path = path.as_bytes();
    let is_letter = |c: u8| c.is_ascii_alphanumeric() | (c == b'-') | (c == b'_') | (c == b'.') | (c == b'/');
    let begins_wrong = |(before, c): (&u8, &u8)| (*before == b'/') & ((*c == b'/') | (*c == b'.'));
    path.len() <= MAX_URI_BYTES
        && path.iter().fold(true, |all, c| all & is_letter(*c))
        && path.iter().zip(&path[1..]).fold(true, |all, pair| all & !begins_wrong(pair))
}

/// The headers that mean something here.
#[derive(Default)]
struct Named<'a> {
    host: Option<&'a str>,
    origin: Option<&'a str>,
    referrer: Option<&'a str>,
    agent: Option<&'a str>,
}

impl<'a> Named<'a> {
    /// `None` when the request is not plain.
    fn take(&mut self, header: &'a str) -> Option<()> {
        let length = header.bytes().take_while(|byte| IS_OF_NAME[usize::from(*byte)]).count();
        let (name, value) = header.split_at_checked(length)?;
        let value = value.strip_prefix(':').filter(|_| length > 0)?.trim_matches(' ');
        let mut lower = [0; NAME_BYTES_MAX];
        let Some(lower) = lower.get_mut(..length) else { return Some(()) };
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        let slot = match &*lower {
            b"host" => &mut self.host,
            b"origin" => &mut self.origin,
            b"referer" => &mut self.referrer,
            b"user-agent" => &mut self.agent,
            b"connection" => return value.eq_ignore_ascii_case("keep-alive").then_some(()),
            b"content-length"
            | b"transfer-encoding"
            | b"content-encoding"
            | b"trailer"
            | b"te"
            | b"expect"
            | b"upgrade"
            | b"http2-settings"
            | b"early-data"
            | b"range"
            | b"if-range"
            | b"if-match"
            | b"if-none-match"
            | b"if-modified-since"
            | b"if-unmodified-since" => return None,
            _ => return Some(()),
        };
        // Which of two would be meant is not for us to say.
        slot.replace(value).is_none().then_some(())
    }
}

/// The longest name of a header that means something here.
const NAME_BYTES_MAX: usize = 20;

/// The bytes of a header's name (RFC 9110 §5.6.2).
static IS_OF_NAME: [bool; 256] = {
    let mut is_of_name = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x7f {
        is_of_name[byte as usize] = byte.is_ascii_alphanumeric() || is_mark(byte);
        byte += 1;
    }
    is_of_name
};

const fn is_mark(byte: u8) -> bool {
    matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// A line of visible ASCII and spaces, and what follows its CR LF.
fn cut_line(raw: &str) -> Option<(&str, &str)> {
    let (line, rest) = raw.split_at_checked(text_bytes(raw.as_bytes()))?;
    Some((line, rest.strip_prefix("\r\n")?))
}

/// How many of the first bytes are visible ASCII or spaces: eight at a time, as heads are long.
fn text_bytes(raw: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    let (words, _) = raw.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The lowest mark is right; a borrow can only set false ones above it.
        let below_space = word.wrapping_sub(0x20 * ONES) & !word;
        let rubout = word ^ (0x7f * ONES);
        let is_rubout = rubout.wrapping_sub(ONES) & !rubout;
        let marks = (word | below_space | is_rubout) & HIGH;
        if marks != 0 {
            return index * 8 + marks.trailing_zeros() as usize / 8;
        }
    }
    let tail = words.len() * 8;
    tail + raw[tail..].iter().take_while(|byte| matches!(byte, b' '..=b'~')).count()
}

#[cfg(test)]
mod tests;
