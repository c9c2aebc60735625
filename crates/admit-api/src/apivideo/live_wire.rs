//! The `LiveStream` object as api.video's clients know it, and what they say about one.

use admit_domain::{
    id::LiveStreamId,
    limits::{LINK_CHARS_MAX, RESTREAMS_MAX, TITLE_CHARS_MAX},
    live_stream::{LiveDescription, LiveStream, Restream, judge_server_url, stream_key},
    video::Visibility,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    players,
    videos::present,
    wire::{Assets, atom, private_token},
};
use crate::{app::App, caller::Caller, check, error::ApiError};

/// What is said about a live stream, when it is created and when it is changed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct LiveAboutBody {
    name: Option<String>,
    /// May it be watched without a credential?
    public: Option<bool>,
    /// `null` unsets it.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub player_id: Option<Option<String>>,
    /// At most five.
    restreams: Option<Vec<RestreamWish>>,
}

/// Another service to send the stream on to; each attribute is required.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RestreamWish {
    #[schema(value_type = String)]
    name: Option<String>,
    /// `rtmp://host/app` or `rtmps://host/app`.
    #[schema(value_type = String)]
    server_url: Option<String>,
    #[schema(value_type = String)]
    stream_key: Option<String>,
}

impl LiveAboutBody {
    /// Lays what was said over what was known, if anything was; all its faults at once.
    pub(super) async fn over(
        self,
        app: &App,
        caller: Caller,
        id: LiveStreamId,
        known: Option<LiveDescription>,
    ) -> Result<LiveDescription, ApiError> {
        let (known_name, known) = match known {
            Some(known) => (Some(known.name.clone()), known),
            None => (None, nothing(app)),
        };
        let name = self.name.or(known_name).ok_or_else(|| ApiError::attribute_required("name"))?;
        let mut faults: Vec<_> = check::text("name", &name, TITLE_CHARS_MAX).into_iter().collect();
        let restreams = match self.restreams {
            Some(wishes) => RestreamWish::all(wishes, app, id, &mut faults)?,
            None => known.restreams,
        };
        if let Some(error) = ApiError::all(faults) {
            return Err(error);
        }
        Ok(LiveDescription {
            name,
            visibility: self.public.map_or(known.visibility, Visibility::from_public),
            player_id: players::wished(app, caller, self.player_id).await?.unwrap_or(known.player_id),
            restreams,
        })
    }
}

fn nothing(app: &App) -> LiveDescription {
    let visibility = app.policy.default_visibility;
    LiveDescription { name: String::new(), visibility, player_id: None, restreams: Vec::new() }
}

impl RestreamWish {
    fn all(
        wishes: Vec<Self>,
        app: &App,
        id: LiveStreamId,
        faults: &mut Vec<ApiError>,
    ) -> Result<Vec<Restream>, ApiError> {
        if wishes.len() > RESTREAMS_MAX {
            let detail = format!("This collection should contain {RESTREAMS_MAX} elements or less.");
            faults.push(ApiError::invalid_attribute("restreams", detail));
            return Ok(Vec::new());
        }
        let mut restreams = Vec::with_capacity(wishes.len());
        for (index, wish) in wishes.into_iter().enumerate() {
            let mut needed = |member: &str, value: Option<String>| {
                let name = format!("restreams[{index}][{member}]");
                let value = value.unwrap_or_else(|| {
                    faults.push(ApiError::invalid_attribute(&*name, "This value should not be null."));
                    // Neither blank nor anything else that could be wrong a second time.
                    "rtmp://null/null".to_owned()
                });
                if value.trim().is_empty() {
                    faults.push(ApiError::invalid_attribute(&*name, "This value should not be blank."));
                } else if let Some(fault) = check::text(&name, &value, LINK_CHARS_MAX) {
                    faults.push(fault);
                } else if member == "serverUrl"
                    && let Err(bad) = judge_server_url(&value)
                {
                    faults.push(ApiError::invalid_attribute(&*name, bad.to_string()));
                }
                value
            };
            let name = needed("name", wish.name);
            let server_url = needed("serverUrl", wish.server_url);
            let key = needed("streamKey", wish.stream_key);
            let stream_key = app.keys.seal.seal(id.as_str(), &key, app.chance()?);
            restreams.push(Restream { name, server_url, stream_key });
        }
        Ok(restreams)
    }
}

/// A live stream.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LiveStreamBody {
    live_stream_id: String,
    name: String,
    /// The secret by which a broadcaster's program is known.
    stream_key: String,
    public: bool,
    assets: Assets,
    #[serde(skip_serializing_if = "Option::is_none")]
    player_id: Option<String>,
    broadcasting: bool,
    restreams: Vec<RestreamBody>,
    created_at: String,
    updated_at: String,
}

/// Another service to send the stream on to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RestreamBody {
    name: String,
    server_url: String,
    stream_key: String,
}

impl LiveStreamBody {
    /// Spells a live stream; a private one gets a token that was never seen before, if the caller may hand out access.
    pub(super) fn of(app: &App, live: LiveStream, caller: Caller) -> Result<Self, ApiError> {
        let token = private_token(app, &live.id, live.about.visibility, caller)?;
        let restream = |to: Restream| {
            let sealed = app.keys.seal.open(live.id.as_str(), &to.stream_key);
            let stream_key = sealed.ok_or_else(|| ApiError::internal(&"a restream's key does not open"))?;
            Ok(RestreamBody { name: to.name, server_url: to.server_url, stream_key })
        };
        Ok(Self {
            live_stream_id: live.id.to_string(),
            name: live.about.name,
            stream_key: stream_key(&app.keys, &live.id),
            public: live.about.visibility.is_public(),
            assets: Assets::of_live(app, &live.id, token.as_deref()),
            player_id: live.about.player_id.map(|id| id.to_string()),
            broadcasting: false,
            restreams: live.about.restreams.into_iter().map(restream).collect::<Result<_, ApiError>>()?,
            created_at: atom(live.created_at),
            updated_at: atom(live.updated_at),
        })
    }
}
