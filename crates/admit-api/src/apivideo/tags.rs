//! `/tags`: which tags there are, and how many videos have each.

use admit_db::{
    Paging,
    videos::{self, Order, Tag, TagSort},
};
use axum::{
    Json,
    extract::{RawQuery, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    list::{find, pairs, sort_among},
    page::{List, Page},
};
use crate::{
    app::App,
    caller::Caller,
    error::{ApiError, Problem},
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagBody {
    value: String,
    video_count: u64,
}

impl From<Tag> for TagBody {
    fn from(Tag { value, videos }: Tag) -> Self {
        Self { value, video_count: videos }
    }
}

/// List tags.
#[utoipa::path(get, path = "/tags", tag = "Tags", params(
    ("value" = Option<String>, Query, description = "Part of the tag, whatever its case and accents"),
    ("sortBy" = Option<String>, Query, description = "`value` or `videoCount`"),
    ("sortOrder" = Option<String>, Query, description = "`asc` or `desc`"),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<TagBody>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<TagBody>>, ApiError> {
    let pairs = pairs(query.as_deref());
    let page = Page::of(&pairs)?;
    let columns = [("value", TagSort::Value), ("videoCount", TagSort::VideoCount)];
    let sort = sort_among(&pairs, &columns, Order::Ascending)?;
    let paging = Paging { page: page.number, size: page.size };
    let found = videos::tags(&app.db, &caller.project, find(&pairs, "value"), sort, paging).await?;
    Ok(Json(page.wrap("/tags", found.items.into_iter().map(TagBody::from).collect(), found.total)))
}
