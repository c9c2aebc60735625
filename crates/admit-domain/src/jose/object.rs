//! The JSON objects of a token: its header and its claims.

use crate::{
    claims::Fault,
    json::{self, Bounds, Value},
    limits::{TOKEN_BYTES_MAX, TOKEN_JSON_DEPTH_MAX},
};

const BOUNDS: Bounds = Bounds { bytes: TOKEN_BYTES_MAX, depth: TOKEN_JSON_DEPTH_MAX };

/// The members of the object that `text` is; `part` is which of the two it is.
pub(super) fn read(text: &[u8], part: &'static str) -> Result<Vec<(String, Value)>, Fault> {
    match json::read(text, BOUNDS) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Fault::invalid(part, "one JSON object")),
        Err(bad) => Err(Fault::invalid(part, format!("one JSON object: {bad}"))),
    }
}

/// A stranger's name for something, fit for a log: quoted, escaped and cut.
pub(super) fn named(name: &str) -> String {
    const CHARS_MAX: usize = 64;
    format!("{:?}", name.chars().take(CHARS_MAX).collect::<String>())
}
