//! A declared dialect: which hash over what, how it is spelled, and where the address carries it.

use std::{fmt, time::Duration};

use super::{
    clock::Clock,
    piece::{Pattern, Piece, is_parameter},
};
use crate::dialects::{
    hash::{Algorithm, Encoding, unhex},
    lines::{BadLines, Lines, Value},
};

/// The longest that an address may be good for after it was issued, in seconds: a year.
const TTL_SECONDS_MAX: u32 = 366 * 86_400;

/// How the customer's program turns the secret's text into the bytes it hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEncoding {
    Text,
    Hex,
    Base64,
}

impl KeyEncoding {
    const ALL: [(&'static str, Self); 3] = [("text", Self::Text), ("hex", Self::Hex), ("base64", Self::Base64)];

    /// The text of these bytes; `None` where any text will do.
    pub(super) fn spell(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Text => None,
            Self::Hex => Some(Encoding::Hex.spell(bytes)),
            Self::Base64 => Some(Encoding::Base64.spell(bytes)),
        }
    }

    /// `None` when the secret is not spelled so.
    pub(super) fn bytes(self, secret: &[u8]) -> Option<Vec<u8>> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        match self {
            Self::Text => Some(secret.to_vec()),
            Self::Hex => unhex(secret),
            Self::Base64 => STANDARD.decode(secret).ok(),
        }
    }
}

/// Where an address carries the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Query parameters, by name.
    Query(Vec<(String, Pattern)>),
    /// The whole path.
    Path(Pattern),
}

impl Carrier {
    /// All its pieces.
    fn pieces(&self) -> Pattern {
        match self {
            Self::Query(parameters) => {
                let ended = |pattern: &Pattern| [pattern.0.clone(), vec![Piece::Text("&".to_owned())]].concat();
                Pattern(parameters.iter().flat_map(|(_, pattern)| ended(pattern)).collect())
            }
            Self::Path(pattern) => pattern.clone(),
        }
    }

    /// Takes the line that says where, and what it says.
    fn take<'a>(lines: &mut Lines<'a>) -> Result<(Value<'a>, Self), BadLines> {
        if let Some(query) = lines.take("query") {
            let carrier = query.find(Self::parse_query, "name=pattern, with & between several")?;
            return Ok((query, carrier));
        }
        let path = lines.need("path", "a line query: or path:, where the signature stands")?;
        let carrier = path.find(Pattern::parse, "a path with names in braces")?;
        Ok((path, Self::Path(carrier)))
    }

    fn parse_query(text: &str) -> Option<Self> {
        let parameter = |pair: &str| {
            let (name, pattern) = pair.split_once('=')?;
            is_parameter(name).then_some((name.to_owned(), Pattern::parse(pattern)?))
        };
        text.split('&').map(parameter).collect::<Option<Vec<_>>>().map(Self::Query)
    }
}

/// A declared dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    pub algorithm: Algorithm,
    /// HMAC, rather than a bare hash of a text with the secret in it.
    pub is_keyed: bool,
    pub key: KeyEncoding,
    /// What is signed; where there are two, either will do: with the viewer's address, and without.
    pub messages: Vec<Pattern>,
    pub encoding: Encoding,
    pub carrier: Carrier,
    pub clock: Clock,
    /// Where the address says when it was issued: how many seconds it is good for.
    pub ttl_seconds: Option<u32>,
}

impl Recipe {
    /// Is the hash one that should not be trusted for long?
    pub const fn is_weak(&self) -> bool {
        !self.is_keyed && matches!(self.algorithm, Algorithm::Md5 | Algorithm::Sha1)
    }

    pub(super) fn ttl(&self) -> Duration {
        Duration::from_secs(self.ttl_seconds.unwrap_or(0).into())
    }

