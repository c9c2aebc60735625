//! A server that knows as much of api.video's API as the command line asks, and fails when a story wants it to.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, MutexGuard},
};

use admit::{
    clock::Clock,
    listener::{self, Limits},
};
use axum::{
    Json, Router,
    extract::{Multipart, Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub(crate) const KEY: &str = "adm_live_for_tests";
pub(crate) const VIDEO: &str = "vi00000000000000000000A1";
/// `Basic` of the key as user and no password.
const AUTHORIZATION: &str = "Basic YWRtX2xpdmVfZm9yX3Rlc3RzOg==";

#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Bodies of `POST /videos`.
    pub(crate) created: Vec<Value>,
    /// `Content-Range` of each part, in the order they came.
    pub(crate) ranges: Vec<String>,
    pub(crate) parts: BTreeMap<u64, Vec<u8>>,
    pub(crate) total: u64,
    /// Parts that are refused for good.
    pub(crate) refuse: HashSet<u64>,
    /// Parts that are taken, and whose answer is lost once.
    pub(crate) lose: HashSet<u64>,
    pub(crate) encoding_fails: bool,
    polls: u32,
    deleted: bool,
}

impl Memory {
    fn is_whole(&self) -> bool {
        self.total > 0 && self.parts.len() as u64 == self.total
    }
}

type Shared = Arc<Mutex<Memory>>;

#[derive(Debug)]
pub(crate) struct Stub {
    pub(crate) url: String,
    memory: Shared,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Stub {
    pub(crate) async fn open() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        let memory = Shared::default();
        let router = Router::new()
            .route("/videos", post(create).get(list))
            .route("/videos/{id}", get(show).delete(remove))
            .route("/videos/{id}/source", post(receive))
            .route("/videos/{id}/status", get(status))
            .layer(axum::middleware::from_fn(authorised))
            .layer(axum::extract::DefaultBodyLimit::disable())
            .with_state(Arc::clone(&memory));
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async move { drop(stopped.await) };
        let limits = Limits::new(100, 100);
        #[expect(clippy::disallowed_methods, reason = "joined in `close`")]
        let serving = tokio::spawn(listener::serve(socket, None, router, (), limits, Clock::default(), stopped));
        Self { url, memory, stop, serving }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap()
    }

    /// The environment that leads a command here.
    pub(crate) fn env(&self) -> [(&str, &str); 2] {
        [("ADMIT_SERVER", &self.url), ("ADMIT_API_KEY", KEY)]
    }

    pub(crate) async fn close(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
    }
}

fn problem(status: StatusCode, slug: &str, title: &str) -> Response {
    let kind = format!("https://docs.api.video/reference/{slug}");
    (status, Json(json!({ "type": kind, "title": title, "status": status.as_u16(), "name": "" }))).into_response()
}

async fn authorised(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    if request.headers().get(header::AUTHORIZATION).is_some_and(|given| given == AUTHORIZATION) {
        return next.run(request).await;
    }
    problem(StatusCode::UNAUTHORIZED, "authentication-invalid-api-key", "The API key is invalid.")
}

fn video() -> Value {
    json!({
        "videoId": VIDEO,
        "title": "A film \u{1b}[31m",
        "public": false,
        "createdAt": "2026-11-21T10:00:00+00:00",
        "assets": { "player": "http://a/vod/x?token=t", "hls": "http://a/vod/x/hls", "thumbnail": "http://a/x.jpg" },
    })
}

async fn create(State(memory): State<Shared>, Json(body): Json<Value>) -> Response {
    memory.lock().unwrap().created.push(body);
    (StatusCode::CREATED, Json(video())).into_response()
}

async fn list(Query(query): Query<BTreeMap<String, u32>>) -> Json<Value> {
    let (page, size) = (query["currentPage"], query["pageSize"]);
    Json(json!({ "data": [video()], "pagination": { "currentPage": page, "pageSize": size, "pagesTotal": 3 } }))
}

async fn show(State(memory): State<Shared>) -> Response {
    if memory.lock().unwrap().deleted {
        return problem(StatusCode::NOT_FOUND, "resource-not-found", "The requested resource was not found.");
    }
    Json(video()).into_response()
}

async fn remove(State(memory): State<Shared>) -> StatusCode {
    memory.lock().unwrap().deleted = true;
    StatusCode::NO_CONTENT
}

async fn receive(
    State(memory): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    mut form: Multipart,
) -> Response {
    assert_eq!(id, VIDEO);
    let range = headers["content-range"].to_str().unwrap().to_owned();
    let (number, total) = range.strip_prefix("part ").unwrap().split_once('/').unwrap();
    let number: u64 = number.parse().unwrap();
    let field = form.next_field().await.unwrap().unwrap();
    assert!(field.file_name().is_some());
    let bytes = field.bytes().await.unwrap().to_vec();
    assert!(form.next_field().await.unwrap().is_none(), "one part");

    let mut memory = memory.lock().unwrap();
    memory.total = total.parse().unwrap();
    memory.ranges.push(range);
    if memory.refuse.contains(&number) {
        return problem(StatusCode::BAD_REQUEST, "invalid-attribute", "An attribute is invalid.");
    }
    if memory.parts.insert(number, bytes).is_some() {
        let slug = "video-content-range-by-part-part-already-sent";
        return problem(StatusCode::BAD_REQUEST, slug, "This part was already sent.");
    }
    if memory.lose.remove(&number) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    (StatusCode::CREATED, Json(json!({ "videoId": VIDEO }))).into_response()
}

async fn status(State(memory): State<Shared>) -> Json<Value> {
    let mut memory = memory.lock().unwrap();
    let ingest = if memory.total == 0 {
        Value::Null
    } else {
        let parts: Vec<_> = memory.parts.keys().collect();
        let status = if memory.is_whole() { "uploaded" } else { "uploading" };
        json!({ "status": status, "receivedBytes": [], "receivedParts": { "parts": parts, "total": memory.total } })
    };
    if memory.is_whole() {
        memory.polls += 1;
    }
    let playable = memory.polls > 1 && !memory.encoding_fails;
    let state = if memory.encoding_fails { "failed" } else { "encoding" };
    let qualities = json!([{ "type": "hls", "quality": "720p", "status": state }]);
    Json(json!({ "ingest": ingest, "encoding": { "playable": playable, "qualities": qualities } }))
}
