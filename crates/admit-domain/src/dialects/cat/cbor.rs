//! CBOR (RFC 8949) as strictly as tokens need it: definite lengths, shortest heads, no key twice, a bounded depth.

use std::collections::BTreeMap;

use crate::limits::CBOR_DEPTH_MAX;

const INDEFINITE: u8 = 31;
const FALSE: u8 = 20;
const TRUE: u8 = 21;
const NULL: u8 = 22;
const HALF: u8 = 25;
const SINGLE: u8 = 26;
const DOUBLE: u8 = 27;

/// Why bytes are not read: what there should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected CBOR with {0}")]
pub(super) struct BadCbor(pub(super) &'static str);

/// One item, borrowed from the bytes it was read from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Int(i64),
    Float(f64),
    Bool(bool),
    Null,
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(Vec<Value<'a>>),
    Map(Map<'a>),
    Tag(u64, Box<Value<'a>>),
}

/// A map, whose order says nothing.
pub(super) type Map<'a> = BTreeMap<Key<'a>, Value<'a>>;

/// What may name a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key<'a> {
    Int(i64),
    Text(&'a str),
}

impl<'a> Value<'a> {
    /// Reads the one item that `bytes` are.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, BadCbor> {
        let mut reader = Reader { rest: bytes };
        let value = reader.value(0)?;
        if reader.rest.is_empty() { Ok(value) } else { Err(BadCbor("nothing behind the item")) }
    }

    /// The shortest spelling; floating-point numbers take eight bytes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Int(number) => write_int(out, *number),
            Self::Float(number) => {
                out.push(7 << 5 | DOUBLE);
                out.extend(number.to_be_bytes());
            }
            Self::Bool(truth) => out.push(7 << 5 | if *truth { TRUE } else { FALSE }),
            Self::Null => out.push(7 << 5 | NULL),
            Self::Bytes(bytes) => {
                write_head(out, 2, bytes.len() as u64);
                out.extend(*bytes);
            }
            Self::Text(text) => write_text(out, text),
            Self::Array(items) => {
                write_head(out, 4, items.len() as u64);
                for item in items {
                    item.write(out);
                }
            }
            Self::Map(map) => {
                write_head(out, 5, map.len() as u64);
                for (key, value) in map {
                    match key {
                        Key::Int(number) => write_int(out, *number),
                        Key::Text(text) => write_text(out, text),
                    }
                    value.write(out);
                }
            }
            Self::Tag(tag, value) => {
                write_head(out, 6, *tag);
                value.write(out);
            }
        }
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_head(out, 3, text.len() as u64);
    out.extend(text.as_bytes());
}

fn write_int(out: &mut Vec<u8>, number: i64) {
    // A negative number n is written as -1 - n, which is its complement.
    let major = u8::from(number < 0);
    write_head(out, major, if number < 0 { !number } else { number }.unsigned_abs());
}

fn write_head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let bytes = argument.to_be_bytes();
    let (info, width) = match argument {
        // Less than 24 stands in the head itself, which is the last of the eight bytes.
        0..24 => (bytes[7], 0),
        24..=0xff => (24, 1),
        0x100..=0xffff => (25, 2),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 8),
    };
    out.push(major << 5 | info);
    out.extend(&bytes[8 - width..]);
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Value<'a>, BadCbor> {
        if depth >= CBOR_DEPTH_MAX {
            return Err(BadCbor("fewer levels"));
        }
        let [head] = self.array()?;
        let (major, info) = (head >> 5, head & 31);
        if major == 7 {
            return self.simple(info);
        }
        let argument = self.argument(info)?;
        Ok(match major {
            0 => Value::Int(signed(argument)?),
            1 => Value::Int(!signed(argument)?),
            2 => Value::Bytes(self.take(argument)?),
            3 => Value::Text(self.text(argument)?),
            // Each item has a byte at least: a length that lies ends with the bytes, and nothing is set aside for it.
            4 => Value::Array((0..argument).map(|_| self.value(depth + 1)).collect::<Result<_, _>>()?),
            5 => Value::Map(self.map(argument, depth)?),
            _ => Value::Tag(argument, Box::new(self.value(depth + 1)?)),
        })
    }

    fn map(&mut self, entries: u64, depth: usize) -> Result<Map<'a>, BadCbor> {
        let mut map = BTreeMap::new();
        for _ in 0..entries {
            let key = match self.value(depth + 1)? {
                Value::Int(number) => Key::Int(number),
                Value::Text(text) => Key::Text(text),
                _ => return Err(BadCbor("keys that are integers or text")),
            };
            let value = self.value(depth + 1)?;
            if map.insert(key, value).is_some() {
                return Err(BadCbor("no key twice"));
            }
        }
        Ok(map)
    }

    /// The number behind a head: a value, a length, a count or a tag.
    fn argument(&mut self, info: u8) -> Result<u64, BadCbor> {
        let (argument, least) = match info {
            0..24 => return Ok(u64::from(info)),
            24 => (u64::from(u8::from_be_bytes(self.array()?)), 24),
            25 => (u64::from(u16::from_be_bytes(self.array()?)), 0x100),
            26 => (u64::from(u32::from_be_bytes(self.array()?)), 0x1_0000),
            27 => (u64::from_be_bytes(self.array()?), 0x1_0000_0000),
            INDEFINITE => return Err(BadCbor("definite lengths")),
            _ => return Err(BadCbor("heads that are in use")),
        };
        if argument < least { Err(BadCbor("heads as short as can be")) } else { Ok(argument) }
    }

    fn simple(&mut self, info: u8) -> Result<Value<'a>, BadCbor> {
        let number = match info {
            FALSE | TRUE => return Ok(Value::Bool(info == TRUE)),
            NULL => return Ok(Value::Null),
            HALF => half(u16::from_be_bytes(self.array()?)),
            SINGLE => f64::from(f32::from_be_bytes(self.array()?)),
            DOUBLE => f64::from_be_bytes(self.array()?),
            INDEFINITE => return Err(BadCbor("definite lengths")),
            _ => return Err(BadCbor("no simple values but true, false and null")),
        };
        let is_plain = number.is_finite() && !(number == 0.0 && number.is_sign_negative());
        if is_plain { Ok(Value::Float(number)) } else { Err(BadCbor("finite numbers, and no -0")) }
    }

    fn text(&mut self, length: u64) -> Result<&'a str, BadCbor> {
        str::from_utf8(self.take(length)?).map_err(|_| BadCbor("text in UTF-8"))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], BadCbor> {
        let split = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let (taken, rest) = split.ok_or(CUT_SHORT)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const LEN: usize>(&mut self) -> Result<[u8; LEN], BadCbor> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(CUT_SHORT)?;
        self.rest = rest;
        Ok(*taken)
    }
}

const CUT_SHORT: BadCbor = BadCbor("as many bytes as it announces");

fn signed(argument: u64) -> Result<i64, BadCbor> {
    i64::try_from(argument).map_err(|_| BadCbor("integers of 64 bits with their sign"))
}

/// A number of IEEE 754's sixteen bits: sign 1, exponent 5, fraction 10.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (bits >> 10 & 31, f64::from(bits & 0x3ff));
    let size = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (fraction + 1024.0) * 2f64.powi(i32::from(exponent) - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests;
