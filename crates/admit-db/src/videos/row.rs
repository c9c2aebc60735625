//! A row of `videos`, and the video it is.

use admit_domain::{
    object_key::Edition,
    time::Timestamp,
    video::{Description, Discarded, Ingest, Shelf, Video, Visibility},
};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::labels::Labels;
use crate::{error::Result, row::Row};

/// The columns of a [`VideoRow`], in the order in which `insert` binds them.
macro_rules! columns {
    () => {
        "id, project_id, title, description, public, panoramic, mp4_support, player_id, language, \
         created_at, updated_at, published_at, ingest, presentation, mp4, thumbnail"
    };
}

/// What a read of a [`VideoRow`] selects.
macro_rules! selected {
    () => {
        concat!(columns!(), ", discarded_at, deletes_at")
    };
}

pub(super) use {columns, selected};

#[derive(sqlx::FromRow)]
pub(super) struct VideoRow {
    pub(super) id: String,
    project_id: String,
    title: String,
    description: String,
    public: bool,
    panoramic: bool,
    mp4_support: bool,
    player_id: Option<String>,
    language: Option<String>,
    created_at: i64,
    updated_at: i64,
    published_at: Option<i64>,
    ingest: String,
    presentation: Option<i64>,
    mp4: Option<i64>,
    thumbnail: Option<i64>,
    discarded_at: Option<i64>,
    deletes_at: Option<i64>,
}

impl VideoRow {
    /// `labels` are those of this video, or of several among which it is.
    pub(super) fn read(self, labels: &mut Labels) -> Result<Video> {
        let row = Row::of("videos", &self.id);
        let (tags, metadata) = labels.take(&self.id);
        Ok(Video {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            ingest: row.known("ingest", Ingest::parse(&self.ingest))?,
            about: Description {
                title: self.title,
                description: self.description,
                visibility: Visibility::from_public(self.public),
                panoramic: self.panoramic,
                mp4_support: self.mp4_support,
                player_id: self.player_id,
                language: self.language,
                tags,
                metadata,
            },
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
            published_at: self.published_at.map(Timestamp::from_millis),
            discarded: self.discarded_at.zip(self.deletes_at).map(|(at, deletes_at)| Discarded {
                at: Timestamp::from_millis(at),
                deletes_at: Timestamp::from_millis(deletes_at),
            }),
            shelf: Shelf {
                presentation: self.presentation.map(Edition),
                mp4: self.mp4.map(Edition),
                thumbnail: self.thumbnail.map(Edition),
            },
        })
    }
}

/// Letters without case and accents, as tags are searched and sorted.
pub(crate) fn bare(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// Letters without their case, as they are searched and sorted.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// The pattern of texts that contain this one; empty when any will do.
pub(crate) fn containing(part: Option<&str>) -> String {
    let Some(part) = part.filter(|part| !part.is_empty()) else { return String::new() };
    let mut pattern = String::from("%");
    for c in folded(part).chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
