//! Lists of videos: filtered, sorted, page by page, and the same on both databases.

use admit_domain::{id::ProjectId, video::Video};

use super::{
    labels::Labels,
    row::{VideoRow, columns, containing, selected},
};
use crate::{
    db::Db,
    dialect::{Both, both, rows},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, one},
};

/// What a video must have to be listed: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Contained in the title, whatever the case of its letters; every character stands for itself.
    pub title: Option<String>,
    /// The same for the description.
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub metadata: Vec<(String, String)>,
    /// Those that were discarded, and no others; or those that were not.
    pub discarded: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    Title,
    CreatedAt,
    /// Videos that were not published yet come last either way.
    PublishedAt,
    UpdatedAt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

/// Equal ones are sorted by id, so that no video is on two pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub by: SortBy,
    pub order: Order,
}

/// A statement over the videos of project $1 that pass the filter in $2 to $6.
macro_rules! filtered {
    ($select:expr, $tail:expr) => {
        both!(
            concat!(
                "SELECT ",
                $select,
                " FROM videos v WHERE v.project_id = $1
                    AND ($2 = '' OR v.title_folded LIKE $2 ESCAPE '!')
                    AND ($3 = '' OR v.description_folded LIKE $3 ESCAPE '!')
                    AND NOT EXISTS (SELECT 1 FROM "
            ),
            rows(4),
            " AS wanted WHERE NOT EXISTS (
                SELECT 1 FROM video_tags t WHERE t.project_id = v.project_id AND t.video_id = v.id
                    AND t.tag = wanted.value ->> 0))
                AND NOT EXISTS (SELECT 1 FROM ",
            rows(5),
            concat!(
                " AS wanted WHERE NOT EXISTS (
                    SELECT 1 FROM video_metadata m WHERE m.project_id = v.project_id AND m.video_id = v.id
                        AND m.meta_key = wanted.value ->> 0 AND m.meta_value = wanted.value ->> 1))
                AND (v.discarded_at IS NOT NULL) = $6 ",
                $tail
            )
        )
    };
}

macro_rules! page_by {
    ($order:literal) => {
        filtered!(selected!(), concat!("ORDER BY ", $order, " LIMIT $7 OFFSET $8"))
    };
}

pub async fn list(db: &Db, project: &ProjectId, filter: &Filter, sort: Sort, paging: Paging) -> Result<Page<Video>> {
    const COUNT: Both = filtered!("COUNT(*)", "");
    let (title, description) = (containing(filter.title.as_deref()), containing(filter.description.as_deref()));
    let tags = rows(&filter.tags.iter().map(|tag| (tag,)).collect::<Vec<_>>());
    let metadata = rows(&filter.metadata);
    let project_id = project.as_str();
    let (discarded, limit, offset) = (filter.discarded, paging.limit(), paging.offset());
    macro_rules! filtered_by {
        ($how:ident, $row:ty, $text:expr $(, $bind:expr)*) => {
            $how!(db, $row, $text, project_id, &title, &description, &tags, &metadata, discarded $(, $bind)*)
        };
    }
    let found = filtered_by!(all, VideoRow, page_text(sort), limit, offset)?;
    let (total,): (i64,) = filtered_by!(one, (i64,), COUNT)?;
    let mut labels = Labels::of(db, project, found.iter().map(|row| row.id.as_str())).await?;
    let items = found.into_iter().map(|row| row.read(&mut labels)).collect::<Result<_>>()?;
    Ok(Page { items, total: Row::of("videos", project_id).number("count", total)? })
}

const fn page_text(sort: Sort) -> Both {
    match (sort.by, sort.order) {
        (SortBy::Title, Order::Ascending) => page_by!("v.title_folded, v.id"),
        (SortBy::Title, Order::Descending) => page_by!("v.title_folded DESC, v.id DESC"),
        (SortBy::CreatedAt, Order::Ascending) => page_by!("v.created_at, v.id"),
        (SortBy::CreatedAt, Order::Descending) => page_by!("v.created_at DESC, v.id DESC"),
        (SortBy::PublishedAt, Order::Ascending) => page_by!("v.published_at NULLS LAST, v.id"),
        (SortBy::PublishedAt, Order::Descending) => page_by!("v.published_at DESC NULLS LAST, v.id DESC"),
        (SortBy::UpdatedAt, Order::Ascending) => page_by!("v.updated_at, v.id"),
        (SortBy::UpdatedAt, Order::Descending) => page_by!("v.updated_at DESC, v.id DESC"),
    }
}
