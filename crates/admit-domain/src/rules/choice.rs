//! A choice among things of a closed list: only these, or all but these.

use std::{collections::BTreeSet, fmt};

use super::words::Listed;

/// Only some, or all but some. What is not known at all is in neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice<T: Ord> {
    Only(BTreeSet<T>),
    Except(BTreeSet<T>),
}

impl<T: Ord + Clone> Choice<T> {
    /// These and no others; of an empty list, none.
    pub fn only(items: impl IntoIterator<Item = T>) -> Self {
        Self::Only(items.into_iter().collect())
    }

    /// All but these.
    pub fn except(items: impl IntoIterator<Item = T>) -> Self {
        Self::Except(items.into_iter().collect())
    }

    pub fn contains(&self, item: &T) -> bool {
        match self {
            Self::Only(items) => items.contains(item),
            Self::Except(items) => !items.contains(item),
        }
    }

    /// What is in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Except(ours), Self::Except(theirs)) => Self::Except(ours | theirs),
            (Self::Only(items), choice) | (choice, Self::Only(items)) => {
                Self::only(items.iter().filter(|item| choice.contains(item)).cloned())
            }
        }
    }
}

impl<T: Ord + fmt::Display> Choice<T> {
    /// In words, where all and nothing are called `any` and `none`: "BE or FR", "any known country but RU".
    pub(super) fn in_words(&self, any: &str, none: &str) -> String {
        match self {
            Self::Only(items) if items.is_empty() => none.to_owned(),
            Self::Only(items) => Listed(items, "or").to_string(),
            Self::Except(items) if items.is_empty() => any.to_owned(),
            Self::Except(items) => format!("{any} but {}", Listed(items, "and")),
        }
    }
}
