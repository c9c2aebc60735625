//! The programs of docs/signers, as customers run them: what they print is read here.

use std::{io::ErrorKind, path::Path, process::Command};

use admit_domain::{dialects::Dialect, shown::Shown, time::Timestamp};

use crate::{
    library::installed,
    request::{KID, MANIFEST, VIDEO, assert_only_this_is_read, now, read, shared, shown},
};

#[path = "../../../../docs/signers/sign.rs"]
mod sign;

const SECRET: &str = "x7kQ0Zb1-mE5v_2rT9yU4wA8sD3fG6hJ";
const TTL: &str = "600";
/// A name that every language has to escape rightly.
const VIEWER: &str = "Ada \"Лавлейс\" / 7";
const KINDS: [&str; 3] = ["admit", "moviie", "signed-url"];

/// A program, and what it is told before the rest.
const PROGRAMS: [(&str, &[&str]); 5] = [
    ("node", &["sign.mjs"]),
    ("python3", &["sign.py"]),
    ("php", &["sign.php"]),
    ("ruby", &["sign.rb"]),
    ("go", &["run", "sign.go"]),
];

/// What the program prints; `None`, and a word about it, where this machine has no such language.
#[expect(clippy::print_stdout, reason = "whoever runs the tests shall read what was not tested")]
fn run(program: &str, told: &[&str], kind: &str, viewer: Option<&str>) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "a test runs the programs of the manual, outside of the program")]
    let output = Command::new(program)
        .args(told)
        .args([kind, VIDEO, TTL])
        .args(viewer)
        .env("ADMIT_KEY_ID", KID)
        .env("ADMIT_KEY_SECRET", SECRET)
        .env("LC_ALL", "C.UTF-8")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/signers"))
        .output();
    match output {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("skipped: this machine has no {program}");
            None
        }
        Err(error) => panic!("{program}: {error}"),
        Ok(output) => {
            assert!(output.status.success(), "{program} {kind}: {}", String::from_utf8_lossy(&output.stderr));
            let text = String::from_utf8(output.stdout).expect("the program prints text");
            Some(text.strip_suffix('\n').expect("one line").to_owned())
        }
    }
}

/// A request that carries what was printed.
fn carrying(kind: &str, printed: &str) -> Shown {
    let query = if kind == "signed-url" { printed.to_owned() } else { format!("token={printed}") };
    shown(&format!("{MANIFEST}?{query}"))
}

fn judge(name: &str, kind: &str, viewer: Option<&str>, printed: &str, now: Timestamp) {
    let key = shared(Dialect::parse(kind).expect("a dialect"), SECRET.as_bytes());
    let request = carrying(kind, printed);
    let name = format!("{name} {kind}: {printed}");
    let claims = read(&key, &request, now).expect(&name).unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
    let expected = viewer.filter(|_| kind == "admit");
    assert_eq!(claims.viewer.as_ref().map(admit_domain::claims::Viewer::as_str), expected, "{name}");
    // The program read the clock a moment before or after.
    assert!((595..=605).contains(&(claims.expires_at.as_secs() - now.as_secs())), "{name}");
    assert_only_this_is_read(&name, &key, &request, now);
}

#[test]
fn what_the_programs_of_the_manual_sign_is_read() {
    if installed().is_none() {
        return;
    }
    for (program, told) in PROGRAMS {
        for (kind, viewer) in KINDS.into_iter().flat_map(|kind| [(kind, None), (kind, Some(VIEWER))]) {
            let Some(printed) = run(program, told, kind, viewer) else { break };
            judge(program, kind, viewer, &printed, now());
        }
    }
}

#[test]
fn what_the_functions_of_the_manual_sign_is_read() {
    let now = now();
    let (seconds, ttl) = (u64::try_from(now.as_secs()).expect("it is later than 1970"), 600);
    let key = sign::Key { id: KID, secret: SECRET };
    for viewer in [None, Some(VIEWER)] {
        judge("rust", "admit", viewer, &key.admit(VIDEO, seconds, ttl, viewer), now);
    }
    judge("rust", "moviie", None, &key.moviie(VIDEO, seconds, ttl), now);
    judge("rust", "signed-url", None, &key.signed_url(VIDEO, seconds, ttl), now);
}
