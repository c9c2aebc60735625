//! The tags of a project, and how many videos have each.

use admit_domain::id::ProjectId;

use super::{
    list::Order,
    row::{bare, containing},
};
use crate::{
    db::Db,
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, one},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub value: String,
    pub videos: u64,
}

/// By what a list of tags is sorted. Equal ones are sorted by their letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagSort {
    Value,
    VideoCount,
}

/// The tags that contain this, whatever the case and the accents of its letters. Discarded videos do not count.
pub async fn tags(
    db: &Db,
    project: &ProjectId,
    part: Option<&str>,
    (by, order): (TagSort, Order),
    paging: Paging,
) -> Result<Page<Tag>> {
    macro_rules! matching {
        ($select:literal, $tail:expr) => {
            concat!(
                "SELECT ",
                $select,
                " FROM video_tags t JOIN videos v ON v.project_id = t.project_id AND v.id = t.video_id
                    WHERE t.project_id = $1 AND v.discarded_at IS NULL
                        AND ($2 = '' OR t.tag_folded LIKE $2 ESCAPE '!') ",
                $tail
            )
        };
    }
    macro_rules! page_by {
        ($order:literal) => {
            matching!(
                "t.tag, COUNT(DISTINCT t.video_id) AS videos",
                concat!("GROUP BY t.tag, t.tag_folded ORDER BY ", $order, " LIMIT $3 OFFSET $4")
            )
        };
    }
    let text = match (by, order) {
        (TagSort::Value, Order::Ascending) => page_by!("t.tag_folded, t.tag"),
        (TagSort::Value, Order::Descending) => page_by!("t.tag_folded DESC, t.tag DESC"),
        (TagSort::VideoCount, Order::Ascending) => page_by!("videos, t.tag_folded, t.tag"),
        (TagSort::VideoCount, Order::Descending) => page_by!("videos DESC, t.tag_folded, t.tag"),
    };
    let (project, part) = (project.as_str(), containing(part.map(bare).as_deref()));
    let found = all!(db, (String, i64), text, project, &part, paging.limit(), paging.offset())?;
    let (total,): (i64,) = one!(db, (i64,), matching!("COUNT(DISTINCT t.tag)", ""), project, &part)?;
    let row = Row::of("video_tags", project);
    let read = |(value, videos)| Ok(Tag { value, videos: row.number("count", videos)? });
    Ok(Page { items: found.into_iter().map(read).collect::<Result<_>>()?, total: row.number("count", total)? })
}
