//! `/videos/{videoId}/encryption`: whether the segments of a video are encrypted, and how often their key changes.

use admit_db::videos;
use admit_domain::limits::{SEGMENTS_PER_KEY_DEFAULT, SEGMENTS_PER_KEY_MAX};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    actions::encrypt_video::encrypt_video,
    apivideo::videos::read_id,
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

/// AES-128 as HLS has it (RFC 8216). It is no digital rights management: whoever may watch is given the keys.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EncryptionBody {
    /// `AES-128` or `none`. An encrypted video is served as HLS and not as DASH.
    method: String,
    /// How many segments share a key: 1 to 10000, and 10 when it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    segments_per_key: Option<u32>,
}

impl EncryptionBody {
    fn of(segments_per_key: Option<u32>) -> Self {
        let method = if segments_per_key.is_some() { "AES-128" } else { "none" };
        Self { method: method.to_owned(), segments_per_key }
    }

    fn read(self) -> Result<Option<u32>, ApiError> {
        let invalid = |said: &'static str| ApiError::invalid_attribute("segmentsPerKey", said);
        match (self.method.as_str(), self.segments_per_key) {
            ("none", None) => Ok(None),
            ("none", Some(_)) => Err(invalid("There are no keys without encryption.")),
            ("AES-128", count) => match count.unwrap_or(SEGMENTS_PER_KEY_DEFAULT) {
                count @ 1..=SEGMENTS_PER_KEY_MAX => Ok(Some(count)),
                _ => Err(invalid("This value should be from 1 to 10000.")),
            },
            _ => Err(ApiError::invalid_attribute("method", "This value should be AES-128 or none.")),
        }
    }
}

/// Show whether the video's segments are encrypted.
#[utoipa::path(get, path = "/videos/{videoId}/encryption", tag = "Encryption", params(("videoId" = String, Path)),
    responses((status = 200, body = EncryptionBody), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
pub(crate) async fn get(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<EncryptionBody>, ApiError> {
    let found = videos::segments_per_key(&app.db, &caller.project, &read_id(&id)?).await?;
    Ok(Json(EncryptionBody::of(found.ok_or_else(|| ApiError::not_found("videoId"))?)))
}

/// Have the video's segments encrypted, or no longer. Nothing is encoded anew; playlists that are fetched from now on say so.
#[utoipa::path(put, path = "/videos/{videoId}/encryption", tag = "Encryption", params(("videoId" = String, Path)),
    request_body = EncryptionBody, responses(
    (status = 200, body = EncryptionBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn put(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Json<EncryptionBody>, ApiError> {
    let video = read_id(&id)?;
    let segments_per_key = check::json::<EncryptionBody>(&body)?.read()?;
    encrypt_video(&app, caller, video, segments_per_key).await?;
    Ok(Json(EncryptionBody::of(segments_per_key)))
}
