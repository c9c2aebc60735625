//! What a worker may be asked to do. Every job may run twice.

use crate::{
    id::{JobId, ProjectId, VideoId},
    ladder::Quality,
};

/// The work itself, always about one video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Fetch the source from the address the customer named.
    Import,
    /// Put the parts together, look inside, decide the ladder.
    Ingest,
    /// Make the film watchable: the first rung of the ladder, and the sound.
    First,
    /// Add one more rung.
    Rung(Quality),
    /// Poster and storyboard.
    Pictures,
    /// The poster the customer picked.
    Poster,
    /// One progressive file of the best rung.
    Mp4,
    /// Delete what a deleted video left in storage.
    Purge,
}

impl Work {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Ingest => "ingest",
            Self::First => "first",
            Self::Rung(_) => "rung",
            Self::Pictures => "pictures",
            Self::Poster => "poster",
            Self::Mp4 => "mp4",
            Self::Purge => "purge",
        }
    }

    /// The argument as text; empty where there is none.
    pub const fn argument(&self) -> &'static str {
        match self {
            Self::Rung(quality) => quality.as_str(),
            _ => "",
        }
    }

    pub fn parse(kind: &str, argument: &str) -> Option<Self> {
        match (kind, argument) {
            ("import", "") => Some(Self::Import),
            ("ingest", "") => Some(Self::Ingest),
            ("first", "") => Some(Self::First),
            ("rung", quality) => Quality::parse(quality).map(Self::Rung),
            ("pictures", "") => Some(Self::Pictures),
            ("poster", "") => Some(Self::Poster),
            ("mp4", "") => Some(Self::Mp4),
            ("purge", "") => Some(Self::Purge),
            _ => None,
        }
    }
}

/// A job to put in the queue. `priority` 0 goes first; equal ones go in the order they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub id: JobId,
    pub project: ProjectId,
    pub video: VideoId,
    pub work: Work,
    pub priority: i64,
}

/// A job in the hands of a worker. Every later statement about it carries `epoch`: a worker whose lease
/// ran out and was given to another can no longer change anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub id: JobId,
    pub project: ProjectId,
    pub video: VideoId,
    pub work: Work,
    pub epoch: i64,
    /// From 1.
    pub attempt: u32,
}
