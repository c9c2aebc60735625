//! What is linked in: nothing that is banned, one TLS provider, and only from where packages usually come from.

use std::collections::BTreeSet;

use crate::house;

/// Never, in any build: a second TLS library brings a second set of holes.
const BANNED: [&str; 5] = ["openssl", "openssl-sys", "native-tls", "async-std", "failure"];

/// Two in one binary make rustls panic at the first connection.
const TLS_PROVIDERS: [&str; 4] = ["aws-lc-rs", "ring", "rustls-graviola", "rustls-openssl"];

const USUAL_SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// One `name vX.Y.Z …` a line.
fn names(tree: &str) -> BTreeSet<&str> {
    tree.lines().filter_map(|line| line.split_whitespace().next()).collect()
}

fn banned_violations(everything: &str) -> Vec<String> {
    let present = names(everything);
    BANNED
        .iter()
        .filter(|name| present.contains(*name))
        .map(|name| format!("{name} is banned: `cargo tree -i {name}`"))
        .collect()
}

fn provider_violations(linked: &str) -> Vec<String> {
    let present = names(linked);
    let providers: Vec<&str> = TLS_PROVIDERS.into_iter().filter(|name| present.contains(name)).collect();
    if providers.len() == 1 { Vec::new() } else { vec![format!("one TLS provider is linked in, not {providers:?}")] }
}

fn source_violations(lock: &str) -> Vec<String> {
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = ")).map(|source| source.trim_matches('"'));
    let strange: BTreeSet<&str> = sources.filter(|source| *source != USUAL_SOURCE).collect();
    strange.into_iter().map(|source| format!("a package comes from {source}")).collect()
}

#[test]
fn nothing_banned_is_linked_in() {
    let everything = house::cargo(&["tree", "--workspace", "-e", "normal,build,dev", "--prefix", "none", "-f", "{p}"]);
    house::expect_none("banned packages", &banned_violations(&everything));
    let linked = house::cargo(&["tree", "--workspace", "-e", "normal,build", "--prefix", "none", "-f", "{p}"]);
    house::expect_none("TLS", &provider_violations(&linked));
}

#[test]
fn packages_come_from_the_usual_place() {
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        house::expect_none(lock, &source_violations(house::file(lock)));
    }
}

#[test]
fn smuggled_packages_are_seen() {
    assert_eq!(banned_violations("openssl-sys v0.9.1\nserde v1.0.0 (*)").len(), 1);
    assert_eq!(provider_violations("ring v0.17.0\naws-lc-rs v1.0.0\n").len(), 1);
    assert_eq!(provider_violations("serde v1").len(), 1);
    assert_eq!(provider_violations("aws-lc-rs v1.0.0\naws-lc-rs v1.0.0 (*)").len(), 0);
    let lock = format!("source = \"{USUAL_SOURCE}\"\nsource = \"git+https://example.org/x\"\n");
    assert_eq!(source_violations(&lock), ["a package comes from git+https://example.org/x"]);
}
