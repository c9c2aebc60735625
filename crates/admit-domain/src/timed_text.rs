//! A text that goes along with a film, in one language: captions, or chapters.

use crate::{id::Edition, language::Language};

/// What the text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextKind {
    Captions,
    Chapters,
}

impl TextKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Captions => "captions",
            Self::Chapters => "chapters",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Captions, Self::Chapters].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One text of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedText {
    pub kind: TextKind,
    pub language: Language,
    pub edition: Edition,
    /// Shown unless the viewer chooses otherwise; of a video's captions at most one is.
    pub is_default: bool,
}

/// Does it begin as a `WebVTT` file must, and is it text to its end?
pub fn is_webvtt(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webvtt_is_known_by_its_first_line() {
        let good = ["WEBVTT", "WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n", "\u{feff}WEBVTT - a title\r\n", "WEBVTT\tx"];
        assert!(good.iter().all(|text| is_webvtt(text.as_bytes())));
        let bad: [&[u8]; 7] = [
            b"",
            b"WEBVT",
            b"WEBVTTX",
            b"webvtt",
            b"\nWEBVTT",
            b"1\n00:00:00,000 --> 00:00:01,000\nHi",
            b"WEBVTT\n\xff",
        ];
        assert!(!bad.iter().any(|bytes| is_webvtt(bytes)));
    }
}
