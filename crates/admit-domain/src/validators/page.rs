//! A file that was written, and its name.

/// One file of a validator.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    pub name: &'static str,
    pub text: String,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The text holds keys.
        f.debug_struct("Page").field("name", &self.name).finish_non_exhaustive()
    }
}
