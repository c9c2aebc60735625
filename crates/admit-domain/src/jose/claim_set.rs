//! The claims of a token whose signature is right. Each is taken by its type; what nobody takes is unknown.

use super::object::{self, named};
use crate::{
    claims::Fault,
    id::VideoId,
    json::Value,
    limits::{TOKEN_ID_CHARS_MAX, TOKEN_LIST_MAX},
};

/// Claims that are still to be taken.
#[derive(Debug)]
pub(crate) struct ClaimSet(Vec<(String, Value)>);

impl ClaimSet {
    pub(super) fn read(text: &[u8]) -> Result<Self, Fault> {
        object::read(text, "claims").map(Self)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(index).1)
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, Fault> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Fault::invalid(name, "a string")),
        }
    }

    /// A string, or an array of at least one.
    pub(crate) fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, Fault> {
        let wanted = || Fault::invalid(name, "a string, or an array of 1 to 64 strings");
        let items = match self.take(name) {
            None => return Ok(None),
            Some(Value::String(text)) => return Ok(Some(vec![text])),
            Some(Value::Array(items)) if (1..=TOKEN_LIST_MAX).contains(&items.len()) => items,
            Some(_) => return Err(wanted()),
        };
        let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
        texts.collect::<Option<_>>().map(Some).ok_or_else(wanted)
    }

    pub(crate) fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Fault> {
        let value = self.take(name);
        value.map(|value| value.as_bool().ok_or_else(|| Fault::invalid(name, "true or false"))).transpose()
    }

    /// The token's own name.
    pub(crate) fn token_id(&mut self) -> Result<Option<String>, Fault> {
        let Some(id) = self.text("jti")? else { return Ok(None) };
        let fits = (1..=TOKEN_ID_CHARS_MAX).contains(&id.chars().count()) && !id.chars().any(char::is_control);
        if fits { Ok(Some(id)) } else { Err(Fault::invalid("jti", "1 to 128 printable characters")) }
    }

    /// The one video that a claim names.
    pub(crate) fn video(&mut self, name: &'static str) -> Result<VideoId, Fault> {
        let text = self.text(name)?;
        text.and_then(|text| text.parse().ok()).ok_or_else(|| Fault::invalid(name, "the id of a video"))
    }

    /// Every claim has been taken. Any other could be a restriction, which is not to be passed over.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => {
                Err(Fault::invalid("claims", format!("no claim {}, which is not known here", named(name))))
            }
        }
    }
}
