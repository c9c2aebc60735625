//! The two schemas are one.

use std::collections::BTreeSet;

use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::store::{self, Store};

/// A table, a column of it, what it holds, and whether it always does.
type Column = (String, String, String, bool);

const SQLITE: &str = "SELECT t.name, c.name, CASE c.type WHEN 'INTEGER' THEN 'number' ELSE lower(c.type) END,
        c.\"notnull\" = 1
    FROM pragma_table_list t, pragma_table_info(t.name) c
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '%sqlx%'";

const POSTGRES: &str = "SELECT table_name::text, column_name::text,
        CASE data_type WHEN 'bigint' THEN 'number' WHEN 'boolean' THEN 'number' ELSE data_type END,
        is_nullable = 'NO'
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '%sqlx%'";

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_tables_and_columns() {
    if store::postgres_server().is_none() {
        return;
    }
    let (mut sqlite, mut postgres) = (Vec::new(), Vec::new());
    store::on_sqlite(async |store: Store| {
        let mut connection = SqliteConnection::connect(&store.url).await.expect("connects");
        sqlite = sqlx::query_as(SQLITE).fetch_all(&mut connection).await.expect("columns");
    })
    .await;
    store::on_postgres(async |store: Store| {
        let mut connection = PgConnection::connect(&store.url).await.expect("connects");
        postgres = sqlx::query_as(POSTGRES).fetch_all(&mut connection).await.expect("columns");
    })
    .await;
    let set = |columns: Vec<Column>| columns.into_iter().collect::<BTreeSet<_>>();
    let (sqlite, postgres) = (set(sqlite), set(postgres));
    assert!(sqlite.len() > 100, "the queries find the columns: {}", sqlite.len());
    assert_eq!(sqlite.difference(&postgres).collect::<Vec<_>>(), Vec::<&Column>::new(), "only in SQLite");
    assert_eq!(postgres.difference(&sqlite).collect::<Vec<_>>(), Vec::<&Column>::new(), "only in PostgreSQL");
}

/// Without STRICT a column takes whatever is put into it.
#[tokio::test]
async fn every_table_of_sqlite_is_strict_and_names_its_project() {
    store::on_sqlite(async |store: Store| {
        let mut connection = SqliteConnection::connect(&store.url).await.expect("connects");
        let lax = "SELECT name FROM pragma_table_list
            WHERE schema = 'main' AND type = 'table' AND NOT strict
                AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%sqlx%'";
        let lax: Vec<(String,)> = sqlx::query_as(lax).fetch_all(&mut connection).await.expect("tables");
        assert_eq!(lax, []);
        let columns: Vec<Column> = sqlx::query_as(SQLITE).fetch_all(&mut connection).await.expect("columns");
        let tables: BTreeSet<_> = columns.iter().map(|(table, ..)| table.as_str()).collect();
        let owned = columns.iter().filter(|(_, column, ..)| column == "project_id");
        let owned: BTreeSet<_> = owned.map(|(table, ..)| table.as_str()).collect();
        assert_eq!(tables.difference(&owned).copied().collect::<Vec<_>>(), ["projects", "revocation_head"]);
    })
    .await;
}
