//! What one request costs in counts that no busy neighbour changes, held below a bound each: system calls, and instructions.
//! The latter are those of this build, which is hardly optimised; `make bench` counts those of a release.

mod grind;
mod traced;

use std::{collections::BTreeMap, net::SocketAddr, path::Path, process::Stdio, time::Duration};

use tempfile::TempDir;
use tokio::process::Child;

use self::{
    grind::{Grind, UNDER_GRIND},
    traced::{Clients, calls},
};
use crate::house::{House, Kind, clip, command, say, slow::address_of, until::until};

/// Calls of a playlist by a handle seen before, and of a small object that is stored. Today 2.1 and 2.2: recv, writev, and
/// now and then a wait or a thread that wakes another, of which there are more on a busy machine.
const CALLS_MAX: f64 = 3.0;
/// Instructions of the playlist in user space. Today 81,000 to 83,000.
const INSTRUCTIONS_MAX: f64 = 90_000.0;

/// Requests that are counted: so many that what happens in between falls below a hundredth.
const REQUESTS: usize = 2_048;
const PATIENCE: Duration = Duration::from_secs(30);
const NGINX: &str = "/usr/sbin/nginx";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_asks_little_of_the_kernel() {
    let Some(mut house) = House::build(Kind::Sqlite) else { return };
    house.start().await;
    let below = film(&house).await;
    let assets = ["hls/vsource.m3u8", "media/vsource/init.mp4"].map(|asset| format!("{below}/{asset}"));
    let [playlist, stored] = measure(house.process(), address_of(&house), &assets).await;
    let of_nginx = nginx(&house.viewer().get(&assets[0]).await.expect(200).body).await;
    say(&format!("system calls of a request:\n  playlist {playlist}\n  stored   {stored}\n  nginx    {of_nginx}"));
    assert!(playlist.each <= CALLS_MAX, "a playlist asks more of the kernel than it did: {playlist}");
    assert!(stored.each <= CALLS_MAX, "a stored object asks more of the kernel than it did: {stored}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_takes_few_instructions() {
    let Some(mut house) = House::build(Kind::Sqlite) else { return };
    house.start().await;
    let below = film(&house).await;
    house.ask_to_stop();
    house.ended().await;

    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("callgrind.out");
    let option = format!("--callgrind-out-file={}", out.display());
    house.start_under(&[&UNDER_GRIND[..], &[&option]].concat()).await;
    let (grind, address) = (Grind { process: house.process(), out }, address_of(&house));
    let requests = vec![request(address, &format!("{below}/hls/vsource.m3u8")); REQUESTS];
    let count = move || -> anyhow::Result<u64> {
        let mut clients = Clients::connect(address)?;
        clients.ask(&requests)?;
        grind.begin()?;
        clients.ask(&requests)?;
        grind.end()
    };
    let all = tokio::task::spawn_blocking(count).await.unwrap().expect("valgrind is installed: `make setup` does that");
    let each = per_request(usize::try_from(all).unwrap());
    say(&format!("instructions of a request: playlist {each:.0}"));
    assert!(each <= INSTRUCTIONS_MAX, "a playlist takes more instructions than it did: {each:.0}");
    house.close().await;
}

/// Where a film's assets are for somebody who may watch it.
async fn film(house: &House) -> String {
    let customer = house.customer().await;
    let video = customer.private_film(clip::small()).await;
    let handle = house.viewer().enter(&video, &customer.token(&video).await).await;
    format!("/s/{handle}/{video}")
}

/// Calls of one request, and which.
#[derive(Clone, Debug, Default)]
struct Calls {
    each: f64,
    which: BTreeMap<String, usize>,
}

impl std::fmt::Display for Calls {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:.2}:", self.each)?;
        let often = self.which.iter().filter(|(_, count)| **count * 50 > REQUESTS);
        for (name, count) in often {
            write!(out, " {name} {:.2}", per_request(*count))?;
        }
        Ok(())
    }
}

fn per_request(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / f64::from(u32::try_from(REQUESTS).unwrap())
}

