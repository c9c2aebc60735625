//! nginx's own `secure_link`, as a second judge of addresses that the preset `nginx-secure-link` signs.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
    time::Duration,
};

use admit_domain::{
    dialects::hash::{Algorithm, Encoding},
    material::KeySecret,
    mint::{Minted, Signer, Wish},
    signing_key::SigningKey,
    time::Timestamp,
};
use aws_lc_rs::rand::SystemRandom;

use crate::{
    library::installed,
    request::{MANIFEST, OTHER, VIDEO, dialect, now, said, shared, shown, wish},
};

const NGINX: &str = "/usr/sbin/nginx";
const SECRET: &str = "a secret that nginx knows too";

/// An nginx of this test's own. It ends with the test.
struct Nginx {
    child: Child,
    /// What it tells. It dies where nobody holds the other end.
    told: BufReader<ChildStderr>,
    folder: PathBuf,
    port: u16,
}

impl Nginx {
    /// `None`, and a word about it, where there is none to start.
    #[expect(clippy::print_stdout, reason = "whoever runs the tests shall read what was not tested")]
    fn start() -> Option<Self> {
        if !Path::new(NGINX).exists() {
            println!("skipped: this machine has no {NGINX}");
            return None;
        }
        // Whoever takes the port in the moment between makes nginx end, and the test say so.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let folder = std::env::temp_dir().join(format!("admit-nginx-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration(&folder, port)).expect("a configuration");
        #[expect(clippy::disallowed_methods, reason = "a test runs other people's code, outside of the program")]
        let mut child = Command::new(NGINX)
            .args(["-e", "stderr", "-p"])
            .arg(&folder)
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::piped())
            .spawn()
            .expect("nginx starts");
        let told = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut nginx = Self { child, told, folder, port };
        nginx.wait_until_it_listens();
        Some(nginx)
    }

    /// It tells how it waits for events once its sockets are open.
    fn wait_until_it_listens(&mut self) {
        let mut all = Vec::new();
        for line in self.told.by_ref().lines().map_while(Result::ok) {
            let is_ready = line.contains("event method");
            all.push(line);
            if is_ready {
                return;
            }
        }
        panic!("nginx does not listen:\n{}", all.join("\n"));
    }

    /// The status of the answer for an address. `host` chooses whether addresses are bound to the viewer's.
    fn ask(&self, host: &str, target: &str) -> u16 {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("nginx listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a limit");
        // At once: what it reads no further it resets.
        let request = format!("GET {target} HTTP/1.0\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("nginx reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("nginx answers");
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.unwrap_or_else(|| panic!("no status: {answer}"))
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn configuration(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    let server = |name: &str, expression: &str| {
        format!(
            r#"server {{
                listen 127.0.0.1:{port};
                server_name {name};
                location / {{
                    secure_link $arg_md5,$arg_expires;
                    secure_link_md5 "{expression} {SECRET}";
                    if ($secure_link = "") {{ return 403; }}
                    if ($secure_link = "0") {{ return 410; }}
                    return 200;
                }}
            }}"#
        )
    };
    format!(
        "daemon off; master_process off; pid {folder}/pid; error_log stderr notice;
        events {{ worker_connections 32; }}
        http {{
            access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            {}
            {}
        }}",
        server("free.example", "$secure_link_expires$uri"),
        server("bound.example", "$secure_link_expires$uri$remote_addr"),
    )
}

fn key() -> SigningKey {
    shared(dialect("nginx-secure-link"), SECRET.as_bytes())
}

/// The address as our preset signs it.
fn minted(now: Timestamp, seconds: i64) -> String {
    let wish = Wish { expires_at: Timestamp::from_secs(now.as_secs() + seconds), ..wish(now, MANIFEST) };
    let signer = Signer::Secret(KeySecret::new(SECRET.as_bytes()));
    match dialect("nginx-secure-link").mint(&wish, &signer, &SystemRandom::new()) {
        Ok(Minted::Query(query)) => format!("{MANIFEST}?{query}"),
        other => panic!("no query: {other:?}"),
    }
}

/// The address bound to a viewer's, as a customer's program signs it for nginx.
fn bound(now: Timestamp, ip: &str) -> String {
    let expires = now.as_secs() + 600;
    let message = format!("{expires}{MANIFEST}{ip} {SECRET}");
    let md5 = Encoding::Base64UrlNoPad.spell(&Algorithm::Md5.digest(&[message.as_bytes()]));
    format!("{MANIFEST}?md5={md5}&expires={expires}")
}

#[test]
fn nginx_and_we_say_the_same() {
    if installed().is_none() {
        return;
    }
    let Some(nginx) = Nginx::start() else { return };
    let now = now();
    let good = minted(now, 600);
    let (expires, later) = (now.as_secs() + 600, now.as_secs() + 601);
    let cases = [
        (good.clone(), 200, "ok"),
        (format!("{good}&_HLS_msn=7"), 200, "ok"),
        (minted(now, -5), 410, "expires"),
        (good.replace("manifest", "other"), 403, "signature"),
        (good.replace(VIDEO, OTHER), 403, "signature"),
        (good.replace(&expires.to_string(), &later.to_string()), 403, "signature"),
        (good.replace("md5=", "md5=A"), 403, "signature"),
        (good.replace("md5=", "sig="), 403, "none"),
        (MANIFEST.to_owned(), 403, "none"),
    ];
    for (target, status, expect) in &cases {
        assert_eq!(
            (nginx.ask("free.example", target), said(&key(), &shown(target), now)),
            (*status, *expect),
            "{target}"
        );
    }
    // The last letter of a digest has four bits to spare, which nginx forgives; we read one spelling.
    let forgiven = good.find('&').expect("two parameters") - 1;
    for at in (0..good.len()).filter(|at| good.as_bytes()[*at] != b'B') {
        let altered = format!("{}B{}", &good[..at], &good[at + 1..]);
        let theirs = nginx.ask("free.example", &altered);
        let ours = said(&key(), &shown(&altered), now);
        let is_refused = ours != "ok" && (theirs != 200 || at == forgiven);
        assert!(is_refused, "{altered}: {theirs} by nginx, {ours} by us");
    }
}

#[test]
fn nginx_and_we_bind_to_the_same_viewer() {
    if installed().is_none() {
        return;
    }
    let Some(nginx) = Nginx::start() else { return };
    let now = now();
    let ours = |target: &str| {
        let mut request = shown(target);
        request.ip = Some("127.0.0.1".parse().expect("an address"));
        said(&key(), &request, now)
    };
    let (home, elsewhere) = (bound(now, "127.0.0.1"), bound(now, "127.0.0.2"));
    assert_eq!((nginx.ask("bound.example", &home), ours(&home)), (200, "ok"));
    assert_eq!((nginx.ask("bound.example", &elsewhere), ours(&elsewhere)), (403, "signature"));
    assert_eq!(nginx.ask("free.example", &home), 403);
}
