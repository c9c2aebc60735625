//! Requests with two readings: each would smuggle `GET /canary` past whoever reads it the other way (U12–U16).

/// Which request of the payload this is; the canary of payload 7 is `/canary7`.
fn canary(number: usize) -> String {
    format!("GET /canary{number} HTTP/1.1\r\nHost: a\r\n\r\n")
}

/// A payload that is to be refused, or read in the one way that leaves the canary where it is: in a body.
pub(super) struct Payload {
    pub(super) name: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// `{canary}` in a line is the hidden request, `{n}` the payload's number, `{length}` the bytes of the hidden request.
fn fill(number: usize, text: &str) -> Vec<u8> {
    let canary = canary(number);
    let filled = text
        .replace("{canary}", &canary)
        .replace("{length}", &canary.len().to_string())
        .replace("{hex}", &format!("{:x}", canary.len()))
        .replace("{n}", &number.to_string());
    // Above ASCII a `char` of the table is the byte of its number.
    filled.chars().map(|c| u8::try_from(u32::from(c)).expect("a byte")).collect()
}

pub(super) fn all() -> Vec<Payload> {
    let lengths = LENGTHS.iter().map(|(name, lines)| {
        (*name, format!("POST /p{{n}} HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n0\r\n\r\n{{canary}}"))
    });
    let chunks = CHUNKS.iter().map(|(name, body)| {
        let head = "POST /p{n} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        (*name, format!("{head}{body}"))
    });
    let whole = WHOLE.iter().map(|(name, text)| (*name, (*text).to_owned()));
    let numbered = lengths.chain(chunks).chain(whole).enumerate();
    numbered.map(|(number, (name, text))| Payload { name, bytes: fill(number, &text) }).collect()
}

/// Headers that disagree about where the body ends.
const LENGTHS: [(&str, &str); 34] = [
    ("length, chunked", "Content-Length: {length}\r\nTransfer-Encoding: chunked"),
    ("chunked, length", "Transfer-Encoding: chunked\r\nContent-Length: {length}"),
    ("chunked, short length", "Transfer-Encoding: chunked\r\nContent-Length: 4"),
    ("two lengths", "Content-Length: 5\r\nContent-Length: {length}"),
    ("the same length twice", "Content-Length: 5\r\nContent-Length: 5"),
    ("a list of lengths", "Content-Length: 5, 5"),
    ("a list of other lengths", "Content-Length: 5, {length}"),
    ("length with a plus", "Content-Length: +5"),
    ("length in hexadecimal", "Content-Length: 0x5"),
    ("length with an underscore", "Content-Length: 1_0"),
    ("length with a letter", "Content-Length: 5a"),
    ("length with a dot", "Content-Length: 5.0"),
    ("length below zero", "Content-Length: -5"),
    ("no length", "Content-Length: "),
    ("length of two words", "Content-Length: 5 5"),
    ("length beyond 64 bits", "Content-Length: 18446744073709551621"),
    ("length in quotes", "Content-Length: \"5\""),
    ("length with a space before its colon", "Content-Length : 5\r\nTransfer-Encoding: chunked"),
    ("encoding with a space before its colon", "Transfer-Encoding : chunked\r\nContent-Length: 5"),
    ("encoding with a tab before its colon", "Transfer-Encoding\t: chunked\r\nContent-Length: 5"),
    ("chunked behind a vertical tab", "Transfer-Encoding:\x0bchunked\r\nContent-Length: 5"),
    ("chunked behind a form feed", "Transfer-Encoding:\x0cchunked\r\nContent-Length: 5"),
    ("chunked behind a no-break space", "Transfer-Encoding: \u{a0}chunked\r\nContent-Length: 5"),
    ("chunked behind NUL", "Transfer-Encoding: \0chunked\r\nContent-Length: 5"),
    ("chunked, and NUL", "Transfer-Encoding: chunked\0\r\nContent-Length: 5"),
    ("chunked in quotes", "Transfer-Encoding: \"chunked\"\r\nContent-Length: 5"),
    ("chunked with a parameter", "Transfer-Encoding: chunked;q=1\r\nContent-Length: 5"),
    ("identity and chunked", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\nContent-Length: 5"),
    ("chunked, nonsense", "Transfer-Encoding: chunked, cow\r\nContent-Length: 5"),
    ("nonsense, chunked", "Transfer-Encoding: cow, chunked\r\nContent-Length: 5"),
    ("a comma and chunked", "Transfer-Encoding: ,chunked\r\nContent-Length: 5"),
    ("chunked, folded", "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5"),
    ("a length behind a bare line feed", "X: a\nContent-Length: 5\r\nTransfer-Encoding: chunked"),
    ("chunked behind a bare carriage return", "X: a\rTransfer-Encoding: chunked\r\nContent-Length: 5"),
];

/// Chunks that do not say where they end.
const CHUNKS: [(&str, &str); 22] = [
    ("size 0x", "0x{hex}\r\n{canary}\r\n0\r\n\r\n"),
    ("size plus", "+{hex}\r\n{canary}\r\n0\r\n\r\n"),
    ("size minus", "-1\r\n{canary}\r\n0\r\n\r\n"),
    ("size with an underscore", "0_0\r\n\r\n{canary}"),
    ("size with a space before", " 0\r\n\r\n{canary}"),
    ("size with a tab behind", "0\t\r\n\r\n{canary}"),
    ("no size", "\r\n\r\n{canary}"),
    ("size in letters", "zero\r\n\r\n{canary}"),
    ("size of 17 digits", "10000000000000000\r\n\r\n{canary}"),
    ("size that wraps to nothing", "FFFFFFFFFFFFFFFF0\r\n\r\n{canary}"),
    ("size of 33 digits", "000000000000000000000000000000000\r\n\r\n{canary}"),
    ("size and a comma", "0,{hex}\r\n\r\n{canary}"),
    ("size, then a bare line feed", "0\n\r\n{canary}"),
    ("size, then a bare carriage return", "0\r\r\n{canary}"),
    ("an end of bare line feeds", "0\r\n\n{canary}"),
    ("an extension with a bare line feed", "0;a\nb\r\n\r\n{canary}"),
    ("an extension with a bare carriage return", "0;a\rb\r\n\r\n{canary}"),
    ("an extension with NUL", "0;a\0\r\n\r\n{canary}"),
    ("more bytes than it said", "1\r\nab\r\n0\r\n\r\n{canary}"),
    ("no line end behind the bytes", "1\r\na0\r\n\r\n{canary}"),
    ("a trailer with a length", "0\r\nContent-Length: {length}\r\n\r\n{canary}"),
    ("a trailer that is folded", "0\r\nX: a\r\n b\r\n\r\n{canary}"),
];

/// Whatever else two readers read differently.
const WHOLE: [(&str, &str); 18] = [
    ("bare line feeds", "GET /p{n} HTTP/1.1\nHost: a\n\n{canary}"),
    ("a bare line feed among the headers", "GET /p{n} HTTP/1.1\r\nHost: a\nX: b\r\n\r\n{canary}"),
    ("folded", "GET /p{n} HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n{canary}"),
    ("folded at once", "GET /p{n} HTTP/1.1\r\n Host: a\r\n\r\n{canary}"),
    ("a line without a colon", "GET /p{n} HTTP/1.1\r\nHost: a\r\nGET /canary{n} HTTP/1.1\r\n\r\n{canary}"),
    ("a name with a space", "GET /p{n} HTTP/1.1\r\nHost: a\r\nX Y: a\r\n\r\n{canary}"),
    ("a name in brackets", "GET /p{n} HTTP/1.1\r\nHost: a\r\n(X): a\r\n\r\n{canary}"),
    ("a name above ASCII", "GET /p{n} HTTP/1.1\r\nHost: a\r\nX\u{ff}: a\r\n\r\n{canary}"),
    ("an empty name", "GET /p{n} HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n{canary}"),
    ("two hosts", "GET /p{n} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n{canary}"),
    ("another absolute host", "GET http://b/p{n} HTTP/1.1\r\nHost: a\r\n\r\n{canary}"),
    ("three words and a fourth", "GET /p{n} HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n{canary}"),
    ("a target with a space", "GET /p{n} x HTTP/1.1\r\nHost: a\r\n\r\n{canary}"),
    ("a version with a letter", "GET /p{n} HTTP/1.1a\r\nHost: a\r\n\r\n{canary}"),
    ("version 1.10", "GET /p{n} HTTP/1.10\r\nHost: a\r\n\r\n{canary}"),
    ("HTTP/0.9", "GET /p{n}\r\n\r\n{canary}"),
    ("chunked in HTTP/1.0", "POST /p{n} HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{canary}"),
    ("a tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n{canary}"),
];
