//! `/signed-urls`: addresses that open one video until an instant, without a session.

use admit_db::videos;
use admit_domain::{
    asset::Asset,
    bound::{Bound, Width},
    handle::Rights,
    network::Network,
    rules::Visitor,
    signed::Signed,
};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    apivideo::videos::read_id,
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewSignedUrlsBody {
    video_id: Option<String>,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    #[serde(default)]
    constraints: Constraints,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Constraints {
    /// An address, or a network such as `203.0.113.0/24`. It is not readable in the address.
    ip: Option<String>,
    /// Of `watch`, `pictures` and `download`; all of them, when nothing is said.
    rights: Option<Vec<String>>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SignedUrlsBody {
    urls: Urls,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Urls {
    hls: String,
    dash: String,
    mp4: String,
    thumbnail: String,
    player: String,
}

/// Sign addresses of a video.
#[utoipa::path(post, path = "/signed-urls", tag = "Signed URLs", request_body = NewSignedUrlsBody, responses(
    (status = 201, body = SignedUrlsBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<SignedUrlsBody>), ApiError> {
    let body: NewSignedUrlsBody = check::json(&body)?;
    let video = read_id(body.video_id.as_deref().ok_or_else(|| ApiError::attribute_required("videoId"))?)?;
    let expires_at = body.expires_at.ok_or_else(|| ApiError::attribute_required("expiresAt"))?;
    let not_after = check::future("expiresAt", &expires_at, caller.now)?;
    videos::get(&app.db, &caller.project, &video).await?.ok_or_else(|| ApiError::not_found("videoId"))?;
    let network = body.constraints.ip.as_deref().map(network).transpose()?;
    let bound = Bound { network: network.as_ref().map(Width::of), ..Bound::default() };
    let visitor = Visitor {
        ip: network.map(|network| network.base()),
        origin: None,
        referrer: None,
        agent: "",
        country_of: &*app.country_of,
    };
    let values = bound.values(&visitor).unwrap_or_default();
    let rights = rights(body.constraints.rights.as_deref())?;
    let signed = Signed { video, signed_at: caller.now, not_after, rights, bound };
    let base = format!("/u/{}/{video}", signed.mint(&values, &app.keys.delivery));
    let of = |asset: Asset| format!("{}{base}/{}", app.bases.vod, asset.path());
    let urls = Urls {
        hls: of(Asset::HlsMaster),
        dash: of(Asset::DashManifest),
        mp4: of(Asset::Mp4),
        thumbnail: of(Asset::Thumbnail),
        player: format!("{}{base}", app.bases.embed),
    };
    Ok((StatusCode::CREATED, Json(SignedUrlsBody { urls })))
}

fn network(text: &str) -> Result<Network, ApiError> {
    let network = text.parse().or_else(|_| text.parse().map(Network::host));
    let network: Network = network.map_err(|_| {
        ApiError::invalid_attribute("constraints.ip", "This value is no address and no network such as 203.0.113.0/24.")
    })?;
    Ok(network.unmapped())
}

fn rights(words: Option<&[String]>) -> Result<Rights, ApiError> {
    let Some(words) = words else { return Ok(Rights::ALL) };
    if words.is_empty() {
        let detail = "This list is empty. Leave it out to allow everything.";
        return Err(ApiError::invalid_attribute("constraints.rights", detail));
    }
    words.iter().try_fold(Rights::NONE, |rights, word| {
        let right = match word.as_str() {
            "watch" => Rights::WATCH,
            "pictures" => Rights::PICTURES,
            "download" => Rights::DOWNLOAD,
            _ => return Err(ApiError::invalid_attribute("constraints.rights", "There is no such right.")),
        };
        Ok(rights.or(right))
    })
}
