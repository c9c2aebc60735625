//! What a customer sets on Akamai's side, and has to be known here.

use std::fmt;

use crate::dialects::{
    hash::Algorithm,
    lines::{BadLines, Lines},
};

/// Names that tokens go by where the customer chose none: of either kind, short and of a session.
pub(super) const USUAL_NAMES: [&str; 4] = ["__token__", "hdnea", "hdnts", "hdntl"];
/// Characters of a name, or of a salt.
const TEXT_CHARS_MAX: usize = 64;

/// What the customer chose. The key, and in time the next one, is the secret's affair.
#[derive(Clone, PartialEq, Eq)]
pub struct Options {
    /// The name of the parameter, cookie or header; any of the usual ones when there is none.
    pub name: Option<String>,
    pub algorithm: Algorithm,
    /// Signed, and never in the token.
    pub salt: Option<String>,
    /// Values are escaped before they are signed.
    pub escape_early: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { name: None, algorithm: Algorithm::Sha256, salt: None, escape_early: false }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, algorithm, salt, escape_early } = self;
        write!(f, "Options({name:?}, {algorithm:?}, {escape_early}, {})", if salt.is_some() { "salt" } else { "-" })
    }
}

impl Options {
    /// Reads lines such as `name: hdnts`.
    pub fn parse(text: &str) -> Result<Self, BadLines> {
        let mut lines = Lines::read(text)?;
        let mut options = Self::default();
        if let Some(name) = lines.take("name") {
            options.name = Some(name.keep(is_name, "up to 64 letters, digits, hyphens and underscores")?);
        }
        if let Some(algorithm) = lines.take("algorithm") {
            let known = algorithm.find(Algorithm::named, "sha256, sha1 or md5")?;
            if known.digest_bytes() > Algorithm::Sha256.digest_bytes() {
                return Err(algorithm.wants("sha256, sha1 or md5"));
            }
            options.algorithm = known;
        }
        if let Some(salt) = lines.take("salt") {
            options.salt = Some(salt.keep(is_salt, "up to 64 printable characters without ~")?);
        }
        if let Some(escape) = lines.take("escape_early") {
            let truth = |text: &str| if text == "true" { Some(true) } else { None };
            options.escape_early = escape.find(truth, "true, or no such line")?;
        }
        lines.end()?;
        Ok(options)
    }
}

/// The lines that [`Options::parse`] reads; none for what is as usual.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "\nname: {name}")?;
        }
        if self.algorithm != Algorithm::Sha256 {
            write!(f, "\nalgorithm: {}", self.algorithm.name())?;
        }
        if let Some(salt) = &self.salt {
            write!(f, "\nsalt: {salt}")?;
        }
        if self.escape_early {
            write!(f, "\nescape_early: true")?;
        }
        Ok(())
    }
}

fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    !text.is_empty() && text.len() <= TEXT_CHARS_MAX && text.bytes().all(is_plain)
}

fn is_salt(text: &str) -> bool {
    !text.is_empty() && text.len() <= TEXT_CHARS_MAX && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'~')
}
