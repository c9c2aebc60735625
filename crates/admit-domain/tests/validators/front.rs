//! A server that was started for a test, and how it is asked.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::origin::Origin;

/// What a front answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) reason: Option<String>,
    /// May anybody keep it?
    pub(crate) is_kept: bool,
}

/// A folder and a port of a front's own.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
}

impl Place {
    pub(crate) fn new(name: &str) -> Self {
        // Whoever takes the port in the moment between makes the front end, and the test say so.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let folder = std::env::temp_dir().join(format!("admit-{name}-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self { folder, port }
    }

    /// The folder as text, as validators name it.
    pub(crate) fn path(&self) -> &str {
        self.folder.to_str().expect("a name in UTF-8")
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.join(name);
        fs::write(&file, text).expect("a file");
        file
    }
}

/// A running front. It ends with the test.
pub(crate) struct Front {
    child: Child,
    place: Place,
    pub(crate) origin: Origin,
    /// The platform tidies up an address before a program sees it, as browsers do.
    pub(crate) is_asked_tidily: bool,
}

impl Front {
    /// `None`, and a word about it, where there is no such program.
    #[expect(clippy::print_stdout, reason = "whoever runs the tests shall read what was not tested")]
    pub(crate) fn program(names: &[&'static str]) -> Option<&'static str> {
        let found = names.iter().find(|name| Path::new(name).exists());
        if found.is_none() {
            println!("skipped: this machine has no {}", names.join(" or "));
        }
        found.copied()
    }

    pub(crate) fn start(program: &str, arguments: &[&str], place: Place, origin: Origin) -> Self {
        let told = fs::File::create(place.folder.join("told")).expect("a file");
        #[expect(clippy::disallowed_methods, reason = "a test runs other people's code, outside of the program")]
        let child = Command::new(program)
            .args(arguments)
            .current_dir(&place.folder)
            .stdin(Stdio::null())
            .stdout(told.try_clone().expect("the file again"))
            .stderr(told)
            .spawn()
            .expect("the front starts");
        let mut front = Self { child, place, origin, is_asked_tidily: false };
        front.wait_until_it_listens();
        front
    }

    fn wait_until_it_listens(&mut self) {
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", self.place.port)).is_ok() {
                return;
            }
            if self.child.try_wait().expect("a child").is_some() {
                break;
            }
            // sleep: the servers have no common way to say that they listen
            thread::sleep(Duration::from_millis(100));
        }
        panic!("the front does not listen:\n{}", self.told());
    }

    fn told(&self) -> String {
        fs::read_to_string(self.place.folder.join("told")).unwrap_or_default()
    }

    /// Asks with these header lines, each with its line break.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.place.port)).expect("the front listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        let request =
            format!("{method} {target} HTTP/1.1\r\nHost: films.example\r\n{headers}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the front reads");
        let mut answer = Vec::new();
        // A front that was shown nonsense may close hard, behind an answer or without one.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let (head, _) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let value = |wanted: &str| {
            let named = head.lines().filter_map(|line| line.split_once(": "));
            named.filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.to_owned()).next()
        };
        Answer {
            status: head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0),
            reason: value("Admit-Reason"),
            is_kept: value("Cache-Control").as_deref() != Some("no-store"),
        }
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            told(&self.told());
        }
        let _ = fs::remove_dir_all(&self.place.folder);
    }
}

#[expect(clippy::print_stdout, reason = "the test's runner shows it beside what failed")]
fn told(words: &str) {
    println!("{words}");
}
