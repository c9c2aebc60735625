//! What can go wrong with a database, as far as a caller can act on it.

use std::sync::Arc;

use sqlx::{error::DatabaseError, migrate::MigrateError, postgres::PgDatabaseError, sqlite::SqliteError};

pub type Result<T, E = DbError> = std::result::Result<T, E>;

/// Why a statement or a transaction had no effect. Cheap to clone: one failed commit answers many waiters.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DbError {
    /// The key is taken, or what the row refers to is gone. Also what a caller answers with, to undo its
    /// transaction when a compare-and-set in it was lost.
    #[error("another writer was first")]
    Conflict,
    /// More callers wait than the queue holds; coming again later helps.
    #[error("too many are waiting for the database")]
    Overloaded,
    /// The database cannot be reached, is full, busy, read-only or going down; coming again later may help.
    #[error("the database cannot answer now")]
    Unavailable(#[source] Arc<sqlx::Error>),
    /// A row that this release cannot have written and cannot read.
    #[error("{table}.{column} of {id} makes no sense")]
    Corrupt { table: &'static str, column: &'static str, id: String },
    /// A setting under which something acknowledged could be lost.
    #[error(
        "the database's {setting} is {found:?}; admit does not start on it, for it could lose what it acknowledged"
    )]
    Unsafe { setting: &'static str, found: String },
    /// The file that was opened is no longer the file at its path.
    #[error("the database file was replaced or removed while it was open")]
    Replaced,
    #[error("a database address begins with sqlite:// or postgres://")]
    UnknownScheme,
    #[error("the database cannot be brought to the schema of this release")]
    Migration(#[source] Arc<MigrateError>),
    /// A fault of ours.
    #[error("the database refused a statement")]
    Refused(#[source] Arc<sqlx::Error>),
}

impl DbError {
    /// The database undid the transaction to let another one pass: the same again is likely to succeed.
    pub(crate) fn is_yielded(&self) -> bool {
        matches!(self, Self::Unavailable(cause) if matches!(sqlstate(cause), Some("40001" | "40P01")))
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) if cause.is_unique_violation() || cause.is_foreign_key_violation() => {
                Self::Conflict
            }
            sqlx::Error::Database(cause) if passes(cause.as_ref()) => Self::Unavailable(Arc::new(error)),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(Arc::new(error)),
            _ => Self::Refused(Arc::new(error)),
        }
    }
}

impl From<MigrateError> for DbError {
    fn from(error: MigrateError) -> Self {
        Self::Migration(Arc::new(error))
    }
}

fn sqlstate(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error()?.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::code)
}

/// Is it the state of the server, and not our statement, that stands in the way?
fn passes(error: &dyn DatabaseError) -> bool {
    if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
        // Connection, rollback, resources, operator intervention (also a statement's timeout), system; then a
        // lock that was not to be had, and a server that only reads.
        let code = error.code();
        return ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
            || matches!(code, "55P03" | "25006");
    }
    // Busy, locked, read-only, input/output error, full, cannot open: the low byte of the extended code.
    let code = error.try_downcast_ref::<SqliteError>().and_then(|error| error.code()?.parse::<u32>().ok());
    matches!(code.map(|code| code & 0xff), Some(5 | 6 | 8 | 10 | 13 | 14))
}
