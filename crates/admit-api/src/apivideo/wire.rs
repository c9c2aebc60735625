//! The Video object as api.video's clients know it: only declared fields, omitted rather than null.

use std::fmt::Display;

use admit_domain::{
    asset::Asset,
    dialects::apivideo::PrivateToken,
    id::{LiveStreamId, VideoId},
    limits::PRIVATE_TOKEN_STEP,
    scope::Scope,
    time::Timestamp,
    timed_text::TimedText,
    video::{Video, Visibility},
};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{app::App, caller::Caller, error::ApiError};

/// A key with a value, chosen by the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Metadata {
    pub key: String,
    pub value: String,
}

/// A video.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VideoBody {
    pub video_id: String,
    pub title: String,
    pub description: String,
    pub public: bool,
    pub panoramic: bool,
    pub mp4_support: bool,
    pub created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    pub updated_at: String,
    /// Said of discarded videos alone, as the two dates: older clients stop at attributes they do not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discarded: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discarded_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletes_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    pub tags: Vec<String>,
    pub metadata: Vec<Metadata>,
    pub source: SourceBody,
    /// A discarded video has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assets: Option<Assets>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player_id: Option<String>,
}

/// Where the source is sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceBody {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub uri: String,
}

/// The addresses of a video. Those of a private one share one fresh private token.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Assets {
    pub iframe: String,
    pub player: String,
    pub hls: String,
    pub thumbnail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mp4: Option<String>,
}

impl VideoBody {
    /// Spells a video; a private one gets a token that was never seen before, if the caller may hand out access.
    pub fn of(app: &App, video: Video, caller: Caller) -> Result<Self, ApiError> {
        let media = Media::of(app, video.id, video.about.visibility, caller)?;
        let assets = video.discarded.is_none().then(|| Assets::of(app, &video, &media));
        let about = video.about;
        Ok(Self {
            video_id: video.id.to_string(),
            title: about.title,
            description: about.description,
            public: about.visibility.is_public(),
            panoramic: about.panoramic,
            mp4_support: about.mp4_support,
            created_at: atom(video.created_at),
            published_at: video.published_at.map(atom),
            updated_at: atom(video.updated_at),
            discarded: video.discarded.map(|_| true),
            discarded_at: video.discarded.map(|discarded| atom(discarded.at)),
            deletes_at: video.discarded.map(|discarded| atom(discarded.deletes_at)),
            language: about.language,
            tags: about.tags,
            metadata: about.metadata.into_iter().map(|(key, value)| Metadata { key, value }).collect(),
            source: SourceBody { kind: "upload", uri: format!("/videos/{}/source", video.id) },
            assets,
            player_id: about.player_id.map(|id| id.to_string()),
        })
    }
}

/// Where the media of one video is, for one answer: a private one's has a token that was never seen before, for whoever
/// may hand out access.
pub(super) struct Media {
    base: String,
    token: Option<String>,
}

impl Media {
    pub(super) fn of(app: &App, video: VideoId, visibility: Visibility, caller: Caller) -> Result<Self, ApiError> {
        let base = format!("{}/vod/{video}", app.bases.vod);
        Ok(match private_token(app, &video, visibility, caller)? {
            Some(token) => Self { base: format!("{base}/token/{token}"), token: Some(token) },
            None => Self { base, token: None },
        })
    }

    pub(super) fn text(&self, text: &TimedText) -> String {
        format!("{}/{}", self.base, Asset::Text(text.kind, text.language).path())
    }
}

/// A token that was never seen before, where one is needed and the caller may have it.
pub(super) fn private_token(
    app: &App,
    id: &impl AsRef<str>,
    visibility: Visibility,
    caller: Caller,
) -> Result<Option<String>, ApiError> {
    if visibility.is_public() || !caller.may(Scope::AccessMint) {
        return Ok(None);
    }
    let chance = u64::from_be_bytes(app.chance()?);
    let minted_at = caller.now.max(minted_after(app, id, caller));
    Ok(Some(PrivateToken::mint(&app.keys.private_tokens, id, minted_at, chance).text()))
}

/// A token says no more than the minute in which it was minted: those of the minute in which all access was ended are
/// refused, and the first new ones are of the next.
fn minted_after(app: &App, id: &impl AsRef<str>, caller: Caller) -> Timestamp {
    let Ok(video) = id.as_ref().parse() else { return Timestamp::EPOCH };
    let ended = app.feed.gate().revoked().access_ended_until(&video, &caller.project);
    ended.map_or(Timestamp::EPOCH, |until| until.plus(PRIVATE_TOKEN_STEP))
}

impl Assets {
    fn of(app: &App, video: &Video, Media { base: media, token }: &Media) -> Self {
        let player = player(app, "vod", &video.id, token.as_deref());
        Self {
            iframe: iframe(&player),
            hls: format!("{media}/hls/manifest.m3u8"),
            thumbnail: format!("{media}/thumbnail.jpg"),
            mp4: video.about.mp4_support.then(|| format!("{media}/mp4/source.mp4")),
            player,
        }
    }

    pub(super) fn of_live(app: &App, id: &LiveStreamId, token: Option<&str>) -> Self {
        let player = player(app, "live", id, token);
        let private = token.map(|token| format!("/private/{token}")).unwrap_or_default();
        let media = format!("{}{private}/{id}", app.bases.live);
        Self {
            iframe: iframe(&player),
            hls: format!("{media}.m3u8"),
            thumbnail: format!("{media}/thumbnail.jpg"),
            mp4: None,
            player,
        }
    }
}

/// Clients cut the token out of this address by its one `=`, so it is the only parameter and the last.
fn player(app: &App, kind: &str, id: &impl Display, token: Option<&str>) -> String {
    let query = token.map(|token| format!("?token={token}")).unwrap_or_default();
    format!("{}/{kind}/{id}{query}", app.bases.embed)
}

fn iframe(player: &str) -> String {
    let size = "width=\"100%\" height=\"100%\"";
    format!("<iframe src=\"{player}\" {size} frameborder=\"0\" scrolling=\"no\" allowfullscreen=\"true\"></iframe>")
}

/// A date as api.video writes it: RFC 3339 in whole seconds, with a numeric offset.
pub fn atom(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_second(at.as_secs()).unwrap_or_default();
    instant.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_atom() {
        assert_eq!(atom(Timestamp::from_millis(1_716_894_907_999)), "2024-05-28T11:15:07+00:00");
    }
}
