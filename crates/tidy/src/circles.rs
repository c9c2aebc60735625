//! No circle of imports between the files of a crate: whoever reads a file from the bottom up never comes back to it.
//! A name that a file only hands on (`pub use`) counts as imported from the file where it lives.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::house;
use crate::paths::{Named, own_paths};

/// Circles that are argued for, as the tests print them. This list may only shrink.
const KNOWN: [&str; 0] = [];

/// `""` for the root of the crate, `a::b` for src/a/b.rs.
fn module_of(path: &str) -> Option<String> {
    let inside = path.split_once("/src/")?.1.strip_suffix(".rs")?;
    let module = inside.strip_suffix("/mod").unwrap_or(inside);
    Some(if module == "lib" { String::new() } else { module.replace('/', "::") })
}

/// The files of one crate by their modules, and the names that some of them only hand on.
struct Crate<'a> {
    files: HashMap<String, &'a str>,
    handed_on: HashMap<(&'a str, String), Vec<String>>,
}

impl<'a> Crate<'a> {
    /// The file in which the thing at `path` really lives.
    fn home(&self, path: &[String]) -> Option<&'a str> {
        let mut path = path.to_vec();
        // Bounded, since two files could hand the same name to each other.
        for _ in 0..8 {
            let (depth, file) =
                (0..=path.len()).rev().find_map(|depth| Some((depth, *self.files.get(&path[..depth].join("::"))?)))?;
            let further = path.get(depth).and_then(|name| self.handed_on.get(&(file, name.clone())));
            let Some(target) = further else { return Some(file) };
            path = target.iter().chain(&path[depth + 1..]).cloned().collect();
        }
        None
    }
}

/// Which file imports which, by their paths. `sources` are (path, code) of one crate.
fn imports<'a>(sources: &[(&'a str, &str)]) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let read: Vec<(&str, Vec<Named>)> =
        sources.iter().filter_map(|(path, code)| Some((*path, own_paths(&module_of(path)?, code)))).collect();
    let mut krate = Crate {
        files: sources.iter().filter_map(|(path, _)| Some((module_of(path)?, *path))).collect(),
        handed_on: HashMap::new(),
    };
    for (path, named) in &read {
        let handed = named.iter().filter(|named| named.handed_on && !named.name.is_empty());
        krate.handed_on.extend(handed.map(|named| ((*path, named.name.clone()), named.path.clone())));
    }
    read.into_iter()
        .map(|(path, named)| {
            let needed = named.iter().filter(|named| !named.handed_on).filter_map(|named| krate.home(&named.path));
            (path, needed.filter(|target| *target != path).collect())
        })
        .collect()
}

/// The shortest circle through `start`, if there is one.
fn circle<'a>(graph: &BTreeMap<&'a str, BTreeSet<&'a str>>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut from: HashMap<&str, &str> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for next in graph.get(file).into_iter().flatten() {
            if *next == start {
                let mut circle = vec![start, file];
                while let Some(before) = from.get(circle.last()?) {
                    circle.push(before);
                }
                circle.dedup();
                circle.reverse();
                return Some(circle);
            }
            if !from.contains_key(next) && *next != start {
                from.insert(next, file);
                queue.push_back(next);
            }
        }
    }
    None
}

fn violations(sources: &[(&str, &str)]) -> Vec<String> {
    let graph = imports(sources);
    let mut complaints = BTreeSet::new();
    for start in graph.keys() {
        if let Some(mut circle) = circle(&graph, start) {
            // Each circle is told once, from its first file on.
            circle.pop();
            let first = (0..circle.len()).min_by_key(|index| circle[*index]).unwrap_or(0);
            circle.rotate_left(first);
            circle.push(circle[0]);
            complaints.insert(circle.join(" → "));
        }
    }
    complaints.into_iter().collect()
}

#[test]
fn no_crate_holds_a_circle() {
    let mut found = Vec::new();
    for krate in house::crates() {
        let files = house::rust().iter().filter(|file| file.krate == krate && !file.production.is_empty());
        let sources: Vec<(&str, &str)> = files.map(|file| (file.path.as_str(), file.production.as_str())).collect();
        found.extend(violations(&sources));
    }
    let known = |circle: &String| KNOWN.contains(&circle.as_str());
    let new: Vec<String> = found.iter().filter(|circle| !known(circle)).cloned().collect();
    house::expect_none("these files import each other in a circle: move what both need into a file of its own", &new);
    let gone: Vec<String> =
        KNOWN.iter().filter(|old| !found.iter().any(|circle| circle == *old)).map(ToString::to_string).collect();
    house::expect_none("these circles are gone: take them out of the list", &gone);
}

#[test]
fn circles_are_seen() {
    let there_and_back = [
        ("x/src/lib.rs", "pub mod a; pub mod b;"),
        ("x/src/a.rs", "use crate::{b::{self, B}, c};"),
        ("x/src/b.rs", "use super::a::A;"),
    ];
    assert_eq!(violations(&there_and_back), ["x/src/a.rs → x/src/b.rs → x/src/a.rs"]);
    let parent =
        [("x/src/lib.rs", "mod a;"), ("x/src/a.rs", "mod b; fn f() { b::g() }"), ("x/src/a/b.rs", "use super::T;")];
    assert_eq!(violations(&parent), ["x/src/a.rs → x/src/a/b.rs → x/src/a.rs"]);
    let by_name = [
        ("x/src/lib.rs", "mod a; mod b;"),
        ("x/src/a.rs", "use crate::b as other; fn f() { other::c::g() }"),
        ("x/src/b.rs", "pub mod c;"),
        ("x/src/b/c.rs", "fn g() { crate::a::f() }"),
    ];
    assert_eq!(violations(&by_name), ["x/src/a.rs → x/src/b/c.rs → x/src/a.rs"]);
}

#[test]
fn a_tree_is_no_circle() {
    let tree = [
        ("x/src/lib.rs", "pub mod a; mod b; mod d; pub use a::A; pub use self::d::D;"),
        ("x/src/a.rs", "use crate::b::{B, c::C}; use std::fmt; impl A { fn f(self) -> Self { self::g(fmt::x()) } }"),
        ("x/src/b.rs", "pub mod c; pub use c::C;"),
        ("x/src/b/c.rs", "pub(crate) struct C; use crate::D; fn f() { serde::crate_like::x() }"),
        ("x/src/d.rs", "pub struct D;"),
    ];
    assert_eq!(violations(&tree), [""; 0]);
}
