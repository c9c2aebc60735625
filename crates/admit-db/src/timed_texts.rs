//! Captions and chapters: which there are. What they say is in objects.

use admit_domain::{
    id::{ProjectId, VideoId},
    language::Language,
    object_key::Edition,
    timed_text::{TextKind, TimedText},
};

use crate::{
    db::{Db, Tx},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one, opt},
};

const GET: &str = "SELECT kind, language, edition, is_default FROM timed_texts
    WHERE project_id = $1 AND video_id = $2 AND kind = $3 AND language_folded = $4";

const COUNT: &str = "SELECT COUNT(*) FROM timed_texts WHERE project_id = $1 AND video_id = $2 AND kind = $3";

/// Puts the text in the place of the one in the same language.
pub async fn put(tx: &mut Tx, project: &ProjectId, video: &VideoId, new: &TimedText) -> Result<()> {
    let text = "INSERT INTO timed_texts
            (video_id, project_id, kind, language, language_folded, edition, is_default)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (video_id, kind, language_folded) DO UPDATE
            SET language = excluded.language, edition = excluded.edition, is_default = excluded.is_default
            WHERE timed_texts.project_id = excluded.project_id";
    let (video, project) = (video.as_str(), project.as_str());
    let TimedText { kind, language, edition, is_default } = new;
    exec!(tx, text, video, project, kind.as_str(), language.as_str(), language.folded(), edition.0, is_default)?;
    Ok(())
}

/// The text in that language, whatever the case of its letters.
pub async fn get(
    db: &Db,
    project: &ProjectId,
    video: &VideoId,
    kind: TextKind,
    language: &Language,
) -> Result<Option<TimedText>> {
    let (project, language) = (project.as_str(), language.folded());
    opt!(db, TextRow, GET, project, video.as_str(), kind.as_str(), language)?.map(|row| row.read(video)).transpose()
}

/// The same as the transaction sees it.
pub async fn get_in(
    tx: &mut Tx,
    project: &ProjectId,
    video: &VideoId,
    kind: TextKind,
    language: &Language,
) -> Result<Option<TimedText>> {
    let (project, language) = (project.as_str(), language.folded());
    opt!(tx, TextRow, GET, project, video.as_str(), kind.as_str(), language)?.map(|row| row.read(video)).transpose()
}

/// In how many languages there is such a text.
pub async fn count(tx: &mut Tx, project: &ProjectId, video: &VideoId, kind: TextKind) -> Result<u64> {
    let (count,): (i64,) = one!(tx, (i64,), COUNT, project.as_str(), video.as_str(), kind.as_str())?;
    Row::of("timed_texts", video.as_str()).number("count", count)
}

/// Texts of one kind, by language.
pub async fn list(
    db: &Db,
    project: &ProjectId,
    video: &VideoId,
    kind: TextKind,
    paging: Paging,
) -> Result<Page<TimedText>> {
    let text = "SELECT kind, language, edition, is_default FROM timed_texts
        WHERE project_id = $1 AND video_id = $2 AND kind = $3 ORDER BY language_folded LIMIT $4 OFFSET $5";
    let (project, kind) = (project.as_str(), kind.as_str());
    let rows = all!(db, TextRow, text, project, video.as_str(), kind, paging.limit(), paging.offset())?;
    let (total,): (i64,) = one!(db, (i64,), COUNT, project, video.as_str(), kind)?;
    let total = Row::of("timed_texts", video.as_str()).number("count", total)?;
    Ok(Page { items: rows.into_iter().map(|row| row.read(video)).collect::<Result<_>>()?, total })
}

/// Every text of a video, by kind and language; whoever puts them bounds how many.
pub(crate) async fn of(db: &Db, project: &ProjectId, video: &VideoId) -> Result<Vec<TimedText>> {
    let text = "SELECT kind, language, edition, is_default FROM timed_texts
        WHERE project_id = $1 AND video_id = $2 ORDER BY kind, language_folded";
    let rows = all!(db, TextRow, text, project.as_str(), video.as_str())?;
    rows.into_iter().map(|row| row.read(video)).collect()
}

/// No text of that kind is the default any more.
pub async fn clear_default(tx: &mut Tx, project: &ProjectId, video: &VideoId, kind: TextKind) -> Result<()> {
    let text = "UPDATE timed_texts SET is_default = $4 WHERE project_id = $1 AND video_id = $2 AND kind = $3";
    exec!(tx, text, project.as_str(), video.as_str(), kind.as_str(), false)?;
    Ok(())
}

/// `false` when there is none.
pub async fn delete(
    tx: &mut Tx,
    project: &ProjectId,
    video: &VideoId,
    kind: TextKind,
    language: &Language,
) -> Result<bool> {
    let text = "DELETE FROM timed_texts
        WHERE project_id = $1 AND video_id = $2 AND kind = $3 AND language_folded = $4";
    Ok(exec!(tx, text, project.as_str(), video.as_str(), kind.as_str(), language.folded())? > 0)
}

#[derive(sqlx::FromRow)]
struct TextRow {
    kind: String,
    language: String,
    edition: i64,
    is_default: bool,
}

impl TextRow {
    fn read(self, video: &VideoId) -> Result<TimedText> {
        let row = Row::of("timed_texts", video.as_str());
        Ok(TimedText {
            kind: row.known("kind", TextKind::parse(&self.kind))?,
            language: row.id("language", &self.language)?,
            edition: Edition(self.edition),
            is_default: self.is_default,
        })
    }
}
