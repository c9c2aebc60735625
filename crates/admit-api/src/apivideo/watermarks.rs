//! `/watermarks`: pictures to burn into films.

use admit_db::{Paging, videos::Order, watermarks};
use admit_domain::{
    image::Image,
    limits::{WATERMARK_BYTES_MAX, WATERMARK_SIDE_PIXELS_MAX},
    watermark::Watermark,
};
use axum::{
    Json,
    extract::{Multipart, Path, RawQuery, State, multipart::MultipartRejection},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    list,
    multipart::small_file,
    page::{List, Page},
    source::FileForm,
    wire::atom,
};
use crate::{
    actions::{create_watermark::create_watermark, delete_watermark::delete_watermark},
    app::App,
    caller::Caller,
    error::{ApiError, Problem},
};

/// A picture to burn into films.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WatermarkBody {
    watermark_id: String,
    created_at: String,
}

impl From<Watermark> for WatermarkBody {
    fn from(watermark: Watermark) -> Self {
        Self { watermark_id: watermark.id.to_string(), created_at: atom(watermark.created_at) }
    }
}

/// Upload a watermark: a JPEG or PNG picture of at most 8 MiB.
#[utoipa::path(post, path = "/watermarks", tag = "Watermarks",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 200, body = WatermarkBody), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<WatermarkBody>, ApiError> {
    let image = small_file(form, WATERMARK_BYTES_MAX).await?;
    let Some(size) = Image::read(&image) else {
        return Err(ApiError::unsupported_file("Only [jpeg, jpg, JPG, JPEG, png, PNG] extensions are supported."));
    };
    if size.width.max(size.height) > WATERMARK_SIDE_PIXELS_MAX {
        return Err(ApiError::picture_too_large(WATERMARK_SIDE_PIXELS_MAX, WATERMARK_SIDE_PIXELS_MAX));
    }
    Ok(Json(create_watermark(&app, caller, image).await?.into()))
}

/// List watermarks, sorted and by pages.
#[utoipa::path(get, path = "/watermarks", tag = "Watermarks", params(
    ("sortBy" = Option<String>, Query, description = "`createdAt`"),
    ("sortOrder" = Option<String>, Query, description = "`asc` or `desc`"),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<WatermarkBody>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<WatermarkBody>>, ApiError> {
    let pairs = list::pairs(query.as_deref());
    let page = Page::of(&pairs)?;
    let ((), order) = list::sort_among(&pairs, &[("createdAt", ())], Order::Descending)?;
    let paging = Paging { page: page.number, size: page.size };
    let found = watermarks::list(&app.db, &caller.project, order, paging).await?;
    Ok(Json(page.wrap("/watermarks", found.items.into_iter().map(WatermarkBody::from).collect(), found.total)))
}

/// Delete a watermark. Films it was burned into keep it.
#[utoipa::path(delete, path = "/watermarks/{watermarkId}", tag = "Watermarks", params(("watermarkId" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(caller: Caller, State(app): State<App>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    let id = id.parse().map_err(|_| ApiError::not_found("watermarkId"))?;
    delete_watermark(&app, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
