//! From columns to domain types: a row that makes no sense is an error that says which.

use std::str::FromStr;

use crate::error::{DbError, Result};

/// The row being read, for the message when it cannot be.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub table: &'static str,
    pub id: &'a str,
}

impl<'a> Row<'a> {
    pub(crate) const fn of(table: &'static str, id: &'a str) -> Self {
        Self { table, id }
    }

    /// What a column must hold.
    pub(crate) fn known<T>(self, column: &'static str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| DbError::Corrupt { table: self.table, column, id: self.id.to_owned() })
    }

    pub(crate) fn id<T: FromStr>(self, column: &'static str, text: &str) -> Result<T> {
        self.known(column, text.parse().ok())
    }

    pub(crate) fn number<T: TryFrom<i64>>(self, column: &'static str, number: i64) -> Result<T> {
        self.known(column, T::try_from(number).ok())
    }
}

/// A count or size as the databases keep it; they have no unsigned numbers.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
