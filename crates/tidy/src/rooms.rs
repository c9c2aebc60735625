//! Who may import whom: the table of the design, and the outside things that belong to one room alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::house;

/// Adding a line here is changing the house: argue it in docs/decisions/ first.
const TABLE: [(&str, &[&str]); 9] = [
    ("admit-domain", &[]),
    ("admit-db", &["admit-domain"]),
    ("admit-media", &["admit-domain"]),
    ("admit-objects", &["admit-domain"]),
    ("admit-api", &["admit-db", "admit-domain", "admit-objects"]),
    ("admit-worker", &["admit-db", "admit-domain", "admit-media", "admit-objects"]),
    ("admit-edge", &["admit-domain", "admit-objects"]),
    ("admit", &["admit-api", "admit-db", "admit-domain", "admit-edge", "admit-media", "admit-objects", "admit-worker"]),
    ("tidy", &[]),
];

/// What reaches outside, and the rooms that may name it themselves.
const OUTSIDE: [(&str, &[&str]); 13] = [
    ("sqlx", &["admit-db"]),
    ("object_store", &["admit-objects"]),
    ("landlock", &["admit-media"]),
    ("seccompiler", &["admit-media"]),
    ("mp4-atom", &["admit-media"]),
    ("axum", &["admit", "admit-api"]),
    ("hyper", &["admit"]),
    ("rustls", &["admit"]),
    ("reqwest", &["admit", "admit-edge", "admit-worker"]),
    ("hickory-resolver", &["admit-worker"]),
    ("clap", &["admit"]),
    ("getrandom", &["admit"]),
    ("maxminddb", &["admit"]),
];

/// What would let the domain read a clock, roll dice, do I/O or turn its types into text of somebody's protocol.
const NOT_IN_THE_DOMAIN: [&str; 8] =
    ["tokio", "futures-util", "reqwest", "http", "utoipa", "tracing", "jiff", "tempfile"];

const SQL_DRIVERS: [&str; 8] =
    ["sqlx", "sqlx-core", "sqlx-sqlite", "sqlx-postgres", "libsqlite3-sys", "rusqlite", "tokio-postgres", "diesel"];

/// From `cargo tree --depth 1 --prefix depth`: `0name v1 (path)` opens a block, `1name v1` is a line of it.
fn direct(tree: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut imports = BTreeMap::new();
    let mut room = String::new();
    for line in tree.lines() {
        let name = line.get(1..).and_then(|rest| rest.split_whitespace().next()).unwrap_or("");
        match line.chars().next() {
            Some('0') => {
                name.clone_into(&mut room);
                imports.entry(room.clone()).or_insert_with(BTreeSet::new);
            }
            Some('1') => {
                imports.entry(room.clone()).or_insert_with(BTreeSet::new).insert(name.to_owned());
            }
            _ => {}
        }
    }
    imports
}

fn table_violations(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let ours: BTreeSet<&str> = TABLE.iter().map(|(room, _)| *room).collect();
    let mut complaints = Vec::new();
    for room in imports.keys().filter(|room| !ours.contains(room.as_str())) {
        complaints.push(format!("crate {room} is not in the table"));
    }
    for (room, allowed) in TABLE {
        let Some(found) = imports.get(room) else {
            complaints.push(format!("crate {room} of the table does not exist"));
            continue;
        };
        let found: BTreeSet<&str> = found.iter().map(String::as_str).filter(|name| ours.contains(name)).collect();
        let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
        complaints
            .extend(found.difference(&allowed).map(|extra| format!("{room} imports {extra}: the table forbids it")));
        complaints.extend(
            allowed
                .difference(&found)
                .map(|unused| format!("{room} does not import {unused}: take it out of the table")),
        );
    }
    complaints
}

fn outside_violations(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut complaints = Vec::new();
    for (room, found) in imports {
        for (thing, homes) in OUTSIDE {
            if found.contains(thing) && !homes.contains(&room.as_str()) {
                complaints.push(format!("{room} depends on {thing}, which belongs to {}", homes.join(", ")));
            }
        }
        if room == "admit-domain" {
            let worldly = NOT_IN_THE_DOMAIN.iter().filter(|thing| found.contains(**thing));
            complaints
                .extend(worldly.map(|thing| format!("admit-domain depends on {thing}: the ground touches nothing")));
        }
    }
    complaints
}

/// `tree` holds one `name vX.Y.Z …` a line, for everything the edge is linked with.
fn edge_violations(tree: &str) -> Vec<String> {
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    let drivers: BTreeSet<&str> = names.filter(|name| SQL_DRIVERS.contains(name)).collect();
    drivers.into_iter().map(|driver| format!("admit-edge is linked with {driver}")).collect()
}

fn of_the_house() -> BTreeMap<String, BTreeSet<String>> {
    direct(&house::cargo(&[
        "tree",
        "--workspace",
        "--depth",
        "1",
        "--no-dedupe",
        "-e",
        "normal",
        "--prefix",
        "depth",
        "-f",
        "{p}",
    ]))
}

#[test]
fn each_room_imports_what_the_table_says() {
    let imports = of_the_house();
    house::expect_none("the import table (ARCHITECTURE.md) and the manifests differ", &table_violations(&imports));
    house::expect_none("an outside thing belongs to its room", &outside_violations(&imports));
}

#[test]
fn the_edge_holds_no_sql() {
    let tree = house::cargo(&["tree", "-p", "admit-edge", "-e", "normal", "--prefix", "none", "-f", "{p}"]);
    assert!(tree.lines().any(|line| line.starts_with("admit-domain ")), "the tree was not understood:\n{tree}");
    house::expect_none("the edge decides from memory", &edge_violations(&tree));
}

#[test]
fn offences_are_seen() {
    let tree = "0admit-edge v0.1.0 (/x)\n1admit-db v0.1.0 (/y)\n1admit-domain v0.1.0\n1sqlx v0.9.0\n\n\
                0admit-domain v0.1.0 (/z)\n1tokio v1.0.0\n0attic v0.1.0 (/a)\n";
    let imports = direct(tree);
    let table = table_violations(&imports).join("\n");
    for complaint in [
        "admit-edge imports admit-db",
        "admit-edge does not import admit-objects",
        "crate attic is not",
        "admit-api of the table does not exist",
    ] {
        assert!(table.contains(complaint), "{complaint} is not in:\n{table}");
    }
    assert_eq!(
        outside_violations(&imports),
        [
            "admit-domain depends on tokio: the ground touches nothing",
            "admit-edge depends on sqlx, which belongs to admit-db"
        ]
    );
    assert_eq!(edge_violations("bytes v1\nlibsqlite3-sys v0.37\nsqlx v0.9 (*)\n").len(), 2);
}
