//! `/settings`: what a customer decides for the whole project.

use admit_db::projects::{self, Settings};
use admit_domain::{limits::DISCARDED_DAYS_MAX, video::Visibility};
use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    actions::change_settings::change_settings,
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

/// Public or private.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum VisibilityWord {
    Public,
    Private,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SettingsBody {
    /// What a new video is when nobody says.
    default_visibility: VisibilityWord,
    /// How long a deleted video can be restored, in days; with 0 deleting is final.
    discarded_video_days: u32,
}

/// Absent settings stay as they are.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedSettingsBody {
    default_visibility: Option<VisibilityWord>,
    #[schema(minimum = 0, maximum = 365)]
    discarded_video_days: Option<u32>,
}

/// Show the settings of the project.
#[utoipa::path(get, path = "/settings", tag = "Settings", responses(
    (status = 200, body = SettingsBody), (status = 401, body = Problem)))]
pub(crate) async fn get(caller: Caller, State(app): State<App>) -> Result<Json<SettingsBody>, ApiError> {
    let settings = projects::settings(&app.db, &caller.project).await?;
    let default_visibility = match settings.default_visibility.unwrap_or(app.policy.default_visibility) {
        Visibility::Public => VisibilityWord::Public,
        Visibility::Private => VisibilityWord::Private,
    };
    Ok(Json(SettingsBody { default_visibility, discarded_video_days: settings.discarded_days }))
}

/// Change settings. They hold for what is created and deleted from now on.
#[utoipa::path(patch, path = "/settings", tag = "Settings",
    request_body = ChangedSettingsBody, responses(
    (status = 200, body = SettingsBody), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn patch(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<Json<SettingsBody>, ApiError> {
    let body: ChangedSettingsBody = check::json(&body)?;
    let known = projects::settings(&app.db, &caller.project).await?;
    let said = body.default_visibility.map(|word| Visibility::from_public(matches!(word, VisibilityWord::Public)));
    let settings = Settings {
        default_visibility: said.or(known.default_visibility),
        discarded_days: body.discarded_video_days.unwrap_or(known.discarded_days),
    };
    if settings.discarded_days > DISCARDED_DAYS_MAX {
        let detail = format!("This value must be between 0 and {DISCARDED_DAYS_MAX}.");
        return Err(ApiError::invalid_attribute("discardedVideoDays", detail));
    }
    change_settings(&app, caller, settings).await?;
    get(caller, State(app)).await
}
