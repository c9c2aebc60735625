//! PEM (RFC 7468): keys as text. One spelling of each block, and nothing else around it.

use base64::{Engine, engine::general_purpose::STANDARD};

/// A block: what it says it holds, and the DER within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block<T> {
    pub label: &'static str,
    pub der: T,
}

/// Reads the text as one block of one of these labels.
pub(crate) fn read(text: &str, labels: &[&'static str]) -> Option<Block<Vec<u8>>> {
    let text = text.trim_ascii();
    let within = |label: &'static str| {
        let rest = text.strip_prefix("-----BEGIN ")?.strip_prefix(label)?.strip_prefix("-----")?;
        let body = rest.strip_suffix("-----")?.strip_suffix(label)?.strip_suffix("-----END ")?;
        Some((label, body))
    };
    let (label, body) = labels.iter().find_map(|label| within(label))?;
    let letters: String = body.split_ascii_whitespace().collect();
    Some(Block { label, der: STANDARD.decode(letters).ok()? })
}

/// Spells a block, 64 letters a line.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    let letters = STANDARD.encode(der);
    let lines: Vec<&str> = letters.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
