//! Which right a path takes, where the origin is not admit: what it is, told by its end.
//!
//! A path that ends like no picture and no part of a stream is a film as one file, so that what nobody thought of takes
//! the right that is given least.

/// The poster and the storyboard.
pub(super) const PICTURES: [&str; 7] = [".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", "/storyboard.vtt"];

/// Playlists, segments and texts. Keys (`…/keys/<number>`) are parts of a stream as well.
pub(super) const STREAM: [&str; 14] = [
    ".m3u8",
    ".mpd",
    ".m4s",
    ".ts",
    ".aac",
    ".cmfv",
    ".cmfa",
    ".cmft",
    ".vtt",
    ".json",
    ".key",
    "/init.mp4",
    "_init.mp4",
    "-init.mp4",
];

const KEYS: &str = "(^|/)keys/[0-9]+$";

/// A regular expression, without slashes escaped, for paths that begin without one.
pub(super) fn pictures() -> String {
    ends_with(&PICTURES)
}

pub(super) fn stream() -> String {
    format!("{}|{KEYS}", ends_with(&STREAM))
}

fn ends_with(endings: &[&str]) -> String {
    let pattern = |ending: &&str| match ending.strip_prefix('/') {
        Some(name) => format!("(^|/){}$", name.replace('.', "\\.")),
        None => format!("{}$", ending.replace('.', "\\.")),
    };
    endings.iter().map(pattern).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{asset::Asset, presentation::TrackName, rights::Rights, timed_text::TextKind};

    /// As the generated validators judge.
    fn right_of(path: &str) -> Rights {
        let path = format!("/{path}");
        let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
        if ends(&PICTURES) {
            Rights::PICTURES
        } else if ends(&STREAM) {
            Rights::WATCH
        } else {
            Rights::DOWNLOAD
        }
    }

    #[test]
    fn our_own_assets_take_the_rights_they_take_at_our_own_gate() {
        let name = || TrackName::from_str("v720").expect("a track name");
        let language = || "fr-BE".parse().expect("a language");
        for asset in [
            Asset::HlsMaster,
            Asset::HlsMedia(name()),
            Asset::DashManifest,
            Asset::Init(name()),
            Asset::Segment(name(), 7),
            Asset::Mp4,
            Asset::Thumbnail,
            Asset::StoryboardVtt,
            Asset::StoryboardSheet(3),
            Asset::Text(TextKind::Captions, language()),
            Asset::Text(TextKind::Chapters, language()),
            Asset::Subtitles(language()),
            Asset::PlayerJson,
        ] {
            assert_eq!(right_of(&asset.path()), asset.right(), "{asset:?}");
        }
    }

    #[test]
    fn what_nobody_thought_of_is_a_download() {
        for path in ["film.mp4", "film.mkv", "film", "hls/film.M3U8", "init.mp4.zip", "myinit.mp4"] {
            assert_eq!(right_of(path), Rights::DOWNLOAD, "{path}");
        }
    }

    use std::str::FromStr as _;
}
