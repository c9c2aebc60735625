//! A plain head is read as it is, and nothing else is plain.

use super::{
    super::{super::strict, head},
    *,
};

const PATH: &str = "/s/handle/vi/hls/master.m3u8";

fn head(headers: &str) -> String {
    format!("GET {PATH} HTTP/1.1\r\nHost: a.example:80\r\n{headers}\r\n")
}

#[test]
fn a_plain_head_is_read_whole() {
    let browser = head(
        "ORIGIN: https://shop.example\r\nreferer:  https://shop.example/a b \r\nUser-Agent: Mozilla/5.0 (X)\r\n\
         Accept: */*\r\nConnection: Keep-Alive\r\nSec-Fetch-Dest: empty\r\nX:\r\n",
    );
    let raw = format!("{browser}GET /next");
    let read = read(raw.as_bytes()).expect("it is plain");
    assert_eq!((read.bytes, read.asked.is_head), (browser.len(), false));
    let Asked { path, host, origin, referrer, agent, .. } = read.asked;
    assert_eq!((path, host, agent), (PATH, "a.example:80", "Mozilla/5.0 (X)"));
    assert_eq!((origin, referrer), (Some("https://shop.example"), Some("https://shop.example/a b")));
    for length in 0..browser.len() {
        assert_eq!(super::read(&browser.as_bytes()[..length]), None, "the first {length} bytes");
    }
    let asked = super::read(b"HEAD /u/1 HTTP/1.1\r\nhost: a\r\n\r\n").expect("it is plain");
    assert!(asked.asked.is_head && asked.asked.agent.is_empty());
}

#[test]
fn whatever_is_not_plain_is_left_to_others() {
    for header in [
        "Content-Length: 0",
        "content-length: 1",
        "Transfer-Encoding: chunked",
        "Content-Encoding: identity",
        "Expect: 100-continue",
        "Upgrade: h2c",
        "HTTP2-Settings: x",
        "Connection: close",
        "Connection: keep-alive, upgrade",
        "TE: trailers",
        "Trailer: x",
        "Early-Data: 1",
        "Range: bytes=0-1",
        "If-Range: \"x\"",
        "If-Match: *",
        "IF-NONE-MATCH: *",
        "If-Modified-Since: x",
        "If-Unmodified-Since: x",
        "Host: a.example:80",
        "Host : a",
        "X : a",
        ": a",
        "X",
        " folded: a",
        "X: tab\tbed",
        "X: caf\u{e9}",
        "X: \u{7f}",
        "X: \0",
        "X: a\rb",
        "X: a\nY: b",
        "Origin: a\r\nOrigin: a",
        "User-Agent: a\r\nuser-agent: b",
    ] {
        assert_eq!(read(head(&format!("{header}\r\n")).as_bytes()), None, "{header:?}");
    }
    for line in [
        "POST /s/a HTTP/1.1",
        "get /s/a HTTP/1.1",
        "GET /s/a HTTP/1.0",
        "GET /s/a HTTP/1.1 ",
        "GET  /s/a HTTP/1.1",
        "GET http://a/s/a HTTP/1.1",
        "GET //s/a HTTP/1.1",
        "GET /embed/a HTTP/1.1",
        "GET /u/a b/c HTTP/1.1",
        "GET /u/%zz/c HTTP/1.1",
        "GET /u/a?b HTTP/1.1",
        "GET /u/a#b HTTP/1.1",
        "GET /u/../c HTTP/1.1",
        "GET /u/./c HTTP/1.1",
        "GET /u//c HTTP/1.1",
        "GET /s/a",
        " GET /s/a HTTP/1.1",
        "\r\nGET /s/a HTTP/1.1",
    ] {
        assert_eq!(read(format!("{line}\r\nHost: a\r\n\r\n").as_bytes()), None, "{line:?}");
    }
    for raw in ["GET /s/a HTTP/1.1\r\n\r\n", "GET /s/a HTTP/1.1\r\nHost: a/b\r\n\r\n", "GET /s/a HTTP/1.1\nHost: a\n\n"]
    {
        assert_eq!(read(raw.as_bytes()), None, "{raw:?}");
    }
    let long = |chars: usize| format!("GET /u/{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(chars - 3));
    assert!(read(long(MAX_URI_BYTES).as_bytes()).is_some());
    assert_eq!(read(long(MAX_URI_BYTES + 1).as_bytes()), None);
    let many = "X: a\r\n".repeat(MAX_HEADER_COUNT);
    assert!(read(head(&many[6..]).as_bytes()).is_some(), "as many as there may be");
    assert_eq!(read(head(&many).as_bytes()), None);
    let large = format!("X: {}\r\n", "a".repeat(MAX_HEADER_BYTES));
    assert_eq!(read(head(&large).as_bytes()), None);
}

/// Whatever one byte does to a head: what is still plain is what the long way lets through too.
#[test]
fn nothing_is_plain_that_the_strict_check_refuses() {
    let whole = head("User-Agent: Mozilla\r\nOrigin: https://a.example\r\n");
    let mut plain = 0;
    for at in 0..whole.len() {
        for byte in 0..=u8::MAX {
            let mut raw = whole.clone().into_bytes();
            raw[at] = byte;
            let Some(read) = read(&raw) else { continue };
            plain += 1;
            let told = || String::from_utf8_lossy(&raw).into_owned();
            assert_eq!(read.bytes, raw.len(), "{}", told());
            assert_eq!(head::end(&raw, 0), Some(raw.len()), "{}", told());
            assert!(head::judge(&raw).is_ok(), "{}", told());
            let request = http::Request::builder().uri(read.asked.path).header("host", read.asked.host);
            assert_eq!(strict::check(&request.body(()).expect("a request").into_parts().0), Ok(()), "{}", told());
        }
    }
    assert!(plain > 1_000, "{plain}");
}

#[test]
fn text_ends_where_it_ends() {
    let is_text = |byte: &u8| matches!(byte, b' '..=b'~');
    for byte in 0..=u8::MAX {
        for at in 0..20 {
            for other in [b' ', b'~', b'a'] {
                let mut raw = [other; 20];
                raw[at] = byte;
                let expected = raw.iter().take_while(|byte| is_text(byte)).count();
                assert_eq!(text_bytes(&raw), expected, "{byte} at {at} among {other}");
            }
        }
    }
    assert_eq!(text_bytes(b"\x1f\x1f\x7f\x80\xff\0\r\n"), 0);
}
