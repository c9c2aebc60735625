//! The matches that `catu` and `cath` are made of (CTA-5007-B): each one a way for a text to be as it should.

use sha2::{Digest, Sha256, Sha512_256};

use super::cbor::{Key, Value};
use crate::{claims::Fault, secret::hex};

/// One demand on a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match<'a> {
    Exact(&'a str),
    Prefix(&'a str),
    Suffix(&'a str),
    Contains(&'a str),
    Sha256(Hash<'a>),
    Sha512256(Hash<'a>),
}

/// A digest, which some issuers write as bytes and others as its lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash<'a> {
    Bytes(&'a [u8]),
    Digits(&'a str),
}

/// The claim that matches stand in, and how it is called where one of them is a regular expression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    pub(super) claim: &'static str,
    pub(super) regex: &'static str,
}

/// All demands of a map `{match → value}`. A demand that cannot be judged is a fault, and so is demanding nothing.
pub(super) fn parse<'a>(value: &Value<'a>, names: Names) -> Result<Vec<Match<'a>>, Fault> {
    let wrong = || Fault::invalid(names.claim, "maps from kinds of match to what is to be matched");
    let Value::Map(map) = value else { return Err(wrong()) };
    if map.is_empty() {
        return Err(wrong());
    }
    map.iter()
        .map(|(kind, value)| match (kind, value) {
            (Key::Int(0), Value::Text(text)) => Ok(Match::Exact(text)),
            (Key::Int(1), Value::Text(text)) => Ok(Match::Prefix(text)),
            (Key::Int(2), Value::Text(text)) => Ok(Match::Suffix(text)),
            (Key::Int(3), Value::Text(text)) => Ok(Match::Contains(text)),
            (Key::Int(4), _) => Err(Fault::invalid(names.regex, "no regular expression: none is evaluated here")),
            (Key::Int(-1), value) => hash(value).map(Match::Sha256).ok_or_else(wrong),
            (Key::Int(-2), value) => hash(value).map(Match::Sha512256).ok_or_else(wrong),
            _ => Err(wrong()),
        })
        .collect()
}

impl Match<'_> {
    pub(super) fn holds(&self, subject: &str) -> bool {
        match self {
            Self::Exact(text) => subject == *text,
            Self::Prefix(text) => subject.starts_with(text),
            Self::Suffix(text) => subject.ends_with(text),
            Self::Contains(text) => subject.contains(text),
            Self::Sha256(hash) => hash.is(&Sha256::digest(subject)),
            Self::Sha512256(hash) => hash.is(&Sha512_256::digest(subject)),
        }
    }
}

impl Hash<'_> {
    fn is(&self, digest: &[u8]) -> bool {
        match self {
            Self::Bytes(bytes) => *bytes == digest,
            Self::Digits(digits) => *digits == hex(digest),
        }
    }
}

fn hash<'a>(value: &Value<'a>) -> Option<Hash<'a>> {
    match value {
        Value::Bytes(bytes) => Some(Hash::Bytes(bytes)),
        Value::Text(digits) => Some(Hash::Digits(digits)),
        _ => None,
    }
}
