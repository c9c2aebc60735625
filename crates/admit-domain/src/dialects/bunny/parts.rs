//! A Bunny address taken apart: the token, the end, and the parameters that are signed with them.

use crate::{claims::Fault, dialects::address, limits::TOKEN_BYTES_MAX, shown::Shown};

/// How the directory form begins.
const DIRECTORY: &str = "/bcdn_token=";
/// Parameters that say what is allowed; without a signature over them they say nothing.
const RULES: [&str; 3] = ["limit", "token_countries", "token_countries_blocked"];

/// What an address shows, in either form.
pub(super) struct Parts<'a> {
    pub(super) token: &'a str,
    pub(super) expires: &'a str,
    /// The path of what is asked for, without the token's component.
    pub(super) path: &'a str,
    /// The other parameters, decoded, in their order.
    parameters: Vec<(&'a str, String)>,
}

impl<'a> Parts<'a> {
    /// `None` when the address shows no token of Bunny's.
    pub(super) fn of(shown: &'a Shown) -> Option<Result<Self, Fault>> {
        let has = |name| address::pairs(&shown.query).any(|(known, _)| known == name);
        if let Some(rest) = shown.path.strip_prefix(DIRECTORY) {
            let slash = rest.find('/').unwrap_or(rest.len());
            let (parameters, path) = rest.split_at(slash);
            return Some(Self::directory(parameters, path, &shown.query));
        }
        (has("token") && has("expires")).then(|| Self::read("token", &shown.query, &shown.path))
    }

    /// The token's component holds all that is signed; a query beside it must hold nothing that would be.
    fn directory(component: &'a str, path: &'a str, query: &str) -> Result<Self, Fault> {
        if address::pairs(query).any(|(name, _)| !address::is_added_by_players(name)) {
            return Err(Fault::invalid("query", "no parameters besides those in the token's part of the path"));
        }
        let rest = component.strip_prefix("bcdn_token=").unwrap_or(component);
        let (token, rest) = rest.split_once('&').ok_or_else(|| Fault::invalid("expires", "this parameter, once"))?;
        Self { token, ..Self::read("", rest, path)? }.checked()
    }

    /// Reads parameters; the one called `token_name` is the token.
    fn read(token_name: &str, query: &'a str, path: &'a str) -> Result<Self, Fault> {
        if query.len() > TOKEN_BYTES_MAX {
            return Err(Fault::invalid("query", "at most 4096 bytes"));
        }
        let (mut token, mut expires, mut parameters) = (None, None, Vec::new());
        for (name, value) in address::pairs(query).filter(|(name, _)| !address::is_added_by_players(name)) {
            let twice = || Fault::invalid("query", "no parameter twice");
            let slot = match name {
                "expires" => &mut expires,
                _ if name == token_name => &mut token,
                _ => {
                    if parameters.iter().any(|(known, _)| *known == name) {
                        return Err(twice());
                    }
                    parameters.push((name, decoded(name, value)?));
                    continue;
                }
            };
            if slot.replace(value).is_some() {
                return Err(twice());
            }
        }
        let expires = expires.ok_or_else(|| Fault::invalid("expires", "this parameter, once"))?;
        Self { token: token.unwrap_or_default(), expires, path, parameters }.checked()
    }

    /// Escapes in a path, and an end whose length could vary, would make the signed text ambiguous.
    fn checked(self) -> Result<Self, Fault> {
        if !address::is_plain(self.path) || self.get("token_path").is_some_and(|path| !address::is_plain(path)) {
            return Err(Fault::invalid("path", "a path without escapes"));
        }
        if self.ignores_others() && RULES.iter().any(|name| self.get(name).is_some()) {
            return Err(Fault::invalid("token_ignore_params", "no limits beside it, which it would leave unsigned"));
        }
        match self.get("token_ignore_params") {
            None | Some("true") => Ok(self),
            Some(_) => Err(Fault::invalid("token_ignore_params", "the word true, or nothing")),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    fn ignores_others(&self) -> bool {
        self.get("token_ignore_params") == Some("true")
    }

    /// What is signed of the parameters: all of them by name, with values that are not escaped.
    pub(super) fn data(&self) -> String {
        let mut signed: Vec<_> = self.parameters.iter().filter(|(name, _)| self.is_signed(name)).collect();
        signed.sort_by_key(|(name, _)| *name);
        signed.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    fn is_signed(&self, name: &str) -> bool {
        !self.ignores_others() || ["token_ignore_params", "token_path"].contains(&name)
    }
}

/// A value without its escapes, each of which must be needed and in upper case. Signed text ends in it: other bytes
/// than printable ASCII, or names that begin with a digit, could continue a hash or an end.
fn decoded(name: &str, value: &str) -> Result<String, Fault> {
    let wanted = || Fault::invalid("query", "names of letters, and values escaped as RFC 3986 has it");
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    if !is_name {
        return Err(wanted());
    }
    let mut text = String::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        let letter = match byte {
            b'%' => escape(rest.next(), rest.next()).ok_or_else(wanted)?,
            b'+' => return Err(wanted()),
            _ => byte,
        };
        if !(b' '..=b'~').contains(&letter) {
            return Err(wanted());
        }
        text.push(char::from(letter));
    }
    Ok(text)
}

/// The byte that `%XY` stands for, unless it could have stood for itself.
fn escape(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: Option<u8>| match byte? {
        byte @ b'0'..=b'9' => Some(byte - b'0'),
        byte @ b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    };
    let byte = digit(high)? << 4 | digit(low)?;
    (!byte.is_ascii_alphanumeric() && !b"-._~".contains(&byte)).then_some(byte)
}

/// `value` with all but unreserved characters escaped, as Bunny's own signers spell it.
pub(super) fn escaped(value: &str) -> String {
    let spell = |byte: u8| match byte {
        _ if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(spell).collect()
}
