//! Gathers the built player, where there is one, so that the binary carries it; a build without it works too.

use std::{
    fmt::Write as _,
    fs,
    hash::{DefaultHasher, Hasher},
    path::{Path, PathBuf},
};

const PLAYER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/player");

/// What the page loads: its name in the page, the ending it is served under, and its type.
const PARTS: [(&str, &str, &str); 2] =
    [("player.js", "js", "text/javascript; charset=utf-8"), ("player.css", "css", "text/css; charset=utf-8")];

fn main() {
    let dist = Path::new(PLAYER).join("dist");
    let out = out_dir();
    let gathered = gather(&dist, &out);
    // A folder that is missing counts as changed every time, so its parent is watched until it appears.
    let watched = if gathered.is_some() { &dist } else { Path::new(PLAYER) };
    println!("cargo:rerun-if-changed={}", watched.display());
    println!("cargo:rerun-if-changed=build.rs");
    let list = gathered.unwrap_or_else(|| include_list("None", ""));
    fs::write(out.join("player_bundle.rs"), list).expect("OUT_DIR can be written");
}

#[expect(clippy::disallowed_methods, reason = "the only way cargo tells a build script where to write")]
fn out_dir() -> PathBuf {
    std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR").into()
}

/// Copies the bundle under names made of its content; nothing when any of it is missing.
fn gather(dist: &Path, out: &Path) -> Option<String> {
    let mut page = fs::read_to_string(dist.join("index.html")).ok()?;
    let mut lines = String::new();
    for (part, ending, content_type) in PARTS {
        let content = fs::read(dist.join(part)).ok()?;
        let name = format!("{:016x}.{ending}", hash(&content));
        fs::write(out.join(&name), &content).expect("OUT_DIR can be written");
        page = page.replace(&format!("/player/{part}"), &format!("/player/{name}"));
        let file = out.join(&name);
        let file = file.to_str().expect("OUT_DIR is text");
        write!(lines, "({name:?}, include_bytes!({file:?}), {content_type:?}), ").expect("a string takes it all");
    }
    Some(include_list(&format!("Some({page:?})"), &lines))
}

fn include_list(page: &str, bundle: &str) -> String {
    format!("const PAGE: Option<&str> = {page};\nconst BUNDLE: &[(&str, &[u8], &str)] = &[{bundle}];\n")
}

/// Names a version of the content; it guards nothing, so the standard hasher will do.
fn hash(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    hasher.finish()
}
