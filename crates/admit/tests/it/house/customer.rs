//! The backend of a customer: it has an API key, uploads, asks how far things are, and hands out addresses.

use std::{path::Path, time::Duration};

use http::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{Answer, until::until};

/// A short film on a busy machine.
const MAKING_MAX: Duration = Duration::from_secs(90);

#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) http: reqwest::Client,
    pub(crate) origin: String,
    pub(crate) key: String,
}

/// The addresses of one answer, without the origin; those of a private video share one token.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    pub(crate) player: String,
    pub(crate) hls: String,
    pub(crate) thumbnail: String,
    pub(crate) mp4: Option<String>,
}

impl Customer {
    /// A request with nothing but the key.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.origin)).basic_auth(&self.key, Some(""))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::to(format!("GET {path}"), self.request(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::to(format!("DELETE {path}"), self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::to(format!("POST {path} {body}"), self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::to(format!("PATCH {path} {body}"), self.request(Method::PATCH, path).json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        Answer::to(format!("PUT {path} {body}"), self.request(Method::PUT, path).json(body)).await
    }

    /// A new video without a source.
    pub(crate) async fn create(&self, about: &Value) -> String {
        self.post("/videos", about).await.expect(201).text_at("/videoId")
    }

    pub(crate) async fn create_private(&self) -> String {
        self.create(&json!({ "title": "a story", "public": false })).await
    }

    /// A source in one request.
    pub(crate) async fn upload(&self, video: &str, file: &Path) -> Answer {
        self.send_file(video, std::fs::read(file).unwrap(), None).await
    }

    pub(crate) async fn upload_part(&self, video: &str, bytes: &[u8], range: &str) -> Answer {
        self.send_file(video, bytes.to_vec(), Some(range)).await
    }

    /// Sends a file as a form of one field, as api.video's clients do.
    pub(crate) async fn send(&self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        self.send_form(path, Form::new().part("file", Part::bytes(bytes.to_vec()).file_name(name.to_owned()))).await
    }

    pub(crate) async fn send_form(&self, path: &str, form: Form) -> Answer {
        // What is refused early is answered before its bytes are read, and its connection may end with the answer.
        let request = self.request(Method::POST, path).header("connection", "close").multipart(form);
        Answer::to(format!("POST {path}"), request).await
    }

    async fn send_file(&self, video: &str, bytes: Vec<u8>, range: Option<&str>) -> Answer {
        let form = Form::new().part("file", Part::bytes(bytes).file_name("film.mp4"));
        let path = format!("/videos/{video}/source");
        // What is refused early is answered before its bytes are read, and its connection may end with the answer.
        let request = self.request(Method::POST, &path).header("connection", "close").multipart(form);
        let request = range.into_iter().fold(request, |request, range| request.header("content-range", range));
        Answer::to(format!("POST {path} {range:?}"), request).await
    }

    pub(crate) async fn status(&self, video: &str) -> Value {
        self.get(&format!("/videos/{video}/status")).await.expect(200).json()
    }

    /// Waits until the status says what is wanted, and returns it.
    pub(crate) async fn until_status(&self, video: &str, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        until(MAKING_MAX, what, async || Some(self.status(video).await).filter(|status| wanted(status))).await
    }

    /// Waits until everything that is to be made of the video is there.
    pub(crate) async fn until_complete(&self, video: &str) {
        self.until_status(video, "every rendition is encoded", is_complete).await;
        let poster = format!("/vod/{video}");
        until(MAKING_MAX, &format!("the poster of {poster}"), async || {
            let assets = self.assets(video).await;
            let path = assets.thumbnail;
            // Looking does not spend a token: HEAD answers 405 where there is something to spend it on, and 404 where not.
            let seen = self.http.head(format!("{}{path}", self.origin)).send().await.unwrap().status().as_u16();
            (seen != 404).then_some(())
        })
        .await;
    }

    /// A private video that is ready to be watched, with all its renditions.
    pub(crate) async fn private_film(&self, clip: &Path) -> String {
        let video = self.create_private().await;
        self.upload(&video, clip).await.expect(201);
        self.until_complete(&video).await;
        video
    }

    /// Reads the video, which mints a fresh token for a private one.
    pub(crate) async fn assets(&self, video: &str) -> Assets {
        let answer = self.get(&format!("/videos/{video}")).await.expect(200);
        Assets::of(&self.origin, &answer.json())
    }

    /// A token nobody has used.
    pub(crate) async fn token(&self, video: &str) -> String {
        self.assets(video).await.token()
    }

    /// Every session there is, newest first.
    pub(crate) async fn sessions(&self) -> Vec<Value> {
        let mut sessions = Vec::new();
        for page in 1.. {
            let answer = self.get(&format!("/sessions?pageSize=100&currentPage={page}")).await.expect(200).json();
            sessions.extend(answer["data"].as_array().unwrap().iter().cloned());
            if page >= answer["pagination"]["pagesTotal"].as_u64().unwrap() {
                break;
            }
        }
        sessions
    }

    pub(crate) async fn count_sessions(&self) -> u64 {
        let answer = self.get("/sessions?pageSize=1").await.expect(200).json();
        answer["pagination"]["itemsTotal"].as_u64().unwrap()
    }

    /// Waits until every edge judges by all that was taken back.
    pub(crate) async fn until_edges_know(&self) {
        let nobody = json!({ "subject": { "type": "viewer", "id": "nobody" } });
        let answer = self.post("/revocations?wait=edges&timeoutMs=10000", &nobody).await.expect(201).json();
        assert_eq!(answer["missing"], json!([]), "{answer}");
    }
}

impl Assets {
    /// From a video object.
    pub(crate) fn of(origin: &str, video: &Value) -> Self {
        let path = |name: &str| {
            let address = video["assets"][name].as_str()?;
            let path = address.strip_prefix(origin).unwrap_or_else(|| panic!("{address} is not at {origin}"));
            Some(path.to_owned())
        };
        let needed = |name: &str| path(name).unwrap_or_else(|| panic!("no {name} in {video}"));
        Self { player: needed("player"), hls: needed("hls"), thumbnail: needed("thumbnail"), mp4: path("mp4") }
    }

    /// As api.video's clients find it.
    pub(crate) fn token(&self) -> String {
        self.player.split_once('=').unwrap_or_else(|| panic!("no token in {}", self.player)).1.to_owned()
    }
}

/// Everything was made, and nothing failed.
pub(crate) fn is_complete(status: &Value) -> bool {
    let qualities = status["encoding"]["qualities"].as_array().unwrap();
    !qualities.is_empty() && qualities.iter().all(|quality| quality["status"] == "encoded")
}
