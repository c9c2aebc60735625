//! Values a setting may take. Each is parsed once, and what is parsed needs no second look.

use std::{fmt, str::FromStr};

use admit_domain::outbound;
use http::Uri;
use serde::{Deserialize, de::Error as _};

/// The origin others reach us by: `https://video.example.org`, with no path and no slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "expected an origin such as https://video.example.org, without a path";
        let origin = text.strip_suffix('/').unwrap_or(text);
        let uri: Uri = origin.parse().map_err(|_| WANTED)?;
        let authority = uri.authority().ok_or(WANTED)?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or(WANTED)?;
        let canonical = format!("{scheme}://{}", authority.as_str().to_ascii_lowercase());
        let has_only_origin = canonical.eq_ignore_ascii_case(origin) && !authority.as_str().contains('@');
        has_only_origin.then_some(Self(canonical)).ok_or(WANTED)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A folder at a web server: `https://media.example.org/films`, with no slash at the end and nothing behind the path. A
/// password has no place in it, since it is printed where it cannot be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderUrl(String);

impl FolderUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FolderUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "expected the address of a folder such as https://media.example.org/films";
        let folder = text.trim_end_matches('/');
        let uri: Uri = folder.parse().map_err(|_| WANTED)?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let has_host = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        (is_web && has_host && !folder.contains(['?', '#'])).then(|| Self(folder.to_owned())).ok_or(WANTED)
    }
}

/// Origins with commas between them.
pub(super) fn origins(text: &str) -> Result<Vec<PublicUrl>, BadOrigin> {
    text.split(',').map(|origin| origin.trim().parse().map_err(BadOrigin)).collect()
}

/// One of them is no origin.
#[derive(Clone, Copy, Debug)]
pub(super) struct BadOrigin(&'static str);

impl fmt::Display for BadOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for BadOrigin {}

/// Where the database is. The text may hold a password, so only its scheme is ever printed.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for DatabaseUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        known.then(|| Self(text.to_owned())).ok_or("expected sqlite:FILE or postgres://USER@HOST/NAME")
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.split(':').next().unwrap_or_default();
        write!(f, "{scheme}:…")
    }
}

/// With which the secrets begin that are handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretPrefix(pub String);

impl FromStr for SecretPrefix {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_short = (2..=16).contains(&text.len());
        let is_plain = text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        (is_short && is_plain).then(|| Self(text.to_owned())).ok_or("expected 2 to 16 lower-case letters and digits")
    }
}

/// Whether a video whose creator did not say is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Public,
    Private,
}

impl FromStr for Visibility {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "public" => Ok(Self::Public),
            "private" => Ok(Self::Private),
            _ => Err("expected public or private"),
        }
    }
}

impl From<Visibility> for admit_domain::video::Visibility {
    fn from(configured: Visibility) -> Self {
        match configured {
            Visibility::Public => Self::Public,
            Visibility::Private => Self::Private,
        }
    }
}

/// Addresses of the operator's own that may be called: `10.1.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(pub outbound::Network);

impl FromStr for Network {
    type Err = outbound::BadNetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Every spelling above is read from text, in the file and in the environment alike.
macro_rules! read_from_text {
    ($($name:ty),+) => {
        $(impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        })+
    };
}
read_from_text!(PublicUrl, FolderUrl, DatabaseUrl, Visibility, SecretPrefix, Network);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin() {
        for (text, canonical) in [
            ("https://video.example.org", "https://video.example.org"),
            ("https://Video.Example.org/", "https://video.example.org"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().map(|url| url.to_string()), Ok(canonical.to_owned()), "{text}");
        }
        for wrong in
            ["", "video.example.org", "ftp://a", "https://a/b", "https://a?x", "https://u@a", "https://", "https://a//"]
        {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_database_password_is_not_printed() {
        let url: DatabaseUrl = "postgres://admit:hunter2@db/admit".parse().unwrap();
        assert_eq!(format!("{url:?}"), "postgres:…");
        assert!("mysql://db".parse::<DatabaseUrl>().is_err());
    }
}
