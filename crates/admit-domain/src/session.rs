//! A session: somebody was let in. The handle carries it, the store remembers it, an operator can end it.

use crate::{
    dialects::apivideo::PrivateToken,
    handle::{Handle, Rights},
    id::{ProjectId, SessionId, VideoId},
    secret::Fingerprint,
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
    pub created_at: Timestamp,
    /// The absolute end: no media request is answered from here on.
    pub ends_at: Timestamp,
    /// When an operator ended it early.
    pub ended_at: Option<Timestamp>,
    pub client: Client,
}

impl Session {
    pub fn handle(&self) -> Handle {
        Handle { session: self.id, video: self.video, not_after: self.ends_at, rights: Rights::ALL }
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
}

/// A session that has begun. Not `Debug`: the handle lets its bearer in.
#[derive(Clone)]
pub struct Entered {
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

/// How a redeem ended in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// This request, or an earlier one with the same nonce, opened the session that ends then.
    Session { ends_at: Timestamp },
    /// Another request was first.
    Spent,
}
