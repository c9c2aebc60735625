//! ARCHITECTURE.md is a map that stays true: it names every crate and every folder, and no crate that is not there.

use std::collections::BTreeSet;

use crate::house;

/// Words that look like a crate's name and are something else.
const NOT_CRATES: [&str; 3] = ["admit-data", "admit-player", "admit-postgres"];

/// Words that begin like our crates, and whatever stands behind `crates/`.
fn crates_named(map: &str) -> BTreeSet<&str> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let words = map.split(|c: char| !part(c)).filter(|word| word.starts_with("admit-"));
    let folders = map.split("crates/").skip(1).map(|rest| rest.split(|c: char| !part(c)).next().unwrap_or(""));
    let named = words.chain(folders).map(|word| word.trim_end_matches('-'));
    named.filter(|word| !word.is_empty() && !NOT_CRATES.contains(word)).collect()
}

fn violations(map: &str, crates: &[String], folders: &[String]) -> Vec<String> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let words: BTreeSet<&str> = map.split(|c: char| !part(c)).collect();
    let mut complaints = Vec::new();
    for name in crates.iter().filter(|name| !words.contains(name.as_str())) {
        complaints.push(format!("crate {name} is not named"));
    }
    for folder in folders.iter().filter(|folder| !map.contains(&format!("{folder}/"))) {
        complaints.push(format!("folder {folder}/ is not named"));
    }
    for ghost in crates_named(map).into_iter().filter(|named| !crates.iter().any(|name| name == named)) {
        complaints.push(format!("crate {ghost} does not exist"));
    }
    complaints
}

#[test]
fn the_map_is_true() {
    let files = house::files().iter();
    let folders: BTreeSet<&str> = files.filter_map(|file| Some(file.path.split_once('/')?.0)).collect();
    let folders: Vec<String> =
        folders.into_iter().filter(|folder| !folder.starts_with('.')).map(str::to_owned).collect();
    let complaints = violations(house::file("ARCHITECTURE.md"), &house::crates(), &folders);
    house::expect_none("ARCHITECTURE.md and the house differ", &complaints);
}

#[test]
fn a_stale_map_is_seen() {
    let crates = ["admit".to_owned(), "admit-db".to_owned(), "tidy".to_owned()];
    let folders = ["crates".to_owned(), "web".to_owned()];
    let map = "The house: crates/ holds `admit`, `admit-db` and `admit-store`; crates/attic; data in ./admit-data.";
    assert_eq!(
        violations(map, &crates, &folders),
        [
            "crate tidy is not named",
            "folder web/ is not named",
            "crate admit-store does not exist",
            "crate attic does not exist"
        ]
    );
}
