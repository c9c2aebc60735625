//! What messages and carriers are written in: text, and names in braces that stand for something.

use std::fmt;

/// One piece of a message or of a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    /// The path, with its first slash.
    Path,
    /// The path without its first slash.
    BarePath,
    /// The path up to its last slash.
    Dir,
    /// The path, and behind a question mark whatever of the query is not the dialect's own.
    Uri,
    /// The server's name, with its port where that was written.
    Host,
    /// The time as the address spells it.
    Expires,
    /// The same time as seconds in hexadecimal digits.
    ExpiresHex,
    /// The viewer's address.
    Ip,
    /// A number used once, which nobody remembers.
    Rand,
    /// The viewer, by the signer's name.
    Uid,
    /// The video's id.
    Video,
    Secret,
    /// The value of a query parameter.
    Query(String),
    Sig,
}

impl Piece {
    const NAMED: [(&'static str, Self); 13] = [
        ("path", Self::Path),
        ("bare_path", Self::BarePath),
        ("dir", Self::Dir),
        ("uri", Self::Uri),
        ("host", Self::Host),
        ("expires", Self::Expires),
        ("expires_hex", Self::ExpiresHex),
        ("ip", Self::Ip),
        ("rand", Self::Rand),
        ("uid", Self::Uid),
        ("video", Self::Video),
        ("secret", Self::Secret),
        ("sig", Self::Sig),
    ];

    fn named(name: &str) -> Option<Self> {
        if let Some(parameter) = name.strip_prefix("query:") {
            return is_parameter(parameter).then(|| Self::Query(parameter.to_owned()));
        }
        Self::NAMED.into_iter().find(|(known, _)| *known == name).map(|(_, piece)| piece)
    }

    pub(super) const fn is_path(&self) -> bool {
        matches!(self, Self::Path | Self::BarePath | Self::Dir | Self::Uri)
    }

    /// Does the address choose it, at any length, out of the letters of [`is_free`]?
    const fn is_free(&self) -> bool {
        matches!(self, Self::Rand | Self::Uid | Self::Query(_))
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Query(name) => write!(f, "{{query:{name}}}"),
            named => {
                let name = Self::NAMED.iter().find(|(_, piece)| piece == named).map_or("", |(name, _)| *name);
                write!(f, "{{{name}}}")
            }
        }
    }
}

/// Names of query parameters that may be asked for.
pub(super) fn is_parameter(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Letters of values that the address chooses freely: few, so that many others can stand between two values.
pub(super) fn is_free(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.'
}

/// Pieces in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub Vec<Piece>);

impl Pattern {
    /// Reads text with names in braces. There is no way to write a brace.
    pub fn parse(text: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(name) = rest.strip_prefix('{') {
                let (name, behind) = name.split_once('}')?;
                pieces.push(Piece::named(name)?);
                rest = behind;
            } else {
                let (text, behind) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
                if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'}') {
                    return None;
                }
                pieces.push(Piece::Text(text.to_owned()));
                rest = behind;
            }
        }
        (!pieces.is_empty()).then_some(Self(pieces))
    }

    pub(super) fn count(&self, is_one: impl Fn(&Piece) -> bool) -> usize {
        self.0.iter().filter(|piece| is_one(piece)).count()
    }

    pub(super) fn has(&self, piece: &Piece) -> bool {
        self.0.contains(piece)
    }

    /// Can a signed text be taken apart in one way only? Times, ids and secrets have fixed lengths; between two values
    /// that have none must stand a character that a free value cannot hold. A path begins with one itself, and there
    /// is only one of it: what stands before it is read from the left, what stands behind it from the right.
    pub(super) fn is_unambiguous(&self) -> bool {
        let mut open = false;
        for (at, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Text(text) => open &= text.bytes().all(is_free),
                Piece::Host => {
                    let next = self.0.get(at + 1);
                    let is_ended = next.is_some_and(|next| next.is_path() && *next != Piece::BarePath);
                    if open || !is_ended {
                        return false;
                    }
                }
                free if free.is_free() || *free == Piece::BarePath => {
                    if open {
                        return false;
                    }
                    open = true;
                }
                path if path.is_path() => open = true,
                _ => {}
            }
        }
        true
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| piece.fmt(f))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_read_as_they_are_printed() {
        for text in ["{expires}{uri}{ip} {secret}", "a-b", "{query:user_id}/{sig}", "{bare_path}:{expires}:{secret}"] {
            assert_eq!(Pattern::parse(text).unwrap().to_string(), text);
        }
        for wrong in
            ["", "{", "}", "a}b", "{x}", "{}", "{Path}", "{query:}", "{query:a b}", "{path", "ä", "\n", "{{path}}"]
        {
            assert_eq!(Pattern::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn values_of_any_length_do_not_touch() {
        let judge = |text: &str| Pattern::parse(text).unwrap().is_unambiguous();
        for fine in [
            "{path}-{expires}-{rand}-{uid}-{secret}",
            "{expires}{path} {secret}",
            "{secret}{rand}{path}",
            "{host}{uri}{expires}",
        ] {
            assert!(judge(fine), "{fine}");
        }
        for wrong in [
            "{rand}{uid}",
            "{rand}{expires}{uid}",
            "{rand}ab{uid}",
            "{path}{rand}",
            "{path}{expires}{uid}",
            "{rand}{bare_path}",
            "{host}{rand}",
            "{uid}{host}{path}",
        ] {
            assert!(!judge(wrong), "{wrong}");
        }
    }
}
