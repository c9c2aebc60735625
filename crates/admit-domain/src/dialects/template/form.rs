//! The declarations that can be chosen: one of the customer's own, or one that is known by name.

use std::fmt;

use super::{piece::is_parameter, presets::PRESETS, recipe::Recipe};
use crate::{
    dialects::{
        hash::Algorithm,
        lines::{BadLines, Lines},
    },
    limits::FOREIGN_SECRET_BYTES_MIN,
};

/// A declared dialect, or one that needs more than a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Template {
    Recipe(Recipe),
    /// Wowza's SecureToken, version 2.
    Wowza(Wowza),
    /// Apache Traffic Server's `url_sig`.
    UrlSig,
    /// OvenMediaEngine's SignedPolicy.
    SignedPolicy,
}

/// What an operator of Wowza chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wowza {
    /// What the names of its parameters begin with.
    pub prefix: String,
    /// One of the SHA-2 family.
    pub algorithm: Algorithm,
}

impl Default for Wowza {
    fn default() -> Self {
        Self { prefix: "wowzatoken".to_owned(), algorithm: Algorithm::Sha256 }
    }
}

const WOWZA: &str = "wowza-v2";
const URL_SIG: &str = "ats-url-sig";
const SIGNED_POLICY: &str = "ome-signed-policy";
/// The name of a declaration that has none.
const DECLARED: &str = "template";

impl Template {
    /// Every name that can be chosen; `template` wants lines.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PRESETS.iter().map(|(name, _)| *name).chain([WOWZA, URL_SIG, SIGNED_POLICY, DECLARED])
    }

    /// The template of that name with these lines; `None` when there is none of that name.
    pub fn named(name: &str, lines: &str) -> Option<Result<Self, BadLines>> {
        let alone = |template: Self| Lines::read(lines).and_then(Lines::end).map(|()| template);
        Some(match name {
            DECLARED => Recipe::parse(lines).map(Self::Recipe),
            WOWZA => Wowza::parse(lines).map(Self::Wowza),
            URL_SIG => alone(Self::UrlSig),
            SIGNED_POLICY => alone(Self::SignedPolicy),
            _ => {
                let (_, preset) = PRESETS.iter().find(|(known, _)| *known == name)?;
                Recipe::parse(preset).and_then(|recipe| alone(Self::Recipe(recipe)))
            }
        })
    }

    /// Judges how a secret is spelled; otherwise tells what would have been right.
    pub fn judge_secret(&self, secret: &[u8]) -> Result<(), &'static str> {
        let is_right = match self {
            Self::Recipe(recipe) => {
                recipe.key.bytes(secret).is_some_and(|bytes| bytes.len() >= FOREIGN_SECRET_BYTES_MIN)
            }
            Self::Wowza(_) => std::str::from_utf8(secret).is_ok(),
            Self::UrlSig | Self::SignedPolicy => true,
        };
        if is_right { Ok(()) } else { Err("at least 16 bytes in the encoding that the template names") }
    }

    /// A new secret, where the template wants it spelled in a way of its own.
    pub fn spell_secret(&self, chance: &[u8; 32]) -> Option<String> {
        match self {
            Self::Recipe(recipe) => recipe.key.spell(chance),
            Self::Wowza(_) | Self::UrlSig | Self::SignedPolicy => None,
        }
    }

    /// What an operator should hear before choosing it.
    pub fn warning(&self) -> Option<&'static str> {
        match self {
            Self::Recipe(recipe) if recipe.is_weak() => Some(
                "a bare MD5 or SHA-1 of a text with the secret in it can be extended or found by trial; addresses are \
                 taken for a day at most, and an HMAC with SHA-256 should take its place",
            ),
            Self::Recipe(_) | Self::Wowza(_) | Self::UrlSig | Self::SignedPolicy => None,
        }
    }
}

/// The name, and lines where there are any: what [`Template::named`] reads.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recipe(recipe) => {
                let lines = recipe.to_string();
                match PRESETS.iter().find(|(_, preset)| *preset == lines) {
                    Some((name, _)) => f.write_str(name),
                    None => write!(f, "{DECLARED}\n{lines}"),
                }
            }
            Self::Wowza(wowza) => write!(f, "{WOWZA}{wowza}"),
            Self::UrlSig => f.write_str(URL_SIG),
            Self::SignedPolicy => f.write_str(SIGNED_POLICY),
        }
    }
}

impl Wowza {
    const ALGORITHMS: [Algorithm; 3] = [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512];

    fn parse(text: &str) -> Result<Self, BadLines> {
        let mut lines = Lines::read(text)?;
        let mut wowza = Self::default();
        if let Some(prefix) = lines.take("prefix") {
            wowza.prefix = prefix.keep(is_parameter, "up to 64 letters, digits, hyphens and underscores")?;
        }
        if let Some(hash) = lines.take("hash") {
            let known = |name: &str| Algorithm::named(name).filter(|known| Self::ALGORITHMS.contains(known));
            wowza.algorithm = hash.find(known, "sha256, sha384 or sha512")?;
        }
        lines.end()?;
        Ok(wowza)
    }
}

impl fmt::Display for Wowza {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = Self::default();
        if self.prefix != usual.prefix {
            write!(f, "\nprefix: {}", self.prefix)?;
        }
        if self.algorithm != usual.algorithm {
            write!(f, "\nhash: {}", self.algorithm.name())?;
        }
        Ok(())
    }
}
