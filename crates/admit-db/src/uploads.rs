//! The parts of sources that are still arriving.

use admit_domain::{
    id::{ProjectId, VideoId},
    object_key::Edition,
    upload::{Progress, StoredPart, Total},
};

use crate::{
    db::{Db, Tx},
    error::Result,
    row::{Row, signed},
    statement::{all, exec, opt},
};

const TOTAL: &str = "SELECT total_parts, total_bytes FROM uploads WHERE project_id = $1 AND video_id = $2";
const PARTS: &str = "SELECT place, bytes, sha256, edition FROM upload_parts
    WHERE project_id = $1 AND video_id = $2 ORDER BY place";

/// What has arrived; nothing when nothing was announced.
pub async fn progress(db: &Db, project: &ProjectId, video: &VideoId) -> Result<Progress> {
    let total = opt!(db, TotalRow, TOTAL, project.as_str(), video.as_str())?;
    let parts = all!(db, PartRow, PARTS, project.as_str(), video.as_str())?;
    read(video, total, parts)
}

/// The same as the transaction sees it. After [`insert_part`] or [`set_total`] nobody else can change it until
/// the transaction ends, so of the requests that bring the last parts exactly one sees all of them.
pub async fn progress_in(tx: &mut Tx, project: &ProjectId, video: &VideoId) -> Result<Progress> {
    let total = opt!(tx, TotalRow, TOTAL, project.as_str(), video.as_str())?;
    let parts = all!(tx, PartRow, PARTS, project.as_str(), video.as_str())?;
    read(video, total, parts)
}

/// Records a piece whose bytes are stored. `false`, and nothing is recorded, when its place was already taken or
/// another total was announced before.
pub async fn insert_part(
    tx: &mut Tx,
    project: &ProjectId,
    video: &VideoId,
    part: &StoredPart,
    total: Total,
) -> Result<bool> {
    if !set_total(tx, project, video, total).await? {
        return Ok(false);
    }
    let text = "INSERT INTO upload_parts (video_id, project_id, place, bytes, sha256, edition)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let StoredPart { place, bytes, sha256, edition } = part;
    let (video, project) = (video.as_str(), project.as_str());
    Ok(exec!(tx, text, video, project, signed(*place), signed(*bytes), sha256, edition.0)? > 0)
}

/// Announces how much there will be, or that it is not known yet; `false` when something else was announced before.
/// Whoever calls this holds the upload until the transaction ends.
pub async fn set_total(tx: &mut Tx, project: &ProjectId, video: &VideoId, total: Total) -> Result<bool> {
    let text = "INSERT INTO uploads (video_id, project_id, total_parts, total_bytes) VALUES ($1, $2, $3, $4)
        ON CONFLICT (video_id) DO UPDATE SET total_parts = COALESCE(uploads.total_parts, excluded.total_parts)
        WHERE uploads.project_id = excluded.project_id
            AND uploads.total_bytes IS NOT DISTINCT FROM excluded.total_bytes
            AND (uploads.total_parts IS NULL OR excluded.total_parts IS NULL
                OR uploads.total_parts = excluded.total_parts)";
    let (parts, bytes) = match total {
        Total::Parts(parts) => (parts.map(i64::from), None),
        Total::Bytes(bytes) => (None, Some(signed(bytes))),
    };
    Ok(exec!(tx, text, video.as_str(), project.as_str(), parts, bytes)? > 0)
}

/// Forgets the upload and its parts.
pub async fn delete(tx: &mut Tx, project: &ProjectId, video: &VideoId) -> Result<()> {
    let text = "DELETE FROM uploads WHERE project_id = $1 AND video_id = $2";
    exec!(tx, text, project.as_str(), video.as_str())?;
    Ok(())
}

/// The number of parts, and of bytes; at most one of them is known.
type TotalRow = (Option<i64>, Option<i64>);

#[derive(sqlx::FromRow)]
struct PartRow {
    place: i64,
    bytes: i64,
    sha256: String,
    edition: i64,
}

fn read(video: &VideoId, total: Option<TotalRow>, parts: Vec<PartRow>) -> Result<Progress> {
    let upload = Row::of("uploads", video.as_str());
    let total = match total {
        Some((_, Some(bytes))) => Total::Bytes(upload.number("total_bytes", bytes)?),
        Some((Some(parts), None)) => Total::Parts(Some(upload.number("total_parts", parts)?)),
        Some((None, None)) | None => Total::Parts(None),
    };
    let row = Row::of("upload_parts", video.as_str());
    let read = |part: PartRow| {
        Ok(StoredPart {
            place: row.number("place", part.place)?,
            bytes: row.number("bytes", part.bytes)?,
            sha256: part.sha256,
            edition: Edition(part.edition),
        })
    };
    Ok(Progress { total, parts: parts.into_iter().map(read).collect::<Result<_>>()? })
}