/// Looks over the shoulder of a process while it is asked for each of these.
async fn measure<const N: usize>(process: u32, address: SocketAddr, paths: &[String; N]) -> [Calls; N] {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let _strace = attach(process, &trace, address, &paths[0]).await;
    let paths = paths.clone();
    tokio::task::spawn_blocking(move || {
        let mut clients = Clients::connect(address).unwrap();
        paths.map(|path| {
            let requests = vec![request(address, &path); REQUESTS];
            // Whatever is made once is made by the first round.
            clients.ask(&requests).unwrap();
            let before = std::fs::read(&trace).unwrap().len();
            clients.ask(&requests).unwrap();
            counted(process, &std::fs::read(&trace).unwrap()[before..])
        })
    })
    .await
    .unwrap()
}

/// What the process's own threads called; whatever it started may do as it likes.
fn counted(process: u32, trace: &[u8]) -> Calls {
    let threads: Vec<String> = std::fs::read_dir(format!("/proc/{process}/task"))
        .unwrap()
        .map(|thread| thread.unwrap().file_name().into_string().unwrap())
        .collect();
    let text = String::from_utf8_lossy(trace);
    let own = |line: &&str| threads.iter().any(|thread| line.split(' ').next() == Some(thread));
    let own: Vec<&str> = text.lines().filter(own).collect();
    let which: BTreeMap<String, usize> =
        calls(&own.join("\n")).into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    Calls { each: per_request(which.values().sum()), which }
}

fn request(address: SocketAddr, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
}

/// Returns when what is called is written down.
async fn attach(process: u32, trace: &Path, address: SocketAddr, path: &str) -> Child {
    let mut strace = command("strace");
    strace.args(["-f", "-p", &process.to_string(), "-o"]).arg(trace).stdout(Stdio::null()).stderr(Stdio::null());
    let mut strace = strace.spawn().expect("strace is installed: `make setup` does that");
    until(PATIENCE, "strace may look at a process of ours", async || {
        assert!(
            strace.try_wait().unwrap().is_none(),
            "strace ended: may it look at processes? See kernel.yama.ptrace_scope"
        );
        let path = path.to_owned();
        let asked = move || Clients::connect(address).unwrap().ask(&[request(address, &path)]).unwrap();
        tokio::task::spawn_blocking(asked).await.unwrap();
        let written = std::fs::metadata(trace).is_ok_and(|trace| trace.len() > 0);
        written.then_some(())
    })
    .await;
    strace
}

/// The same count for nginx with the same bytes and no check at all; nothing where there is no nginx.
async fn nginx(bytes: &[u8]) -> Calls {
    if !Path::new(NGINX).exists() {
        say("nginx is not installed: its calls are not counted");
        return Calls::default();
    }
    let folder: TempDir = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::write(root.join("object"), bytes).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    std::fs::write(root.join("nginx.conf"), configuration(root, address)).unwrap();
    let mut program = command(NGINX);
    program.arg("-e").arg(root.join("error.log")).arg("-c").arg(root.join("nginx.conf")).arg("-p").arg(root);
    let program = program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let open = async || tokio::net::TcpStream::connect(address).await.is_ok().then_some(());
    until(PATIENCE, "nginx listens", open).await;
    let [calls] = measure(program.id().unwrap(), address, &["/object".to_owned()]).await;
    calls
}

fn configuration(root: &Path, address: SocketAddr) -> String {
    let paths: String =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|kind| format!("{kind}_temp_path temp; ")).concat();
    format!(
        "daemon off; master_process off; pid nginx.pid; events {{}}\n\
         http {{ sendfile on; tcp_nopush on; open_file_cache max=100; access_log off; keepalive_requests 1000000;\n\
         {paths} server {{ listen {address}; root {}; }} }}\n",
        root.display()
    )
}

#[test]
fn a_call_is_counted_once() {
    let trace = "7 recvfrom(9, \"GET / HTTP/1.1\", 4096, 0, NULL, NULL) = 14\n\
                 7 epoll_wait(3,  <unfinished ...>\n\
                 8 futex(0x7f, FUTEX_WAKE_PRIVATE, 1) = 1\n\
                 7 <... epoll_wait resumed>[{events=EPOLLIN}], 1024, 5) = 1\n\
                 8 --- SIGCHLD {si_signo=SIGCHLD} ---\n\
                 8 futex(0x7f, FUTEX_WAIT_PRIVATE, 1) = 0\n\
                 9 +++ exited with 0 +++\n";
    assert_eq!(calls(trace), BTreeMap::from([("recvfrom", 1), ("epoll_wait", 1), ("futex", 2)]));
}
