//! Each file says in its first sentence what lives in it.

use crate::house;

/// The first paragraph of a file, without its comment signs, or nothing where the file opens with code.
fn opening(path: &str, text: &str) -> Option<String> {
    let sign = match house::ending(path) {
        "rs" => "//!",
        "ts" | "js" | "mjs" => "//",
        "sql" => "--",
        _ => "#",
    };
    // A script's first line is for the kernel, a directive's for the linter.
    let lines = text.lines().skip_while(|line| line.starts_with("#!/") || line.starts_with("# shellcheck "));
    let paragraph: Vec<&str> =
        lines.map_while(|line| line.strip_prefix(sign)).map(str::trim).take_while(|line| !line.is_empty()).collect();
    if paragraph.is_empty() { None } else { Some(paragraph.join(" ")) }
}

fn violations(files: &[(&str, &str)]) -> Vec<String> {
    let complaint = |(path, text): &(&str, &str)| {
        let Some(opening) = opening(path, text) else {
            return Some(format!("{path}: the first line is no comment on what lives here"));
        };
        if !opening.ends_with(['.', ':']) {
            return Some(format!("{path}: no sentence, a full stop is missing: {opening}"));
        }
        (opening.split_whitespace().count() < 3).then(|| format!("{path}: says too little: {opening}"))
    };
    files.iter().filter_map(complaint).collect()
}

#[test]
fn each_file_says_what_lives_in_it() {
    let spoken = |path: &str| {
        matches!(house::ending(path), "rs" | "sh" | "ts" | "js" | "mjs" | "sql" | "py")
            || path == ".ci/run"
            || path == "Makefile"
    };
    let files: Vec<(&str, &str)> = house::files()
        .iter()
        .filter(|file| spoken(&file.path))
        .map(|file| (file.path.as_str(), file.text.as_str()))
        .collect();
    house::expect_none("a file begins with a sentence", &violations(&files));
}

#[test]
fn silence_is_seen() {
    let files = [
        ("good.rs", "//! What a viewer may ask,\n//! and how.\n//!\n//! more\nuse x;"),
        ("good.sh", "#!/usr/bin/env bash\n# Starts the thing and waits.\nset -e"),
        ("good.ts", "// What the page reads from its address.\nlet a = 1;"),
        ("code.rs", "use x;"),
        ("stub.rs", "//! (room to be furnished)\n"),
        ("short.rs", "//! Keys.\n"),
        ("code.sh", "#!/bin/sh\nset -e\n"),
        ("code.sql", "create table a (b text);\n"),
    ];
    let complaints = violations(&files);
    assert_eq!(complaints.len(), 5, "{complaints:?}");
    assert!(
        complaints
            .iter()
            .zip(["code.rs", "stub.rs", "short.rs", "code.sh", "code.sql"])
            .all(|(c, path)| c.starts_with(path))
    );
}
