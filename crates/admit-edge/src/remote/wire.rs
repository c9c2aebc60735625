//! How an edge and a control plane spell what they say to each other; `docs/edges.md` has it in words.

use std::net::IpAddr;

use admit_domain::{
    asker::Asker,
    encryption::Encryption,
    id::{Edition, PlayerId, ProjectId, RequestId, VideoId},
    player::{Logo, PARTS, Player, Screen, Theme},
    seats::SeatWish,
    session::{Client, Entered, Entry, Presented},
    shown::Shown,
    time::Timestamp,
    timed_text::{TextKind, TimedText},
    video::{Ingest, OnStale, Published, Shelf, Visibility},
};
use serde::{Deserialize, Serialize};

use super::rules::RulesBody;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JoinBody<'a> {
    pub(super) join_token: &'a str,
    pub(super) name: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JoinedBody {
    pub(super) edge_id: String,
    pub(super) secret: String,
}

#[derive(Deserialize)]
pub(super) struct Problem {
    pub(super) code: String,
}

/// What an edge judges by.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportBody {
    pub(crate) seq: i64,
    pub(crate) stale_ms: u64,
    pub(crate) hits: u64,
    pub(crate) misses: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "a video's switches")]
pub(super) struct PublishedBody {
    project_id: String,
    public: bool,
    mp4_support: bool,
    ingest: String,
    presentation: Option<i64>,
    mp4: Option<i64>,
    thumbnail: Option<i64>,
    texts: Vec<TextBody>,
    rules: RulesBody,
    open_poster: bool,
    token_access: bool,
    on_stale: String,
    encryption: Option<EncryptionBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EncryptionBody {
    secret: String,
    segments_per_key: u32,
}

impl EncryptionBody {
    fn read(self) -> Option<Encryption> {
        Encryption::of_told(&self.secret, self.segments_per_key)
    }
}

#[derive(Deserialize)]
struct TextBody {
    kind: String,
    language: String,
    edition: i64,
    default: bool,
}

impl PublishedBody {
    /// None when anything is said that this release does not know.
    pub(super) fn read(self) -> Option<Published> {
        Some(Published {
            project: self.project_id.parse().ok()?,
            visibility: Visibility::from_public(self.public),
            mp4_support: self.mp4_support,
            ingest: Ingest::parse(&self.ingest)?,
            shelf: Shelf {
                presentation: self.presentation.map(Edition),
                mp4: self.mp4.map(Edition),
                thumbnail: self.thumbnail.map(Edition),
            },
            texts: self.texts.into_iter().map(TextBody::read).collect::<Option<_>>()?,
            rules: self.rules.read()?,
            has_open_poster: self.open_poster,
            token_access: self.token_access,
            on_stale: OnStale::parse(&self.on_stale)?,
            encryption: match self.encryption {
                Some(encryption) => Some(encryption.read()?),
                None => None,
            },
        })
    }
}

impl TextBody {
    fn read(self) -> Option<TimedText> {
        Some(TimedText {
            kind: TextKind::parse(&self.kind)?,
            language: self.language.parse().ok()?,
            edition: Edition(self.edition),
            is_default: self.default,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct ScreenBody {
    title: String,
    panoramic: bool,
    player: Option<PlayerBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "a theme's switches")]
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

#[derive(Deserialize)]
struct LogoBody {
    edition: i64,
    link: Option<String>,
}

impl ScreenBody {
    pub(super) fn read(self) -> Option<Screen> {
        let player = match self.player {
            Some(player) => Some(player.read()?),
            None => None,
        };
        Some(Screen { title: self.title, panoramic: self.panoramic, player })
    }
}

impl PlayerBody {
    fn read(self) -> Option<Player> {
        let id: PlayerId = self.player_id.parse().ok()?;
        let project: ProjectId = self.project_id.parse().ok()?;
        Some(Player {
            id,
            project,
            theme: Theme {
                name: self.name,
                colours: self.colours,
                enable_api: self.enable_api,
                enable_controls: self.enable_controls,
                force_autoplay: self.force_autoplay,
                hide_title: self.hide_title,
                force_loop: self.force_loop,
            },
            logo: self.logo.map(|logo| Logo { edition: Edition(logo.edition), link: logo.link }),
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VouchBody<'a> {
    pub(super) video_id: &'a str,
    pub(super) token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RedeemBody<'a> {
    video_id: &'a str,
    token: String,
    nonce: Option<&'a str>,
    client: ClientBody<'a>,
    #[serde(flatten)]
    asker: AskerBody<'a>,
    request_id: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct AskerBody<'a> {
    ip: Option<IpAddr>,
    origin: Option<&'a str>,
    referrer: Option<&'a str>,
    agent: &'a str,
}

impl<'a> AskerBody<'a> {
    pub(super) fn of(asker: &'a Asker) -> Self {
        let Asker { ip, origin, referrer, agent } = asker;
        Self { ip: *ip, origin: origin.as_deref(), referrer: referrer.as_deref(), agent }
    }
}

#[derive(Serialize)]
struct ClientBody<'a> {
    network: &'a str,
    agent: &'a str,
}

impl<'a> ClientBody<'a> {
    fn of(client: &'a Client) -> Self {
        Self { network: &client.network, agent: &client.agent }
    }
}

impl<'a> RedeemBody<'a> {
    pub(super) fn of(entry: &'a Entry) -> Self {
        Self {
            video_id: entry.video.as_str(),
            token: entry.token.text(),
            nonce: entry.nonce.as_deref(),
            client: ClientBody::of(&entry.client),
            asker: AskerBody::of(&entry.asker),
            request_id: entry.request.as_ref().map(RequestId::as_str),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PresentBody<'a> {
    video_id: Option<&'a str>,
    link: Option<&'a str>,
    shown: ShownBody<'a>,
    nonce: Option<&'a str>,
    client: ClientBody<'a>,
    #[serde(flatten)]
    asker: AskerBody<'a>,
    renews: Option<String>,
    request_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownBody<'a> {
    origin: &'a str,
    path: &'a str,
    query: &'a str,
    headers: &'a [(String, String)],
    cookies: &'a [(String, String)],
    path_token: Option<&'a str>,
    ip: Option<IpAddr>,
}

impl<'a> PresentBody<'a> {
    pub(super) fn of(presented: &'a Presented) -> Self {
        let Shown { origin, path, query, headers, cookies, path_token, ip } = &presented.shown;
        Self {
            video_id: presented.video.as_ref().map(VideoId::as_str),
            link: presented.link.as_deref(),
            shown: ShownBody { origin, path, query, headers, cookies, path_token: path_token.as_deref(), ip: *ip },
            nonce: presented.nonce.as_deref(),
            client: ClientBody::of(&presented.client),
            asker: AskerBody::of(&presented.asker),
            renews: presented.renews.map(|session| session.to_string()),
            request_id: presented.request.as_ref().map(RequestId::as_str),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EnteredBody {
    video_id: String,
    handle: String,
    ends_at: i64,
}

impl EnteredBody {
    pub(super) fn read(self) -> Option<Entered> {
        Some(Entered {
            video: self.video_id.parse().ok()?,
            handle: self.handle,
            ends_at: Timestamp::from_millis(self.ends_at),
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SeatBody<'a> {
    session_id: String,
    video_id: &'a str,
    takes_over: bool,
}

impl<'a> SeatBody<'a> {
    pub(super) fn of(wish: &'a SeatWish) -> Self {
        let SeatWish { session, video, takes_over } = wish;
        Self { session_id: session.to_string(), video_id: video.as_str(), takes_over: *takes_over }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SeatedBody {
    pub(super) held_ms: u64,
}
