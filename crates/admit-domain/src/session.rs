//! A session: somebody was let in. The handle carries it, the store remembers it, an operator can end it.

use std::net::IpAddr;

use crate::{
    asker::Asker,
    bound::Bound,
    claims::Viewer,
    dialects::apivideo::PrivateToken,
    handle::Handle,
    id::{EmbedTokenId, ProjectId, RequestId, SessionId, SigningKeyId, VideoId},
    limits::CLIENT_AGENT_CHARS_MAX,
    rights::Rights,
    seats::Seats,
    secret::Fingerprint,
    shown::Shown,
    time::Timestamp,
};

/// The record made when a credential is redeemed.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub project: ProjectId,
    pub video: VideoId,
    /// What stands for the credential it came from.
    pub credential: Fingerprint,
    pub source: Source,
    /// Whom the signer of the credential means.
    pub viewer: Option<Viewer>,
    /// What the handle allows.
    pub rights: Rights,
    /// What the requests of the session must have in common.
    pub bound: Bound,
    /// How many sessions of its viewer, or of its credential, may watch at once, as its credential says.
    pub seats: Option<Seats>,
    /// Its credential was not issued before this, as far as it says so itself.
    pub issued_at: Timestamp,
    pub created_at: Timestamp,
    /// The absolute end: no media request is answered from here on.
    pub ends_at: Timestamp,
    /// When an operator ended it early.
    pub ended_at: Option<Timestamp>,
    pub client: Client,
}

impl Session {
    pub fn handle(&self) -> Handle {
        let Self { id, video, created_at, ends_at, rights, bound, .. } = *self;
        Handle { session: id, video, begun_at: created_at, not_after: ends_at, rights, bound }
    }
}

/// What a session came from, as far as it can be taken back together with all that came from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A private token stands for itself.
    PrivateToken,
    SigningKey(SigningKeyId),
    EmbedToken(EmbedTokenId),
}

impl Source {
    /// The id under which the store keeps it; empty for a private token.
    pub fn as_str(&self) -> &str {
        match self {
            Self::PrivateToken => "",
            Self::SigningKey(id) => id.as_str(),
            Self::EmbedToken(id) => id.as_str(),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::PrivateToken);
        }
        let key = text.parse().ok().map(Self::SigningKey);
        key.or_else(|| text.parse().ok().map(Self::EmbedToken))
    }
}

/// Who redeemed, as coarsely as the owner needs it to recognise a stranger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The /24 or /56 network the request came from.
    pub network: String,
    /// The browser or program, cut to a bounded length.
    pub agent: String,
}

impl Client {
    /// From the address and the `User-Agent` of a request.
    pub fn of(ip: Option<IpAddr>, agent: &str) -> Self {
        let shown = agent.chars().filter(|c| !c.is_control()).take(CLIENT_AGENT_CHARS_MAX);
        Self { network: ip.map(network_of).unwrap_or_default(), agent: shown.collect() }
    }
}

/// The /24 or /56 network of an address, as an owner is shown it.
fn network_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{:x}::/56", d & 0xff00)
        }
    }
}

/// A private token, and who shows it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub video: VideoId,
    /// As the control plane published it with the video.
    pub project: ProjectId,
    pub token: PrivateToken,
    /// Lets a client whose answer was lost ask again; without one every request is another viewer.
    pub nonce: Option<String>,
    pub client: Client,
    pub asker: Asker,
    pub request: Option<RequestId>,
}

/// A credential that may be shown again, and who shows it. Not `Debug`: it holds the credential.
#[derive(Clone)]
pub struct Presented {
    /// None for a share link, which alone knows its video.
    pub video: Option<VideoId>,
    /// The code of a share link.
    pub link: Option<String>,
    pub shown: Shown,
    /// Tells a client apart from others behind the same network with the same program.
    pub nonce: Option<String>,
    pub client: Client,
    pub asker: Asker,
    /// The session that is to go on, where one was shown.
    pub renews: Option<SessionId>,
    pub request: Option<RequestId>,
}

/// A session that has begun. Not `Debug`: the handle lets its bearer in.
#[derive(Clone)]
pub struct Entered {
    pub video: VideoId,
    pub handle: String,
    pub ends_at: Timestamp,
}

/// A wish to redeem a single-use credential.
#[derive(Clone, Debug)]
pub struct Redeem {
    pub session: Session,
    /// Tells a repeated request from a second viewer.
    pub nonce: Fingerprint,
}

/// From when until when a session is, as the store has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub begun_at: Timestamp,
    pub ends_at: Timestamp,
}

impl Session {
    /// The session as the store has it: who began it, and when, was decided by whoever came first.
    #[must_use]
    pub fn within(self, span: Span) -> Self {
        Self { created_at: span.begun_at, ends_at: span.ends_at, ..self }
    }
}

/// How a reusable credential was answered by the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The session, new or begun before by the same client.
    Session(Span),
    /// The client's session was ended by an operator.
    Ended,
    /// The credential has begun as many sessions as it may.
    Exhausted,
    /// What signed the credential was taken back.
    Revoked,
    /// All access of its kind that had begun by then was ended after the credential was issued, or the credential
    /// itself was taken back.
    Cut,
}

/// How a redeem ended in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// This request, or an earlier one with the same nonce, opened the session.
    Session(Span),
    /// Another request was first.
    Spent,
    /// It was taken back, with all access that had begun by then or alone.
    Cut,
}
