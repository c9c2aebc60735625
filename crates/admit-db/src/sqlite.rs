//! Opening an `SQLite` file so that what it acknowledged survives a power cut.

use std::{
    fs::OpenOptions,
    io::ErrorKind,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    Row, SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::error::{DbError, Result};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a statement waits for a writer of another process, and a caller for a connection of ours.
const WAIT: Duration = Duration::from_secs(5);
/// A second in all.
const CONNECT_TRIES_MAX: u32 = 20;
const CONNECT_PAUSE: Duration = Duration::from_millis(50);
/// Each is a thread, and reads are short: more of them than cores only take turns.
const READERS_MAX: u32 = 4;
/// The log is folded into the file when it has this many pages, 16 MiB: seldom enough that a page changed by
/// many commits is written back once, often enough that a reader need not search a long log.
const CHECKPOINT_PAGES: &str = "4000";
/// After a checkpoint the log gives back what a rush made it take beyond this.
const LOG_BYTES_MAX: &str = "67108864";

/// What the writer keeps of the file, 32 MiB in negative KiB: credentials and session ids are random, so every
/// redeem changes other pages than the one before, and each must be read before it is changed.
const WRITER_CACHE: &str = "-32768";

/// Settings without which a committed redeem could be lost at a power cut, a child outlive its parent, or a
/// statement fail because another process was just writing.
const REQUIRED: [(&str, &str, &str); 4] = [
    ("journal_mode", "PRAGMA journal_mode", "wal"),
    ("synchronous", "PRAGMA synchronous", "2"),
    ("foreign_keys", "PRAGMA foreign_keys", "1"),
    ("busy_timeout", "PRAGMA busy_timeout", "5000"),
];

/// The one writing connection, the reading ones, and the file they are open on.
pub(crate) async fn open(url: &str) -> Result<(SqlitePool, SqlitePool, File)> {
    let shared = SqliteConnectOptions::from_str(url)?.foreign_keys(true).busy_timeout(WAIT);
    let writer = shared
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("journal_size_limit", LOG_BYTES_MAX)
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", WRITER_CACHE);
    create(shared.get_filename())?;
    let write = connect(writer).await?;
    require(&write).await?;
    // In a transaction, so that of two processes that begin at once one finds the other's work done. `run` on a
    // transaction would make this future one that the compiler cannot see to be `Send`.
    let mut migration = write.begin_with("BEGIN IMMEDIATE").await?;
    MIGRATIONS.run_direct(None, &mut *migration, false).await?;
    migration.commit().await?;
    let file = File::at(shared.get_filename().to_owned())?;
    let read = pool(READERS_MAX).connect_with(shared.read_only(true)).await?;
    Ok((write, read, file))
}

/// An empty file is an empty database. It will hold who watched what, so it is its owner's alone, and its log
/// takes after it. A file that is there is left alone: to open and close it here would let go of the locks that
/// this process holds on it elsewhere.
fn create(path: &Path) -> Result<()> {
    match OpenOptions::new().create_new(true).write(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(sqlx::Error::Io(error).into()),
        _ => Ok(()),
    }
}

/// Whoever makes the first log of a new file must have the file alone for that moment, and is not made to wait
/// for it but refused: so that several may open a new file at once, the refused try again.
async fn connect(writer: SqliteConnectOptions) -> Result<SqlitePool> {
    let mut tries = 1;
    loop {
        match pool(1).connect_with(writer.clone()).await.map_err(DbError::from) {
            Err(DbError::Unavailable(_)) if tries < CONNECT_TRIES_MAX => tries += 1,
            connected => return connected,
        }
        tokio::time::sleep(CONNECT_PAUSE).await;
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(WAIT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

async fn require(write: &SqlitePool) -> Result<()> {
    for (setting, statement, wanted) in REQUIRED {
        let found: String = sqlx::query(statement).fetch_one(write).await?.try_get_unchecked(0)?;
        if found != wanted {
            return Err(DbError::Unsafe { setting, found });
        }
    }
    Ok(())
}

/// The file as it was when it was opened.
#[derive(Clone, Debug)]
pub(crate) struct File {
    path: PathBuf,
    identity: (u64, u64),
}

impl File {
    fn at(path: PathBuf) -> Result<Self> {
        let identity = identity(&path)?;
        Ok(Self { path, identity })
    }

    /// Somebody who restores a backup under a running server would otherwise see it go on with the old file.
    pub(crate) fn check(&self) -> Result<()> {
        let same = identity(&self.path).is_ok_and(|now| now == self.identity);
        same.then_some(()).ok_or(DbError::Replaced)
    }
}

fn identity(path: &Path) -> Result<(u64, u64)> {
    let metadata = std::fs::metadata(path).map_err(sqlx::Error::Io)?;
    Ok((metadata.dev(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each setting in turn is left as the database would have it, or as a hasty hand would.
    #[tokio::test]
    async fn a_setting_that_could_lose_a_commit_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let sound = SqliteConnectOptions::new()
            .filename(folder.path().join("admit.db"))
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(WAIT)
            .synchronous(SqliteSynchronous::Full);
        let wal = sound.clone().journal_mode(SqliteJournalMode::Wal);
        let cases = [
            ("journal_mode", sound.journal_mode(SqliteJournalMode::Delete)),
            ("synchronous", wal.clone().synchronous(SqliteSynchronous::Normal)),
            ("foreign_keys", wal.clone().foreign_keys(false)),
            ("busy_timeout", wal.clone().busy_timeout(Duration::ZERO)),
        ];
        for (expected, options) in cases {
            let pool = pool(1).connect_with(options).await.unwrap();
            let refused = require(&pool).await;
            assert!(matches!(refused, Err(DbError::Unsafe { setting, .. }) if setting == expected), "{refused:?}");
            pool.close().await;
        }
        let pool = pool(1).connect_with(wal).await.unwrap();
        require(&pool).await.unwrap();
        pool.close().await;
    }
}
