//! What an edge must know of a video.

use admit_domain::{
    encryption::Encryption,
    player::{Logo, PARTS, Player, Screen},
    timed_text::TimedText,
    video::Published,
};
use serde::Serialize;
use serde_json::Value;

use crate::{error::ApiError, native::access_rules};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "four facts that have nothing to do with each other")]
pub(crate) struct PublishedBody {
    project_id: String,
    public: bool,
    mp4_support: bool,
    ingest: &'static str,
    presentation: Option<i64>,
    mp4: Option<i64>,
    thumbnail: Option<i64>,
    texts: Vec<TextBody>,
    /// As the API spells them.
    rules: Value,
    open_poster: bool,
    token_access: bool,
    on_stale: &'static str,
    /// None when the segments are not encrypted.
    encryption: Option<EncryptionBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EncryptionBody {
    /// From which the video's keys follow, in base64url.
    secret: String,
    segments_per_key: u32,
}

impl From<&Encryption> for EncryptionBody {
    fn from(encryption: &Encryption) -> Self {
        let (secret, segments_per_key) = encryption.told_to_edges();
        Self { secret, segments_per_key }
    }
}

#[derive(Serialize)]
struct TextBody {
    kind: &'static str,
    language: String,
    edition: i64,
    default: bool,
}

impl From<&TimedText> for TextBody {
    fn from(text: &TimedText) -> Self {
        let TimedText { kind, language, edition, is_default } = *text;
        Self { kind: kind.as_str(), language: language.as_str().to_owned(), edition: edition.0, default: is_default }
    }
}

impl PublishedBody {
    pub(crate) fn of(facts: &Published) -> Result<Self, ApiError> {
        let rules = access_rules::to_text(&facts.rules)?;
        Ok(Self {
            project_id: facts.project.to_string(),
            public: facts.visibility.is_public(),
            mp4_support: facts.mp4_support,
            ingest: facts.ingest.as_str(),
            presentation: facts.shelf.presentation.map(|edition| edition.0),
            mp4: facts.shelf.mp4.map(|edition| edition.0),
            thumbnail: facts.shelf.thumbnail.map(|edition| edition.0),
            texts: facts.texts.iter().map(TextBody::from).collect(),
            rules: serde_json::from_str(&rules).map_err(|error| ApiError::internal(&error))?,
            open_poster: facts.has_open_poster,
            token_access: facts.token_access,
            on_stale: facts.on_stale.as_str(),
            encryption: facts.encryption.as_ref().map(EncryptionBody::from),
        })
    }
}

#[derive(Serialize)]
pub(crate) struct ScreenBody {
    title: String,
    panoramic: bool,
    player: Option<PlayerBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "five switches that have nothing to do with each other")]
struct PlayerBody {
    player_id: String,
    project_id: String,
    name: String,
    colours: [String; PARTS.len()],
    enable_api: bool,
    enable_controls: bool,
    force_autoplay: bool,
    hide_title: bool,
    force_loop: bool,
    logo: Option<LogoBody>,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize)]
struct LogoBody {
    edition: i64,
    link: Option<String>,
}

impl From<Logo> for LogoBody {
    fn from(logo: Logo) -> Self {
        Self { edition: logo.edition.0, link: logo.link }
    }
}

impl From<Screen> for ScreenBody {
    fn from(screen: Screen) -> Self {
        let Screen { title, panoramic, player } = screen;
        Self { title, panoramic, player: player.map(PlayerBody::from) }
    }
}

impl From<Player> for PlayerBody {
    fn from(player: Player) -> Self {
        let Player { id, project, theme, logo, created_at, updated_at } = player;
        Self {
            player_id: id.to_string(),
            project_id: project.to_string(),
            name: theme.name,
            colours: theme.colours,
            enable_api: theme.enable_api,
            enable_controls: theme.enable_controls,
            force_autoplay: theme.force_autoplay,
            hide_title: theme.hide_title,
            force_loop: theme.force_loop,
            logo: logo.map(LogoBody::from),
            created_at: created_at.as_millis(),
            updated_at: updated_at.as_millis(),
        }
    }
}
