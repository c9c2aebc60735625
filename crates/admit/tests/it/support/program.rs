//! The program itself, run as a person or a script would run it.

use std::{path::Path, process::Command};

use tempfile::TempDir;

/// What a run of the program left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Standard output as the one JSON document it must be.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A person with a home of their own, in which uploads are remembered.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) home: TempDir,
}

impl Person {
    pub(crate) fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// A file in the home with these contents.
    pub(crate) fn file(&self, name: &str, contents: &[u8]) -> std::path::PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, contents).unwrap();
        path
    }

    /// Runs `admit` with these arguments and nothing of ours in the environment but what is given.
    pub(crate) async fn runs(&self, env: &[(&str, &str)], args: &[&str]) -> Ran {
        let mut command = command();
        command.args(args).env_clear().envs(env.iter().copied()).env("HOME", self.home.path());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

#[expect(clippy::disallowed_methods, reason = "the program under test, and it ends by itself")]
fn command() -> Command {
    Command::new(Path::new(env!("CARGO_BIN_EXE_admit")))
}
