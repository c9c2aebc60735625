//! The addresses an edge answers: one table, read from the path alone.

use admit_domain::{
    asset::Asset,
    dialects::apivideo::PrivateToken,
    id::{LiveStreamId, VideoId},
    jose,
    limits::LINK_CODE_CHARS,
};

use crate::control::Picture;

/// Where a request wants to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// An asset by session.
    Session { handle: &'a str, video: VideoId, asset: Asset },
    /// A session that is to go on.
    Renew { handle: &'a str, video: VideoId },
    /// A session that is to take the place of another of its viewer.
    Seat { handle: &'a str, video: VideoId },
    /// An asset by signed address.
    Signed { signature: &'a str, video: VideoId, asset: Asset },
    /// An asset of a public video, or of a private one by what is shown beside the path.
    Open { video: VideoId, asset: Asset },
    /// An asset by private token.
    Token { video: VideoId, token: PrivateToken, asset: Asset },
    /// An asset by a token that stands where the id would.
    InPath { video: VideoId, token: &'a str, asset: Asset },
    /// The session of a private token.
    Enter { video: VideoId, token: PrivateToken },
    /// The session of whatever else the embed page was given.
    Present(Door<'a>),
    /// The embed page, of a video where the address names one.
    Page(Option<VideoId>),
    /// A picture that is no part of a video.
    Picture(Picture),
    /// The embed page's script or style.
    Bundle { name: &'a str },
}

/// By what a video is named where a credential is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door<'a> {
    Video(VideoId),
    /// The token is in the path; nobody has verified that it names this video.
    Token {
        token: &'a str,
        video: VideoId,
    },
    /// The code of a share link.
    Link(&'a str),
}

/// Every shape of address there is, for the inventory that must miss none.
pub const TEMPLATES: [&str; 52] = [
    "/s/{handle}/{videoId}/hls/master.m3u8",
    "/s/{handle}/{videoId}/hls/subtitles-{language}.m3u8",
    "/s/{handle}/{videoId}/hls/{track}.m3u8",
    "/s/{handle}/{videoId}/dash/manifest.mpd",
    "/s/{handle}/{videoId}/media/{track}/init.mp4",
    "/s/{handle}/{videoId}/media/{track}/{segment}.m4s",
    "/s/{handle}/{videoId}/mp4/source.mp4",
    "/s/{handle}/{videoId}/thumbnail.jpg",
    "/s/{handle}/{videoId}/storyboard.vtt",
    "/s/{handle}/{videoId}/storyboard/{sheet}.jpg",
    "/s/{handle}/{videoId}/player.json",
    "/s/{handle}/{videoId}/captions/{language}.vtt",
    "/s/{handle}/{videoId}/chapters/{language}.vtt",
    "/s/{handle}/{videoId}/keys/{key}",
    "/s/{handle}/{videoId}/renew",
    "/s/{handle}/{videoId}/seat",
    "/u/{signature}/{videoId}",
    "/u/{signature}/{videoId}/{asset}",
    "/vod/{videoId}/{asset}",
    "/vod/{videoId}/hls/manifest.m3u8",
    "/vod/{videoId}/token/{token}/hls/manifest.m3u8",
    "/vod/{videoId}/token/{token}/mp4/source.mp4",
    "/vod/{videoId}/token/{token}/thumbnail.jpg",
    "/vod/{videoId}/token/{token}/captions/{language}.vtt",
    "/vod/{videoId}/token/{token}/chapters/{language}.vtt",
    "/vod/{videoId}/token/{token}/session",
    "/vod/{videoId}/session",
    "/embed/{videoId}/session",
    "/vod/{videoId}",
    "/embed/{videoId}",
    "/w/{code}",
    "/w/{code}/session",
    "/{videoId}.m3u8",
    "/{videoId}/thumbnail.jpg",
    "/{videoId}/storyboard.vtt",
    "/{videoId}/{quality}.mp4",
    "/{videoId}/manifest/video.m3u8",
    "/{videoId}/manifest/video.mpd",
    "/{videoId}/thumbnails/thumbnail.jpg",
    "/{videoId}/downloads/default.mp4",
    "/{videoId}/iframe",
    "/{videoId}/session",
    "/{token}/manifest/video.m3u8",
    "/{token}/manifest/video.mpd",
    "/{token}/thumbnails/thumbnail.jpg",
    "/{token}/downloads/default.mp4",
    "/{token}/iframe",
    "/{token}/session",
    "/live/{liveStreamId}",
    "/{liveStreamId}/thumbnail.jpg",
    "/player/{playerId}/logo.png",
    "/player/{file}",
];

impl<'a> Route<'a> {
    /// Reads a path; `None` is an address that does not exist.
    pub(crate) fn parse(path: &'a str) -> Option<Self> {
        let path = path.strip_prefix('/')?;
        let Some((role, rest)) = path.split_once('/') else {
            let video = path.strip_suffix(".m3u8")?.parse().ok()?;
            return Some(Self::Open { video, asset: Asset::HlsMaster });
        };
        match role {
            "s" => {
                let (handle, rest) = rest.split_once('/')?;
                let (video, asset) = rest.split_once('/')?;
                let video = video.parse().ok()?;
                match asset {
                    "renew" => Some(Self::Renew { handle, video }),
                    "seat" => Some(Self::Seat { handle, video }),
                    asset => Some(Self::Session { handle, video, asset: Asset::parse(asset)? }),
                }
            }
            "u" => {
                let (signature, rest) = rest.split_once('/')?;
                let Some((video, asset)) = rest.split_once('/') else {
                    return rest.parse().ok().map(|video| Self::Page(Some(video)));
                };
                Some(Self::Signed { signature, video: video.parse().ok()?, asset: Asset::parse(asset)? })
            }
            "w" => match rest.strip_suffix("/session") {
                Some(code) if is_code(code) => Some(Self::Present(Door::Link(code))),
                _ => is_code(rest).then_some(Self::Page(None)),
            },
            "vod" | "embed" if !rest.contains('/') => rest.parse().ok().map(|video| Self::Page(Some(video))),
            "vod" | "embed" if rest.ends_with("/session") && !rest.contains("/token/") => {
                Some(Self::Present(Door::Video(rest.strip_suffix("/session")?.parse().ok()?)))
            }
            "vod" => {
                let (video, rest) = rest.split_once('/')?;
                Self::of_vod(video.parse().ok()?, rest)
            }
            "player" if rest.contains('/') => {
                let player = rest.strip_suffix("/logo.png")?.parse().ok()?;
                Some(Self::Picture(Picture::Logo(player)))
            }
            "player" => Some(Self::Bundle { name: rest }),
            "live" => rest.parse::<LiveStreamId>().ok().map(|_| Self::Page(None)),
            video if let Ok(video) = video.parse() => Self::of_vendor(Door::Video(video), rest),
            token if is_jws(token) => Self::of_vendor(Door::Token { token, video: jose::peek_subject(token)? }, rest),
            "videos" => {
                let (video, rest) = video_of_client(rest)?;
                rest.ends_with("/master.m3u8").then_some(Self::Open { video, asset: Asset::HlsMaster })
            }
            signed if is_signed_folder(signed) => Self::of_vod_below(rest),
            live if rest == "thumbnail.jpg" => Some(Self::Picture(Picture::LiveThumbnail(live.parse().ok()?))),
            _ => None,
        }
    }

    /// The video it names. Where a token names one, nobody has verified it.
    pub(crate) fn video(&self) -> Option<VideoId> {
        match *self {
            Self::Session { video, .. }
            | Self::Renew { video, .. }
            | Self::Seat { video, .. }
            | Self::Signed { video, .. }
            | Self::Open { video, .. }
            | Self::Token { video, .. }
            | Self::InPath { video, .. }
            | Self::Enter { video, .. }
            | Self::Present(Door::Video(video) | Door::Token { video, .. }) => Some(video),
            Self::Page(video) => video,
            Self::Present(Door::Link(_)) | Self::Picture(_) | Self::Bundle { .. } => None,
        }
    }

    fn of_vod(video: VideoId, rest: &str) -> Option<Self> {
        let Some(rest) = rest.strip_prefix("token/") else {
            return Some(Self::Open { video, asset: vod_asset(rest)? });
        };
        let (token, rest) = rest.split_once('/')?;
        let token = PrivateToken::parse(token)?;
        if rest == "session" {
            return Some(Self::Enter { video, token });
        }
        // A private token has api.video's addresses and no more: everything else goes by session.
        let asset = vod_asset(rest)
            .filter(|asset| matches!(asset, Asset::HlsMaster | Asset::Mp4 | Asset::Thumbnail | Asset::Text(..)))?;
        Some(Self::Token { video, token, asset })
    }

    /// One of our addresses, behind what a dialect put in front of it.
    fn of_vod_below(rest: &'a str) -> Option<Self> {
        let (_, rest) = rest.split_once("vod/").filter(|(before, _)| before.is_empty() || before.ends_with('/'))?;
        let (video, asset) = rest.split_once('/')?;
        Some(Self::Open { video: video.parse().ok()?, asset: vod_asset(asset)? })
    }

    /// Other services' addresses, whose clients change nothing but the host.
    fn of_vendor(door: Door<'a>, rest: &str) -> Option<Self> {
        let asset = match rest {
            "session" => return Some(Self::Present(door)),
            "iframe" => {
                let named = if let Door::Video(video) = door { Some(video) } else { None };
                return Some(Self::Page(named));
            }
            "manifest/video.m3u8" => Asset::HlsMaster,
            "manifest/video.mpd" => Asset::DashManifest,
            "thumbnails/thumbnail.jpg" => Asset::Thumbnail,
            "downloads/default.mp4" => Asset::Mp4,
            _ => match (door, rest) {
                // A picture is called what it is, whatever its address ends with.
                (Door::Video(_), "thumbnail.jpg" | "thumbnail.png" | "thumbnail.webp") => Asset::Thumbnail,
                (Door::Video(_), "storyboard.vtt") => Asset::StoryboardVtt,
                (Door::Video(_), "highest.mp4" | "high.mp4" | "medium.mp4" | "low.mp4") => Asset::Mp4,
                _ => return None,
            },
        };
        match door {
            Door::Video(video) => Some(Self::Open { video, asset }),
            Door::Token { token, video } => Some(Self::InPath { video, token, asset }),
            Door::Link(_) => None,
        }
    }

    /// Does this path belong to the edge at all, well-formed or not?
    pub(crate) fn owns(path: &str) -> bool {
        let of_a_role = ["/s/", "/u/", "/w/", "/vod/", "/embed/", "/player/", "/live/", "/private/"];
        // What has an address of its own at the root has a name that cannot be taken for anything else.
        let first = path.strip_prefix('/').and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let name = first.split('.').next().unwrap_or_default();
        of_a_role.iter().any(|prefix| path.starts_with(prefix))
            || name.parse::<LiveStreamId>().is_ok()
            || name.parse::<VideoId>().is_ok()
            || is_jws(first)
            || is_signed_folder(first)
            || path.strip_prefix("/videos/").is_some_and(|rest| video_of_client(rest).is_some())
    }
}

/// Three parts of base64url, the first of which is an object: so begins every JWS, and nothing else of ours.
fn is_jws(text: &str) -> bool {
    text.starts_with("eyJ") && text.bytes().filter(|c| *c == b'.').count() == 2
}

/// Dialects that sign a path put their signature in front of it: Bunny's `bcdn_token=…`, and the minute that Alibaba's
/// begin with.
fn is_signed_folder(segment: &str) -> bool {
    segment.starts_with("bcdn_token=") || (segment.len() == 12 && segment.bytes().all(|c| c.is_ascii_digit()))
}

/// Does the path itself carry a signature?
pub(crate) fn is_signed_path(path: &str) -> bool {
    let first = path.strip_prefix('/').and_then(|rest| rest.split('/').next()).unwrap_or_default();
    is_signed_folder(first) || first == "videos"
}

/// Gcore's folder, `<client>_<video>`, which no address of the API is taken for.
fn video_of_client(path: &str) -> Option<(VideoId, &str)> {
    let (folder, rest) = path.split_once('/')?;
    Some((folder.split_once('_')?.1.parse().ok()?, rest))
}

/// A share link's code: letters and digits.
fn is_code(text: &str) -> bool {
    text.len() == LINK_CODE_CHARS && text.bytes().all(|c| c.is_ascii_alphanumeric())
}

/// api.video calls the master playlist `manifest.m3u8`.
fn vod_asset(path: &str) -> Option<Asset> {
    match path {
        "hls/manifest.m3u8" => Some(Asset::HlsMaster),
        "hls/master.m3u8" => None,
        other => Asset::parse(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_strictly() {
        let video = VideoId::from_random([3; 22]);
        let live = LiveStreamId::from_random([3; 22]);
        let token = "0d1b2a30-0000-4000-8000-000000000001";
        let known = [
            (format!("/vod/{video}"), true),
            (format!("/embed/{video}"), true),
            (format!("/vod/{video}/"), false),
            (format!("/vod/{video}/hls/manifest.m3u8"), true),
            (format!("/vod/{video}/hls/master.m3u8"), false),
            (format!("/vod/{video}/token/{token}/session"), true),
            (format!("/vod/{video}/token/{token}/hls/manifest.m3u8"), true),
            (format!("/vod/{video}/token/{}/session", token.to_uppercase()), false),
            (format!("/vod/{video}/token/{token}/storyboard.vtt"), false),
            (format!("/vod/{video}/token/{token}/captions/fr.vtt"), true),
            (format!("/vod/{video}/token/{token}/hls/subtitles-fr.m3u8"), false),
            (format!("/vod/{video}/captions/fr.vtt"), true),
            (format!("/s/handle/{video}/chapters/fr.vtt"), true),
            (format!("/s/handle/{video}/hls/master.m3u8"), true),
            (format!("/s/handle/{video}/hls/manifest.m3u8"), true),
            (format!("/s/handle/{video}/player.json"), true),
            (format!("/vod/{video}/token/{token}/player.json"), false),
            (format!("/player/pl{}/logo.png", "0".repeat(22)), true),
            ("/player/x/logo.png".to_owned(), false),
            (format!("/live/{live}"), true),
            (format!("/{live}/thumbnail.jpg"), true),
            (format!("/{video}/thumbnail.jpg"), true),
            (format!("/{video}/thumbnail.webp"), true),
            (format!("/{video}/thumbnail.gif"), false),
            (format!("/live/{video}"), false),
            (format!("/{live}.m3u8"), false),
            (format!("/s/handle/{video}/../x"), false),
            (format!("/S/handle/{video}/hls/master.m3u8"), false),
            ("/".to_owned(), false),
            ("/videos".to_owned(), false),
        ];
        for (path, expected) in known {
            // `manifest` is a well-formed track name below a session, so that address parses and finds nothing.
            assert_eq!(Route::parse(&path).is_some(), expected, "{path}");
        }
        for path in [format!("/{live}.m3u8"), format!("/{live}/x"), format!("/private/{token}/{live}.m3u8")] {
            assert!(Route::owns(&path), "{path}");
        }
        assert!(!Route::owns("/live-streams") && !Route::owns(&format!("/live-streams/{live}")));
    }
}
