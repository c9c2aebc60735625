//! The house as it lies on disk: its files, read once, and what cargo says about it.

use std::path::Path;
use std::sync::OnceLock;

use crate::text;

/// What git ignores or keeps for itself, and what a run leaves behind.
const NOT_OURS: [&str; 5] = [".git", "target", "node_modules", "dist", "admit-data"];

const TEXT_ENDINGS: [&str; 22] = [
    "rs", "toml", "lock", "md", "ts", "tsx", "js", "mjs", "cjs", "svelte", "css", "html", "sh", "sql", "yml", "yaml",
    "json", "txt", "snap", "new", "py", "ini",
];

const TEXT_NAMES: [&str; 6] = ["Makefile", "run", ".gitignore", ".npmrc", "LICENSE-MIT", "LICENSE-APACHE"];

pub(crate) struct File {
    /// From the root of the repository, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn ending(&self) -> &str {
        ending(&self.path)
    }
}

/// `rs` of `a/b.rs`, nothing of `a/Makefile`.
pub(crate) fn ending(path: &str) -> &str {
    Path::new(path).extension().and_then(|ending| ending.to_str()).unwrap_or("")
}

/// A Rust file of one of our crates, in the shapes that rules ask for. All three texts have the same line numbers.
pub(crate) struct Rust {
    pub(crate) path: String,
    pub(crate) krate: String,
    /// Without comments and without what stands in quotes.
    pub(crate) code: String,
    /// The same, without what is compiled for tests only; empty in a file of tests.
    pub(crate) production: String,
}

pub(crate) fn root() -> &'static Path {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    crates.parent().unwrap()
}

/// Every text file of the project, in the order of their paths.
pub(crate) fn files() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut found = Vec::new();
        walk(root(), "", &mut found);
        found.sort_by(|a: &File, b: &File| a.path.cmp(&b.path));
        found
    })
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let kind = entry.file_type().unwrap();
        let path = format!("{prefix}{name}");
        if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
            walk(&entry.path(), &format!("{path}/"), found);
        }
        if kind.is_file() && (TEXT_ENDINGS.contains(&ending(&name)) || TEXT_NAMES.contains(&name.as_str())) {
            // A fixture may carry a text's ending and be none: such a file has no lines to judge.
            if let Ok(text) = std::fs::read_to_string(entry.path()) {
                found.push(File { path, text });
            }
        }
    }
}

/// The Rust files of our crates; this crate is one of them and obeys the same rules.
pub(crate) fn rust() -> &'static [Rust] {
    static RUST: OnceLock<Vec<Rust>> = OnceLock::new();
    RUST.get_or_init(|| {
        let sources: Vec<&File> =
            files().iter().filter(|f| f.ending() == "rs" && f.path.starts_with("crates/")).collect();
        let codes: Vec<String> = sources.iter().map(|file| text::code_only(&file.text)).collect();
        let test_files: Vec<String> =
            sources.iter().zip(&codes).flat_map(|(file, code)| text::test_modules(&file.path, code)).collect();
        // A crate like this one is tests altogether.
        let test_crates: Vec<&str> = sources
            .iter()
            .zip(&codes)
            .filter(|(_, code)| code.contains("#![cfg(test)]"))
            .filter_map(|(file, _)| file.path.strip_suffix("lib.rs"))
            .collect();
        let is_test = |path: &str| {
            test_crates.iter().any(|folder| path.starts_with(folder))
                || ["/tests/", "/benches/", "/examples/"].iter().any(|folder| path.contains(folder))
                || path.ends_with("/tests.rs")
                || test_files
                    .iter()
                    .any(|module| path == format!("{module}.rs") || path.starts_with(&format!("{module}/")))
        };
        sources
            .iter()
            .zip(codes)
            .map(|(file, code)| Rust {
                path: file.path.clone(),
                krate: file.path.split('/').nth(1).unwrap().to_owned(),
                production: if is_test(&file.path) { String::new() } else { text::without_tests(&code) },
                code,
            })
            .collect()
    })
}

pub(crate) fn file(path: &str) -> &'static str {
    files().iter().find(|file| file.path == path).map_or_else(|| panic!("{path} is missing"), |file| file.text.as_str())
}

/// The names of our crates: the folders of `crates/`.
pub(crate) fn crates() -> Vec<String> {
    let manifests = files().iter().filter_map(|file| file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"));
    manifests.filter(|name| !name.contains('/')).map(str::to_owned).collect()
}

/// What `cargo` prints.
#[expect(clippy::disallowed_methods, reason = "a test asks cargo; nothing of a viewer is near")]
pub(crate) fn cargo(arguments: &[&str]) -> String {
    let output = std::process::Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Fails with every complaint at once, under the rule they offend.
pub(crate) fn expect_none(rule: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{rule}\n  {}\n", complaints.join("\n  "));
}
