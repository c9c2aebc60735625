//! A token of five minutes plays a film for three hours: it opens the door, and the session watches. Time is simulated;
//! the rest is real: the film, the database, the faces.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use admit::{
    config::{self, Config, DatabaseUrl, Flags},
    faces::{Faces, Ground},
    install,
};
use admit_domain::{id::RequestId, time::Timestamp};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use tower_service::Service as _;

use super::{Door, MASTER, Scene, folder, named_in, signer::Signer};
use crate::house::{Answer, House, forge, on_both};

on_both! {
    a_token_of_five_minutes_plays_for_three_hours,
}

const ORIGIN: &str = "http://video.example";
const HOME: &str = "203.0.113.7:40000";
const ABROAD: &str = "[2001:db8::7]:40000";

/// The faces of a house whose program is not running, at a time that a story tells.
struct Stage {
    faces: Faces,
    millis: Arc<AtomicI64>,
    peer: SocketAddr,
    key: String,
}

impl Stage {
    async fn set(house: &House, key: &str) -> Self {
        let database = house.database_url().map(|url| url.parse::<DatabaseUrl>().unwrap());
        let flags = Flags { data: Some(house.data()), database, ..Flags::default() };
        let config: Config = config::load(flags).unwrap();
        let millis = Arc::new(AtomicI64::new(forge::now().as_millis()));
        let clock = millis.clone();
        let now = Arc::new(move || Timestamp::from_millis(clock.load(Ordering::Relaxed)));
        let ground = Ground::open(&config, install::keys(&config.storage.data).unwrap(), now()).await.unwrap();
        let faces = Faces::wire(&config, &ground, ORIGIN, now).await.unwrap();
        Self { faces, millis, peer: HOME.parse().unwrap(), key: key.to_owned() }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.millis.load(Ordering::Relaxed))
    }

    /// The house goes on following its log meanwhile.
    async fn wait(&self, span: Duration) {
        self.millis.fetch_add(i64::try_from(span.as_millis()).unwrap(), Ordering::Relaxed);
        self.faces.app.feed.catch_up().await.expect("reads the log");
    }

    fn request(&self, method: Method, path: &str, body: String) -> Request<Full<Bytes>> {
        let mut request = Request::builder().method(method).uri(path).header("host", "video.example");
        if !admit_edge::Edge::owns(path) {
            use base64::{Engine as _, engine::general_purpose::STANDARD};
            request = request.header("authorization", format!("Basic {}", STANDARD.encode(format!("{}:", self.key))));
        }
        let mut request = request.body(Full::from(body)).unwrap();
        request.extensions_mut().insert(self.now());
        request.extensions_mut().insert(self.peer);
        request.extensions_mut().insert(RequestId::from_random(admit::random::fill().unwrap()));
        request
    }

    /// As the listener would pass it on.
    async fn ask(&self, method: Method, path: &str, body: &Value) -> Answer {
        let asked = format!("{method} {path} at {}", self.now());
        let request = self.request(method, path, body.to_string());
        let (parts, body) = if admit_edge::Edge::owns(path.split('?').next().unwrap()) {
            let (parts, body) = self.faces.edge.answer(request, self.now()).await.into_parts();
            (parts, body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default())
        } else {
            let mut api = admit_api::router(self.faces.app.clone());
            let (parts, body) = api.call(request.map(axum::body::Body::new)).await.unwrap().into_parts();
            (parts, body.collect().await.unwrap().to_bytes())
        };
        Answer { asked, status: parts.status.as_u16(), headers: parts.headers, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &Value::Null).await
    }

    async fn enter(&self, video: &str, token: &str) -> Answer {
        let path = format!("/embed/{video}/session?token={token}");
        self.ask(Method::POST, &path, &json!({ "nonce": super::nonce() })).await
    }
}

async fn a_token_of_five_minutes_plays_for_three_hours(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, video, signer, viewer, .. } = &scene;
    let other = Signer::make(customer, "moviie").await;
    let master = viewer.get(&format!("{}{MASTER}", scene.enter(&scene.token()).await)).await.expect(200);
    let truth = master.body;
    let database = house.database_url();
    house.ask_to_stop();
    house.ended().await;

    let mut stage = Stage::set(house, &customer.key).await;
    assert_eq!(database, house.database_url());
    let token = signer.token(video);
    let begin = stage.now();
    let watching = folder(&stage.enter(video, &token).await, video);
    let on_other = folder(&stage.enter(video, &other.token(video)).await, video);
    assert_eq!(stage.get(&format!("{watching}{MASTER}")).await.expect(200).body, truth);
    let segments = segments(&stage, &watching).await;
    assert!(segments.len() >= 3, "{segments:?}");

    // Every segment is two seconds; a player asks for one every two seconds, and for the playlist now and then.
    let (every, three_hours, pause) = (Duration::from_secs(2), Duration::from_hours(3), Duration::from_mins(25));
    let mut turns = 0;
    while stage.now().since(begin) < three_hours {
        let segment = &segments[turns % segments.len()];
        assert!(!stage.get(&format!("{watching}{segment}")).await.expect(200).body.is_empty());
        if turns % 150 == 0 {
            stage.get(&format!("{watching}{MASTER}")).await.expect(200);
        }
        turns += 1;
        match turns {
            1_000 => stage.wait(pause).await,
            // From the sofa to the train.
            2_000 => stage.peer = ABROAD.parse().unwrap(),
            _ => stage.wait(every).await,
        }
        if turns == 200 {
            assert!(stage.now().since(begin) > Duration::from_mins(5));
            let late = stage.enter(video, &token).await;
            late.expect_refused(401, "invalid_token", b"#EXTM3U");
        }
    }
    assert!(turns >= 4_000, "{turns}");
    let listed = stage.get("/sessions?active=true").await.expect(200).json();
    assert_eq!(listed["pagination"]["itemsTotal"], 3, "one session for three hours, and two of others: {listed}");

    // The customer takes the key back: the very next request is refused.
    stage.ask(Method::DELETE, &format!("/signing-keys/{}", signer.id), &Value::Null).await.expect(204);
    let refused = stage.get(&format!("{watching}{}", segments[0])).await;
    refused.expect_refused(410, "session_ended", &truth);
    stage.get(&format!("{watching}{MASTER}")).await.expect_refused(410, "session_ended", &truth);
    stage.get(&format!("{on_other}{MASTER}")).await.expect(200);
    // And whoever has a whole day ends with it.
    stage.wait(Duration::from_hours(24)).await;
    stage.get(&format!("{on_other}{MASTER}")).await.expect_refused(401, "session_expired", &truth);

    stage.faces.app.desk.close().await;
    stage.faces.app.db.close().await;
    drop(stage);
    house.start().await;
    let scene = Scene { viewer: house.viewer(), ..scene };
    let answer = scene.at(Door::Redeem, Some(&scene.token())).await;
    scene.expect_refused(Door::Redeem, &answer, admit_domain::verdict::Denial::InvalidToken);
}

/// The segments of all tracks, by their place below the folder.
async fn segments(stage: &Stage, folder: &str) -> Vec<String> {
    let master = stage.get(&format!("{folder}{MASTER}")).await.expect(200);
    let of_media = master.text().split("URI=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut playlists: Vec<String> = of_media.map(|name| format!("hls/{name}")).collect();
    playlists.extend(named_in(master.text(), ".m3u8"));
    let mut segments = Vec::new();
    for playlist in &playlists {
        segments.extend(named_in(stage.get(&format!("{folder}{playlist}")).await.expect(200).text(), ".m4s"));
    }
    segments
}
