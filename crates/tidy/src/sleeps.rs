//! A test waits for what it needs, not for a while. Where time itself is what is tested, the line says so:
//! a comment `sleep: <reason>` stands on the line of the call or right above it.

use crate::{house, text};

const MARK: &str = "sleep: ";

/// `tested` has only what is compiled for tests, without comments; `text` is the whole file.
fn violations(path: &str, text: &str, tested: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let argued = |number: usize| {
        let here = lines.get(number - 1).is_some_and(|line| line.contains(MARK));
        here || number > 1 && lines.get(number - 2).is_some_and(|line| line.contains(MARK))
    };
    let sleeps = text::lines_with(tested, "sleep(").into_iter().filter(|number| !argued(*number));
    sleeps.map(|number| format!("{path}:{number}: {}", lines.get(number - 1).map_or("", |line| line.trim()))).collect()
}

/// The code that `production` has not.
fn only_tests(code: &str, production: &str) -> String {
    let mut compiled = production.lines();
    let lines = code.lines().map(|line| if compiled.next().is_some_and(|kept| kept == line) { "" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn tests_do_not_wait_for_a_while() {
    let mut complaints = Vec::new();
    for file in house::rust() {
        complaints.extend(violations(&file.path, house::file(&file.path), &only_tests(&file.code, &file.production)));
    }
    let scripts = house::files().iter().filter(|file| matches!(file.ending(), "ts" | "js" | "mjs"));
    for file in scripts.filter(|file| file.path.split('/').any(|folder| matches!(folder, "test" | "tests" | "e2e"))) {
        complaints.extend(violations(&file.path, &file.text, &file.text));
    }
    house::expect_none("wait for the event, or say `// sleep: <reason>` above it", &complaints);
}

#[test]
fn a_nap_is_seen() {
    let text = "fn a() { sleep(1) }\n#[cfg(test)]\nmod tests {\n  fn b() { sleep(2) }\n  // sleep: the limit is a second\n  fn c() { sleep(3) }\n}\n";
    let code = text::code_only(text);
    let tested = only_tests(&code, &text::without_tests(&code));
    assert_eq!(violations("a.rs", text, &tested), ["a.rs:4: fn b() { sleep(2) }"]);
}
