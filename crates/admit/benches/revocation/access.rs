//! Letting somebody in, and taking that back: one way for each kind of subject.

use std::sync::atomic::{AtomicU64, Ordering};

use admit_domain::{dialects::apivideo::PrivateToken, id::VideoId, key::InstallKeys, time::Timestamp};
use anyhow::{Context as _, Result, ensure};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use crate::{
    fleet::Fleet,
    http::Connection,
    viewers::{Probe, watch_path},
};

/// What can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Session,
    Credential,
    SigningKey,
    Viewer,
    Video,
    Project,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] =
        [Self::Session, Self::Credential, Self::SigningKey, Self::Viewer, Self::Video, Self::Project];

    /// As `POST /revocations` spells it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Credential => "credential",
            Self::SigningKey => "signingKey",
            Self::Viewer => "viewer",
            Self::Video => "video",
            Self::Project => "project",
        }
    }
}

/// Somebody's access, and by what it is taken back.
pub(crate) struct Access {
    pub(crate) handle: String,
    kind: Kind,
    subject: String,
}

/// When what was taken back was last of use, edge by edge, and how long the call took.
pub(crate) struct TakenBack {
    pub(crate) last_bytes: Vec<Duration>,
    pub(crate) call: Duration,
    pub(crate) missing: usize,
}

/// The customer's backend.
pub(crate) struct Office {
    client: reqwest::Client,
    base: String,
    key: String,
    door: String,
    keys: InstallKeys,
    project: String,
    /// Watched by those whose access is taken back, and by nobody else.
    video: String,
    /// Watched by the crowd.
    pub(crate) other_video: String,
    /// For whoever must not be ended with the project.
    pub(crate) public_video: String,
    signing_key: (String, String),
    turn: AtomicU64,
}

impl Office {
    pub(crate) async fn open(fleet: &Fleet) -> Result<Self> {
        let mut office = Self {
            client: reqwest::Client::new(),
            base: format!("http://{}", fleet.control.address),
            key: fleet.control.key.clone(),
            door: fleet.edge_of(0)?.to_owned(),
            keys: admit::install::keys(fleet.control.data.path())?,
            project: String::new(),
            video: String::new(),
            other_video: String::new(),
            public_video: String::new(),
            signing_key: Default::default(),
            turn: AtomicU64::new(0),
        };
        office.project = office.find_project(fleet).await?;
        office.video = office.film(false).await?;
        office.other_video = office.film(false).await?;
        office.public_video = office.film(true).await?;
        office.signing_key = office.signing_key().await?;
        Ok(office)
    }

    /// There is one, and no address that names it: the database does.
    async fn find_project(&self, fleet: &Fleet) -> Result<String> {
        let url = format!("sqlite://{}", fleet.control.data.path().join("admit.db").display());
        let db = admit_db::Db::open(&url).await?;
        let project = admit_db::projects::first(&db).await?.context("a project")?;
        db.close().await;
        Ok(project.id.to_string())
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.client.post(format!("{}{path}", self.base)).basic_auth(&self.key, Some("")).json(body);
        let answer = request.send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{path}: {status} {text}");
        Ok(serde_json::from_str(&text)?)
    }

