//! Settings of a dialect as lines of text, `name: value`: one spelling, bounded, and errors that name the line.

use std::fmt;

/// Bytes of all lines; the longest preset is a tenth of it.
const TEXT_BYTES_MAX: usize = 4_096;

/// Which line is wrong, and what would have been right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected {wanted}")]
pub struct BadLines {
    /// Counted from 1, below the line with the dialect's name.
    pub line: usize,
    pub wanted: &'static str,
}

/// The value of a line.
pub struct Value<'a> {
    line: usize,
    pub text: &'a str,
}

impl Value<'_> {
    pub const fn wants(&self, wanted: &'static str) -> BadLines {
        BadLines { line: self.line, wanted }
    }

    /// What `read` makes of the value.
    pub fn find<T>(&self, read: impl FnOnce(&str) -> Option<T>, wanted: &'static str) -> Result<T, BadLines> {
        read(self.text).ok_or_else(|| self.wants(wanted))
    }

    /// The value itself, where it is one.
    pub fn keep(&self, is_one: impl FnOnce(&str) -> bool, wanted: &'static str) -> Result<String, BadLines> {
        self.find(|text| is_one(text).then(|| text.to_owned()), wanted)
    }
}

/// Lines that have not been taken yet.
pub struct Lines<'a> {
    left: Vec<(usize, &'a str, &'a str)>,
    count: usize,
}

impl<'a> Lines<'a> {
    pub fn read(text: &'a str) -> Result<Self, BadLines> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(BadLines { line: 1, wanted: "at most 4096 bytes in all" });
        }
        let mut left = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let bad = BadLines { line: index + 1, wanted: "a name, a colon, a space and a value" };
            let (name, value) = line.split_once(": ").ok_or_else(|| bad.clone())?;
            if value.is_empty() || value.chars().any(char::is_control) {
                return Err(bad);
            }
            left.push((index + 1, name, value));
        }
        Ok(Self { count: left.len(), left })
    }

    /// Takes the first line of that name out.
    pub fn take(&mut self, name: &str) -> Option<Value<'a>> {
        let at = self.left.iter().position(|(_, known, _)| *known == name)?;
        let (line, _, text) = self.left.remove(at);
        Some(Value { line, text })
    }

    /// Takes out a line that must be there.
    pub fn need(&mut self, name: &str, wanted: &'static str) -> Result<Value<'a>, BadLines> {
        let line = self.count + 1;
        self.take(name).ok_or(BadLines { line, wanted })
    }

    /// Nothing may be left over: neither a name twice, nor one that means nothing.
    pub fn end(self) -> Result<(), BadLines> {
        match self.left.first() {
            None => Ok(()),
            Some((line, ..)) => Err(BadLines { line: *line, wanted: "a name that means something here, once" }),
        }
    }
}

impl fmt::Debug for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lines({} of {})", self.left.len(), self.count)
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value(line {})", self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_once_and_none_is_left() {
        let mut lines = Lines::read("a: 1\nb: 2: 3").unwrap();
        assert_eq!(lines.take("b").map(|value| value.text), Some("2: 3"));
        assert!(lines.take("b").is_none());
        assert_eq!(lines.need("c", "a c").unwrap_err(), BadLines { line: 3, wanted: "a c" });
        assert_eq!(lines.end().unwrap_err().line, 1);
        for (wrong, line) in [("a", 1), ("a: 1\nb:2", 2), ("a: ", 1), ("a: 1\n\nb: 2", 2), ("a: \u{7}", 1)] {
            assert_eq!(Lines::read(wrong).unwrap_err().line, line, "{wrong:?}");
        }
        assert!(Lines::read(&"a: 1\n".repeat(1_000)).is_err());
    }
}
