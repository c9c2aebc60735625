//! Which address of ours a text is, as far as an explanation needs to know: whose credential it shows, for which asset.

use std::net::IpAddr;

use admit_domain::{
    asset::Asset, dialects::apivideo::PrivateToken, id::VideoId, jose, limits::LINK_CODE_CHARS, shown::Shown,
};

/// An address taken apart, as it was sent.
pub(in crate::actions) struct Place<'a> {
    origin: &'a str,
    path: &'a str,
    query: &'a str,
}

impl<'a> Place<'a> {
    /// Without a host it is one of `ours`.
    pub(in crate::actions) fn of(url: &'a str, ours: &'a str) -> Self {
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        let (url, query) = url.split_once('?').unwrap_or((url, ""));
        let host_at = url.find("://").map(|scheme| scheme + 3);
        let (origin, path) = match host_at {
            None => (ours, url),
            Some(host_at) => {
                let end = url[host_at..].find('/').map_or(url.len(), |slash| host_at + slash);
                url.split_at(end)
            }
        };
        Self { origin, path, query }
    }

    /// As the edge shows it to dialects: the embed page's session is asked for beside the page.
    pub(in crate::actions) fn shown(&self, path_token: Option<&str>, ip: Option<IpAddr>) -> Shown {
        Shown {
            origin: self.origin.to_owned(),
            path: self.path.strip_suffix("/session").unwrap_or(self.path).to_owned(),
            query: self.query.to_owned(),
            path_token: path_token.map(str::to_owned),
            ip,
            ..Shown::default()
        }
    }

