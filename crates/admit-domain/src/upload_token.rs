//! Upload tokens: what a browser or a phone may show instead of an API key, to send a source and nothing else.
//!
//! api.video's shape, `to` and 22 base-62 characters, of which the first ten are chance and the rest are their MAC.
//! The text must be shown again whenever tokens are listed, so it is made anew from the part that is stored, which
//! by itself opens nothing.

use std::fmt;

use subtle::ConstantTimeEq;

use crate::{id::base62, secret::MacKey};

const PREFIX: &str = "to";
const ID_CHARS: usize = 10;
const TAG_CHARS: usize = 12;

/// The part of a token that is stored; no secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct UploadTokenId([u8; ID_CHARS]);

impl UploadTokenId {
    pub fn from_random(chance: [u8; ID_CHARS]) -> Self {
        Self(chance.map(base62))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The whole token: whoever has this text may upload.
    pub fn text(&self, key: &MacKey) -> String {
        let tag = self.tag(key);
        format!("{PREFIX}{}{}", self.as_str(), tag.map(char::from).iter().collect::<String>())
    }

    /// Reads a token; `None` when it is not one of ours. Whether it still counts is for the database to say.
    pub fn of_text(text: &str, key: &MacKey) -> Option<Self> {
        let (id, tag) = text.strip_prefix(PREFIX)?.as_bytes().split_at_checked(ID_CHARS)?;
        let id = Self::of_bytes(id)?;
        bool::from(id.tag(key).ct_eq(tag)).then_some(id)
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let id: [u8; ID_CHARS] = bytes.try_into().ok()?;
        id.iter().all(u8::is_ascii_alphanumeric).then_some(Self(id))
    }

    fn tag(&self, key: &MacKey) -> [u8; TAG_CHARS] {
        let tag = key.tag(&[&self.0]);
        std::array::from_fn(|at| base62(tag[at]))
    }
}

impl std::str::FromStr for UploadTokenId {
    type Err = crate::id::BadId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::of_bytes(text.as_bytes()).ok_or_else(|| crate::id::BadId::of("upload token"))
    }
}

impl fmt::Display for UploadTokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for UploadTokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn a_token_is_read_whole_or_not_at_all() {
        let key = Secret::new([1; 32]).mac();
        let id = UploadTokenId::from_random([9; 10]);
        let text = id.text(&key);
        assert_eq!(text.len(), 24);
        assert_eq!(UploadTokenId::of_text(&text, &key), Some(id));
        assert_eq!(UploadTokenId::of_text(&text, &Secret::new([2; 32]).mac()), None, "another installation's");
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'x' { b'y' } else { b'x' };
            let other = String::from_utf8(other).expect("ascii");
            assert_eq!(UploadTokenId::of_text(&other, &key), None, "{other}");
        }
        for wrong in ["", "to", &text[..23], &format!("{text}0"), "toé234567890123456789012"] {
            assert_eq!(UploadTokenId::of_text(wrong, &key), None, "{wrong:?}");
        }
    }
}
