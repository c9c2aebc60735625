//! `/api/v1/embeds/{embedId}/playback`: Moviie's playback API. A page shows its publishable key and, for a private
//! video, a token its backend signed; it is told where to play, until when, and when to ask again.

use admit_db::publishable_keys::{self, Film, Record};
use admit_domain::{
    asker::Asker,
    claims::Fault,
    id::{RequestId, VideoId},
    session::{Client, Presented},
    shown::{Shown, TOKEN_HEADERS},
    time::Timestamp,
    verdict::Denial,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header, request::Parts},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    actions::present::present,
    apivideo::{videos::read_id, wire::atom},
    app::App,
    caller::arrived,
    error::{ApiError, Problem},
    rate::{self, Who},
    secrets,
};

/// How much of the time is left when a player should ask again, as a fraction: one in so many.
const REFRESH_BEFORE_FRACTION: i64 = 5;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlaybackBody {
    embed_id: String,
    title: String,
    playback: Playback,
    poster_url: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Playback {
    uri: String,
    content_type: &'static str,
    /// From then on it opens nothing; none for a public video.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    /// From then on another answer should be asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_after: Option<String>,
    /// What every request must carry: nothing, since the address carries it all.
    #[schema(value_type = Object)]
    request_headers: serde_json::Map<String, serde_json::Value>,
}

/// Where to play a video. `Authorization: Bearer <publishable key>`, and for a private video a token in
/// `x-moviie-playback-token`.
#[utoipa::path(get, path = "/api/v1/embeds/{embedId}/playback", tag = "Playback", security(("publishable" = [])),
    params(("embedId" = String, Path, description = "The id of the video"),
        ("x-moviie-playback-token" = Option<String>, Header)), responses(
    (status = 200, body = PlaybackBody), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 410, body = Problem), (status = 425, body = Problem)))]
pub(crate) async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    parts: Parts,
) -> Result<Json<PlaybackBody>, ApiError> {
    let now = arrived(&parts)?;
    let (key, film) = publishable(&app, &parts, &id).await?;
    rate::charge(&app.rates, &parts, Who::Project(key.project), now)?;
    let unknown = || ApiError::not_found("embedId");
    let video = read_id(&id).map_err(|_| unknown())?;
    let film = film.ok_or_else(unknown)?;
    let (base, expires_at) = if film.visibility.is_public() {
        (format!("/vod/{video}/hls/manifest.m3u8"), None)
    } else {
        let presented = presented(&app, &parts, video)?;
        let entered = present(&app, &presented, now).await.map_err(|fault| refused(&fault))?;
        (format!("/s/{}/{video}/hls/master.m3u8", entered.handle), Some(entered.ends_at))
    };
    Ok(Json(body(&app, (video, film), &base, expires_at, now)))
}

fn body(
    app: &App,
    (video, film): (VideoId, Film),
    path: &str,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> PlaybackBody {
    let refresh_after = expires_at.map(|end| {
        let left = end.as_secs() - now.as_secs();
        atom(Timestamp::from_secs(end.as_secs() - left / REFRESH_BEFORE_FRACTION))
    });
    let folder = path.rsplit_once("/hls/").map_or(path, |(folder, _)| folder);
    PlaybackBody {
        embed_id: video.to_string(),
        title: film.title,
        playback: Playback {
            uri: format!("{}{path}", app.bases.vod),
            content_type: "hls",
            expires_at: expires_at.map(atom),
            refresh_after,
            request_headers: serde_json::Map::new(),
        },
        poster_url: format!("{}{folder}/thumbnail.jpg", app.bases.vod),
    }
}

/// Only a publishable key opens this: a key that can do more has no business in a page.
async fn publishable(app: &App, parts: &Parts, film: &str) -> Result<(Record, Option<Film>), ApiError> {
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(ApiError::unauthenticated("publishable-key-missing", "The publishable key is missing."));
    };
    let text = value.to_str().unwrap_or_default();
    let token = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, key)| key);
    let Some(id) = token.and_then(secrets::publishable_id) else {
        return Err(ApiError::missing_scope("The playback API takes publishable keys only."));
    };
    let found = match id.parse() {
        Ok(id) => publishable_keys::find(&app.db, &id, film).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| ApiError::unauthenticated("publishable-key-invalid", "The publishable key is invalid."))
}

fn presented(app: &App, parts: &Parts, video: VideoId) -> Result<Presented, ApiError> {
    let text = |name: header::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let ip = parts.extensions.get::<std::net::SocketAddr>().map(|peer| peer.ip().to_canonical());
    let agent = text(header::USER_AGENT).unwrap_or_default().to_owned();
    Ok(Presented {
        video: Some(video),
        link: None,
        shown: Shown {
            origin: app.bases.vod.clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: tokens(&parts.headers),
            cookies: Vec::new(),
            path_token: None,
            ip,
        },
        // Every answer is a session of its own: two viewers behind one network are two.
        nonce: Some(admit_domain::secret::hex(&app.chance::<16>()?)),
        client: Client::of(ip, &agent),
        asker: Asker {
            ip,
            origin: text(header::ORIGIN).map(str::to_owned),
            referrer: text(header::REFERER).map(str::to_owned),
            agent,
        },
        renews: None,
        request: parts.extensions.get::<RequestId>().copied(),
    })
}

fn tokens(headers: &HeaderMap) -> Vec<(String, String)> {
    let of = |name: &'static str| {
        headers.get_all(name).iter().map(move |value| (name.to_owned(), value.to_str().unwrap_or_default().to_owned()))
    };
    TOKEN_HEADERS.into_iter().flat_map(of).collect()
}

/// Moviie's table: what proves nothing is 401, a token for another video is 403.
fn refused(fault: &Fault) -> ApiError {
    let denial = if fault.denial == Denial::NoHandle { Denial::InvalidToken } else { fault.denial };
    denial.into()
}
