//! The closed list of all that can lie in storage. No other file makes a storage path.

pub use crate::id::Edition;
use crate::{
    id::{LiveStreamId, PlayerId, VideoId, WatermarkId},
    language::Language,
    presentation::TrackName,
    timed_text::{TextKind, TimedText},
};

/// One stored thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectKey {
    /// What everything else is made from: the film as it was sent, or as its owner wished it to be edited. Of what
    /// was cut away or is hidden there is no other copy. No extension: a media program must not guess from one.
    Source {
        video: VideoId,
    },
    /// The film as it was sent, whole, until there is a source.
    Received {
        video: VideoId,
    },
    /// The picture to burn in, kept apart from the watermark, which may be deleted meanwhile; until there is a source.
    Mark {
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
    /// Captions or chapters in one language, as they were sent.
    TimedText {
        video: VideoId,
        kind: TextKind,
        language: Language,
        edition: Edition,
    },
    /// The picture of a player theme.
    Logo {
        player: PlayerId,
        edition: Edition,
    },
    /// The picture in front of a live stream.
    LiveThumbnail {
        live_stream: LiveStreamId,
        edition: Edition,
    },
    /// A picture to burn into films; it belongs to no video.
    Watermark {
        watermark: WatermarkId,
    },
}

impl ObjectKey {
    pub const fn of_text(video: VideoId, text: &TimedText) -> Self {
        Self::TimedText { video, kind: text.kind, language: text.language, edition: text.edition }
    }

    /// The path below the root of the store.
    pub fn path(&self) -> String {
        match self {
            Self::Source { video } => format!("{}source", ObjectPrefix::Video(*video).path()),
            Self::Received { video } => format!("{}whole", ObjectPrefix::Upload(*video).path()),
            Self::Mark { video } => format!("{}mark", ObjectPrefix::Upload(*video).path()),
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
            Self::TimedText { video, kind, language, edition } => {
                format!("{}{}-{language}-{}", ObjectPrefix::Video(*video).path(), kind.as_str(), edition.0)
            }
            Self::Logo { player, edition } => format!("players/{player}/logo-{}", edition.0),
            Self::LiveThumbnail { live_stream, edition } => {
                format!("live-streams/{live_stream}/thumbnail-{}", edition.0)
            }
            Self::Watermark { watermark } => format!("watermarks/{watermark}"),
        }
    }

    /// Reads [`ObjectKey::path`] of what an edge may have: what viewers are served from, and never a source or a piece of
    /// an upload.
    pub fn of_edge_path(path: &str) -> Option<Self> {
        let (video, name) = path.strip_prefix("videos/")?.split_once('/')?;
        let video = video.parse().ok()?;
        let (name, last) = name.rsplit_once('-')?;
        let edition = || last.parse().ok().map(Edition);
        let key = match name.split_once('-') {
            None if name == "presentation" => Self::Presentation { video, edition: edition()? },
            None if name == "mp4" => Self::Mp4 { video, edition: edition()? },
            None if name == "thumbnail" => Self::Thumbnail { video, edition: edition()? },
            Some(("track", track)) => Self::Track { video, track: track.parse().ok()?, edition: edition()? },
            Some(("storyboard", edition)) => {
                let edition = edition.parse().ok().map(Edition)?;
                Self::StoryboardSheet { video, edition, sheet: last.parse().ok()? }
            }
            Some((kind, language)) => {
                let (kind, language) = (TextKind::parse(kind)?, language.parse().ok()?);
                Self::TimedText { video, kind, language, edition: edition()? }
            }
            None => return None,
        };
        // One spelling: no sign, and no zeros before a number.
        (key.path() == path).then_some(key)
    }

    /// The video it is a part of, and with which it goes.
    pub const fn video(&self) -> Option<VideoId> {
        match self {
            Self::Source { video }
            | Self::Received { video }
            | Self::Mark { video }
            | Self::UploadPart { video, .. }
            | Self::Presentation { video, .. }
            | Self::Track { video, .. }
            | Self::Mp4 { video, .. }
            | Self::Thumbnail { video, .. }
            | Self::StoryboardSheet { video, .. }
            | Self::TimedText { video, .. } => Some(*video),
            Self::Logo { .. } | Self::LiveThumbnail { .. } | Self::Watermark { .. } => None,
        }
    }
}

/// A folder of the store: what is deleted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectPrefix {
    /// All that a video is made of.
    Video(VideoId),
    /// What is only needed until there is a source: the parts of an upload, and what is to be edited.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_reads_what_viewers_are_served_from_and_nothing_else() {
        let (video, edition) = (VideoId::from_random([3; 22]), Edition(77));
        let language = "sr-Cyrl".parse().expect("a language");
        let track = "v720".parse().expect("a track");
        for key in [
            ObjectKey::Presentation { video, edition },
            ObjectKey::Track { video, track, edition },
            ObjectKey::Mp4 { video, edition },
            ObjectKey::Thumbnail { video, edition: Edition(i64::MAX) },
            ObjectKey::StoryboardSheet { video, edition, sheet: 3 },
            ObjectKey::StoryboardSheet { video, edition, sheet: 12_345 },
            ObjectKey::TimedText { video, kind: TextKind::Captions, language, edition },
        ] {
            assert_eq!(ObjectKey::of_edge_path(&key.path()), Some(key), "{}", key.path());
        }
        let player = PlayerId::from_random([4; 22]);
        for key in [
            ObjectKey::Source { video },
            ObjectKey::Received { video },
            ObjectKey::Mark { video },
            ObjectKey::UploadPart { video, place: 1, edition },
            ObjectKey::Logo { player, edition },
            ObjectKey::Watermark { watermark: WatermarkId::from_random([5; 22]) },
        ] {
            assert_eq!(ObjectKey::of_edge_path(&key.path()), None, "{}", key.path());
        }
        for path in ["mp4-+77", "mp4-077", "mp4-", "mp4--77", "storyboard-77-3", "../mp4-77", "track--77", "mp4-77/"] {
            assert_eq!(ObjectKey::of_edge_path(&format!("videos/{video}/{path}")), None, "{path}");
        }
    }
}
