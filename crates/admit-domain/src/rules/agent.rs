//! Families of programs that play videos, as they name themselves in `User-Agent`.

use std::{fmt, str::FromStr};

use super::choice::Choice;

/// With what a video may be watched.
pub type Agents = Choice<Agent>;

/// A text that names no family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected one of chrome, firefox, safari, edge, opera, samsungInternet, appleCoreMedia, exoPlayer, vlc, curl, ffmpeg \
     and other"
)]
pub struct BadAgent;

/// A family of programs. They say so themselves, so this keeps out the careless, not the determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agent {
    /// Chrome and Chromium, on computers, Android and iOS.
    Chrome,
    Firefox,
    /// The browser. The films in it are fetched by [`Self::AppleCoreMedia`].
    Safari,
    Edge,
    Opera,
    SamsungInternet,
    /// What Apple's systems fetch films with, for Safari, apps and `AirPlay`.
    AppleCoreMedia,
    /// `ExoPlayer` and Media3, with which apps on Android play.
    ExoPlayer,
    Vlc,
    Curl,
    /// Programs built on FFmpeg's libraries.
    Ffmpeg,
    /// Whatever is none of the others, or says nothing.
    Other,
}

/// How the products of each family call themselves (RFC 9110 §10.1.5). The first line that is found decides, so those
/// who also claim to be others stand before them: Edge, Opera and Samsung claim to be Chrome, and all claim Safari.
const PRODUCTS: [(&str, Agent); 18] = [
    ("AppleCoreMedia", Agent::AppleCoreMedia),
    ("AndroidXMedia3", Agent::ExoPlayer),
    ("ExoPlayerLib", Agent::ExoPlayer),
    ("VLC", Agent::Vlc),
    ("LibVLC", Agent::Vlc),
    ("curl", Agent::Curl),
    ("Lavf", Agent::Ffmpeg),
    ("Edg", Agent::Edge),
    ("EdgA", Agent::Edge),
    ("EdgiOS", Agent::Edge),
    ("OPR", Agent::Opera),
    ("OPT", Agent::Opera),
    ("SamsungBrowser", Agent::SamsungInternet),
    ("Firefox", Agent::Firefox),
    ("FxiOS", Agent::Firefox),
    ("Chrome", Agent::Chrome),
    ("CriOS", Agent::Chrome),
    ("Safari", Agent::Safari),
];

impl Agent {
    pub const ALL: [Self; 12] = [
        Self::Chrome,
        Self::Firefox,
        Self::Safari,
        Self::Edge,
        Self::Opera,
        Self::SamsungInternet,
        Self::AppleCoreMedia,
        Self::ExoPlayer,
        Self::Vlc,
        Self::Curl,
        Self::Ffmpeg,
        Self::Other,
    ];

    /// The family that a `User-Agent` names.
    pub fn of(user_agent: &str) -> Self {
        let names = |product: &str| {
            user_agent.split(' ').any(|word| word.strip_prefix(product).is_some_and(|rest| rest.starts_with('/')))
        };
        PRODUCTS.iter().find(|(product, _)| names(product)).map_or(Self::Other, |(_, agent)| *agent)
    }

    /// The stable name of the family, as rules spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chrome => "chrome",
            Self::Firefox => "firefox",
            Self::Safari => "safari",
            Self::Edge => "edge",
            Self::Opera => "opera",
            Self::SamsungInternet => "samsungInternet",
            Self::AppleCoreMedia => "appleCoreMedia",
            Self::ExoPlayer => "exoPlayer",
            Self::Vlc => "vlc",
            Self::Curl => "curl",
            Self::Ffmpeg => "ffmpeg",
            Self::Other => "other",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Chrome => "Chrome",
            Self::Firefox => "Firefox",
            Self::Safari => "Safari",
            Self::Edge => "Edge",
            Self::Opera => "Opera",
            Self::SamsungInternet => "Samsung Internet",
            Self::AppleCoreMedia => "AppleCoreMedia",
            Self::ExoPlayer => "ExoPlayer",
            Self::Vlc => "VLC",
            Self::Curl => "curl",
            Self::Ffmpeg => "FFmpeg",
            Self::Other => "programs of no known family",
        }
    }
}

impl FromStr for Agent {
    type Err = BadAgent;

    fn from_str(text: &str) -> Result<Self, BadAgent> {
        Self::ALL.into_iter().find(|agent| agent.as_str() == text).ok_or(BadAgent)
    }
}

/// As people call it.
impl fmt::Display for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
