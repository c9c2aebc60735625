//! Lists as sentences write them.

use std::fmt;

/// "a, b or c", with the word that stands before the last.
pub(super) struct Listed<I>(pub I, pub &'static str);

impl<I> fmt::Display for Listed<I>
where
    I: Copy + IntoIterator,
    I::IntoIter: ExactSizeIterator,
    I::Item: fmt::Display,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = self.0.into_iter();
        let last = items.len().saturating_sub(1);
        for (at, item) in items.enumerate() {
            match at {
                0 => write!(f, "{item}")?,
                at if at == last => write!(f, " {} {item}", self.1)?,
                _ => write!(f, ", {item}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_with_a_word() {
        for (items, text) in [(&[][..], ""), (&["a"], "a"), (&["a", "b"], "a or b"), (&["a", "b", "c"], "a, b or c")] {
            assert_eq!(Listed(items, "or").to_string(), text);
        }
    }
}
