//! Which editions are served: changed only by who knows the one before.

use admit_domain::{
    id::{ProjectId, VideoId},
    object_key::Edition,
    rules::Rules,
    time::Timestamp,
    video::{Ingest, OnStale, Published, Shelf, Visibility},
};

use crate::{
    db::{Db, Tx},
    error::Result,
    row::{Row, signed},
    statement::{exec, opt},
    timed_texts,
};

/// What is kept of a video and of its project and means something to the API alone: rules as it spells them, and how many
/// segments share a key that it derives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demands {
    pub project_rules: Option<String>,
    pub video_rules: Option<String>,
    pub segments_per_key: Option<u32>,
}

/// Names no project because a viewer's address does not: from the video the project is learned.
pub async fn published_with_demands(db: &Db, video: &VideoId) -> Result<Option<(Published, Demands)>> {
    let text = "SELECT v.project_id, v.public, v.mp4_support, v.ingest, v.presentation, v.mp4, v.thumbnail, v.rules,
            v.open_poster, p.rules AS project_rules, p.token_access, p.on_stale, v.segments_per_key
        FROM videos v JOIN projects p ON p.id = v.project_id WHERE v.id = $1 AND v.discarded_at IS NULL";
    let Some(row) = opt!(db, PublishedRow, text, video.as_str())? else { return Ok(None) };
    let demands = Demands {
        project_rules: row.project_rules.clone(),
        video_rules: row.rules.clone(),
        segments_per_key: count(video, row.segments_per_key)?,
    };
    let facts = row.read(video)?;
    let texts = timed_texts::of(db, &facts.project, video).await?;
    Ok(Some((Published { texts, ..facts }, demands)))
}

/// The same for whoever serves nobody: without the rules.
pub async fn published(db: &Db, video: &VideoId) -> Result<Option<Published>> {
    Ok(published_with_demands(db, video).await?.map(|(facts, _)| facts))
}

/// Puts the edition in the place of `old`; `false` when another is there. The first makes the video published.
pub async fn publish_presentation(
    tx: &mut Tx,
    project: &ProjectId,
    video: &VideoId,
    old: Option<Edition>,
    new: Edition,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE videos SET presentation = $4, published_at = COALESCE(published_at, $5)
        WHERE project_id = $1 AND id = $2 AND presentation IS NOT DISTINCT FROM $3";
    let (old, now) = (old.map(|old| old.0), now.as_millis());
    Ok(exec!(tx, text, project.as_str(), video.as_str(), old, new.0, now)? > 0)
}

/// Puts the edition in the place of `old`; `false` when another is there.
pub async fn set_mp4(
    tx: &mut Tx,
    project: &ProjectId,
    video: &VideoId,
    old: Option<Edition>,
    new: Option<Edition>,
) -> Result<bool> {
    let text = "UPDATE videos SET mp4 = $4 WHERE project_id = $1 AND id = $2 AND mp4 IS NOT DISTINCT FROM $3";
    let (old, new) = (old.map(|old| old.0), new.map(|new| new.0));
    Ok(exec!(tx, text, project.as_str(), video.as_str(), old, new)? > 0)
}

/// Puts the edition in the place of `old`; `false` when another is there.
pub async fn set_thumbnail(
    tx: &mut Tx,
    project: &ProjectId,
    video: &VideoId,
    old: Option<Edition>,
    new: Option<Edition>,
) -> Result<bool> {
    let text = "UPDATE videos SET thumbnail = $4
        WHERE project_id = $1 AND id = $2 AND thumbnail IS NOT DISTINCT FROM $3";
    let (old, new) = (old.map(|old| old.0), new.map(|new| new.0));
    Ok(exec!(tx, text, project.as_str(), video.as_str(), old, new)? > 0)
}

/// What a video demands by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnRules {
    /// As the API spells them.
    pub rules: Option<String>,
    /// Everybody may see the poster, private or not.
    pub has_open_poster: bool,
}

/// The video's own rules; `None` when there is no video.
pub async fn rules(db: &Db, project: &ProjectId, video: &VideoId) -> Result<Option<OwnRules>> {
    let text = "SELECT rules, open_poster FROM videos WHERE project_id = $1 AND id = $2 AND discarded_at IS NULL";
    let found = opt!(db, (Option<String>, bool), text, project.as_str(), video.as_str())?;
    Ok(found.map(|(rules, has_open_poster)| OwnRules { rules, has_open_poster }))
}