    async fn film(&self, public: bool) -> Result<String> {
        let made = self.post("/videos", &json!({ "title": "bench", "public": public })).await?;
        let id = text(&made, "videoId")?;
        let clip = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench/revocation.mp4");
        crate::fleet::make_clip(clip)?;
        let form = Form::new().part("file", Part::bytes(tokio::fs::read(clip).await?).file_name("clip.mp4"));
        let url = format!("{}/videos/{id}/source", self.base);
        self.client.post(url).basic_auth(&self.key, Some("")).multipart(form).send().await?.error_for_status()?;
        loop {
            let url = format!("{}/videos/{id}/status", self.base);
            let status: Value = self.client.get(url).basic_auth(&self.key, Some("")).send().await?.json().await?;
            if status["encoding"]["playable"] == true {
                return Ok(id);
            }
            // sleep: between looks at how far the encoding has come
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn signing_key(&self) -> Result<(String, String)> {
        let made = self.post("/signing-keys", &json!({ "name": "bench", "dialect": "admit" })).await?;
        Ok((text(&made, "signingKeyId")?, text(&made, "secret")?))
    }

    /// A session by a private token of the video, at that edge.
    pub(crate) async fn enter(&self, edge: &str, video: &str) -> Result<String> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let id: VideoId = video.parse()?;
        let token = PrivateToken::mint(&self.keys.private_tokens, &id, now(), turn).text();
        self.redeem(edge, &format!("/vod/{video}/token/{token}/session")).await
    }

    async fn redeem(&self, edge: &str, path: &str) -> Result<String> {
        let nonce = format!("{:032x}", self.turn.fetch_add(1, Ordering::Relaxed));
        let answer = Connection::open(edge).await?.post(path, &json!({ "nonce": nonce }).to_string()).await?;
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
        text(&serde_json::from_slice(&answer.body)?, "session_token")
    }

    /// Lets somebody in whom taking back this kind of subject will end.
    pub(crate) async fn let_in(&self, kind: Kind) -> Result<Access> {
        let video = &self.video;
        let present = async |token: &str| self.redeem(&self.door, &format!("/vod/{video}/session?token={token}")).await;
        let by_embed_token = async || {
            let made = self.post("/embed-tokens", &json!({ "videoId": video })).await?;
            anyhow::Ok((present(&text(&made, "token")?).await?, text(&made, "embedTokenId")?))
        };
        let (handle, subject) = match kind {
            Kind::Session => {
                let handle = self.enter(&self.door, video).await?;
                let read = admit_domain::handle::Handle::read(&handle, &video.parse()?, |_| None, &self.keys.delivery);
                let session = read.map_err(|denial| anyhow::anyhow!("{denial}"))?.session.to_string();
                (handle, session)
            }
            // A private token knows the minute alone, so after all access was ended the next is let in a minute later.
            Kind::Video => (by_embed_token().await?.0, video.clone()),
            Kind::Project => (by_embed_token().await?.0, self.project.clone()),
            Kind::Credential => by_embed_token().await?,
            Kind::SigningKey => {
                let key = self.signing_key().await?;
                (present(&self.sign(&key, "somebody")?).await?, key.0)
            }
            Kind::Viewer => {
                let viewer = format!("viewer-{}", self.turn.fetch_add(1, Ordering::Relaxed));
                (present(&self.sign(&self.signing_key, &viewer)?).await?, viewer)
            }
        };
        Ok(Access { handle, kind, subject })
    }

    fn sign(&self, (id, secret): &(String, String), viewer: &str) -> Result<String> {
        let now = now().as_secs();
        let claims = json!({ "aud": self.video, "sub": viewer, "iat": now, "exp": now + 300 });
        let header = Header { kid: Some(id.clone()), ..Header::new(Algorithm::HS256) };
        Ok(jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes()))?)
    }

    /// Takes it back while it is in use at every edge.
    pub(crate) async fn take_back(&self, fleet: &Fleet, access: &Access) -> Result<TakenBack> {
        let path = watch_path(&access.handle, &self.video);
        let mut probes = Vec::new();
        for edge in fleet.addresses() {
            probes.push(Probe::start(edge, &path).await?);
        }
        let called = Instant::now();
        let body = json!({ "subject": { "type": access.kind.word(), "id": access.subject } });
        let answer = self.post("/revocations?wait=edges&timeoutMs=5000", &body).await?;
        let call = called.elapsed();
        let mut last_bytes = Vec::new();
        for probe in probes {
            last_bytes.push(probe.refused().await?.saturating_duration_since(called));
        }
        Ok(TakenBack { last_bytes, call, missing: answer["missing"].as_array().map_or(0, Vec::len) })
    }
}

fn now() -> Timestamp {
    admit::clock::Clock::default().now()
}

fn text(value: &Value, name: &str) -> Result<String> {
    value[name].as_str().map(str::to_owned).with_context(|| format!("no {name} in {value}"))
}
