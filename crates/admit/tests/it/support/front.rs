//! Other people's proxies in front of a door: processes of the story's own, on a port and in a folder of its own.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::Stdio,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{net::TcpStream, process::Child};

use crate::house::{
    command, say,
    until::{until, within},
};

const READY_MAX: Duration = Duration::from_secs(20);
const END_MAX: Duration = Duration::from_secs(20);

pub(crate) struct Front {
    pub(crate) addr: SocketAddr,
    program: Child,
    folder: TempDir,
}

/// What an nginx does with each request.
pub(crate) const PASSED_ON: &str = "";
pub(crate) const CACHED: &str =
    "proxy_cache films; proxy_cache_valid any 10m; add_header X-Cache $upstream_cache_status always;";

impl Front {
    /// nginx, which keeps connections to us open and logs each request's line.
    pub(crate) async fn nginx(to: SocketAddr, location: &str) -> Option<Self> {
        Self::start("/usr/sbin/nginx", |folder, port| {
            let file = folder.join("nginx.conf");
            let folder = folder.display();
            let configuration = format!(
                "daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
                events {{ worker_connections 512; }}
                http {{
                    log_format line '$request'; access_log {folder}/log line;
                    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
                    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                    proxy_cache_path {folder}/films keys_zone=films:1m;
                    client_header_timeout 1s; client_body_timeout 1s; keepalive_timeout 500ms;
                    lingering_time 500ms; lingering_timeout 200ms;
                    upstream admit {{ server {to}; keepalive 8; }}
                    server {{
                        listen 127.0.0.1:{port};
                        location / {{
                            proxy_pass http://admit; proxy_http_version 1.1;
                            proxy_set_header Connection \"\"; proxy_set_header Host $http_host;
                            {location}
                        }}
                    }}
                }}"
            );
            std::fs::write(&file, configuration).unwrap();
            vec!["-e".to_owned(), format!("{folder}/errors"), "-c".to_owned(), file.display().to_string()]
        })
        .await
    }

    /// nginx with files of its own, which logs all that a request says of itself.
    pub(crate) async fn nginx_of(files: &Path) -> Option<Self> {
        Self::start("/usr/sbin/nginx", |folder, port| {
            let file = folder.join("nginx.conf");
            let (folder, files) = (folder.display(), files.display());
            let configuration = format!(
                "daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
                events {{ worker_connections 512; }}
                http {{
                    log_format all '$request $http_cookie $http_authorization $http_x_token_session $http_x_forwarded_for';
                    access_log {folder}/log all;
                    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
                    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                    server {{ listen 127.0.0.1:{port}; root {files}; }}
                }}"
            );
            std::fs::write(&file, configuration).unwrap();
            vec!["-e".to_owned(), format!("{folder}/errors"), "-c".to_owned(), file.display().to_string()]
        })
        .await
    }

    /// `HAProxy`, which shares connections to us among its clients and logs each request's method and target.
    pub(crate) async fn haproxy(to: SocketAddr) -> Option<Self> {
        Self::start("/usr/sbin/haproxy", |folder, port| {
            let file = folder.join("haproxy.cfg");
            let configuration = format!(
                "global\n log stdout format raw local0\n maxconn 512\n\
                 defaults\n mode http\n timeout connect 2s\n timeout client 1s\n \
                 timeout server 3s\n timeout http-request 1s\n timeout http-keep-alive 500ms\n\
                 frontend all\n log global\n log-format \"%HM %HU %ST\"\n bind 127.0.0.1:{port}\n default_backend admit\n\
                 backend admit\n http-reuse always\n server admit {to}\n"
            );
            std::fs::write(&file, configuration).unwrap();
            vec!["-db".to_owned(), "-f".to_owned(), file.display().to_string()]
        })
        .await
    }

    /// Varnish with the VCL it comes with.
    pub(crate) async fn varnish(to: SocketAddr) -> Option<Self> {
        Self::start("/usr/sbin/varnishd", |folder, port| {
            let work = folder.join("varnish").display().to_string();
            let (listen, to) = (format!("127.0.0.1:{port}"), to.to_string());
            ["-F", "-j", "none", "-T", "none", "-s", "default,32m", "-n", &work, "-a", &listen, "-b", &to]
                .map(str::to_owned)
                .into()
        })
        .await
    }

    /// `None`, and a word about it, where there is no such program.
    async fn start(program: &str, configure: impl FnOnce(&Path, u16) -> Vec<String>) -> Option<Self> {
        if !Path::new(program).exists() {
            say(&format!("skipped: this machine has no {program}"));
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        // Whoever takes the port in the moment between makes the program end, and the story say so.
        let addr = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).unwrap();
        let arguments = configure(folder.path(), addr.port());
        let out = std::fs::File::create(folder.path().join("out")).unwrap();
        let err = out.try_clone().unwrap();
        let mut program = command(program)
            .args(arguments)
            .current_dir(folder.path())
            .stdout(Stdio::from(out))
            .stderr(Stdio::from(err))
            .spawn()
            .unwrap();
        until(READY_MAX, "the proxy listens", async || {
            let said = || std::fs::read_to_string(folder.path().join("out")).unwrap();
            assert!(program.try_wait().unwrap().is_none(), "the proxy ended:\n{}", said());
            TcpStream::connect(addr).await.ok()
        })
        .await;
        Some(Self { addr, program, folder })
    }

    /// Stops it, and returns all that it said: a line for each request, where it was told so.
    pub(crate) async fn end(mut self) -> String {
        let pid = Pid::from_raw(self.program.id().unwrap().cast_signed()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        within(END_MAX, "the proxy ends", self.program.wait()).await.unwrap();
        let read = |name: &str| std::fs::read(self.folder.path().join(name)).unwrap_or_default();
        String::from_utf8_lossy(&[read("log"), read("out")].concat()).into_owned()
    }
}
