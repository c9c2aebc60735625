//! The closed list of all that can lie in storage. No other file makes a storage path.

pub use crate::id::Edition;
use crate::{id::VideoId, presentation::TrackName};

/// One stored thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectKey {
    /// The bytes the customer sent. No extension: a media program must not guess from one.
    Source {
        video: VideoId,
    },
    /// A piece of an upload that is not yet whole, by its number or its first byte.
    UploadPart {
        video: VideoId,
        place: u64,
        edition: Edition,
    },
    /// The index of all tracks.
    Presentation {
        video: VideoId,
        edition: Edition,
    },
    /// One track: initialisation, then fragments.
    Track {
        video: VideoId,
        track: TrackName,
        edition: Edition,
    },
    /// The whole film as one progressive MP4.
    Mp4 {
        video: VideoId,
        edition: Edition,
    },
    Thumbnail {
        video: VideoId,
        edition: Edition,
    },
    StoryboardSheet {
        video: VideoId,
        edition: Edition,
        sheet: u32,
    },
}

impl ObjectKey {
    /// The path below the root of the store.
    pub fn path(&self) -> String {
        match self {
            Self::Source { video } => format!("{}source", ObjectPrefix::Video(*video).path()),
            Self::UploadPart { video, place, edition } => {
                format!("{}{place:05}-{}", ObjectPrefix::Upload(*video).path(), edition.0)
            }
            Self::Presentation { video, edition } => {
                format!("{}presentation-{}", ObjectPrefix::Video(*video).path(), edition.0)
            }
            Self::Track { video, track, edition } => {
                format!("{}track-{track}-{}", ObjectPrefix::Video(*video).path(), edition.0)
            }
            Self::Mp4 { video, edition } => format!("{}mp4-{}", ObjectPrefix::Video(*video).path(), edition.0),
            Self::Thumbnail { video, edition } => {
                format!("{}thumbnail-{}", ObjectPrefix::Video(*video).path(), edition.0)
            }
            Self::StoryboardSheet { video, edition, sheet } => {
                format!("{}storyboard-{}-{sheet:04}", ObjectPrefix::Video(*video).path(), edition.0)
            }
        }
    }

    pub const fn video(&self) -> VideoId {
        match self {
            Self::Source { video }
            | Self::UploadPart { video, .. }
            | Self::Presentation { video, .. }
            | Self::Track { video, .. }
            | Self::Mp4 { video, .. }
            | Self::Thumbnail { video, .. }
            | Self::StoryboardSheet { video, .. } => *video,
        }
    }
}

/// A folder of the store: what is deleted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectPrefix {
    /// All that a video is made of.
    Video(VideoId),
    /// The parts of its unfinished upload.
    Upload(VideoId),
}

impl ObjectPrefix {
    /// The folder of all uploads.
    pub const UPLOADS: &str = "uploads/";

    /// Whose upload lies in this folder; the reverse of [`ObjectPrefix::path`], with or without its last slash.
    pub fn upload_of(folder: &str) -> Option<VideoId> {
        folder.strip_prefix(Self::UPLOADS)?.trim_end_matches('/').parse().ok()
    }

    pub fn path(&self) -> String {
        match self {
            Self::Video(video) => format!("videos/{video}/"),
            Self::Upload(video) => format!("{}{video}/", Self::UPLOADS),
        }
    }
}
