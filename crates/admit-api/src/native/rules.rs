//! `/access-rules` and `/videos/{videoId}/access-rules`: what a project and a video demand of viewers.

use admit_db::{
    projects,
    videos::{self, OwnRules},
};
use admit_domain::rules::Rules;
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::access_rules::{self, AccessRulesBody};
use crate::{
    actions::change_rules::{change_project_rules, change_video_rules},
    apivideo::videos::read_id,
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VideoRulesBody {
    /// Everybody may see the poster, private or not.
    poster_public: bool,
    #[serde(flatten)]
    rules: AccessRulesBody,
}

impl VideoRulesBody {
    fn of(own: &OwnRules) -> Result<Self, ApiError> {
        Ok(Self { poster_public: own.has_open_poster, rules: spoken(own.rules.as_deref())? })
    }
}

fn spoken(text: Option<&str>) -> Result<AccessRulesBody, ApiError> {
    let rules = text.map(access_rules::from_text).transpose()?;
    Ok(AccessRulesBody::with_words(&rules.unwrap_or_default()))
}

/// Show what the project demands of the viewers of all its videos.
#[utoipa::path(get, path = "/access-rules", tag = "Access rules", responses(
    (status = 200, body = AccessRulesBody), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn get_project(caller: Caller, State(app): State<App>) -> Result<Json<AccessRulesBody>, ApiError> {
    let text = projects::rules(&app.db, &caller.project).await?;
    Ok(Json(spoken(text.as_deref())?))
}

/// Replace what the project demands. It holds at once, for those who are watching too.
#[utoipa::path(put, path = "/access-rules", tag = "Access rules", request_body = AccessRulesBody, responses(
    (status = 200, body = AccessRulesBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem)))]
pub(crate) async fn put_project(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<Json<AccessRulesBody>, ApiError> {
    let rules = access_rules::read(&body)?;
    change_project_rules(&app, caller, &access_rules::to_text(&rules)?).await?;
    Ok(Json(AccessRulesBody::with_words(&rules)))
}

/// Show what the video demands of its viewers, besides what its project demands.
#[utoipa::path(get, path = "/videos/{videoId}/access-rules", tag = "Access rules", params(("videoId" = String, Path)),
    responses((status = 200, body = VideoRulesBody), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
pub(crate) async fn get_video(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<VideoRulesBody>, ApiError> {
    let own = videos::rules(&app.db, &caller.project, &read_id(&id)?).await?;
    let own = own.ok_or_else(|| ApiError::not_found("videoId"))?;
    Ok(Json(VideoRulesBody::of(&own)?))
}

/// Replace what the video demands. It holds at once, for those who are watching too.
#[utoipa::path(put, path = "/videos/{videoId}/access-rules", tag = "Access rules", params(("videoId" = String, Path)),
    request_body = VideoRulesBody, responses(
    (status = 200, body = VideoRulesBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn put_video(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Json<VideoRulesBody>, ApiError> {
    let video = read_id(&id)?;
    let (rules, has_open_poster) = read_video_rules(&body)?;
    let own = OwnRules { rules: Some(access_rules::to_text(&rules)?), has_open_poster };
    change_video_rules(&app, caller, video, &own).await?;
    Ok(Json(VideoRulesBody::of(&own)?))
}

/// What a video demands, and whether everybody may see its poster.
pub(super) fn read_video_rules(body: &[u8]) -> Result<(Rules, bool), ApiError> {
    let mut said: serde_json::Map<String, serde_json::Value> = check::json(body)?;
    let has_open_poster = match said.remove("posterPublic") {
        None => false,
        Some(serde_json::Value::Bool(is_open)) => is_open,
        Some(_) => return Err(ApiError::invalid_attribute("posterPublic", "This value should be of type boolean.")),
    };
    Ok((access_rules::read(serde_json::Value::Object(said).to_string().as_bytes())?, has_open_poster))
}