/// `false` when there is no video.
pub async fn set_rules(tx: &mut Tx, project: &ProjectId, video: &VideoId, own: &OwnRules) -> Result<bool> {
    let text = "UPDATE videos SET rules = $3, open_poster = $4
        WHERE project_id = $1 AND id = $2 AND discarded_at IS NULL";
    Ok(exec!(tx, text, project.as_str(), video.as_str(), &own.rules, own.has_open_poster)? > 0)
}

/// How many segments share a key; `None` when there is no video, and inside it when they are not encrypted.
pub async fn segments_per_key(db: &Db, project: &ProjectId, video: &VideoId) -> Result<Option<Option<u32>>> {
    let text = "SELECT segments_per_key FROM videos WHERE project_id = $1 AND id = $2 AND discarded_at IS NULL";
    let found = opt!(db, (Option<i64>,), text, project.as_str(), video.as_str())?;
    found.map(|(stored,)| count(video, stored)).transpose()
}

fn count(video: &VideoId, stored: Option<i64>) -> Result<Option<u32>> {
    stored.map(|count| Row::of("videos", video.as_str()).number("segments_per_key", count)).transpose()
}

/// `false` when there is no video.
pub async fn set_segments_per_key(
    tx: &mut Tx,
    project: &ProjectId,
    video: &VideoId,
    count: Option<u32>,
) -> Result<bool> {
    let text = "UPDATE videos SET segments_per_key = $3 WHERE project_id = $1 AND id = $2 AND discarded_at IS NULL";
    Ok(exec!(tx, text, project.as_str(), video.as_str(), count.map(i64::from))? > 0)
}

/// Remembers where in the film, in milliseconds, the customer wishes the poster from; `false` when there is no video.
pub async fn set_poster_at(tx: &mut Tx, project: &ProjectId, video: &VideoId, at_ms: Option<u64>) -> Result<bool> {
    let text = "UPDATE videos SET poster_at_ms = $3 WHERE project_id = $1 AND id = $2";
    Ok(exec!(tx, text, project.as_str(), video.as_str(), at_ms.map(signed))? > 0)
}

/// Where in the film the customer wishes the poster from. Nothing is wished, too, once a poster was sent.
pub async fn poster_at(tx: &mut Tx, project: &ProjectId, video: &VideoId) -> Result<Option<u64>> {
    let text = "SELECT poster_at_ms FROM videos WHERE project_id = $1 AND id = $2";
    let found = opt!(tx, (Option<i64>,), text, project.as_str(), video.as_str())?.and_then(|(at_ms,)| at_ms);
    found.map(|at_ms| Row::of("videos", video.as_str()).number("poster_at_ms", at_ms)).transpose()
}

#[expect(clippy::struct_excessive_bools, reason = "the row as the statement reads it")]
#[derive(sqlx::FromRow)]
struct PublishedRow {
    project_id: String,
    public: bool,
    mp4_support: bool,
    ingest: String,
    presentation: Option<i64>,
    mp4: Option<i64>,
    thumbnail: Option<i64>,
    rules: Option<String>,
    open_poster: bool,
    project_rules: Option<String>,
    token_access: bool,
    on_stale: String,
    segments_per_key: Option<i64>,
}

impl PublishedRow {
    fn read(self, video: &VideoId) -> Result<Published> {
        let row = Row::of("videos", video.as_str());
        Ok(Published {
            project: row.id("project_id", &self.project_id)?,
            visibility: Visibility::from_public(self.public),
            mp4_support: self.mp4_support,
            ingest: row.known("ingest", Ingest::parse(&self.ingest))?,
            shelf: Shelf {
                presentation: self.presentation.map(Edition),
                mp4: self.mp4.map(Edition),
                thumbnail: self.thumbnail.map(Edition),
            },
            texts: Vec::new(),
            rules: Rules::default(),
            has_open_poster: self.open_poster,
            token_access: self.token_access,
            on_stale: row.known("on_stale", OnStale::parse(&self.on_stale))?,
            encryption: None,
        })
    }
}
