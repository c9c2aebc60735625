//! A video as the customer describes it, and how far its making has come.

use crate::{
    asset::Asset,
    encryption::Encryption,
    id::{PlayerId, ProjectId, VideoId},
    ladder::Quality,
    language::Language,
    object_key::Edition,
    rules::Rules,
    time::Timestamp,
    timed_text::{TextKind, TimedText},
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
    pub player_id: Option<PlayerId>,
    pub language: Option<String>,
    pub tags: Vec<String>,
    /// Keys with values, in the customer's order.
    pub metadata: Vec<(String, String)>,
}

impl Description {
    /// What is true of a video about which nothing was said.
    pub const fn unsaid(visibility: Visibility) -> Self {
        Self {
            title: String::new(),
            description: String::new(),
            visibility,
            panoramic: false,
            mp4_support: true,
            player_id: None,
            language: None,
            tags: Vec::new(),
            metadata: Vec::new(),
        }
    }
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
    pub discarded: Option<Discarded>,
}

/// Deleted, and to be had back until a given moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discarded {
    pub at: Timestamp,
    /// When it is deleted for good.
    pub deletes_at: Timestamp,
}

impl Video {
    /// A video without a source.
    pub fn empty(id: VideoId, project: ProjectId, about: Description, now: Timestamp) -> Self {
        Self {
            id,
            project,
            about,
            created_at: now,
            updated_at: now,
            published_at: None,
            ingest: Ingest::Empty,
            shelf: Shelf::default(),
            discarded: None,
        }
    }
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

/// What an edge does for viewers when it has heard nothing of revocations for too long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnStale {
    /// It refuses them until it has.
    #[default]
    Closed,
    /// It lets them watch on what it knew last.
    Open,
}

impl OnStale {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Closed, Self::Open].into_iter().find(|choice| choice.as_str() == text)
    }
}

/// What an edge must know of a video to serve it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub project: ProjectId,
    pub visibility: Visibility,
    pub mp4_support: bool,
    pub ingest: Ingest,
    pub shelf: Shelf,
    /// Sorted by kind and language.
    pub texts: Vec<TimedText>,
    /// What the video and its project demand of viewers.
    pub rules: Rules,
    /// Everybody may see the poster, private or not.
    pub has_open_poster: bool,
    /// Its project takes signed tokens and signed addresses.
    pub token_access: bool,
    pub on_stale: OnStale,
    /// Its segments are encrypted. Whoever plays DASH has no way to say so, and is not served.
    pub encryption: Option<Encryption>,
}

impl Published {
    /// Who may fetch an asset without showing anything.
    pub fn visibility_of(&self, asset: Asset) -> Visibility {
        if self.has_open_poster && asset == Asset::Thumbnail { Visibility::Public } else { self.visibility }
    }

    pub fn text(&self, kind: TextKind, language: &Language) -> Option<&TimedText> {
        self.texts.iter().find(|text| text.kind == kind && text.language == *language)
    }

    pub fn texts_of(&self, kind: TextKind) -> impl Iterator<Item = &TimedText> {
        self.texts.iter().filter(move |text| text.kind == kind)
    }
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
