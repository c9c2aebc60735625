//! The numbered log of what edges must know: what was taken back, and what they remember that no longer holds.

mod revoked;

pub use self::revoked::Revoked;
use crate::{
    id::{ProjectId, SessionId, VideoId},
    time::Timestamp,
};

/// The place of an entry in the log; grows by one with each, and commit order is number order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seq(pub i64);

impl Seq {
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// One line of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub seq: Seq,
    pub subject: Subject,
}

/// What an entry is about. Viewers, credentials and signing keys are not named here, for an edge knows none of them:
/// the control plane names their sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The session ended. From its absolute end on the entry says nothing that the handle does not say itself.
    Session { id: SessionId, until: Timestamp },
    /// The video is gone, and with it every session for it.
    Video(VideoId),
    /// The video was had back before it was deleted for good, and all that ended with it goes on.
    Restored(VideoId),
    /// All access to the video ended that had begun by an instant.
    VideoAccess { id: VideoId, until: Timestamp },
    /// The same for all videos of a project.
    ProjectAccess { id: ProjectId, until: Timestamp },
    /// What is remembered of the video no longer holds.
    VideoChanged(VideoId),
    /// What is remembered of any video of the project no longer holds.
    ProjectChanged(ProjectId),
}

impl Subject {
    /// The word under which the log keeps this kind of subject.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Session { .. } => "session",
            Self::Video(_) => "video",
            Self::Restored(_) => "video-restored",
            Self::VideoAccess { .. } => "video-access",
            Self::ProjectAccess { .. } => "project-access",
            Self::VideoChanged(_) => "video-changed",
            Self::ProjectChanged(_) => "project-changed",
        }
    }

    pub fn id(&self) -> String {
        match self {
            Self::Session { id, .. } => id.to_string(),
            Self::Video(id) | Self::Restored(id) | Self::VideoAccess { id, .. } | Self::VideoChanged(id) => {
                id.to_string()
            }
            Self::ProjectAccess { id, .. } | Self::ProjectChanged(id) => id.to_string(),
        }
    }

    /// The instant that belongs to the subject; the epoch where none does.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Session { until, .. } | Self::VideoAccess { until, .. } | Self::ProjectAccess { until, .. } => *until,
            Self::Video(_) | Self::Restored(_) | Self::VideoChanged(_) | Self::ProjectChanged(_) => Timestamp::EPOCH,
        }
    }

    /// Reads what [`Subject::kind`], [`Subject::id`] and [`Subject::at`] say; `None` when a newer release wrote a kind we
    /// do not know.
    pub fn parse(kind: &str, id: &str, at: Timestamp) -> Option<Self> {
        match kind {
            "session" => id.parse().ok().map(|id| Self::Session { id, until: at }),
            "video" => id.parse().ok().map(Self::Video),
            "video-restored" => id.parse().ok().map(Self::Restored),
            "video-access" => id.parse().ok().map(|id| Self::VideoAccess { id, until: at }),
            "project-access" => id.parse().ok().map(|id| Self::ProjectAccess { id, until: at }),
            "video-changed" => id.parse().ok().map(Self::VideoChanged),
            "project-changed" => id.parse().ok().map(Self::ProjectChanged),
            _ => None,
        }
    }
}
