//! The numbered log of what was taken back, and the set an edge judges by.

use std::collections::HashSet;

use crate::{
    id::{SessionId, VideoId},
    verdict::Denial,
};

/// The place of an entry in the log; grows by one with each, and commit order is number order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seq(pub i64);

/// Whose access ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    Session(SessionId),
    /// The video is gone, and with it every session for it.
    Video(VideoId),
    /// The video was had back before it was deleted for good, and all that ended with it goes on.
    Restored(VideoId),
}

impl Subject {
    /// The word under which the log keeps this kind of subject.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Video(_) => "video",
            Self::Restored(_) => "video-restored",
        }
    }

    pub fn id(&self) -> String {
        match self {
            Self::Session(id) => id.to_string(),
            Self::Video(id) | Self::Restored(id) => id.to_string(),
        }
    }

    /// Reads an entry of the log; `None` when a newer release wrote a kind we do not know.
    pub fn parse(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "session" => id.parse().ok().map(Self::Session),
            "video" => id.parse().ok().map(Self::Video),
            "video-restored" => id.parse().ok().map(Self::Restored),
            _ => None,
        }
    }
}

/// Everything revoked so far, as of `seq`.
#[derive(Clone, Debug, Default)]
pub struct Revoked {
    pub seq: Seq,
    sessions: HashSet<SessionId>,
    videos: HashSet<VideoId>,
}

impl Revoked {
    /// Adds an entry of the log.
    pub fn apply(&mut self, seq: Seq, subject: Subject) {
        self.seq = self.seq.max(seq);
        match subject {
            Subject::Session(id) => self.sessions.insert(id),
            Subject::Video(id) => self.videos.insert(id),
            Subject::Restored(id) => self.videos.remove(&id),
        };
    }

    pub fn judge(&self, session: &SessionId, video: &VideoId) -> Result<(), Denial> {
        if self.sessions.contains(session) {
            return Err(Denial::SessionEnded);
        }
        self.judge_video(video)
    }

    pub fn judge_video(&self, video: &VideoId) -> Result<(), Denial> {
        if self.videos.contains(video) { Err(Denial::VideoGone) } else { Ok(()) }
    }
}
