//! Reads which files of its own crate a Rust file names, from its text alone.

use std::collections::HashMap;

/// Words, `::` and single signs.
fn tokens(code: &str) -> Vec<&str> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if word(first) {
            rest.find(|c| !word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        found.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    found
}

/// A path of the code, from the root of its crate, and the name it goes by in this file.
pub(crate) struct Named {
    pub(crate) path: Vec<String>,
    pub(crate) name: String,
    /// Handed on by `pub use`: the file offers the name and does not need it.
    pub(crate) handed_on: bool,
}

/// Reads the path whose next part stands at `at`, with all branches of its `{…}`; answers where it ends.
fn read_path(tokens: &[&str], mut at: usize, mut path: Vec<String>, found: &mut Vec<Named>) -> usize {
    loop {
        match tokens.get(at) {
            Some(&"{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| *token != "}") {
                    let end = read_path(tokens, at, path.clone(), found);
                    at = end.max(at + 1);
                    if tokens.get(at) == Some(&",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            Some(&"super") => {
                path.pop();
            }
            Some(&"self") => {}
            Some(part) if part.starts_with(|c: char| c.is_alphabetic() || c == '_') => path.push((*part).to_owned()),
            _ => {
                found.push(Named { name: String::new(), path, handed_on: false });
                return at;
            }
        }
        at += 1;
        if tokens.get(at) != Some(&"::") {
            let alias = if tokens.get(at) == Some(&"as") { tokens.get(at + 1).copied() } else { None };
            let name = alias.or_else(|| path.last().map(String::as_str)).unwrap_or("").to_owned();
            found.push(Named { path, name, handed_on: false });
            return if alias.is_some() { at + 2 } else { at };
        }
        at += 1;
    }
}

/// `pub use x` and `pub(crate) use x`, where `x` stands at `at`.
fn is_handed_on(tokens: &[&str], at: usize) -> bool {
    let before = |steps: usize| at.checked_sub(steps).map_or("", |index| tokens[index]);
    before(1) == "use" && (before(2) == "pub" || before(2) == ")")
}

/// Every path of `code`, the text of `module`, that leads into its own crate.
pub(crate) fn own_paths(module: &str, code: &str) -> Vec<Named> {
    let tokens = tokens(code);
    let here: Vec<String> = module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let child = |name: &str| here.iter().cloned().chain([name.to_owned()]).collect::<Vec<_>>();
    let mut names: HashMap<String, Vec<String>> = tokens
        .windows(3)
        .filter(|three| three[0] == "mod" && three[2] == ";")
        .map(|three| (three[1].to_owned(), child(three[1])))
        .collect();
    let mut found = Vec::new();
    // Twice: the first reading learns the names that the file gives to modules, the second follows them.
    for _ in 0..2 {
        found.clear();
        for (at, token) in tokens.iter().enumerate() {
            let inside = at > 0 && matches!(tokens[at - 1], "::" | ".");
            if inside || tokens.get(at + 1) != Some(&"::") {
                continue;
            }
            let first = found.len();
            match *token {
                "crate" => read_path(&tokens, at + 2, Vec::new(), &mut found),
                "self" | "super" => read_path(&tokens, at, here.clone(), &mut found),
                name => match names.get(name) {
                    Some(base) => read_path(&tokens, at + 2, base.clone(), &mut found),
                    None => continue,
                },
            };
            let handed_on = is_handed_on(&tokens, at);
            found[first..].iter_mut().for_each(|named| named.handed_on = handed_on);
        }
        // Only a name in small letters can be a module; types bring their own `::`.
        for named in found.iter().filter(|named| named.name.starts_with(|c: char| c.is_lowercase())) {
            names.entry(named.name.clone()).or_insert_with(|| named.path.clone());
        }
    }
    found
}

#[test]
fn every_spelling_is_read() {
    let code =
        "mod c; use crate::{x::Y, super_like as z}; pub use self::c::{C, D as E}; fn f() { super::g(); z::h(c::i) }";
    let read: Vec<String> = own_paths("a::b", code)
        .iter()
        .map(|named| format!("{}{}={}", if named.handed_on { "pub " } else { "" }, named.name, named.path.join("::")))
        .collect();
    assert_eq!(
        read,
        ["Y=x::Y", "z=super_like", "pub C=a::b::c::C", "pub E=a::b::c::D", "g=a::g", "h=super_like::h", "i=a::b::c::i"]
    );
}
