//! What a request shows of CloudFront's parameters, in its query or in its cookies, and the address they are about.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    claims::Fault, dialects::address, limits::TOKEN_BYTES_MAX, public_key::SignatureAlgorithm, shown::Shown,
    verdict::Denial,
};

/// Parameters, and cookies behind `CloudFront-`.
const NAMES: [&str; 5] = ["Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"];

/// What is shown, in one place.
pub(super) struct Shape<'a> {
    pub(super) signature: Vec<u8>,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) policy: Policy<'a>,
}

pub(super) enum Policy<'a> {
    /// Good for one address until then.
    Canned(&'a str),
    /// The text that was signed, and `Expires`, which some signers put beside it.
    Custom(Vec<u8>, Option<&'a str>),
}

/// The key that the request names; `None` when it names none.
pub(super) fn key_pair(shown: &Shown) -> Option<Result<&str, Fault>> {
    let mut named = values(shown, "Key-Pair-Id");
    let first = named.next()?;
    let is_only = named.next().is_none();
    Some(if is_only { Ok(first) } else { Err(ambiguous()) })
}

impl<'a> Shape<'a> {
    pub(super) fn of(shown: &'a Shown) -> Result<Self, Fault> {
        let mut found = [None; NAMES.len()];
        for (name, slot) in NAMES.iter().zip(&mut found) {
            let mut values = values(shown, name);
            *slot = values.next();
            if values.next().is_some() || slot.is_some_and(|value| value.len() > TOKEN_BYTES_MAX) {
                return Err(ambiguous());
            }
        }
        let in_query = address::pairs(&shown.query).filter(|(name, _)| NAMES.contains(name)).count();
        let shown_at_all = found.iter().flatten().count();
        if in_query != 0 && in_query != shown_at_all {
            return Err(ambiguous());
        }
        let [expires, policy, signature, _, hash] = found;
        let algorithm = match hash {
            None => SignatureAlgorithm::RsaSha1,
            Some("SHA256") => SignatureAlgorithm::Rs256,
            Some(_) => return Err(Fault::invalid("Hash-Algorithm", "SHA256, or no such parameter")),
        };
        let policy = match (expires, policy) {
            (Some(expires), None) => Policy::Canned(expires),
            (expires, Some(policy)) => Policy::Custom(decode(policy).ok_or_else(|| bad("Policy"))?, expires),
            (None, None) => return Err(Fault::invalid("Policy", "this parameter, or Expires")),
        };
        let signature = signature.and_then(decode).ok_or_else(|| bad("Signature"))?;
        Ok(Self { signature, algorithm, policy })
    }
}

fn ambiguous() -> Fault {
    Fault::new(Denial::AmbiguousToken, "Key-Pair-Id", "each parameter once, all in the query or all in cookies")
}

fn bad(field: &'static str) -> Fault {
    Fault::invalid(field, "base 64 with -, _ and ~ for +, = and /")
}

fn values<'a>(shown: &'a Shown, name: &str) -> impl Iterator<Item = &'a str> {
    let in_query = address::pairs(&shown.query).filter(move |(known, _)| *known == name).map(|(_, value)| value);
    let is_cookie = move |known: &str| known.strip_prefix("CloudFront-") == Some(name);
    let in_cookies = shown.cookies.iter().filter(move |(known, _)| is_cookie(known)).map(|(_, value)| value.as_str());
    in_query.chain(in_cookies)
}

/// The address that policies are about: without their parameters, and without what players add.
pub(super) fn resource(shown: &Shown) -> String {
    let is_kept = |pair: &&str| {
        let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
        !pair.is_empty() && !NAMES.contains(&name) && !address::is_added_by_players(name)
    };
    let query: Vec<&str> = shown.query.split('&').filter(is_kept).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{}{mark}{}", shown.origin, shown.path, query.join("&"))
}

/// CloudFront's own letters for base 64. Signers that build queries as forms do write `%7E` for `~`.
fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.replace("%7E", "~");
    let usual = |letter: char| match letter {
        '-' => Some('+'),
        '_' => Some('='),
        '~' => Some('/'),
        letter => letter.is_ascii_alphanumeric().then_some(letter),
    };
    STANDARD.decode(text.chars().map(usual).collect::<Option<String>>()?).ok()
}

pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes).replace('+', "-").replace('=', "_").replace('/', "~")
}
