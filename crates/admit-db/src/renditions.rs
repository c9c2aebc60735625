//! The lines of the encoding progress, in the order of the plan.

use admit_domain::{
    id::{ProjectId, VideoId},
    ladder::Quality,
    video::{Rendition, RenditionKind, RenditionStatus},
};

use crate::{
    db::{Db, Tx},
    dialect::{Both, both, rows},
    error::Result,
    row::Row,
    statement::{all, exec},
};

/// Puts this plan in the place of any other.
pub async fn replace_plan(tx: &mut Tx, project: &ProjectId, video: &VideoId, plan: &[Rendition]) -> Result<()> {
    const INSERT: Both = both!(
        "INSERT INTO renditions (video_id, project_id, position, kind, quality, status, percent)
            SELECT $1, $2, CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 2, value ->> 3,
                CAST(value ->> 4 AS BIGINT) FROM ",
        rows(3),
        ""
    );
    let delete = "DELETE FROM renditions WHERE project_id = $1 AND video_id = $2";
    exec!(tx, delete, project.as_str(), video.as_str())?;
    let line = |(at, line): (usize, &Rendition)| {
        (at, line.kind.as_str(), line.quality.as_str(), line.status.as_str(), line.percent)
    };
    let plan: Vec<_> = plan.iter().enumerate().map(line).collect();
    exec!(tx, INSERT, video.as_str(), project.as_str(), rows(&plan))?;
    Ok(())
}

/// Moves one line on; `false` when the plan has no such line.
pub async fn set(tx: &mut Tx, project: &ProjectId, video: &VideoId, line: &Rendition) -> Result<bool> {
    let text = "UPDATE renditions SET status = $5, percent = $6
        WHERE project_id = $1 AND video_id = $2 AND kind = $3 AND quality = $4";
    let Rendition { kind, quality, status, percent } = line;
    let (kind, quality, status) = (kind.as_str(), quality.as_str(), status.as_str());
    Ok(exec!(tx, text, project.as_str(), video.as_str(), kind, quality, status, i64::from(*percent))? > 0)
}

pub async fn list(db: &Db, project: &ProjectId, video: &VideoId) -> Result<Vec<Rendition>> {
    let rows = all!(db, RenditionRow, LIST, project.as_str(), video.as_str())?;
    rows.iter().map(|row| row.read(video)).collect()
}

/// The same as the transaction sees it.
pub async fn list_in(tx: &mut Tx, project: &ProjectId, video: &VideoId) -> Result<Vec<Rendition>> {
    let rows = all!(tx, RenditionRow, LIST, project.as_str(), video.as_str())?;
    rows.iter().map(|row| row.read(video)).collect()
}

const LIST: &str = "SELECT kind, quality, status, percent FROM renditions
    WHERE project_id = $1 AND video_id = $2 ORDER BY position";

#[derive(sqlx::FromRow)]
struct RenditionRow {
    kind: String,
    quality: String,
    status: String,
    percent: i64,
}

impl RenditionRow {
    fn read(&self, video: &VideoId) -> Result<Rendition> {
        let row = Row::of("renditions", video.as_str());
        Ok(Rendition {
            kind: row.known("kind", RenditionKind::parse(&self.kind))?,
            quality: row.known("quality", Quality::parse(&self.quality))?,
            status: row.known("status", RenditionStatus::parse(&self.status))?,
            percent: row.number("percent", self.percent)?,
        })
    }
}
