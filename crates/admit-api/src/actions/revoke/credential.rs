//! Which credential a text names: the id of an embed token or a link, a token, or the address that shows one.

use admit_db::embed_tokens::{self, Kind};
use admit_domain::{
    dialects::apivideo::PrivateToken,
    id::{EmbedTokenId, VideoId},
    jose,
    limits::LINK_CODE_CHARS,
    secret::Fingerprint,
    shown::Shown,
};

use super::what::What;
use crate::{
    actions::{
        explain::address::{Address, Place},
        present,
        published::published,
    },
    app::App,
    caller::Caller,
    error::ApiError,
    secrets,
};

impl What {
    /// What a credential's id or own text names.
    pub async fn credential(app: &App, caller: Caller, text: &str) -> Result<Self, ApiError> {
        if let Ok(id) = text.parse::<EmbedTokenId>() {
            for kind in [Kind::Embed, Kind::Link] {
                if embed_tokens::get(&app.db, kind, &caller.project, &id).await?.is_some() {
                    return Ok(What::EmbedToken(kind, id));
                }
            }
            return Err(ApiError::not_found("id"));
        }
        if text.contains('/') { address(app, caller, text).await } else { token(app, caller, text, None).await }
    }
}

async fn address(app: &App, caller: Caller, url: &str) -> Result<What, ApiError> {
    let place = Place::of(url, &app.bases.vod);
    match Address::parse(&place) {
        Some(Address::Private { token, .. }) => Ok(What::PrivateToken(token)),
        Some(Address::Link(code)) => token(app, caller, code, None).await,
        Some(Address::InPath { token: text, video, .. }) => token(app, caller, text, Some(video)).await,
        Some(Address::Open { video, .. }) => {
            let shown = place.shown(None, None);
            match shown.token() {
                Ok(Some(text)) => token(app, caller, text, Some(video)).await,
                Ok(None) => signed(app, caller, video, shown).await,
                Err(_) => Err(unreadable("This address shows two tokens.")),
            }
        }
        Some(Address::Session { .. }) => Err(unreadable("This is the address of a session: end the session.")),
        Some(Address::Signed { .. }) => {
            Err(unreadable("This address begins no session. It ends with all access to its video, or by itself."))
        }
        None => Err(unreadable("This is no address of a video.")),
    }
}

async fn token(app: &App, caller: Caller, text: &str, video: Option<VideoId>) -> Result<What, ApiError> {
    if let Some(token) = PrivateToken::parse(text) {
        return Ok(What::PrivateToken(token));
    }
    let fingerprint = Fingerprint::of(&app.keys.pepper, text);
    let is_link = text.len() == LINK_CODE_CHARS && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    for (kind, is_one) in [(Kind::Embed, secrets::is_embed_token(text)), (Kind::Link, is_link)] {
        if is_one {
            let found = embed_tokens::find(&app.db, kind, &fingerprint).await?;
            let found = found.filter(|token| token.project == caller.project);
            return found.map(|token| What::EmbedToken(kind, token.id)).ok_or_else(|| ApiError::not_found("id"));
        }
    }
    let mut fingerprints = vec![fingerprint];
    if let Some(video) = video.or_else(|| jose::peek_video(text)) {
        let shown = Shown {
            origin: app.bases.vod.clone(),
            path: format!("/vod/{video}/hls/manifest.m3u8"),
            path_token: Some(text.to_owned()),
            ..Shown::default()
        };
        fingerprints.extend(counted(app, caller, video, &shown).await?.filter(|counted| *counted != fingerprint));
    }
    Ok(What::Credential(fingerprints))
}

/// What a signed address stands for is known only while it is believed.
async fn signed(app: &App, caller: Caller, video: VideoId, shown: Shown) -> Result<What, ApiError> {
    let counted = counted(app, caller, video, &shown).await?;
    let counted =
        counted.ok_or_else(|| unreadable("No active key of this project signed this address, or it is over."))?;
    Ok(What::Credential(vec![counted]))
}

/// How sessions of the credential are counted, if a key of the project believes it.
async fn counted(app: &App, caller: Caller, video: VideoId, shown: &Shown) -> Result<Option<Fingerprint>, ApiError> {
    let facts = published(app, video).await?;
    if facts.is_none_or(|facts| facts.project != caller.project) {
        return Ok(None);
    }
    let readings = present::readings(app, &caller.project, (shown, video), caller.now).await;
    let readings = readings.map_err(|fault| ApiError::from(fault.denial))?;
    let Ok((claims, source)) = present::decide(&readings, shown) else { return Ok(None) };
    let text = shown.token().ok().flatten();
    Ok(Some(present::counted(app, claims, source, text).credential))
}

fn unreadable(detail: &'static str) -> ApiError {
    ApiError::invalid_attribute("subject.id", detail)
}
