//! The open database: one type for both kinds, reading by `&Db`, writing by `&mut Tx`.

use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::{
    error::{DbError, Result},
    postgres,
    sqlite::{self, File},
    statement::{On, one},
};

/// The database. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Db(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// `write` is a single connection: `SQLite` has one writer, and who waits for it waits here, in order.
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
        file: File,
    },
    Postgres(PgPool),
}

/// A transaction. Dropped without a commit it never was. While one is open on `SQLite` nobody else writes: nothing
/// but statements belongs between its begin and its commit.
#[derive(Debug)]
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Opens `sqlite:///path/admit.db` or `postgres://…`, brings it to this release's schema, and refuses settings
    /// under which something acknowledged could be lost.
    pub async fn open(url: &str) -> Result<Self> {
        if url.starts_with("sqlite:") {
            let (write, read, file) = sqlite::open(url).await?;
            return Ok(Self(Kind::Sqlite { write, read, file }));
        }
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Ok(Self(Kind::Postgres(postgres::open(url).await?)));
        }
        Err(DbError::UnknownScheme)
    }

    /// Begins a transaction. [`transaction!`](crate::transaction) is the usual way to do it, for that also repeats it.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match &self.0 {
            // A deferred transaction that reads and then writes fails when another wrote in between, whatever
            // the timeout; one that is a writer from the start does not.
            Kind::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Kind::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Does it answer, and is it still the database that was opened?
    pub async fn check(&self) -> Result<()> {
        if let Kind::Sqlite { file, .. } = &self.0 {
            file.check()?;
        }
        let _: (i64,) = one!(self, (i64,), "SELECT seq FROM revocation_head")?;
        Ok(())
    }

    /// Finishes what runs and lets go of the database.
    pub async fn close(&self) {
        match &self.0 {
            Kind::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Kind::Postgres(pool) => pool.close().await,
        }
    }

    /// Where statements that only read run.
    pub(crate) fn at(&self) -> On<&SqlitePool, &PgPool> {
        match &self.0 {
            Kind::Sqlite { read, .. } => On::Sqlite(read),
            Kind::Postgres(pool) => On::Postgres(pool),
        }
    }
}

impl Tx {
    pub(crate) fn at(&mut self) -> On<&mut SqliteConnection, &mut PgConnection> {
        match self {
            Self::Sqlite(tx) => On::Sqlite(&mut **tx),
            Self::Postgres(tx) => On::Postgres(&mut **tx),
        }
    }

    /// Makes it last: when this yields `Ok`, a power cut does not undo it.
    pub async fn commit(self) -> Result<()> {
        Ok(match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }?)
    }
}
