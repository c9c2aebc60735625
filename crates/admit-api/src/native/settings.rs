//! `/settings`: what a customer decides for the whole project.

use admit_db::projects::{self, Settings};
use admit_domain::{
    limits::{DISCARDED_DAYS_MAX, SESSION_SECONDS_MIN},
    video::{OnStale, Visibility},
};
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

/// `closed` refuses viewers until something is heard; `open` lets those watch who were let in.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnStaleWord {
    Closed,
    Open,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SettingsBody {
    /// By which access to all its videos is taken back.
    project_id: String,
    /// What a new video is when nobody says.
    default_visibility: VisibilityWord,
    /// How long a deleted video can be restored, in days; with 0 deleting is final.
    discarded_video_days: u32,
    /// Whether signed tokens and signed addresses are taken at all.
    token_access: bool,
    /// How long a session lasts, in seconds, unless its credential says less.
    session_seconds: u64,
    /// What edges do with private videos when they have heard nothing of revocations for too long.
    on_stale: OnStaleWord,
}

/// Absent settings stay as they are.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedSettingsBody {
    default_visibility: Option<VisibilityWord>,
    #[schema(minimum = 0, maximum = 365)]
    discarded_video_days: Option<u32>,
    token_access: Option<bool>,
    /// Sessions of signed tokens, embed tokens and links that begin from now on. Null for as long as the installation
    /// allows.
    #[expect(clippy::option_option, reason = "null takes away, and what is absent stays")]
    #[serde(default, deserialize_with = "check::said")]
    #[schema(value_type = Option<u32>, minimum = 60)]
    session_seconds: Option<Option<u32>>,
    on_stale: Option<OnStaleWord>,
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
    let longest = app.policy.session_ttl.as_secs();
    Ok(Json(SettingsBody {
        project_id: caller.project.to_string(),
        default_visibility,
        discarded_video_days: settings.discarded_days,
        token_access: settings.token_access,
        session_seconds: settings.session_seconds.map_or(longest, |seconds| longest.min(seconds.into())),
        on_stale: match settings.on_stale {
            OnStale::Closed => OnStaleWord::Closed,
            OnStale::Open => OnStaleWord::Open,
        },
    }))
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
        token_access: body.token_access.unwrap_or(known.token_access),
        session_seconds: body.session_seconds.unwrap_or(known.session_seconds),
        on_stale: body.on_stale.map_or(known.on_stale, |word| match word {
            OnStaleWord::Closed => OnStale::Closed,
            OnStaleWord::Open => OnStale::Open,
        }),
    };
    if settings.discarded_days > DISCARDED_DAYS_MAX {
        let detail = format!("This value must be between 0 and {DISCARDED_DAYS_MAX}.");
        return Err(ApiError::invalid_attribute("discardedVideoDays", detail));
    }
    let longest = app.policy.session_ttl.as_secs();
    let least = u64::from(SESSION_SECONDS_MIN);
    if settings.session_seconds.is_some_and(|seconds| !(least..=longest).contains(&seconds.into())) {
        let detail = format!("This value must be between {least} and {longest}.");
        return Err(ApiError::invalid_attribute("sessionSeconds", detail));
    }
    change_settings(&app, caller, settings).await?;
    get(caller, State(app)).await
}
