//! The addresses an edge answers: one table, read from the path alone.

use admit_domain::{
    asset::Asset,
    dialects::apivideo::PrivateToken,
    id::{LiveStreamId, VideoId},
};

use crate::control::Picture;

/// Where a request wants to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// An asset by session.
    Session { handle: &'a str, video: VideoId, asset: Asset },
    /// An asset of a public video.
    Open { video: VideoId, asset: Asset },
    /// An asset by private token.
    Token { video: VideoId, token: PrivateToken, asset: Asset },
    /// The session of a private token.
    Enter { video: VideoId, token: PrivateToken },
    /// The embed page.
    Page,
    /// A picture that is no part of a video.
    Picture(Picture),
    /// The embed page's script or style.
    Bundle { name: &'a str },
}

/// Every shape of address there is, for the inventory that must miss none.
pub const TEMPLATES: [&str; 27] = [
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
    "/vod/{videoId}/{asset}",
    "/vod/{videoId}/hls/manifest.m3u8",
    "/vod/{videoId}/token/{token}/hls/manifest.m3u8",
    "/vod/{videoId}/token/{token}/mp4/source.mp4",
    "/vod/{videoId}/token/{token}/thumbnail.jpg",
    "/vod/{videoId}/token/{token}/captions/{language}.vtt",
    "/vod/{videoId}/token/{token}/chapters/{language}.vtt",
    "/vod/{videoId}/token/{token}/session",
    "/vod/{videoId}",
    "/embed/{videoId}",
    "/live/{liveStreamId}",
    "/{liveStreamId}/thumbnail.jpg",
    "/player/{playerId}/logo.png",
    "/player/{file}",
];

impl<'a> Route<'a> {
    /// Reads a path; `None` is an address that does not exist.
    pub(crate) fn parse(path: &'a str) -> Option<Self> {
        let (role, rest) = path.strip_prefix('/')?.split_once('/')?;
        match role {
            "s" => {
                let (handle, rest) = rest.split_once('/')?;
                let (video, asset) = rest.split_once('/')?;
                Some(Self::Session { handle, video: video.parse().ok()?, asset: Asset::parse(asset)? })
            }
            "vod" | "embed" if !rest.contains('/') => rest.parse::<VideoId>().ok().map(|_| Self::Page),
            "vod" => {
                let (video, rest) = rest.split_once('/')?;
                Self::of_vod(video.parse().ok()?, rest)
            }
            "player" if rest.contains('/') => {
                let player = rest.strip_suffix("/logo.png")?.parse().ok()?;
                Some(Self::Picture(Picture::Logo(player)))
            }
            "player" => Some(Self::Bundle { name: rest }),
            "live" => rest.parse::<LiveStreamId>().ok().map(|_| Self::Page),
            live if rest == "thumbnail.jpg" => Some(Self::Picture(Picture::LiveThumbnail(live.parse().ok()?))),
            _ => None,
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

    /// Does this path belong to the edge at all, well-formed or not?
    pub(crate) fn owns(path: &str) -> bool {
        let of_a_role = ["/s/", "/vod/", "/embed/", "/player/", "/live/", "/private/"];
        // A live stream's own address is at the root, where its id cannot be taken for anything else.
        let name = path.strip_prefix('/').and_then(|rest| rest.split(['/', '.']).next()).unwrap_or_default();
        of_a_role.iter().any(|prefix| path.starts_with(prefix)) || name.parse::<LiveStreamId>().is_ok()
    }
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
            (format!("/{video}/thumbnail.jpg"), false),
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
