//! What a token says of itself. None of it is trusted: it only has to agree with the key.

use super::object::{self, named};
use crate::{claims::Fault, public_key::is_kid};

/// The members a header may have. `typ` may only be `JWT`.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) kid: Option<String>,
}

impl Header {
    pub(super) fn read(text: &[u8]) -> Result<Self, Fault> {
        // Neither names nor values of a header need escapes, and without them there is one spelling.
        if text.contains(&b'\\') {
            return Err(Fault::invalid("header", "JSON without escapes"));
        }
        let (mut alg, mut kid) = (None, None);
        for (name, value) in &object::read(text, "header")? {
            match (name.as_str(), value.as_str()) {
                ("alg", Some(text)) => alg = Some(text.to_owned()),
                ("alg", None) => return Err(Fault::invalid("alg", "a string")),
                ("kid", Some(text)) if is_kid(text) => kid = Some(text.to_owned()),
                ("kid", _) => return Err(Fault::invalid("kid", "a string of 1 to 64 letters, digits, `-` and `_`")),
                ("typ", Some("JWT")) => {}
                ("typ", _) => return Err(Fault::invalid("typ", "`JWT`, or no `typ` at all")),
                _ => return Err(Fault::invalid("header", format!("only alg, typ and kid, and not {}", named(name)))),
            }
        }
        let alg = alg.ok_or_else(|| Fault::invalid("alg", "the algorithm of the key"))?;
        Ok(Self { alg, kid })
    }
}
