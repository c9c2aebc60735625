//! A file fits into a head: 400 lines at most. What is longer stands in a list that may only shrink.

use crate::house;

const LINES_MAX: usize = 400;

/// Path and length of the files that are longer for now.
const LONGER: [(&str, usize); 0] = [];

const WRITTEN_BY_HAND: [&str; 10] = ["rs", "ts", "tsx", "js", "mjs", "svelte", "css", "sh", "sql", "py"];

fn violations(files: &[(&str, usize)], longer: &[(&str, usize)]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, lines) in files {
        let listed = longer.iter().find(|(listed, _)| listed == path).map(|(_, lines)| *lines);
        match listed {
            None if *lines > LINES_MAX => complaints.push(format!("{path}: {lines} lines; split it by what is in it")),
            Some(allowed) if *lines > allowed => {
                complaints.push(format!("{path}: grew from {allowed} to {lines} lines"));
            }
            Some(_) if *lines <= LINES_MAX => {
                complaints.push(format!("{path}: short enough now, take it off the list"));
            }
            Some(allowed) if *lines < allowed => {
                complaints.push(format!("{path}: write {lines} into the list, not {allowed}"));
            }
            _ => {}
        }
    }
    let gone = longer.iter().filter(|(listed, _)| !files.iter().any(|(path, _)| path == listed));
    complaints.extend(gone.map(|(path, _)| format!("{path}: gone, take it off the list")));
    complaints
}

#[test]
fn files_are_short() {
    let by_hand = house::files().iter().filter(|file| WRITTEN_BY_HAND.contains(&file.ending()));
    let files: Vec<(&str, usize)> = by_hand.map(|file| (file.path.as_str(), file.text.lines().count())).collect();
    house::expect_none("a file has at most 400 lines", &violations(&files, &LONGER));
}

/// Clippy counts the lines of a function; this keeps the number that it counts to.
#[test]
fn functions_are_short() {
    let setting = house::file("clippy.toml").lines().find_map(|line| line.strip_prefix("too-many-lines-threshold = "));
    assert_eq!(setting, Some("70"));
    assert!(house::file("Cargo.toml").contains("too_many_lines = \"warn\""));
}

#[test]
fn growth_is_seen() {
    let files =
        [("new.rs", 401), ("old.rs", 500), ("better.rs", 450), ("done.rs", 400), ("fine.rs", 400), ("kept.rs", 410)];
    let longer = [("old.rs", 499), ("better.rs", 460), ("done.rs", 430), ("kept.rs", 410), ("gone.rs", 900)];
    let complaints = violations(&files, &longer);
    assert_eq!(complaints.len(), 5, "{complaints:?}");
    assert!(!complaints.iter().any(|complaint| complaint.starts_with("fine") || complaint.starts_with("kept")));
}
