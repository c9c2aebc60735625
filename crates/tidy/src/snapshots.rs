//! A snapshot without the test that compares it is a lie that nobody checks.

use std::path::Path;

use crate::house;

/// `krate__module__name-2.snap` was written for `name`.
fn name_of(path: &str) -> &str {
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".snap");
    let name = stem.rsplit("__").next().unwrap_or(stem);
    match name.rsplit_once('-') {
        Some((name, number)) if number.chars().all(|c| c.is_ascii_digit()) => name,
        _ => name,
    }
}

/// The test file that a snapshot's head names.
fn source_of(snapshot: &str) -> Option<&str> {
    snapshot.lines().take(8).find_map(|line| line.strip_prefix("source: ")).map(|source| source.trim_matches('"'))
}

fn violations(snapshots: &[(&str, &str)], read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let complaint = |(path, text): &(&str, &str)| {
        let Some(source) = source_of(text) else {
            return Some(format!("{path}: does not name its test file"));
        };
        let Some(test) = read(source) else {
            return Some(format!("{path}: its test file {source} is gone"));
        };
        let name = name_of(path);
        let known = [format!("fn {name}("), format!("fn test_{name}("), format!("\"{name}\"")];
        (!known.iter().any(|trace| test.contains(trace))).then(|| format!("{path}: {source} has no test of that name"))
    };
    snapshots.iter().filter_map(complaint).collect()
}

#[test]
fn each_snapshot_has_its_test() {
    let all = house::files().iter().filter(|file| file.ending() == "snap");
    let snapshots: Vec<(&str, &str)> = all.map(|file| (file.path.as_str(), file.text.as_str())).collect();
    let read = |source: &str| std::fs::read_to_string(house::root().join(Path::new(source))).ok();
    house::expect_none("a snapshot belongs to a test", &violations(&snapshots, read));
}

#[test]
fn each_snapshot_was_looked_at() {
    let new = house::files().iter().filter(|file| file.path.ends_with(".snap.new"));
    house::expect_none(
        "look at them, then rename or remove them",
        &new.map(|file| file.path.clone()).collect::<Vec<_>>(),
    );
}

#[test]
fn an_orphan_is_seen() {
    let read = |source: &str| (source == "crates/x/src/a.rs").then(|| "fn ladder_of_a_film() {}".to_owned());
    let head = "---\nsource: crates/x/src/a.rs\nexpression: x\n---\n";
    let snapshots = [
        ("s/x__a__ladder_of_a_film-2.snap", head),
        ("s/x__a__renamed.snap", head),
        ("s/x__b__old.snap", "---\nsource: crates/x/src/b.rs\n---\n"),
        ("s/loose.snap", "no head"),
    ];
    assert_eq!(violations(&snapshots, read).len(), 3);
}
