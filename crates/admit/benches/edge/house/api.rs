//! The management API, as far as it takes to fill an installation, and the door that viewers come in by.

use std::{fs, net::SocketAddr, path::Path, process::Command, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{client, workload::Object};

const POLL: Duration = Duration::from_millis(100);
const POLLS: usize = 3_000;
const BOUNDARY: &str = "admit-bench-boundary";

pub(super) struct Api {
    address: SocketAddr,
    authorization: String,
}

impl Api {
    pub(super) fn open(admit: &str, data: &Path, address: SocketAddr) -> Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "a benchmark runs the program it measures")]
        let output = Command::new(admit).args(["api-key", "create", "--name", "bench", "--data"]).arg(data).output()?;
        let key = String::from_utf8(output.stdout)?;
        ensure!(output.status.success(), "make an API key");
        Ok(Self { address, authorization: STANDARD.encode(format!("{}:", key.trim())) })
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Value> {
        let Self { address, authorization } = self;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic {authorization}\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let (status, answer) = client::send(*address, None, head.as_bytes(), body)?;
        let text = String::from_utf8_lossy(&answer);
        ensure!((200..300).contains(&status), "{method} {path}: {status} {text}");
        Ok(serde_json::from_slice(&answer)?)
    }

    fn send_file(&self, method: &str, path: &str, name: &str, bytes: &[u8]) -> Result<Value> {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let tail = format!("\r\n--{BOUNDARY}--\r\n");
        let body = [head.as_bytes(), bytes, tail.as_bytes()].concat();
        self.send(method, path, &format!("multipart/form-data; boundary={BOUNDARY}"), &body)
    }

    pub(super) fn upload(&self, film: &Path, public: bool) -> Result<String> {
        let wish = json!({ "title": "bench", "public": public, "mp4Support": false }).to_string();
        let video = self.send("POST", "/videos", "application/json", wish.as_bytes())?;
        let id = video["videoId"].as_str().context("an id")?.to_owned();
        self.send_file("POST", &format!("/videos/{id}/source"), "film.mp4", &fs::read(film)?)?;
        Ok(id)
    }

    pub(super) fn until_whole(&self, video: &str) -> Result<()> {
        for _ in 0..POLLS {
            let status = self.send("GET", &format!("/videos/{video}/status"), "application/json", b"")?;
            let qualities = status["encoding"]["qualities"].as_array().map_or(&[][..], Vec::as_slice);
            if !qualities.is_empty() && qualities.iter().all(|quality| quality["status"] == "encoded") {
                return Ok(());
            }
            // sleep: the status is polled, as a client polls it
            std::thread::sleep(POLL);
        }
        bail!("the film {video} is not ready")
    }

    /// Redeems a private token, as the player does.
    pub(super) fn enter(&self, video: &str) -> Result<String> {
        let facts = self.send("GET", &format!("/videos/{video}"), "application/json", b"")?;
        let manifest = facts["assets"]["hls"].as_str().context("the playlist of a private video")?;
        let path = manifest.split_once("://").and_then(|(_, rest)| rest.split_once('/')).context("an address")?.1;
        let (folder, _) = path.split_once("/hls/").context("the address of a playlist")?;
        let nonce = json!({ "nonce": "0123456789abcdef0123456789abcdef" }).to_string();
        let session = self.send("POST", &format!("/{folder}/session"), "application/json", nonce.as_bytes())?;
        session["session_token"].as_str().map(str::to_owned).with_context(|| format!("a handle in {session}"))
    }

    /// Small captions, in many languages of a few videos.
    pub(super) fn texts(&self, videos: &[String], count: usize, text: &str) -> Result<Vec<Object>> {
        let letters = || 'a'..='z';
        let languages: Vec<String> =
            letters().flat_map(|first| letters().map(move |second| format!("{first}{second}"))).collect();
        let mut objects = Vec::new();
        for language in &languages {
            for video in videos {
                if objects.len() == count {
                    return Ok(objects);
                }
                let path = format!("/videos/{video}/captions/{language}");
                // Not every two letters name a language.
                if self.send_file("POST", &path, "text.vtt", text.as_bytes()).is_err() {
                    break;
                }
                let (file, asset) = (format!("/w4/{}.vtt", objects.len()), format!("/captions/{language}.vtt"));
                objects.push(Object { file, video: video.clone(), asset, bytes: 0 });
            }
        }
        bail!("too few languages")
    }
}
