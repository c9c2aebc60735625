//! What only one file may do: make a storage path, start a program, make a permit.

use crate::{house, text};

/// Who may hold certain words, and why nobody else.
struct Door {
    words: &'static [&'static str],
    homes: &'static [&'static str],
    why: &'static str,
}

const DOORS: [Door; 4] = [
    Door {
        words: &["process::Command", "Command::new", "CommandExt", "execve", "posix_spawn"],
        homes: &["crates/admit-media/src/process.rs", "crates/admit-media/src/jail"],
        why: "only admit-media/src/process.rs starts programs: it bounds and kills them",
    },
    Door {
        words: &["object_store"],
        homes: &["crates/admit-objects/src/"],
        why: "bytes are reached through admit-objects, by their ObjectKey",
    },
    Door {
        words: &["ClientBuilder", "Client::builder", "reqwest::get", "TcpStream::connect", "lookup_host"],
        homes: &[
            "crates/admit-worker/src/outbound.rs",
            "crates/admit/src/client.rs",
            "crates/admit-edge/src/remote/upstreams.rs",
            "crates/admit-edge/src/foreign.rs",
        ],
        why: "the server calls out through admit-worker/src/outbound.rs alone, which judges every hop; an edge calls none but \
              the control planes and the upstream that its operator named",
    },
    Door {
        words: &["Permit {", "Permit{", "Permit::new", "Permit::default"],
        homes: &["crates/admit-domain/src/gate.rs"],
        why: "only the gate makes a permit",
    },
];

/// How storage paths begin. They stand in quotes, which `code` has not: these are looked for in the text.
const STORAGE: [&str; 2] = ["\"videos/", "\"uploads/"];
const STORAGE_HOME: &str = "crates/admit-domain/src/object_key.rs";

/// `path` and what of it is compiled into the program.
fn door_violations(files: &[(&str, &str)]) -> Vec<String> {
    let mut complaints = Vec::new();
    for door in &DOORS {
        for (path, production) in files {
            if door.homes.iter().any(|home| path.starts_with(home)) {
                continue;
            }
            for word in door.words {
                let lines = text::lines_with(production, word);
                // `-> Permit {` opens a function, not a permit.
                let offends =
                    |line: &usize| !production.lines().nth(line - 1).is_some_and(|line| only_a_type(line, word));
                complaints.extend(
                    lines
                        .iter()
                        .filter(|line| offends(line))
                        .map(|line| format!("{path}:{line}: {word}: {}", door.why)),
                );
            }
        }
    }
    complaints
}

fn only_a_type(line: &str, word: &str) -> bool {
    let before = line.split(word).next().unwrap_or("").trim_end();
    word.starts_with("Permit") && ["->", "impl", "for", "struct"].iter().any(|sign| before.ends_with(sign))
}

/// `path`, its whole text, and what of it is compiled into the program.
fn storage_violations(files: &[(&str, &str, &str)]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text, production) in files.iter().filter(|(path, ..)| *path != STORAGE_HOME) {
        for (index, (line, compiled)) in text.lines().zip(production.lines()).enumerate() {
            if compiled.contains('"') && STORAGE.iter().any(|start| line.contains(start)) {
                complaints.push(format!(
                    "{path}:{}: storage paths are made in {STORAGE_HOME}: {}",
                    index + 1,
                    line.trim()
                ));
            }
        }
    }
    complaints
}

/// A permit can only stay unforgeable while nothing of it is public and nothing derives a way to make one.
fn permit_violations(gate: &str) -> Vec<String> {
    let Some((head, rest)) = gate.split_once("pub struct Permit {") else {
        return vec!["gate.rs does not define `pub struct Permit {`".to_owned()];
    };
    let mut complaints = Vec::new();
    let fields = rest.split('}').next().unwrap_or("");
    complaints.extend(
        fields.lines().filter(|field| field.trim().starts_with("pub")).map(|field| format!("public field: {field}")),
    );
    let derives = head.lines().rev().take_while(|line| line.trim_start().starts_with("#[") || line.trim().is_empty());
    let forging = ["Default", "Deserialize"];
    complaints.extend(
        derives
            .filter(|line| forging.iter().any(|way| line.contains(way)))
            .map(|line| format!("a way round the gate: {line}")),
    );
    let made = text::lines_with(rest, "Permit {").len() - text::lines_with(rest, "impl Permit {").len();
    if made != 1 {
        complaints.push(format!("gate.rs makes a permit in {made} places; one is enough"));
    }
    complaints
}

#[test]
fn each_door_has_one_keeper() {
    let files: Vec<(&str, &str)> =
        house::rust().iter().map(|file| (file.path.as_str(), file.production.as_str())).collect();
    house::expect_none("some things are done in one place only", &door_violations(&files));
}

#[test]
fn storage_paths_are_made_in_one_file() {
    let files: Vec<(&str, &str, &str)> = house::rust()
        .iter()
        .map(|file| (file.path.as_str(), house::file(&file.path), file.production.as_str()))
        .collect();
    let home = house::file(STORAGE_HOME);
    assert!(
        STORAGE.iter().all(|start| home.contains(start)),
        "{STORAGE_HOME} spells its paths differently now: tell this test"
    );
    house::expect_none("storage paths", &storage_violations(&files));
}

#[test]
fn only_the_gate_makes_permits() {
    let gate = house::rust().iter().find(|file| file.path == "crates/admit-domain/src/gate.rs").unwrap();
    house::expect_none("a permit is unforgeable", &permit_violations(&gate.production));
}

#[test]
fn side_doors_are_seen() {
    let files = [
        ("crates/admit-edge/src/a.rs", "fn f() -> Permit {\n  Permit { video }\n}\nuse object_store::path::Path;"),
        ("crates/admit-worker/src/b.rs", "use tokio::process::Command;"),
        ("crates/admit-media/src/process.rs", "use tokio::process::Command;"),
        ("crates/admit-objects/src/c.rs", "use object_store::path::Path;"),
    ];
    let complaints = door_violations(&files);
    assert_eq!(complaints.len(), 3, "{complaints:?}");
    let spelled =
        [("crates/admit-api/src/x.rs", "f(\"videos/1\");\n// \"videos/2\"", "f(\"        \");\n             ")];
    assert_eq!(storage_violations(&spelled).len(), 1);
    let forged = "#[derive(Clone, Default)]\npub struct Permit {\n  pub video: V,\n}\nimpl Permit {\n}\nfn a() { Permit { v } }\nfn b() { Permit { v } }";
    assert_eq!(permit_violations(forged).len(), 3);
}
