//! Both databases have the same history: each migration exists for `SQLite` and for `PostgreSQL` under the same name.

use std::collections::BTreeSet;

use crate::house;

const FOLDER: &str = "crates/admit-db/migrations/";

fn violations(paths: &[&str]) -> Vec<String> {
    let of = |database: &str| -> BTreeSet<String> {
        let folder = format!("{FOLDER}{database}/");
        paths.iter().filter_map(|path| path.strip_prefix(&folder)).map(str::to_owned).collect()
    };
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    let mut complaints = Vec::new();
    complaints.extend(sqlite.difference(&postgres).map(|name| format!("{name} is missing for PostgreSQL")));
    complaints.extend(postgres.difference(&sqlite).map(|name| format!("{name} is missing for SQLite")));
    if sqlite.is_empty() {
        complaints.push(format!("there is no migration in {FOLDER}sqlite/"));
    }
    let mut numbers = BTreeSet::new();
    for name in &sqlite {
        let number = name.split('_').next().unwrap_or("");
        if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit()) {
            complaints.push(format!("{name} does not begin with its number"));
        } else if !numbers.insert(number) {
            complaints.push(format!("{name}: its number is taken"));
        }
    }
    let strays = paths
        .iter()
        .filter_map(|path| path.strip_prefix(FOLDER))
        .filter(|rest| !rest.starts_with("sqlite/") && !rest.starts_with("postgres/"));
    complaints.extend(strays.map(|stray| format!("{stray} belongs to no database")));
    complaints
}

#[test]
fn both_databases_have_the_same_history() {
    let paths: Vec<&str> =
        house::files().iter().filter(|file| file.ending() == "sql").map(|file| file.path.as_str()).collect();
    house::expect_none("migrations", &violations(&paths));
}

#[test]
fn a_lonely_migration_is_seen() {
    let paths = [
        "crates/admit-db/migrations/sqlite/0001_start.sql",
        "crates/admit-db/migrations/sqlite/0001_again.sql",
        "crates/admit-db/migrations/sqlite/late.sql",
        "crates/admit-db/migrations/postgres/0001_start.sql",
        "crates/admit-db/migrations/postgres/0002_more.sql",
        "crates/admit-db/migrations/mysql/0001_start.sql",
    ];
    assert_eq!(violations(&paths).len(), 6, "{:?}", violations(&paths));
    assert_eq!(violations(&[]).len(), 1);
}