    /// Reads lines, as `Display` prints them.
    pub fn parse(text: &str) -> Result<Self, BadLines> {
        let mut lines = Lines::read(text)?;
        let hash = lines.need("hash", "a line hash: md5, sha256, hmac-sha256, …")?;
        let (algorithm, is_keyed) = hash.find(
            |name| match name.strip_prefix("hmac-") {
                Some(name) => Some((Algorithm::named(name)?, true)),
                None => Some((Algorithm::named(name)?, false)),
            },
            "md5, sha1, sha256, sha384 or sha512, or hmac- and one of them",
        )?;
        let key = lines.need("key", "a line key: text, hex or base64")?;
        let named = |name: &str| KeyEncoding::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, key)| key);
        let key = key.find(named, "text, hex or base64")?;
        let first = lines.need("message", "a line message: what is signed")?;
        let second = lines.take("message");
        let encode = lines.need("encode", "a line encode: hex, HEX, base64, base64url or base64url_nopad")?;
        let encoding = encode.find(Encoding::named, "hex, HEX, base64, base64url or base64url_nopad")?;
        let (carrier_line, carrier) = Carrier::take(&mut lines)?;
        let clock = lines.need("expires", "a line expires: seconds, hex, milliseconds or minutes+00:00")?;
        let clock = clock.find(Clock::named, "seconds, hex, milliseconds or minutes+00:00")?;
        let ttl_seconds = match lines.take("ttl") {
            Some(ttl) => Some(ttl.find(seconds, "seconds, at most those of a year")?),
            None => None,
        };
        lines.end()?;
        let mut recipe = Self { algorithm, is_keyed, key, messages: Vec::new(), encoding, carrier, clock, ttl_seconds };
        recipe.judge_carrier(&carrier_line)?;
        for line in std::iter::once(first).chain(second) {
            let message = line.find(Pattern::parse, "text with names in braces")?;
            recipe.judge_message(&message, &line)?;
            recipe.messages.push(message);
        }
        Ok(recipe)
    }

    fn judge_carrier(&self, line: &Value<'_>) -> Result<(), BadLines> {
        let pieces = self.carrier.pieces();
        let once = |piece: &Piece| pieces.count(|other| other == piece);
        if once(&Piece::Sig) != 1 || once(&Piece::Expires) != 1 {
            return Err(line.wants("{sig} and {expires}, each once"));
        }
        if once(&Piece::Rand) > 1 || once(&Piece::Uid) > 1 || once(&Piece::Video) > 1 {
            return Err(line.wants("no name twice"));
        }
        let is_allowed = |piece: &Piece| match piece {
            Piece::Text(_) | Piece::Sig | Piece::Expires | Piece::Rand | Piece::Uid | Piece::Video => true,
            Piece::Path => matches!(self.carrier, Carrier::Path(_)),
            _ => false,
        };
        if !pieces.0.iter().all(is_allowed) || !pieces.is_unambiguous() {
            return Err(line.wants("{sig}, {expires}, {rand}, {uid}, {video} and other letters between those"));
        }
        match &self.carrier {
            Carrier::Path(pattern) => {
                let begins = matches!(pattern.0.first(), Some(Piece::Text(text)) if text.starts_with('/'));
                let ends = pattern.0.last() == Some(&Piece::Path) && once(&Piece::Path) == 1;
                if begins && ends { Ok(()) } else { Err(line.wants("a path that begins with / and ends in {path}")) }
            }
            Carrier::Query(parameters) => {
                let is_twice = |name: &str| parameters.iter().filter(|(known, _)| known == name).count() > 1;
                let twice = parameters.iter().any(|(name, _)| is_twice(name));
                if twice { Err(line.wants("no parameter twice")) } else { Ok(()) }
            }
        }
    }

    fn judge_message(&self, message: &Pattern, line: &Value<'_>) -> Result<(), BadLines> {
        let carried = self.carrier.pieces();
        if message.count(|piece| *piece == Piece::Secret) != usize::from(!self.is_keyed) {
            return Err(line.wants("{secret} once, and not at all in an HMAC"));
        }
        if message.count(|piece| matches!(piece, Piece::Expires | Piece::ExpiresHex)) != 1 {
            return Err(line.wants("{expires} or {expires_hex}, once"));
        }
        let paths = message.count(Piece::is_path);
        if paths > 1 || paths + message.count(|piece| *piece == Piece::Video) == 0 {
            return Err(line.wants("one of {path}, {bare_path}, {dir} and {uri}, or {video}"));
        }
        for piece in [Piece::Rand, Piece::Uid] {
            if message.has(&piece) != carried.has(&piece) {
                return Err(line.wants("{rand} and {uid} if the address carries them, and only then"));
            }
        }
        if carried.has(&Piece::Video) && !message.has(&Piece::Video) {
            return Err(line.wants("{video}, since the address carries it"));
        }
        if message.has(&Piece::Sig) || !message.is_unambiguous() {
            return Err(line.wants("something other than letters, digits and dots between values of any length"));
        }
        let own =
            |name: &String| matches!(&self.carrier, Carrier::Query(own) if own.iter().any(|(known, _)| known == name));
        let is_own = |piece: &Piece| matches!(piece, Piece::Query(name) if own(name));
        if message.0.iter().any(is_own) {
            return Err(line.wants("no {query:…} that carries the signature"));
        }
        Ok(())
    }
}

fn seconds(text: &str) -> Option<u32> {
    let seconds: u32 = text.parse().ok()?;
    ((1..=TTL_SECONDS_MAX).contains(&seconds) && seconds.to_string() == text).then_some(seconds)
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = KeyEncoding::ALL.iter().find(|(_, key)| *key == self.key).map_or("", |(name, _)| *name);
        writeln!(f, "hash: {}{}", if self.is_keyed { "hmac-" } else { "" }, self.algorithm.name())?;
        writeln!(f, "key: {key}")?;
        for message in &self.messages {
            writeln!(f, "message: {message}")?;
        }
        writeln!(f, "encode: {}", self.encoding.name())?;
        match &self.carrier {
            Carrier::Path(pattern) => writeln!(f, "path: {pattern}")?,
            Carrier::Query(parameters) => {
                let spelled: Vec<String> =
                    parameters.iter().map(|(name, pattern)| format!("{name}={pattern}")).collect();
                writeln!(f, "query: {}", spelled.join("&"))?;
            }
        }
        write!(f, "expires: {}", self.clock.name())?;
        match self.ttl_seconds {
            Some(seconds) => write!(f, "\nttl: {seconds}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
