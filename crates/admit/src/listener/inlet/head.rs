//! Judges the head of an HTTP/1 request as it lies on the wire, where nothing has been tidied away yet.

use http::Uri;

use super::super::{
    limits::{MAX_HEADER_COUNT, MAX_URI_BYTES},
    refusal::Refusal,
};

/// How much belongs to a request after its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Nothing,
    Sized(u64),
    Chunked,
}

/// Where the head ends: after the first empty line. `searched` bytes were looked at before. A line that ends with a bare
/// line feed counts here, so that `judge` gets to see and refuse it.
pub(super) fn end(raw: &[u8], searched: usize) -> Option<usize> {
    let from = searched.saturating_sub(2);
    let mut at = from;
    while let Some(feed) = raw[at..].iter().position(|c| *c == b'\n') {
        let after = at + feed + 1;
        match raw.get(after..) {
            Some([b'\n', ..]) => return Some(after + 1),
            Some([b'\r', b'\n', ..]) => return Some(after + 2),
            _ => at = after,
        }
    }
    // A head that begins with its empty line.
    if raw.starts_with(b"\r\n") { Some(2) } else { None }
}

/// Which of its parts makes an unfinished head too large.
pub(super) fn overlong(raw: &[u8]) -> Refusal {
    if raw.iter().take(MAX_URI_BYTES).any(|c| *c == b'\n') { Refusal::HeadTooLarge } else { Refusal::UriTooLong }
}

pub(super) fn judge(head: &[u8]) -> Result<Framing, Refusal> {
    let mut lines = head.split(|c| *c == b'\n').map(|line| line.strip_suffix(b"\r").ok_or(Refusal::BareLineFeed));
    let version = judge_request_line(lines.next().ok_or(Refusal::RequestLine)??)?;
    let mut framing = Header::default();
    let mut count = 0;
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        count += 1;
        if count > MAX_HEADER_COUNT {
            return Err(Refusal::TooManyHeaders);
        }
        judge_header(line, &mut framing)?;
    }
    match framing {
        Header { length: Some(_), chunked: true } => Err(Refusal::LengthAndChunked),
        Header { chunked: true, .. } if version == Minor::Zero => Err(Refusal::TransferEncoding),
        Header { chunked: true, .. } => Ok(Framing::Chunked),
        Header { length: None | Some(0), .. } => Ok(Framing::Nothing),
        Header { length: Some(length), .. } => Ok(Framing::Sized(length)),
    }
}

/// What the headers say about the body.
#[derive(Default)]
struct Header {
    length: Option<u64>,
    chunked: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Minor {
    Zero,
    One,
}

/// `method SP target SP HTTP/1.x`, with single spaces and a target of visible ASCII.
fn judge_request_line(line: &[u8]) -> Result<Minor, Refusal> {
    let mut words = line.split(|c| *c == b' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Refusal::RequestLine);
    };
    if !is_token(method) || target.is_empty() || !target.iter().all(u8::is_ascii_graphic) {
        return Err(Refusal::RequestLine);
    }
    if target.len() > MAX_URI_BYTES {
        return Err(Refusal::UriTooLong);
    }
    // hyper cuts a fragment off in silence, and answers what it cannot parse itself, namelessly.
    if target.contains(&b'#') || Uri::try_from(target).is_err() {
        return Err(Refusal::RequestLine);
    }
    match version {
        b"HTTP/1.1" => Ok(Minor::One),
        b"HTTP/1.0" => Ok(Minor::Zero),
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor] if major.is_ascii_digit() && minor.is_ascii_digit() => {
            Err(Refusal::HttpVersion)
        }
        _ => Err(Refusal::RequestLine),
    }
}

/// `name: value`. A line that begins with a blank continues the one before in some readers' eyes, so it is refused.
fn judge_header(line: &[u8], framing: &mut Header) -> Result<(), Refusal> {
    let colon = line.iter().position(|c| *c == b':').ok_or(Refusal::HeaderLine)?;
    let (name, value) = (&line[..colon], trim_blanks(&line[colon + 1..]));
    let is_text = value.iter().all(|c| *c == b'\t' || !c.is_ascii_control());
    if !is_token(name) || !is_text {
        return Err(Refusal::HeaderLine);
    }
    if name.eq_ignore_ascii_case(b"content-length") {
        if framing.length.is_some() {
            return Err(Refusal::ContentLength);
        }
        framing.length = Some(decimal(value).ok_or(Refusal::ContentLength)?);
    } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
        if framing.chunked || !value.eq_ignore_ascii_case(b"chunked") {
            return Err(Refusal::TransferEncoding);
        }
        framing.chunked = true;
    }
    Ok(())
}

fn trim_blanks(text: &[u8]) -> &[u8] {
    let is_text = |c: &u8| !matches!(c, b' ' | b'\t');
    match (text.iter().position(is_text), text.iter().rposition(is_text)) {
        (Some(first), Some(last)) => &text[first..=last],
        _ => &[],
    }
}

fn decimal(text: &[u8]) -> Option<u64> {
    let is_decimal = text.iter().all(u8::is_ascii_digit);
    is_decimal.then(|| std::str::from_utf8(text).ok()?.parse().ok()).flatten()
}

fn is_token(text: &[u8]) -> bool {
    let is_token_char = |c: &u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.iter().all(is_token_char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_at_its_first_empty_line_however_it_arrives() {
        for (raw, whole) in [
            ("GET / HTTP/1.1\r\nhost: a\r\n\r\nrest", 27),
            ("GET / HTTP/1.1\n\nrest", 16),
            ("GET / HTTP/1.1\r\nhost: a\n\r\nrest", 26),
            ("\r\nGET", 2),
        ] {
            assert_eq!(end(raw.as_bytes(), 0), Some(whole), "{raw:?}");
            let first = (1..=raw.len()).find(|length| end(&raw.as_bytes()[..*length], length - 1).is_some());
            assert_eq!(first, Some(whole), "byte by byte: {raw:?}");
        }
    }

    #[test]
    fn framing() {
        for (headers, expected) in [
            ("", Ok(Framing::Nothing)),
            ("Content-Length: 0\r\n", Ok(Framing::Nothing)),
            ("content-length:\t7 \r\n", Ok(Framing::Sized(7))),
            ("Transfer-Encoding: Chunked\r\n", Ok(Framing::Chunked)),
            ("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", Err(Refusal::LengthAndChunked)),
            ("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", Err(Refusal::LengthAndChunked)),
            ("Content-Length: 1\r\nContent-Length: 1\r\n", Err(Refusal::ContentLength)),
            ("Content-Length: 18446744073709551616\r\n", Err(Refusal::ContentLength)),
            ("Content-Length:\r\n", Err(Refusal::ContentLength)),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", Err(Refusal::TransferEncoding)),
            ("X: a\r\r\n", Err(Refusal::HeaderLine)),
            ("X: a\rb\r\n", Err(Refusal::HeaderLine)),
            ("Transfer-Encoding\r\n", Err(Refusal::HeaderLine)),
            (" folded\r\n", Err(Refusal::HeaderLine)),
        ] {
            let head = format!("POST / HTTP/1.1\r\n{headers}\r\n");
            assert_eq!(judge(head.as_bytes()), expected, "{headers:?}");
        }
    }
}
