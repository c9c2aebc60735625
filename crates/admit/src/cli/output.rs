//! Standard output: words for people, or one JSON document for programs.

use std::io::{self, Write as _};

use serde_json::Value;

#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    json: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Tells the same thing in whichever way was asked for.
    pub(super) fn tell(self, value: &Value, words: impl FnOnce() -> Vec<String>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            return writeln!(out, "{value}");
        }
        words().iter().try_for_each(|line| writeln!(out, "{}", plain(line)))
    }
}

/// A stranger's title must not move the cursor or colour the terminal.
pub(super) fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\n', "\u{fffd}")
}

/// A member of a document as text; empty when it is not there.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{9b}c\r"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}");
    }
}
