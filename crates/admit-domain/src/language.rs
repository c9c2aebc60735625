//! A language as a tag names it: `fr`, `fr-BE`, `sr-Cyrl`.

mod names;

use std::{fmt, str::FromStr};

use self::names::NAMES;

/// Why a text names no language; api.video's own sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLanguage {
    #[error("The \"language\" attribute must contain only letters and dashes (for example \"fr\", \"fr-BE\").")]
    Spelling,
    #[error("The \"language\" attribute is not valid.")]
    Unknown,
}

/// A language tag of letters and dashes, in the case in which it was written. It lies in addresses and playlists as
/// it is, so it must need no escape in either.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Language {
    bytes: [u8; Self::BYTES_MAX],
    len: u8,
}

impl Language {
    /// RFC 5646 §4.4.1 asks for room for this much.
    pub const BYTES_MAX: usize = 35;

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }

    /// The same for every spelling of the same tag.
    pub fn folded(&self) -> String {
        self.as_str().to_ascii_lowercase()
    }

    /// What those who speak it call it, and what the tag says beyond that: `Français`, `Français (BE)`.
    pub fn name(&self) -> String {
        let (primary, rest) = self.as_str().split_once('-').unwrap_or((self.as_str(), ""));
        let name = name_of(primary).unwrap_or(primary);
        if rest.is_empty() { name.to_owned() } else { format!("{name} ({rest})") }
    }
}

impl FromStr for Language {
    type Err = BadLanguage;

    fn from_str(text: &str) -> Result<Self, BadLanguage> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-') {
            return Err(BadLanguage::Spelling);
        }
        let mut subtags = text.split('-');
        let is_known = subtags.next().and_then(name_of).is_some();
        if !is_known || text.len() > Self::BYTES_MAX || !subtags.all(|subtag| (2..=8).contains(&subtag.len())) {
            return Err(BadLanguage::Unknown);
        }
        let mut bytes = [0; Self::BYTES_MAX];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { bytes, len: u8::try_from(text.len()).map_err(|_| BadLanguage::Unknown)? })
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn name_of(primary: &str) -> Option<&'static str> {
    let folded = primary.to_ascii_lowercase();
    let at = NAMES.binary_search_by_key(&folded.as_str(), |(code, _)| *code).ok()?;
    NAMES.get(at).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_kept_as_it_was_written() {
        for (text, folded, name) in [
            ("fr", "fr", "Français"),
            ("FR", "fr", "Français"),
            ("fr-BE", "fr-be", "Français (BE)"),
            ("zh-Hans-CN", "zh-hans-cn", "中文 (Hans-CN)"),
            ("yue", "yue", "粵語"),
        ] {
            let language: Language = text.parse().expect("a language");
            assert_eq!((language.as_str(), language.folded(), language.name()), (text, folded.into(), name.into()));
        }
    }

    #[test]
    fn what_is_none_is_refused_in_the_words_of_the_dialect() {
        for text in ["", "fr_BE", "fr BE", "es-419", "fr.vtt", "../fr", "\u{e9}s", "\"en\""] {
            assert_eq!(text.parse::<Language>(), Err(BadLanguage::Spelling), "{text:?}");
        }
        let long = format!("en{}", "-abcdefgh".repeat(4));
        for text in ["xx", "x", "-", "fr-", "-fr", "fr--BE", "fr-B", "fr-abcdefghi", "english", &long] {
            assert_eq!(text.parse::<Language>(), Err(BadLanguage::Unknown), "{text:?}");
        }
    }

    #[test]
    fn the_names_can_be_found_and_quoted() {
        assert!(NAMES.is_sorted_by_key(|(code, _)| *code));
        assert!(NAMES.iter().all(|(_, name)| !name.contains(['"', '<', '&', '\n'])));
    }
}
