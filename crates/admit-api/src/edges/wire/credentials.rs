//! What viewers show, and the session they get.

use std::net::IpAddr;

use admit_domain::{
    asker::Asker,
    dialects::apivideo::PrivateToken,
    id::{ProjectId, VideoId},
    seats::SeatWish,
    session::{Client, Entered, Entry, Presented},
    shown::Shown,
    verdict::Denial,
};
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// The text of a private token. Not `Debug`: it opens a session.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct TokenText(String);

impl TokenText {
    pub(crate) fn parse(&self) -> Option<PrivateToken> {
        PrivateToken::parse(&self.0)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VouchBody {
    pub(crate) video_id: String,
    pub(crate) token: TokenText,
}

#[derive(Deserialize)]
pub(crate) struct ClientBody {
    network: String,
    agent: String,
}

impl From<ClientBody> for Client {
    fn from(body: ClientBody) -> Self {
        Self { network: body.network, agent: body.agent }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RedeemBody {
    pub(crate) video_id: String,
    token: TokenText,
    nonce: Option<String>,
    client: ClientBody,
    #[serde(flatten)]
    asker: AskerBody,
    request_id: Option<String>,
}

/// As rules look at whoever asks.
#[derive(Deserialize)]
pub(super) struct AskerBody {
    ip: Option<IpAddr>,
    origin: Option<String>,
    referrer: Option<String>,
    #[serde(default)]
    agent: String,
}

impl From<AskerBody> for Asker {
    fn from(body: AskerBody) -> Self {
        let AskerBody { ip, origin, referrer, agent } = body;
        Self { ip, origin, referrer, agent }
    }
}

impl RedeemBody {
    pub(crate) fn read(self, video: VideoId, project: ProjectId) -> Result<Entry, Denial> {
        let token = self.token.parse().ok_or(Denial::UnknownCredential)?;
        let request = self.request_id.and_then(|id| id.parse().ok());
        let Self { nonce, client, asker, .. } = self;
        Ok(Entry { video, project, token, nonce, client: client.into(), asker: asker.into(), request })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShownBody {
    origin: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    cookies: Vec<(String, String)>,
    path_token: Option<String>,
    ip: Option<IpAddr>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PresentedBody {
    video_id: Option<String>,
    link: Option<String>,
    shown: ShownBody,
    nonce: Option<String>,
    client: ClientBody,
    #[serde(flatten)]
    asker: AskerBody,
    renews: Option<String>,
    request_id: Option<String>,
}

impl PresentedBody {
    pub(crate) fn read(self) -> Result<Presented, ApiError> {
        let ShownBody { origin, path, query, headers, cookies, path_token, ip } = self.shown;
        Ok(Presented {
            video: id("videoId", self.video_id)?,
            link: self.link,
            shown: Shown { origin, path, query, headers, cookies, path_token, ip },
            nonce: self.nonce,
            client: self.client.into(),
            asker: self.asker.into(),
            renews: id("renews", self.renews)?,
            request: id("requestId", self.request_id)?,
        })
    }
}

fn id<T: std::str::FromStr>(name: &'static str, text: Option<String>) -> Result<Option<T>, ApiError> {
    let read = |text: String| text.parse().map_err(|_| ApiError::invalid_attribute(name, "This is no such id."));
    text.map(read).transpose()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnteredBody {
    video_id: String,
    handle: String,
    ends_at: i64,
}

impl From<Entered> for EnteredBody {
    fn from(entered: Entered) -> Self {
        let Entered { video, handle, ends_at } = entered;
        Self { video_id: video.to_string(), handle, ends_at: ends_at.as_millis() }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SeatBody {
    session_id: String,
    video_id: String,
    takes_over: bool,
}

impl SeatBody {
    pub(crate) fn read(&self) -> Result<SeatWish, Denial> {
        let session = self.session_id.parse().map_err(|_| Denial::MalformedHandle)?;
        let video = self.video_id.parse().map_err(|_| Denial::NotFound)?;
        Ok(SeatWish { session, video, takes_over: self.takes_over })
    }
}

/// For how long the seat is lent, from now on.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SeatedBody {
    pub(crate) held_ms: u64,
}
