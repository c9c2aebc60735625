//! Nothing is left lying about: no unfinished business, no switched-off test, no stray blank, no trace of a machine.

use crate::{house, text};

// In two parts each, so that this file is not its own offender.
const UNFINISHED: [&str; 6] = [
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("HA", "CK"),
    concat!("TO", "DO"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
];

/// Where packages come from is the business of whoever builds; a name of ours would break the next one's mirror.
const REGISTRIES: [&str; 10] = [
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("pypi.", "org"),
    concat!("files.python", "hosted.org"),
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("deb.debian", ".org"),
    concat!("\"resolved\": \"", "http"),
    concat!("index-", "url"),
    concat!("registry", "=http"),
];

const MACHINES: [&str; 4] = ["/root/", "/work/", "/Users/", concat!("/home/", "runner")];

/// Written by a program or by somebody else; only the places it came from are looked at.
const GENERATED: [&str; 4] = ["lock", "json", "snap", "txt"];

/// Tabs are those files' grammar.
const TABBED: [&str; 1] = ["Makefile"];

fn violations(path: &str, content: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut complain = |line: usize, what: &str| complaints.push(format!("{path}:{line}: {what}"));
    for registry in REGISTRIES {
        for line in text::lines_with(content, registry) {
            complain(line, "names a package registry");
        }
    }
    if GENERATED.iter().any(|ending| path.ends_with(&format!(".{ending}"))) {
        return complaints;
    }
    for word in UNFINISHED {
        for line in text::lines_with(content, word) {
            complain(line, word);
        }
    }
    // Not `lines()`: that one overlooks a carriage return.
    for (index, line) in content.split('\n').enumerate() {
        let number = index + 1;
        if line.ends_with('\r') {
            complain(number, "ends like a line of another system");
        } else if line.ends_with([' ', '\t']) {
            complain(number, "blanks at the end");
        }
        if line.contains('\t') && !TABBED.iter().any(|name| path.ends_with(name)) {
            complain(number, "a tab");
        }
        if MACHINES.iter().any(|machine| begins_path(line, machine)) && !path.starts_with("crates/tidy/") {
            complain(number, "a path of somebody's machine");
        }
        if line.trim_start().starts_with(concat!("#[", "ignore]")) || line.contains(concat!(".only", "(")) {
            complain(number, "switches tests off without a reason");
        }
    }
    if !content.is_empty() && (!content.ends_with('\n') || content.ends_with("\n\n")) {
        complain(content.lines().count(), "a file ends with one line break");
    }
    complaints
}

/// `target/work/x` is none of them, ` /work/x` is.
fn begins_path(line: &str, machine: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "._-}>$)".contains(c);
    line.match_indices(machine).any(|(at, _)| !line[..at].chars().next_back().is_some_and(inside))
}

#[test]
fn nothing_is_left_lying_about() {
    let complaints: Vec<String> = house::files().iter().flat_map(|file| violations(&file.path, &file.text)).collect();
    house::expect_none("leftovers", &complaints);
}

#[test]
fn leftovers_are_seen() {
    let planted = [
        format!("// {}: later\n", UNFINISHED[0]),
        format!("  {}\"x\")\n", UNFINISHED[4]),
        "let a = 1; \n".to_owned(),
        "\tlet a = 1;\n".to_owned(),
        "let a = 1;\r\n".to_owned(),
        "let a = \"/work/tree\";\n".to_owned(),
        format!("{}\nfn a() {{}}\n", concat!("#[", "ignore]")),
        format!("fetch https://{}/x\n", REGISTRIES[0]),
        "no line break".to_owned(),
        "one too many\n\n".to_owned(),
    ];
    for text in planted {
        assert_eq!(violations("crates/x/src/a.rs", &text).len(), 1, "{text:?}");
    }
    let fine = "let a = \"target/work/x\"; // mktemp a.XXXXXX\n#[ignore = \"needs a network\"]\n";
    assert_eq!(violations("crates/x/src/a.rs", fine), [""; 0]);
    assert_eq!(violations("Makefile", "a:\n\tb\n"), [""; 0]);
    assert_eq!(violations("package-lock.json", &format!("\t{}://x\" \n", REGISTRIES[7])).len(), 1);
}
