//! The Video object as api.video's clients know it: only declared fields, omitted rather than null.

use admit_domain::{dialects::apivideo::PrivateToken, time::Timestamp, video::Video};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{app::App, error::ApiError};

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
    /// Spells a video; a private one gets a token that was never seen before.
    pub fn of(app: &App, video: Video, now: Timestamp) -> Result<Self, ApiError> {
        let token = if video.about.visibility.is_public() {
            None
        } else {
            let chance = u64::from_be_bytes(app.chance()?);
            Some(PrivateToken::mint(&app.keys.private_tokens, &video.id, now, chance).text())
        };
        let assets = video.discarded.is_none().then(|| Assets::of(app, &video, token.as_deref()));
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
            player_id: about.player_id,
        })
    }
}

impl Assets {
    fn of(app: &App, video: &Video, token: Option<&str>) -> Self {
        let (embed, vod, id) = (&app.bases.embed, &app.bases.vod, video.id);
        // Clients cut the token out of this address by its one `=`, so it is the only parameter and the last.
        let player = format!("{embed}/vod/{id}{}", token.map(|token| format!("?token={token}")).unwrap_or_default());
        let media = format!("{vod}/vod/{id}{}", token.map(|token| format!("/token/{token}")).unwrap_or_default());
        Self {
            iframe: format!(
                "<iframe src=\"{player}\" width=\"100%\" height=\"100%\" frameborder=\"0\" scrolling=\"no\" allowfullscreen=\"true\"></iframe>"
            ),
            hls: format!("{media}/hls/manifest.m3u8"),
            thumbnail: format!("{media}/thumbnail.jpg"),
            mp4: video.about.mp4_support.then(|| format!("{media}/mp4/source.mp4")),
            player,
        }
    }
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