    fn parameter(&self, name: &str) -> Option<&'a str> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// What is asked for, and by what right. A page asks for what its player will ask for.
pub(in crate::actions) enum Address<'a> {
    Session { handle: &'a str, video: VideoId, asset: Asset },
    Signed { signature: &'a str, video: VideoId, asset: Asset },
    Private { video: VideoId, token: PrivateToken, asset: Asset },
    Open { video: VideoId, asset: Asset },
    InPath { token: &'a str, video: VideoId, asset: Asset },
    Link(&'a str),
}

impl<'a> Address<'a> {
    pub(in crate::actions) fn parse(place: &Place<'a>) -> Option<Self> {
        let path = place.path.strip_prefix('/')?;
        let path = path.strip_suffix("/session").unwrap_or(path);
        let Some((role, rest)) = path.split_once('/') else {
            let (video, asset) = match path.strip_suffix(".m3u8") {
                Some(video) => (video, Asset::HlsMaster),
                None => (path, Asset::HlsMaster),
            };
            return Some(Self::Open { video: video.parse().ok()?, asset });
        };
        match role {
            "s" => {
                let (handle, rest) = rest.split_once('/')?;
                let (video, asset) = below(rest)?;
                Some(Self::Session { handle, video, asset })
            }
            "u" => {
                let (signature, rest) = rest.split_once('/')?;
                let (video, asset) = below(rest)?;
                Some(Self::Signed { signature, video, asset })
            }
            "w" => (rest.len() == LINK_CODE_CHARS).then_some(Self::Link(rest)),
            "vod" | "embed" => Self::of_vod(place, rest),
            video if let Ok(video) = video.parse() => Some(Self::Open { video, asset: of_vendor(rest)? }),
            // Dialects that sign a path put something in front of it, and Gcore has folders of its own.
            "videos" => {
                let (client, asset) = rest.split_once('/')?;
                let video = client.split_once('_')?.1.parse().ok()?;
                asset.ends_with("master.m3u8").then_some(Self::Open { video, asset: Asset::HlsMaster })
            }
            _ if let Some((_, rest)) = path.split_once("/vod/") => Self::of_vod(place, rest),
            token => Some(Self::InPath { token, video: jose::peek_subject(token)?, asset: of_vendor(rest)? }),
        }
    }

    fn of_vod(place: &Place<'a>, rest: &'a str) -> Option<Self> {
        let Some((video, rest)) = rest.split_once("/token/") else {
            let (video, asset) = below(rest)?;
            // The page of a private token shows it in its query.
            let token = place.parameter("token").and_then(PrivateToken::parse);
            return Some(match token {
                Some(token) => Self::Private { video, token, asset },
                None => Self::Open { video, asset },
            });
        };
        let video = video.parse().ok()?;
        let (token, asset) = rest.split_once('/').unwrap_or((rest, "hls/manifest.m3u8"));
        let asset = asset_of(asset)?;
        Some(match place.parameter("avh") {
            Some(handle) => Self::Session { handle, video, asset },
            None => Self::Private { video, token: PrivateToken::parse(token)?, asset },
        })
    }
}

/// `<videoId>` or `<videoId>/<asset>`.
fn below(rest: &str) -> Option<(VideoId, Asset)> {
    let (video, asset) = rest.split_once('/').unwrap_or((rest, "renew"));
    Some((video.parse().ok()?, asset_of(asset)?))
}

fn asset_of(path: &str) -> Option<Asset> {
    match path {
        "hls/manifest.m3u8" | "renew" => Some(Asset::HlsMaster),
        other => Asset::parse(other),
    }
}

fn of_vendor(rest: &str) -> Option<Asset> {
    match rest {
        "manifest/video.m3u8" | "iframe" => Some(Asset::HlsMaster),
        "manifest/video.mpd" => Some(Asset::DashManifest),
        "thumbnails/thumbnail.jpg" | "thumbnail.jpg" => Some(Asset::Thumbnail),
        "storyboard.vtt" => Some(Asset::StoryboardVtt),
        "downloads/default.mp4" | "highest.mp4" | "high.mp4" | "medium.mp4" | "low.mp4" => Some(Asset::Mp4),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart() {
        let video = VideoId::from_random([3; 22]);
        let token = "0d1b2a30-0000-4000-8000-000000000001";
        let code = "0".repeat(LINK_CODE_CHARS);
        for (url, kind) in [
            (format!("https://a.example/s/handle/{video}/hls/master.m3u8"), "session"),
            (format!("/s/handle/{video}/renew"), "session"),
            (format!("/u/1.1.x/{video}"), "signed"),
            (format!("/u/1.1.x/{video}/mp4/source.mp4"), "signed"),
            (format!("/vod/{video}/token/{token}/hls/manifest.m3u8"), "private"),
            (format!("/vod/{video}/token/{token}/session"), "private"),
            (format!("/vod/{video}/token/{token}/mp4/source.mp4?avh=x"), "session"),
            (format!("https://a.example:8443/embed/{video}?token={token}#x"), "private"),
            (format!("/vod/{video}?token=a.b.c"), "open"),
            (format!("/embed/{video}/session?token=a.b.c"), "open"),
            (format!("/vod/{video}/thumbnail.jpg?expires=1"), "open"),
            (format!("/{video}.m3u8?token=a.b.c"), "open"),
            (format!("/{video}/manifest/video.m3u8"), "open"),
            (format!("/bcdn_token=x&expires=1/vod/{video}/hls/manifest.m3u8"), "open"),
            (format!("/videos/1_{video}/master.m3u8"), "open"),
            (format!("/w/{code}"), "link"),
            (format!("/w/{code}/session"), "link"),
            ("/videos".to_owned(), "none"),
            ("https://a.example".to_owned(), "none"),
            (format!("/vod/{video}/new.txt"), "none"),
            ("/token/manifest/video.m3u8".to_owned(), "none"),
        ] {
            let found = match Address::parse(&Place::of(&url, "https://ours.example")) {
                Some(Address::Session { .. }) => "session",
                Some(Address::Signed { .. }) => "signed",
                Some(Address::Private { .. }) => "private",
                Some(Address::Open { .. }) => "open",
                Some(Address::InPath { .. }) => "in path",
                Some(Address::Link(_)) => "link",
                None => "none",
            };
            assert_eq!(found, kind, "{url}");
        }
    }

    #[test]
    fn a_place_is_shown_as_it_was_sent() {
        let shown = Place::of("https://a.example:8443/vod/x/session?b=%20#c", "https://ours.example").shown(None, None);
        assert_eq!((shown.origin.as_str(), shown.path.as_str()), ("https://a.example:8443", "/vod/x"));
        assert_eq!(shown.query, "b=%20");
        assert_eq!(Place::of("/vod/x", "https://ours.example").shown(None, None).origin, "https://ours.example");
    }
}
