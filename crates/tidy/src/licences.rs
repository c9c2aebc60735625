//! Everything in the binary and its build may be given away under our own licence.

use crate::house;

const ALLOWED: [&str; 15] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "ISC",
    "Zlib",
    "BSL-1.0",
    "Unlicense",
    "CC0-1.0",
    "OpenSSL",
    "Unicode-3.0",
    // Lists of certificate authorities: data, not code.
    "CDLA-Permissive-2.0",
];

/// Package and licence: allowed for that package alone, with the reason in a comment above the line.
const ARGUED: [(&str, &str); 1] = [
    // As permissive as MIT; in the fuzz targets alone, which are given to nobody.
    ("libfuzzer-sys", "NCSA"),
];

/// Does the SPDX expression leave us a choice that `fits`? Old manifests write `/` for `OR`.
fn acceptable(expression: &str, fits: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let answer = any_of(&words, &mut at, fits);
    answer && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, fits: &dyn Fn(&str) -> bool) -> bool {
    let mut answer = all_of(words, at, fits);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        answer |= all_of(words, at, fits);
    }
    answer
}

fn all_of(words: &[&str], at: &mut usize, fits: &dyn Fn(&str) -> bool) -> bool {
    let mut answer = one(words, at, fits);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        answer &= one(words, at, fits);
    }
    answer
}

fn one(words: &[&str], at: &mut usize, fits: &dyn Fn(&str) -> bool) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let answer = any_of(words, at, fits);
        *at += 1;
        return answer;
    }
    if words.get(*at) == Some(&"WITH") {
        let exception = words.get(*at + 1).copied().unwrap_or("");
        *at += 2;
        return fits(&format!("{word} WITH {exception}"));
    }
    fits(word)
}

/// One `name;licence` a line.
fn violations(tree: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for line in tree.lines().filter(|line| !line.trim().is_empty()) {
        let (package, licence) = line.split_once(';').unwrap_or((line, ""));
        let name = package.split_whitespace().next().unwrap_or("");
        // cargo marks what it has printed before.
        let licence = licence.trim_end_matches("(*)").trim();
        let fits = |one: &str| ALLOWED.contains(&one) || ARGUED.contains(&(name, one));
        if !acceptable(licence, &fits) {
            complaints.push(format!("{package}: {}", if licence.is_empty() { "no licence" } else { licence }));
        }
    }
    complaints.sort();
    complaints.dedup();
    complaints
}

#[test]
fn everything_may_be_given_away() {
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        let whole = ["tree", "--workspace", "-e", "normal,build,dev", "--prefix", "none", "-f", "{p};{l}"];
        let tree = house::cargo(&[&whole[..], &["--manifest-path", manifest]].concat());
        assert!(tree.lines().count() > 50, "the tree was not understood:\n{tree}");
        house::expect_none("a licence that is not on the list", &violations(&tree));
    }
}

#[test]
fn our_own_licence_lies_beside_the_code() {
    assert!(house::file("Cargo.toml").contains("license = \"MIT OR Apache-2.0\""));
    assert!(house::file("LICENSE-MIT").contains("The admit authors"));
    assert!(house::file("LICENSE-APACHE").contains("Version 2.0, January 2004"));
}

#[test]
fn foreign_licences_are_seen() {
    let tree = "a v1;MIT/GPL-3.0\nb v1;MIT AND GPL-3.0\nc v1;\nd v1;(MIT OR GPL-2.0) AND ISC (*)\ne v1;MPL-2.0\n\
                f v1;Apache-2.0 WITH LLVM-exception OR GPL-2.0\ng v1;Apache-2.0 WITH Strange-exception\n";
    let complaints = violations(tree);
    let names: Vec<&str> = complaints.iter().filter_map(|complaint| complaint.split(' ').next()).collect();
    assert_eq!(names, ["b", "c", "e", "g"]);
}
