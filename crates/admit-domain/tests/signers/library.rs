//! A library of somebody else's: a script in tests/signers/ that speaks JSON, one line each way.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use serde_json::Value;

/// The folder of installed packages; `None`, and a word about it, where there is none.
#[expect(clippy::print_stdout, reason = "whoever runs the tests shall read what was not tested")]
pub(crate) fn installed() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "whether a test has its tools is not the program's configuration")]
    let folder = std::env::var_os("ADMIT_TEST_SIGNERS");
    if folder.is_none() {
        println!("skipped: ADMIT_TEST_SIGNERS does not name the folder that scripts/signers.sh prints");
    }
    folder.map(PathBuf::from)
}

/// A script below tests/signers/, and what runs it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Library {
    Node(&'static str),
    Python(&'static str),
}

impl Library {
    /// What the script prints when it is told `command` and given `input`, line by line.
    pub(crate) fn ask(self, installed: &Path, command: &str, input: &[Value]) -> Vec<Value> {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/signers");
        let (program, script) = match self {
            Self::Node(script) => (PathBuf::from("node"), installed.join("node").join(script)),
            Self::Python(script) => (installed.join("python/bin/python"), scripts.join("python").join(script)),
        };
        #[expect(clippy::disallowed_methods, reason = "a test runs other people's code, outside of the program")]
        let mut child = Command::new(&program)
            .arg(&script)
            .arg(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut pipe = child.stdin.take().expect("a pipe");
        let mut told = Vec::new();
        for line in input {
            writeln!(told, "{line}").expect("memory takes it");
        }
        // A script that answers while it is told waits for its reader, so telling must not.
        let output = thread::scope(|scope| {
            scope.spawn(move || pipe.write_all(&told).expect("the script reads"));
            child.wait_with_output().expect("the script ends")
        });
        assert!(output.status.success(), "{self:?} {command}: {}", output.status);
        let text = String::from_utf8(output.stdout).expect("the script prints text");
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|why| panic!("{line}: {why}"))).collect()
    }
}

/// A field that is a text.
pub(crate) fn text<'a>(line: &'a Value, field: &str) -> &'a str {
    line[field].as_str().unwrap_or_else(|| panic!("no text {field} in {line}"))
}

/// Bytes by their hexadecimal digits.
pub(crate) fn unhex(digits: &str) -> Vec<u8> {
    assert_eq!(digits.len() % 2, 0, "{digits}");
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits")).collect()
}
