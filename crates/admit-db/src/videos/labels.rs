//! Tags and metadata, which lie in tables of their own so that a list can be filtered by them.

use std::collections::HashMap;

use admit_domain::{
    id::{ProjectId, VideoId},
    video::Description,
};

use super::row::bare;
use crate::{
    db::{Db, Tx},
    dialect::{Both, both, rows},
    error::Result,
    statement::{all, exec},
};

type Tag = (String, String);
type Entry = (String, String, String);

/// The tags and the metadata of some videos, by video id.
#[derive(Default)]
pub(super) struct Labels {
    tags: HashMap<String, Vec<String>>,
    metadata: HashMap<String, Vec<(String, String)>>,
}

const TAGS: Both = both!(
    "SELECT video_id, tag FROM video_tags WHERE project_id = $1 AND video_id IN (SELECT value ->> 0 FROM ",
    rows(2),
    ") ORDER BY video_id, position"
);
const METADATA: Both = both!(
    "SELECT video_id, meta_key, meta_value FROM video_metadata
        WHERE project_id = $1 AND video_id IN (SELECT value ->> 0 FROM ",
    rows(2),
    ") ORDER BY video_id, position"
);

impl Labels {
    /// Of all these videos at once.
    pub(super) async fn of(db: &Db, project: &ProjectId, videos: impl Iterator<Item = &str>) -> Result<Self> {
        let videos = rows(&videos.map(|id| (id,)).collect::<Vec<_>>());
        let tags = all!(db, Tag, TAGS, project.as_str(), &videos)?;
        let metadata = all!(db, Entry, METADATA, project.as_str(), &videos)?;
        Ok(Self::sorted(tags, metadata))
    }

    pub(super) async fn of_in(tx: &mut Tx, project: &ProjectId, video: &VideoId) -> Result<Self> {
        let videos = rows(&[(video.as_str(),)]);
        let tags = all!(tx, Tag, TAGS, project.as_str(), &videos)?;
        let metadata = all!(tx, Entry, METADATA, project.as_str(), &videos)?;
        Ok(Self::sorted(tags, metadata))
    }

    fn sorted(tags: Vec<Tag>, metadata: Vec<Entry>) -> Self {
        let mut labels = Self::default();
        for (video, tag) in tags {
            labels.tags.entry(video).or_default().push(tag);
        }
        for (video, key, value) in metadata {
            labels.metadata.entry(video).or_default().push((key, value));
        }
        labels
    }

    pub(super) fn take(&mut self, video: &str) -> (Vec<String>, Vec<(String, String)>) {
        (self.tags.remove(video).unwrap_or_default(), self.metadata.remove(video).unwrap_or_default())
    }
}

pub(super) async fn insert(tx: &mut Tx, project: &ProjectId, video: &VideoId, about: &Description) -> Result<()> {
    const TAGS: Both = both!(
        "INSERT INTO video_tags (video_id, project_id, position, tag, tag_folded)
            SELECT $1, $2, CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 2 FROM ",
        rows(3),
        ""
    );
    const METADATA: Both = both!(
        "INSERT INTO video_metadata (video_id, project_id, position, meta_key, meta_value)
            SELECT $1, $2, CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 2 FROM ",
        rows(3),
        ""
    );
    let tags: Vec<_> = about.tags.iter().enumerate().map(|(at, tag)| (at, tag, bare(tag))).collect();
    exec!(tx, TAGS, video.as_str(), project.as_str(), rows(&tags))?;
    let metadata: Vec<_> = about.metadata.iter().enumerate().map(|(at, (key, value))| (at, key, value)).collect();
    exec!(tx, METADATA, video.as_str(), project.as_str(), rows(&metadata))?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, project: &ProjectId, video: &VideoId) -> Result<()> {
    let tags = "DELETE FROM video_tags WHERE project_id = $1 AND video_id = $2";
    exec!(tx, tags, project.as_str(), video.as_str())?;
    let metadata = "DELETE FROM video_metadata WHERE project_id = $1 AND video_id = $2";
    exec!(tx, metadata, project.as_str(), video.as_str())?;
    Ok(())
}
