//! `docs/http-tests.md` names each attack, and where it is told: in tests that there are.

use std::path::Path;

/// All sources below a folder with this ending, one after another.
fn sources(folder: &Path, ending: &str) -> String {
    let mut all = String::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                all += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    all
}

#[test]
fn the_page_names_tests_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/http-tests.md")).unwrap();
    let rust: String =
        ["crates/admit/tests/it", "crates/admit/src", "crates/admit-edge/src", "crates/admit-domain/src/playlist"]
            .map(|folder| sources(&root.join(folder), "rs"))
            .concat();
    let stories = sources(&root.join("tests/browser/stories"), "mjs");
    let quoted: Vec<&str> = page.split('`').skip(1).step_by(2).collect();
    let named: Vec<_> = quoted.iter().filter(|name| name.matches('_').count() >= 2 && !name.contains('.')).collect();
    assert!(named.len() >= 60, "{named:?}");
    for name in named {
        assert!(rust.contains(&format!("fn {name}(")), "there is no test {name}");
    }
    let told: Vec<_> = quoted.iter().filter(|name| name.contains(' ')).collect();
    assert!(told.len() >= 5, "{told:?}");
    for title in told {
        assert!(stories.contains(*title), "there is no story {title:?}");
    }
    for id in 1..=44 {
        assert!(page.contains(&format!("| U{id:02} | ")), "U{id:02} is not on the page");
    }
}
