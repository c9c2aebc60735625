//! Watermarks: which there are. Their pictures are objects.

use admit_domain::{
    id::{ProjectId, WatermarkId},
    time::Timestamp,
    watermark::Watermark,
};

use crate::{
    db::{Db, Tx},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one, opt},
    videos::Order,
};

pub async fn insert(tx: &mut Tx, watermark: &Watermark) -> Result<()> {
    let text = "INSERT INTO watermarks (id, project_id, created_at) VALUES ($1, $2, $3)";
    let Watermark { id, project, created_at } = watermark;
    exec!(tx, text, id.as_str(), project.as_str(), created_at.as_millis())?;
    Ok(())
}

pub async fn get(db: &Db, project: &ProjectId, id: &WatermarkId) -> Result<Option<Watermark>> {
    let text = "SELECT id, project_id, created_at FROM watermarks WHERE project_id = $1 AND id = $2";
    opt!(db, WatermarkRow, text, project.as_str(), id.as_str())?.map(WatermarkRow::read).transpose()
}

/// By the time of their making; equal ones by id.
pub async fn list(db: &Db, project: &ProjectId, order: Order, paging: Paging) -> Result<Page<Watermark>> {
    let text = match order {
        Order::Ascending => {
            "SELECT id, project_id, created_at FROM watermarks
                WHERE project_id = $1 ORDER BY created_at, id LIMIT $2 OFFSET $3"
        }
        Order::Descending => {
            "SELECT id, project_id, created_at FROM watermarks
                WHERE project_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3"
        }
    };
    let rows = all!(db, WatermarkRow, text, project.as_str(), paging.limit(), paging.offset())?;
    let count = "SELECT COUNT(*) FROM watermarks WHERE project_id = $1";
    let (total,): (i64,) = one!(db, (i64,), count, project.as_str())?;
    let total = Row::of("watermarks", project.as_str()).number("count", total)?;
    Ok(Page { items: rows.into_iter().map(WatermarkRow::read).collect::<Result<_>>()?, total })
}

/// `false` when there is none.
pub async fn delete(tx: &mut Tx, project: &ProjectId, id: &WatermarkId) -> Result<bool> {
    let text = "DELETE FROM watermarks WHERE project_id = $1 AND id = $2";
    Ok(exec!(tx, text, project.as_str(), id.as_str())? > 0)
}

#[derive(sqlx::FromRow)]
struct WatermarkRow {
    id: String,
    project_id: String,
    created_at: i64,
}

impl WatermarkRow {
    fn read(self) -> Result<Watermark> {
        let row = Row::of("watermarks", &self.id);
        Ok(Watermark {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            created_at: Timestamp::from_millis(self.created_at),
        })
    }
}
