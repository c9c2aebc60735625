//! A thing of a video that can be requested, and the one spelling of its address below the video.

use std::str::FromStr;

use crate::{foreign::Foreign, language::Language, presentation::TrackName, rights::Rights, timed_text::TextKind};

/// How the playlist of a language's captions begins; no track is named so.
const SUBTITLES: &str = "subtitles-";

/// Everything a viewer can ask for. A new asset is a new line here, and nowhere else can one be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asset {
    HlsMaster,
    HlsMedia(TrackName),
    DashManifest,
    Init(TrackName),
    Segment(TrackName, u32),
    Mp4,
    Thumbnail,
    StoryboardVtt,
    StoryboardSheet(u32),
    /// Captions or chapters.
    Text(TextKind, Language),
    /// What the embed page shows the video with.
    PlayerJson,
    /// Captions as a rendition of the HLS master.
    Subtitles(Language),
    /// A key of encrypted segments.
    Key(u32),
    /// Something of an origin that is not ours. It has no address among these.
    Foreign(Foreign),
}

/// Who may keep a copy of an answer, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Names other things by address or may change: ask again each time.
    Never,
    /// Bytes that never change under this name.
    Immutable,
}

impl Asset {
    /// Reads the path below `…/<videoId>/`.
    pub fn parse(path: &str) -> Option<Self> {
        let Some((folder, file)) = path.split_once('/') else {
            return match path {
                "thumbnail.jpg" => Some(Self::Thumbnail),
                "player.json" => Some(Self::PlayerJson),
                "storyboard.vtt" => Some(Self::StoryboardVtt),
                _ => None,
            };
        };
        // Neither names nor numbers nor languages have a slash in them.
        Some(match (folder, file) {
            ("hls", "master.m3u8") => Self::HlsMaster,
            ("hls", _) if file.starts_with(SUBTITLES) => {
                Self::Subtitles(file[SUBTITLES.len()..].strip_suffix(".m3u8")?.parse().ok()?)
            }
            ("hls", _) => Self::HlsMedia(track(file.strip_suffix(".m3u8")?)?),
            ("dash", "manifest.mpd") => Self::DashManifest,
            ("media", _) => match file.split_once('/')? {
                (name, "init.mp4") => Self::Init(track(name)?),
                (name, file) => Self::Segment(track(name)?, number(file.strip_suffix(".m4s")?)?),
            },
            ("mp4", "source.mp4") => Self::Mp4,
            ("keys", _) => Self::Key(number(file)?),
            ("storyboard", _) => Self::StoryboardSheet(number(file.strip_suffix(".jpg")?)?),
            _ => Self::Text(TextKind::parse(folder)?, file.strip_suffix(".vtt")?.parse().ok()?),
        })
    }

    /// The right that it takes.
    pub const fn right(&self) -> Rights {
        match self {
            Self::Mp4 => Rights::DOWNLOAD,
            Self::Thumbnail | Self::StoryboardVtt | Self::StoryboardSheet(_) | Self::Foreign(Foreign::Picture) => {
                Rights::PICTURES
            }
            _ => Rights::WATCH,
        }
    }

    /// Is it part of the film itself? Whoever fetches it is watching.
    pub const fn is_film(&self) -> bool {
        matches!(self, Self::Init(_) | Self::Segment(..) | Self::Mp4 | Self::Key(_) | Self::Foreign(Foreign::Film))
    }

    /// The path below `…/<videoId>/`; what [`Asset::parse`] reads.
    pub fn path(&self) -> String {
        match self {
            Self::HlsMaster => "hls/master.m3u8".into(),
            Self::HlsMedia(name) => format!("hls/{name}.m3u8"),
            Self::DashManifest => "dash/manifest.mpd".into(),
            Self::Init(name) => format!("media/{name}/init.mp4"),
            Self::Segment(name, index) => format!("media/{name}/{index}.m4s"),
            Self::Mp4 => "mp4/source.mp4".into(),
            Self::Thumbnail => "thumbnail.jpg".into(),
            Self::StoryboardVtt => "storyboard.vtt".into(),
            Self::PlayerJson => "player.json".into(),
            Self::StoryboardSheet(index) => format!("storyboard/{index}.jpg"),
            Self::Text(kind, language) => format!("{}/{language}.vtt", kind.as_str()),
            Self::Subtitles(language) => format!("hls/{SUBTITLES}{language}.m3u8"),
            Self::Key(number) => format!("keys/{number}"),
            Self::Foreign(_) => String::new(),
        }
    }

    pub const fn content_type(&self) -> &'static str {
        match self {
            Self::HlsMaster | Self::HlsMedia(_) | Self::Subtitles(_) => "application/vnd.apple.mpegurl",
            Self::DashManifest => "application/dash+xml",
            Self::PlayerJson => "application/json",
            Self::Init(_) | Self::Segment(..) | Self::Mp4 => "video/mp4",
            Self::Thumbnail | Self::StoryboardSheet(_) => "image/jpeg",
            Self::StoryboardVtt | Self::Text(..) => "text/vtt",
            Self::Key(_) | Self::Foreign(_) => "application/octet-stream",
        }
    }

    pub const fn keep(&self) -> Keep {
        match self {
            Self::Init(_) | Self::Segment(..) => Keep::Immutable,
            _ => Keep::Never,
        }
    }
}

fn track(name: &str) -> Option<TrackName> {
    TrackName::from_str(name).ok()
}

/// Decimal digits without sign or leading zero, so that one thing has one address.
fn number(digits: &str) -> Option<u32> {
    let canonical = digits == "0" || !digits.starts_with('0');
    (canonical && digits.len() <= 6 && digits.bytes().all(|c| c.is_ascii_digit())).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_has_one_address() {
        let name = || TrackName::from_str("v720").expect("a track name");
        let language = || "fr-BE".parse().expect("a language");
        let all = [
            Asset::HlsMaster,
            Asset::HlsMedia(name()),
            Asset::DashManifest,
            Asset::Init(name()),
            Asset::Segment(name(), 0),
            Asset::Segment(name(), 100),
            Asset::Mp4,
            Asset::Thumbnail,
            Asset::StoryboardVtt,
            Asset::StoryboardSheet(3),
            Asset::Text(TextKind::Captions, language()),
            Asset::Text(TextKind::Chapters, language()),
            Asset::Subtitles(language()),
            Asset::PlayerJson,
            Asset::Key(0),
            Asset::Key(12),
        ];
        for asset in all {
            assert_eq!(Asset::parse(&asset.path()), Some(asset));
        }
        let strangers = [
            "",
            "hls",
            "hls/",
            "hls/master.m3u8/",
            "hls/MASTER.m3u8",
            "hls//master.m3u8",
            "hls/../master.m3u8",
            "media/v720/01.m4s",
            "media/v720/+1.m4s",
            "media/v720/-1.m4s",
            "media/v720/1.m4s/x",
            "media/v720/4294967296.m4s",
            "media/../0.m4s",
            "mp4/1080/source.mp4",
            "thumbnail.JPG",
            "storyboard/.jpg",
            "captions/.vtt",
            "captions/xx.vtt",
            "captions/fr.VTT",
            "captions/fr.vtt/x",
            "subtitles/fr.vtt",
            "keys",
            "keys/",
            "keys/01",
            "keys/+1",
            "keys/1.key",
            "hls/subtitles-.m3u8",
            "hls/subtitles-fr.vtt",
        ];
        for path in strangers {
            assert_eq!(Asset::parse(path), None, "{path:?}");
        }
    }
}
