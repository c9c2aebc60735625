//! Opening a `PostgreSQL` database that keeps what it acknowledged.

use std::{str::FromStr, time::Duration};

use sqlx::{
    PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::error::{DbError, Result};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// How long a caller waits for a connection before it is told to come again.
const ACQUIRE: Duration = Duration::from_secs(5);
/// Connections of one process; a database of modest size allows a hundred in all.
const CONNECTIONS_MAX: u32 = 16;
/// No statement of ours works this long; one that does is stuck behind a lock or a broken plan. A forgotten
/// transaction must not hold its locks for ever either.
const LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "15s"), ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "15s")];

/// Settings under which a commit is on disk when it is acknowledged, here and on synchronous standbys.
const REQUIRED: [(&str, &str, &[&str]); 2] =
    [("fsync", "SHOW fsync", &["on"]), ("synchronous_commit", "SHOW synchronous_commit", &["on", "remote_apply"])];

pub(crate) async fn open(url: &str) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(url)?.application_name("admit");
    // A connection without the limits: a migration may well take longer, or wait for another process that is
    // just doing the same.
    let first = PgPoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE).connect_with(options.clone()).await?;
    for (setting, statement, wanted) in REQUIRED {
        let found: String = sqlx::query_scalar(statement).fetch_one(&first).await?;
        if !wanted.contains(&found.as_str()) {
            return Err(DbError::Unsafe { setting, found });
        }
    }
    MIGRATIONS.run(&first).await?;
    first.close().await;
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS_MAX).acquire_timeout(ACQUIRE);
    Ok(pool.connect_with(options.options(LIMITS)).await?)
}
