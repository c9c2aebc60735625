//! A dialect in text, as it is stored and configured: its name, and below it a line for each setting that has one.

use std::{fmt, str::FromStr};

use super::{
    akamai::Options,
    bunny::Form,
    kind::Dialect,
    lines::{BadLines, Lines},
    template::Template,
};

/// A text that is no dialect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDialect {
    #[error("expected the name of a dialect, one of {}", Dialect::ALL_NAMES.join(", "))]
    Unknown,
    #[error("below the name, {0}")]
    Lines(#[from] BadLines),
}

impl Dialect {
    /// Every name there is. `template` wants lines; `akamai` and `wowza-v2` take some.
    pub const ALL_NAMES: [&str; 25] = [
        "admit",
        "moviie",
        "mux",
        "cloudflare-stream",
        "signed-url",
        "bunny-hmac",
        "bunny-sha256",
        "bunny-md5",
        "bunny-embed",
        "akamai",
        "cloudfront",
        "cat",
        "nginx-secure-link",
        "alibaba-a",
        "alibaba-b",
        "tencent-a",
        "gcore",
        "cdn77",
        "fastly",
        "cloudflare-waf-hmac",
        "jw-v1",
        "wowza-v2",
        "ats-url-sig",
        "ome-signed-policy",
        "template",
    ];

    /// Reads a name, and lines below it: the one spelling that `Display` prints.
    pub fn parse(text: &str) -> Result<Self, BadDialect> {
        let (name, lines) = text.split_once('\n').unwrap_or((text, ""));
        let alone = |dialect: Self| -> Result<Self, BadDialect> {
            Lines::read(lines)?.end()?;
            Ok(dialect)
        };
        let dialect = match name {
            "admit" => alone(Self::Admit)?,
            "moviie" => alone(Self::Moviie)?,
            "mux" => alone(Self::Mux)?,
            "cloudflare-stream" => alone(Self::CloudflareStream)?,
            "signed-url" => alone(Self::SignedUrl)?,
            "akamai" => Self::Akamai(Options::parse(lines)?),
            "cloudfront" => alone(Self::CloudFront)?,
            "cat" => alone(Self::Cat)?,
            _ => match Form::ALL.into_iter().find(|form| form.name() == name) {
                Some(form) => alone(Self::Bunny(form))?,
                None => Self::Template(Box::new(Template::named(name, lines).ok_or(BadDialect::Unknown)??)),
            },
        };
        Ok(dialect)
    }
}

impl FromStr for Dialect {
    type Err = BadDialect;

    fn from_str(text: &str) -> Result<Self, BadDialect> {
        Self::parse(text)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admit => f.write_str("admit"),
            Self::Moviie => f.write_str("moviie"),
            Self::Mux => f.write_str("mux"),
            Self::CloudflareStream => f.write_str("cloudflare-stream"),
            Self::SignedUrl => f.write_str("signed-url"),
            Self::Bunny(form) => f.write_str(form.name()),
            Self::Akamai(options) => write!(f, "akamai{options}"),
            Self::CloudFront => f.write_str("cloudfront"),
            Self::Cat => f.write_str("cat"),
            Self::Template(template) => template.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_read_as_it_is_printed() {
        for name in Dialect::ALL_NAMES.into_iter().filter(|name| *name != "template") {
            let dialect = Dialect::parse(name).unwrap();
            assert_eq!(dialect.to_string(), name);
            assert!(Dialect::parse(&format!("{name}\ncolour: red")).is_err(), "{name}");
        }
        for name in Template::names() {
            assert!(Dialect::ALL_NAMES.contains(&name), "{name}");
        }
    }

    #[test]
    fn settings_are_lines() {
        for text in [
            "akamai\nname: hdnts\nalgorithm: sha1\nsalt: pepper\nescape_early: true",
            "wowza-v2\nprefix: let\nhash: sha512",
            "template\nhash: hmac-sha256\nkey: text\nmessage: {path}{expires}\nencode: hex\nquery: e={expires}&s={sig}\n\
             expires: seconds",
        ] {
            let dialect = Dialect::parse(text).unwrap();
            assert_eq!(dialect.to_string(), text);
            assert_eq!(text.parse(), Ok(dialect));
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "Admit", "admit ", " admit", "nginx", "bunny", "jwt"] {
            assert_eq!(Dialect::parse(text), Err(BadDialect::Unknown), "{text:?}");
        }
        let error = Dialect::parse("akamai\nname: hdnts\ncolour: red").unwrap_err();
        assert_eq!(error.to_string(), "below the name, line 2: expected a name that means something here, once");
        assert!(Dialect::parse("template").is_err());
        assert!(Dialect::parse("").unwrap_err().to_string().contains("cloudflare-waf-hmac, jw-v1"));
    }
}
