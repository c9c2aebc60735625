//! A fresh database per test.

use std::{
    io::Write,
    sync::atomic::{AtomicU32, Ordering},
};

use admit_db::{Db, projects, transaction};
use admit_domain::{id::ProjectId, time::Timestamp};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use crate::making::project_id;

/// An open database with two projects, and its address for those who must go around the front door.
pub(crate) struct Store {
    pub(crate) db: Db,
    pub(crate) url: String,
    pub(crate) ours: ProjectId,
    pub(crate) theirs: ProjectId,
}

impl Store {
    async fn open(url: String) -> Self {
        let db = Db::open(&url).await.expect("a fresh database opens");
        let (ours, theirs) = (project_id(1), project_id(2));
        transaction!(db, |tx| {
            projects::ensure(tx, &ours, "ours", Timestamp::EPOCH).await?;
            projects::ensure(tx, &theirs, "theirs", Timestamp::from_secs(1)).await
        })
        .expect("projects");
        Self { db, url, ours, theirs }
    }

    /// Runs statements behind the back of the code under test.
    pub(crate) async fn raw(&self, statements: &str) {
        run(&self.url, statements).await;
    }
}

pub(crate) async fn run(url: &str, statements: &str) {
    let text = AssertSqlSafe(statements.to_owned());
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await.expect("a second connection");
        sqlx::raw_sql(text).execute(&mut connection).await.expect("raw statements");
        connection.close().await.expect("closes");
    } else {
        let mut connection = PgConnection::connect(url).await.expect("a second connection");
        sqlx::raw_sql(text).execute(&mut connection).await.expect("raw statements");
        connection.close().await.expect("closes");
    }
}

pub(crate) async fn on_sqlite<F: Future<Output = ()>>(case: impl FnOnce(Store) -> F) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(format!("sqlite://{}", folder.path().join("admit.db").display())).await;
    let db = store.db.clone();
    case(store).await;
    db.close().await;
}

pub(crate) async fn on_postgres<F: Future<Output = ()>>(case: impl FnOnce(Store) -> F) {
    let Some(server) = postgres_server() else { return };
    let name = fresh_name();
    run(&server, &format!("CREATE DATABASE {name}")).await;
    let store = Store::open(in_database(&server, &name)).await;
    let db = store.db.clone();
    case(store).await;
    db.close().await;
    run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

/// Where databases can be made; says so, past the test harness, when there is no such place.
pub(crate) fn postgres_server() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "only the caller of the tests knows of a server")]
    let server = std::env::var("ADMIT_TEST_POSTGRES").ok();
    if server.is_none() {
        let _ = writeln!(std::io::stderr(), "skipped: ADMIT_TEST_POSTGRES is not set");
    }
    server
}

pub(crate) fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("admit_suite_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn in_database(server: &str, name: &str) -> String {
    let (server, options) = server.split_once('?').unwrap_or((server, ""));
    let (host, _) = server.rsplit_once('/').expect("an address that ends in a database");
    format!("{host}/{name}?{options}")
}
