//! `/videos`: create, read, list, change, delete.

use admit_db::{
    Paging,
    videos::{self, Filter},
};
use admit_domain::{
    id::VideoId,
    outbound::UNREACHABLE,
    video::{Description, Video, Visibility},
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::{
    edits::{self, ClipBody, MarkBody},
    list,
    page::{List, Page},
    players,
    wire::{Metadata, VideoBody},
};
use crate::{
    actions::{
        create_video::{SourceWish, create_video},
        delete_video::delete_video,
        update_video::update_video,
    },
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

/// What is said about a video, when it is created and when it is changed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AboutBody {
    pub title: Option<String>,
    pub description: Option<String>,
    /// May it be watched without a credential?
    pub public: Option<bool>,
    pub panoramic: Option<bool>,
    /// Offer the film as one progressive file too.
    pub mp4_support: Option<bool>,
    /// `null` unsets it.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub player_id: Option<Option<String>>,
    pub tags: Option<Vec<String>>,
    pub metadata: Option<Vec<Metadata>>,
    pub language: Option<String>,
    /// An `http` or `https` address to fetch the source from, or the id of a video to copy it from. Only when the
    /// video is created, as the next two.
    pub source: Option<String>,
    pub clip: Option<ClipBody>,
    pub watermark: Option<MarkBody>,
}

/// Tells `null` from absent.
#[expect(clippy::option_option, reason = "absent, null and a value are three wishes")]
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

impl AboutBody {
    /// Lays what was said over what was known.
    async fn over(self, app: &App, caller: Caller, known: Description) -> Result<Description, ApiError> {
        Ok(Description {
            title: self.title.unwrap_or(known.title),
            description: self.description.unwrap_or(known.description),
            visibility: self.public.map_or(known.visibility, Visibility::from_public),
            panoramic: self.panoramic.unwrap_or(known.panoramic),
            mp4_support: self.mp4_support.unwrap_or(known.mp4_support),
            player_id: players::wished(app, caller, self.player_id).await?.unwrap_or(known.player_id),
            language: self.language.or(known.language),
            tags: self.tags.unwrap_or(known.tags),
            metadata: self
                .metadata
                .map_or(known.metadata, |pairs| pairs.into_iter().map(|pair| (pair.key, pair.value)).collect()),
        })
    }
}

/// Create a video; its source is sent afterwards, or fetched or copied from where `source` says.
#[utoipa::path(post, path = "/videos", tag = "Videos", request_body = AboutBody, responses(
    (status = 201, body = VideoBody), (status = 202, body = VideoBody, description = "The source is being fetched or copied"),
    (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<VideoBody>), ApiError> {
    let body: AboutBody = check::json(&body)?;
    if body.title.is_none() {
        return Err(ApiError::attribute_required("title"));
    }
    let source = source_wish(&app, body.source.as_deref())?;
    let edit = edits::read(body.clip.as_ref(), body.watermark.as_ref())?;
    let unsaid = Description::unsaid(app.default_visibility(&caller.project).await?);
    let about = body.over(&app, caller, unsaid).await?;
    check::description(&about)?;
    let status = if source == SourceWish::Upload { StatusCode::CREATED } else { StatusCode::ACCEPTED };
    let video = create_video(&app, caller, about, source, edit).await?;
    Ok((status, Json(VideoBody::of(&app, video, caller)?)))
}

/// Reads `source`: the id of a video, or the address of a film.
fn source_wish(app: &App, source: Option<&str>) -> Result<SourceWish, ApiError> {
    let Some(text) = source else { return Ok(SourceWish::Upload) };
    if let Ok(original) = text.parse() {
        return Ok(SourceWish::Copy(original));
    }
    let target = app.outbound.target(text).map_err(|refused| {
        tracing::info!(%refused, "refuse to import");
        ApiError::invalid_attribute("source", UNREACHABLE)
    })?;
    Ok(SourceWish::Import(target))
}

/// List videos, filtered, sorted and by pages.
#[utoipa::path(get, path = "/videos", tag = "Videos", params(
    ("title" = Option<String>, Query, description = "Part of the title"),
    ("description" = Option<String>, Query, description = "Part of the description"),
    ("tags[]" = Option<Vec<String>>, Query, description = "Tags the video must all have"),
    ("metadata" = Option<String>, Query, description = "`metadata[key]=value`; all must match"),
    ("sortBy" = Option<String>, Query, description = "`title`, `createdAt`, `publishedAt` or `updatedAt`"),
    ("sortOrder" = Option<String>, Query, description = "`asc` or `desc`"),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<VideoBody>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<VideoBody>>, ApiError> {
    list_of(&app, caller, "/videos", query.as_deref(), false).await
}

/// The list at `path`: of what can be watched, or of what was discarded.
pub(super) async fn list_of(
    app: &App,
    caller: Caller,
    path: &str,
    query: Option<&str>,
    discarded: bool,
) -> Result<Json<List<VideoBody>>, ApiError> {
    let pairs = list::pairs(query);
    let page = Page::of(&pairs)?;
    let sort = list::sort(&pairs)?;
    if list::wants_live_streams(&pairs) {
        return Ok(Json(page.wrap(path, Vec::new(), 0)));
    }
    let filter = Filter { discarded, ..list::filter(&pairs) };
    let paging = Paging { page: page.number, size: page.size };
    let found = videos::list(&app.db, &caller.project, &filter, sort, paging).await?;
    let bodies = found.items.into_iter().map(|video| VideoBody::of(app, video, caller));
    Ok(Json(page.wrap(path, bodies.collect::<Result<_, _>>()?, found.total)))
}

/// Read a video. Each read of a private one mints a private token.
#[utoipa::path(get, path = "/videos/{videoId}", tag = "Videos", params(("videoId" = String, Path)), responses(
    (status = 200, body = VideoBody), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(caller: Caller, State(app): State<App>, Path(id): Path<String>) -> Result<Json<VideoBody>, ApiError> {
    let video = read(&app, caller, read_id(&id)?).await?;
    Ok(Json(VideoBody::of(&app, video, caller)?))
}

/// Change what is said about a video. Absent attributes stay as they are.
#[utoipa::path(patch, path = "/videos/{videoId}", tag = "Videos", params(("videoId" = String, Path)),
    request_body = AboutBody, responses((status = 200, body = VideoBody), (status = 400, body = Problem),
    (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn patch(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Json<VideoBody>, ApiError> {
    let id = read_id(&id)?;
    let body: AboutBody = check::json(&body)?;
    let known = read(&app, caller, id).await?;
    let about = body.over(&app, caller, known.about).await?;
    check::description(&about)?;
    update_video(&app, caller, id, &about).await?;
    Ok(Json(VideoBody::of(&app, read(&app, caller, id).await?, caller)?))
}

/// Delete a video for good.
#[utoipa::path(delete, path = "/videos/{videoId}", tag = "Videos", params(("videoId" = String, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(caller: Caller, State(app): State<App>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    delete_video(&app, caller, read_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An id from a path. One that is not spelled like ours names nothing.
pub(crate) fn read_id(text: &str) -> Result<VideoId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found("videoId"))
}

pub(crate) async fn read(app: &App, caller: Caller, id: VideoId) -> Result<Video, ApiError> {
    videos::get(&app.db, &caller.project, &id).await?.ok_or_else(|| ApiError::not_found("videoId"))
}
