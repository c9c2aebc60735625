//! Where a house keeps its records: a file of its own, or a fresh database of the PostgreSQL the caller named.

use std::{
    io::Write as _,
    sync::atomic::{AtomicU32, Ordering},
};

use super::told;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// The program's own choice: a file in the data folder.
    File,
    Server {
        /// Where databases are made.
        server: String,
        name: String,
    },
}

impl Database {
    /// `None`, and a word about it past the test harness, when there is no such database here.
    pub(crate) fn fresh(kind: Kind) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        if kind == Kind::Sqlite {
            return Some(Self::File);
        }
        let Some(server) = told("ADMIT_TEST_POSTGRES") else {
            let _ = writeln!(std::io::stderr(), "skipped: ADMIT_TEST_POSTGRES is not set");
            return None;
        };
        let name = format!("admit_story_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        psql(&server, &format!("CREATE DATABASE {name}"));
        Some(Self::Server { server, name })
    }

    /// What the program is told; nothing when it is to choose for itself.
    pub(crate) fn url(&self) -> Option<String> {
        let Self::Server { server, name } = self else { return None };
        let (address, options) = server.split_once('?').unwrap_or((server, ""));
        let (host, _) = address.rsplit_once('/').expect("an address that ends in a database");
        Some(if options.is_empty() { format!("{host}/{name}") } else { format!("{host}/{name}?{options}") })
    }

    pub(crate) fn drop_it(&self) {
        if let Self::Server { server, name } = self {
            psql(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "PostgreSQL's own client makes the databases of the stories")]
fn psql(server: &str, statement: &str) {
    let arguments = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", server, "--command", statement];
    let made = std::process::Command::new("psql").args(arguments).output().expect("psql is installed");
    assert!(made.status.success(), "{statement}: {}", String::from_utf8_lossy(&made.stderr));
}
