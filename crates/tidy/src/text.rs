//! Just enough of Rust's grammar to look at code without being fooled by comments, strings and tests.

/// The text with comments and the insides of string and character literals blanked out; lines stay where they are.
pub(crate) fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => line_end(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => block_comment_end(&chars, at),
            '"' => string_end(&chars, at),
            'r' if !continues_word(&chars, at) => raw_string_end(&chars, at),
            '\'' => char_end(&chars, at),
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        // Quotes stay, so that `f("")` is still a call with an argument.
        let quoted = chars[at] != '/';
        for (index, &c) in chars[at..end].iter().enumerate() {
            let edge = quoted && (index == 0 || index == end - at - 1);
            out.push(if c == '\n' || edge { c } else { ' ' });
        }
        at = end;
    }
    out
}

fn line_end(chars: &[char], from: usize) -> usize {
    chars[from..].iter().position(|&c| c == '\n').map_or(chars.len(), |length| from + length)
}

fn block_comment_end(chars: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// `br"…"` is a raw string too: its `r` does not begin a word.
fn continues_word(chars: &[char], at: usize) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    match at.checked_sub(1).map(|before| chars[before]) {
        Some('b' | 'c') => at >= 2 && word(chars[at - 2]),
        Some(before) => word(before),
        None => false,
    }
}

fn raw_string_end(chars: &[char], from: usize) -> usize {
    let hashes = chars[from + 1..].iter().take_while(|&&c| c == '#').count();
    if chars.get(from + 1 + hashes) != Some(&'"') {
        return from;
    }
    let mut at = from + 2 + hashes;
    while at < chars.len() {
        if chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    chars.len()
}

/// A lifetime has no closing quote; a character has one right behind it.
fn char_end(chars: &[char], from: usize) -> usize {
    if chars.get(from + 1) == Some(&'\\') {
        let close = chars[(from + 3).min(chars.len())..].iter().take(12).position(|&c| c == '\'');
        return close.map_or(from, |length| from + 4 + length);
    }
    if chars.get(from + 2) == Some(&'\'') { from + 3 } else { from }
}

/// The code without the items that stand behind `#[cfg(test)]`; lines stay where they are.
pub(crate) fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some(start) = out.find("#[cfg(test)]") {
        let end = item_end(&out, start);
        let blank: String = out[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(start..end, &blank);
    }
    out
}

/// Where the item that begins at `start` ends: at the first `;` or closing brace outside of anything else.
fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0_i32;
    for (offset, c) in code[start..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 && (c == ';' || c == '}') {
            return start + offset + 1;
        }
    }
    code.len()
}

/// The files that `#[cfg(test)] mod name;` brings in, without their ending: `crates/x/src/a/name`.
pub(crate) fn test_modules(path: &str, code: &str) -> Vec<String> {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let home = if matches!(name, "lib" | "main" | "mod") { folder } else { stem };
    let items = code.split("#[cfg(test)]").skip(1);
    items
        .filter_map(|item| item.trim_start().strip_prefix("mod ")?.split_once(';'))
        .filter(|(name, _)| name.chars().all(|c| c.is_alphanumeric() || c == '_'))
        .map(|(name, _)| format!("{home}/{name}"))
        .collect()
}

/// The lines that hold `needle` as a whole word or path, counted from one.
pub(crate) fn lines_with(text: &str, needle: &str) -> Vec<usize> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let found = |line: &str| {
        line.match_indices(needle).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + needle.len()..].chars().next();
            !(needle.starts_with(word) && before.is_some_and(word) || needle.ends_with(word) && after.is_some_and(word))
        })
    };
    text.lines().enumerate().filter(|(_, line)| found(line)).map(|(index, _)| index + 1).collect()
}

#[test]
fn comments_and_quotes_are_blank() {
    let text =
        "a(\"sleep(1)\"); // sleep(2)\nb('\"', 'x, r#\"sleep(\"3)\"#, '\\u{1F600}'); /* sleep(4\n */ sleep(5) 'a'";
    let code = code_only(text);
    assert_eq!(code.matches("sleep(").count(), 1, "{code}");
    assert_eq!(code.lines().count(), text.lines().count());
    assert!(code.contains("b('") && code.contains("'x, r"), "{code}");
    assert_eq!(code_only("br#\"a\"# bar\"b\""), "br    # bar\" \"");
}

#[test]
fn tests_are_cut_out() {
    let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\n#[cfg(test)]\nuse x::{y, z};\nfn c() {}\n";
    let production = without_tests(code);
    assert!(production.contains("fn a") && production.contains("fn c"));
    assert!(!production.contains("fn b") && !production.contains("use x"));
    assert_eq!(production.lines().count(), code.lines().count());
    assert_eq!(test_modules("crates/x/src/a.rs", "#[cfg(test)]\nmod tests;"), ["crates/x/src/a/tests"]);
    assert_eq!(test_modules("crates/x/src/lib.rs", "#[cfg(test)] mod oracle;"), ["crates/x/src/oracle"]);
}

#[test]
fn words_are_whole() {
    assert_eq!(lines_with("xsleep(\nsleep(1)\nMYsleep\n", "sleep("), [2]);
    assert_eq!(lines_with("aYYY YYYb\n a YYY b", "YYY"), [2]);
}
