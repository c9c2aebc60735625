//! A video as the customer describes it, and how far its making has come.

use crate::{
    id::{ProjectId, VideoId},
    ladder::Quality,
    object_key::Edition,
    time::Timestamp,
};

/// May it be watched without a credential?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Public,
    Private,
}

impl Visibility {
    pub const fn from_public(public: bool) -> Self {
        if public { Self::Public } else { Self::Private }
    }

    pub const fn is_public(self) -> bool {
        matches!(self, Self::Public)
    }
}

/// What the customer says about a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    pub title: String,
    pub description: String,
    pub visibility: Visibility,
    pub panoramic: bool,
    pub mp4_support: bool,
    pub player_id: Option<String>,
    pub language: Option<String>,
    pub tags: Vec<String>,
    /// Keys with values, in the customer's order.
    pub metadata: Vec<(String, String)>,
}

/// A video of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Video {
    pub id: VideoId,
    pub project: ProjectId,
    pub about: Description,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When it first could be watched.
    pub published_at: Option<Timestamp>,
    pub ingest: Ingest,
    pub shelf: Shelf,
}

/// How far the customer's bytes have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ingest {
    /// Nothing has been sent.
    Empty,
    Uploading,
    Uploaded,
    /// We fetch the source ourselves, from an address or another video.
    Ingesting,
    Ingested,
    /// The source cannot be used; the reason is the code of an `Unsupported`, `import_failed` or `processing_failed`.
    Failed,
}

impl Ingest {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Uploading => "uploading",
            Self::Uploaded => "uploaded",
            Self::Ingesting => "ingesting",
            Self::Ingested => "ingested",
            Self::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Empty, Self::Uploading, Self::Uploaded, Self::Ingesting, Self::Ingested, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// The whole source is in storage.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Uploaded | Self::Ingested)
    }
}

/// Which editions of a video's parts are the ones to serve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Present as soon as something can be watched.
    pub presentation: Option<Edition>,
    pub mp4: Option<Edition>,
    pub thumbnail: Option<Edition>,
}

/// What an edge must know of a video to serve it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    pub project: ProjectId,
    pub visibility: Visibility,
    pub mp4_support: bool,
    pub ingest: Ingest,
    pub shelf: Shelf,
}

/// One line of the encoding progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rendition {
    pub kind: RenditionKind,
    pub quality: Quality,
    pub status: RenditionStatus,
    /// 0 to 100.
    pub percent: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenditionKind {
    Hls,
    Mp4,
}

impl RenditionKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hls => "hls",
            Self::Mp4 => "mp4",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Hls, Self::Mp4].into_iter().find(|kind| kind.as_str() == text)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenditionStatus {
    Waiting,
    Encoding,
    Encoded,
    Failed,
}

impl RenditionStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Encoding => "encoding",
            Self::Encoded => "encoded",
            Self::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Encoding, Self::Encoded, Self::Failed].into_iter().find(|status| status.as_str() == text)
    }
}
