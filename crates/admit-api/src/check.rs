//! Bounds of what callers say, each fault by its name.

use admit_domain::{
    limits::{
        DESCRIPTION_CHARS_MAX, METADATA_CHARS_MAX, METADATA_ENTRIES_MAX, TAG_CHARS_MAX, TAGS_MAX, TITLE_CHARS_MAX,
    },
    time::Timestamp,
    video::Description,
};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use crate::error::ApiError;

/// A JSON object, whatever its declared type: some clients declare none. What is in it is read by [`json`].
pub struct JsonObject(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::body_too_large(),
            _ => ApiError::invalid_payload("The body was cut off."),
        })?;
        // serde would read an array too, as the members in their order.
        if body.trim_ascii_start().starts_with(b"{") {
            return Ok(Self(body));
        }
        Err(ApiError::invalid_payload("The body is not a JSON object."))
    }
}

pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body)
        .map_err(|error| ApiError::invalid_payload(format!("The body is not the JSON object expected here: {error}.")))
}

/// Tells a member that is null from one that is not there.
#[expect(clippy::option_option, reason = "null takes away, and what is absent stays")]
pub(crate) fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// An instant (RFC 3339) that is not over.
pub(crate) fn future(name: &str, text: &str, now: Timestamp) -> Result<Timestamp, ApiError> {
    let instant: jiff::Timestamp = text.parse().map_err(|_| {
        ApiError::invalid_attribute(name, "This value is no date and time such as 2027-01-31T12:00:00Z.")
    })?;
    let at = Timestamp::from_millis(instant.as_millisecond());
    if at > now { Ok(at) } else { Err(ApiError::invalid_attribute(name, "This time is over.")) }
}

/// What is wrong with a text, if anything is.
pub(crate) fn text(name: &str, value: &str, chars_max: usize) -> Option<ApiError> {
    if value.contains('\0') {
        return Some(ApiError::invalid_attribute(name, "This value must not contain a NUL character."));
    }
    let is_long = value.chars().count() > chars_max;
    is_long.then(|| ApiError::invalid_attribute(name, format!("This value must have at most {chars_max} characters.")))
}

/// All faults of a description at once.
pub(crate) fn description(about: &Description) -> Result<(), ApiError> {
    let mut faults = Vec::new();
    let mut text = |name: &str, value: &str, chars_max: usize| faults.extend(text(name, value, chars_max));
    text("title", &about.title, TITLE_CHARS_MAX);
    text("description", &about.description, DESCRIPTION_CHARS_MAX);
    about.tags.iter().for_each(|tag| text("tags", tag, TAG_CHARS_MAX));
    for (key, value) in &about.metadata {
        text("metadata", key, METADATA_CHARS_MAX);
        text("metadata", value, METADATA_CHARS_MAX);
    }
    text("language", about.language.as_deref().unwrap_or_default(), TAG_CHARS_MAX);
    for (name, count, max) in
        [("tags", about.tags.len(), TAGS_MAX), ("metadata", about.metadata.len(), METADATA_ENTRIES_MAX)]
    {
        if count > max {
            let detail = format!("This collection should contain {max} elements or less.");
            faults.push(ApiError::invalid_attribute(name, detail));
        }
    }
    ApiError::all(faults).map_or(Ok(()), Err)
}
