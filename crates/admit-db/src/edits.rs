//! What is to be done to a film before anybody sees it.

use admit_domain::{
    edit::{Clip, Edit, Mark},
    id::{ProjectId, VideoId},
    placement::{Extent, Length, Opacity, Placement},
    timecode::Timecode,
};

use crate::{
    db::{Db, Tx},
    error::Result,
    row::Row,
    statement::{exec, opt},
};

pub async fn insert(tx: &mut Tx, project: &ProjectId, video: &VideoId, edit: &Edit) -> Result<()> {
    let text = "INSERT INTO edits (video_id, project_id, clip_start, clip_end, watermark_id, mark_top, mark_left,
            mark_bottom, mark_right, mark_width, mark_height, mark_opacity)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let Edit { clip, mark } = edit;
    let place = mark.map(|mark| mark.place).unwrap_or_default();
    let length = |length: Option<Length>| length.map(|length| length.to_string());
    let extent = |extent: Option<Extent>| extent.map(|extent| extent.to_string());
    exec!(
        tx,
        text,
        video.as_str(),
        project.as_str(),
        clip.and_then(|clip| clip.start).map(|start| start.to_string()),
        clip.and_then(|clip| clip.end).map(|end| end.to_string()),
        mark.as_ref().map(|mark| mark.watermark.as_str()),
        length(place.top),
        length(place.left),
        length(place.bottom),
        length(place.right),
        extent(place.width),
        extent(place.height),
        mark.map(|_| place.opacity.to_string()),
    )?;
    Ok(())
}

/// Nothing where the film stays as it is sent.
pub async fn get(db: &Db, project: &ProjectId, video: &VideoId) -> Result<Edit> {
    let text = "SELECT clip_start, clip_end, watermark_id, mark_top, mark_left, mark_bottom, mark_right, mark_width,
            mark_height, mark_opacity
        FROM edits WHERE project_id = $1 AND video_id = $2";
    let row = opt!(db, EditRow, text, project.as_str(), video.as_str())?;
    row.map_or(Ok(Edit::default()), |row| row.read(video))
}

#[derive(sqlx::FromRow)]
struct EditRow {
    clip_start: Option<String>,
    clip_end: Option<String>,
    watermark_id: Option<String>,
    mark_top: Option<String>,
    mark_left: Option<String>,
    mark_bottom: Option<String>,
    mark_right: Option<String>,
    mark_width: Option<String>,
    mark_height: Option<String>,
    mark_opacity: Option<String>,
}

impl EditRow {
    fn read(self, video: &VideoId) -> Result<Edit> {
        let row = Row::of("edits", video.as_str());
        let start = read(row, "clip_start", self.clip_start, Timecode::parse)?;
        let end = read(row, "clip_end", self.clip_end, Timecode::parse)?;
        let watermark = read(row, "watermark_id", self.watermark_id, |text| text.parse().ok())?;
        let place = Placement {
            top: read(row, "mark_top", self.mark_top, Length::parse)?,
            left: read(row, "mark_left", self.mark_left, Length::parse)?,
            bottom: read(row, "mark_bottom", self.mark_bottom, Length::parse)?,
            right: read(row, "mark_right", self.mark_right, Length::parse)?,
            width: read(row, "mark_width", self.mark_width, Extent::parse)?,
            height: read(row, "mark_height", self.mark_height, Extent::parse)?,
            opacity: read(row, "mark_opacity", self.mark_opacity, Opacity::parse)?.unwrap_or_default(),
        };
        let has_clip = start.is_some() || end.is_some();
        Ok(Edit {
            clip: has_clip.then_some(Clip { start, end }),
            mark: watermark.map(|watermark| Mark { watermark, place }),
        })
    }
}

/// A column that may be empty, but not senseless: a film must not be shown because its mark could not be read.
fn read<T>(
    row: Row<'_>,
    column: &'static str,
    text: Option<String>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>> {
    text.map(|text| row.known(column, parse(&text))).transpose()
}
