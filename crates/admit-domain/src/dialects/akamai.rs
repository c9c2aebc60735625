//! Akamai's EdgeAuth 2.0: `exp=…~acl=…~hmac=…` in a query parameter, a cookie or a header.
//!
//! ```text
//! [ip=IP~][st=N~]exp=N~[acl=GLOB[!GLOB…]~][id=ID~][data=X~]hmac=HEX
//! signed: the same without hmac, then ~url=PATH where there is no acl, then ~salt=S where there is one
//! ```
//!
//! The secret is the key in hexadecimal digits, as Akamai's own libraries take it. Two keys with a comma between them
//! are the key and its transition key: the first signs, both verify. Stricter than Akamai in this: the pattern that
//! covers the path must name the video whole, so neither `/*` nor `/vod/vi1*` opens anything.

mod options;

pub use self::options::Options;
use self::options::USUAL_NAMES;
use super::{
    address::{self, Wild},
    hash,
};
use crate::{
    claims::{Claims, Fault, Viewer},
    id::VideoId,
    limits::TOKEN_BYTES_MAX,
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    network::Network,
    rules::Rules,
    shown::Shown,
    time::Timestamp,
    verdict::Denial,
};

/// Fields in their order; `hmac` is the last.
const FIELDS: [&str; 7] = ["ip", "st", "exp", "acl", "id", "data", "hmac"];
/// Hexadecimal digits of a key, as Akamai bounds them.
const KEY_DIGITS_MAX: usize = 32;

pub(crate) fn read(
    options: &Options,
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    let mut tokens = tokens(options, shown);
    let token = tokens.next()?;
    if tokens.next().is_some() {
        return Some(Err(Fault::new(Denial::AmbiguousToken, "token", "one token, in one place")));
    }
    Some(judge(options, key, shown, token, video, now))
}

/// Signs an address; one that ends in a slash stands for all below it.
pub(crate) fn mint(options: &Options, wish: &Wish, signer: &Signer) -> Result<Minted, MintError> {
    let is_named = address::is_plain(&wish.path) && address::judge_scope(&wish.path, &wish.video, "path").is_ok();
    if !is_named {
        return Err(MintError::Unsayable);
    }
    let start = address::spell_seconds(wish.issued_at).map(|start| format!("st={start}"));
    let end = address::spell_seconds(wish.expires_at).ok_or(MintError::Unsayable)?;
    let is_directory = wish.path.ends_with('/');
    let acl = is_directory.then(|| format!("acl={}*", wish.path));
    let id = wish.viewer.as_ref().and_then(|viewer| spell_id(options, viewer)).map(|id| format!("id={id}"));
    let fields: Vec<String> = start.into_iter().chain([format!("exp={end}")]).chain(acl).chain(id).collect();
    let text = fields.join("~");
    let keys = keys(signer.secret()?).ok_or(MintError::Failed)?;
    let key = keys.first().ok_or(MintError::Failed)?;
    let mac = sign(options, key, &text, (!is_directory).then_some(wish.path.as_str()));
    let name = options.name.as_deref().unwrap_or(USUAL_NAMES[0]);
    Ok(Minted::Query(format!("{name}={text}~hmac={mac}")))
}

/// The keys that the secret spells; `None` when it spells none.
pub(crate) fn keys(secret: &[u8]) -> Option<Vec<Vec<u8>>> {
    let key = |digits: &[u8]| {
        let fits = !digits.is_empty() && digits.len() <= KEY_DIGITS_MAX;
        fits.then(|| hash::unhex(digits)).flatten()
    };
    secret.splitn(2, |byte| *byte == b',').map(key).collect()
}

/// Every token that is shown, under any name it may go by.
fn tokens<'a>(options: &'a Options, shown: &'a Shown) -> impl Iterator<Item = &'a str> {
    let names = options.name.as_deref().map_or_else(|| USUAL_NAMES.to_vec(), |name| vec![name]);
    names.into_iter().flat_map(move |name| {
        let header = shown.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        let in_query = address::pairs(&shown.query).filter(move |(known, _)| *known == name);
        let elsewhere = shown.cookie(name).chain(header.map(|(_, value)| value.as_str()));
        in_query.map(|(_, value)| value).chain(elsewhere)
    })
}

fn judge(
    options: &Options,
    key: &Verifier<'_>,
    shown: &Shown,
    token: &str,
    video: &VideoId,
    now: Timestamp,
) -> Result<Claims, Fault> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(Fault::invalid("token", "at most 4096 bytes"));
    }
    let misspelled = || Fault::invalid("hmac", "fields with ~ between them, the last of them hmac=");
    let (signed, mac) = token.rsplit_once("~hmac=").ok_or_else(misspelled)?;
    let fields = Fields::of(signed)?;
    let keys = key.material.secret().and_then(keys);
    let keys = keys.ok_or_else(|| Fault::invalid("hmac", "a key of up to 32 hexadecimal digits, or two"))?;
    let url = fields.get("acl").is_none().then_some(shown.path.as_str());
    if !keys.iter().any(|key| hash::same(&sign(options, key, signed, url), mac)) {
        return Err(Fault::invalid("hmac", "the signature of this key over these fields"));
    }
    let time = |field: &'static str| {
        let text = fields.get(field)?;
        Some(address::seconds(text).ok_or_else(|| Fault::invalid(field, "ten digits: seconds since 1970")))
    };
    let expires_at = time("exp").ok_or_else(|| Fault::invalid("exp", "this field"))??;
    address::judge_end(expires_at, now, None, "exp")?;
    if time("st").transpose()?.is_some_and(|start| start > now) {
        return Err(Fault::invalid("st", "a time that has come"));
    }
    judge_scope(fields.get("acl"), &shown.path, video)?;
    let viewer = match fields.get("id") {
        Some(id) => Some(viewer(options, id).ok_or_else(|| Fault::invalid("id", "up to 128 printable characters"))?),
        None => None,
    };
    let networks = match fields.get("ip") {
        Some(ip) => Some(vec![network(options, ip).ok_or_else(|| Fault::invalid("ip", "an address"))?].into()),
        None => None,
    };
    Ok(Claims {
        video: *video,
        viewer,
        expires_at,
        issued_at: None,
        once: None,
        rules: Rules { networks, ..Rules::default() },
    })
}

/// The pattern that covers the path has to name the video; without patterns the path itself was signed.
fn judge_scope(acl: Option<&str>, path: &str, video: &VideoId) -> Result<(), Fault> {
    let Some(acl) = acl else { return address::judge_scope(path, video, "url") };
    let mut first = None;
    for glob in acl.split('!') {
        match address::judge_scope(glob, video, "acl") {
            Ok(()) if address::matches(glob, path, Wild::Star) => return Ok(()),
            Ok(()) => {}
            Err(fault) => first = first.or(Some(fault)),
        }
    }
    Err(first.unwrap_or_else(|| Fault::invalid("acl", "a pattern that covers this path")))
}

/// The signed fields, in order, each at most once.
struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    fn of(signed: &'a str) -> Result<Self, Fault> {
        let wanted = || Fault::invalid("token", "ip, st, exp, acl, id, data and hmac in this order, each at most once");
        let mut names = FIELDS.iter();
        let mut fields = Vec::new();
        for part in signed.split('~') {
            let (name, value) = part.split_once('=').ok_or_else(wanted)?;
            names.find(|known| **known == name).ok_or_else(wanted)?;
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

fn sign(options: &Options, key: &[u8], fields: &str, url: Option<&str>) -> String {
    let escaped = |path: &str| if options.escape_early { escape(path) } else { path.to_owned() };
    let url = url.map_or_else(String::new, |path| format!("~url={}", escaped(path)));
    let salt = options.salt.as_ref().map_or_else(String::new, |salt| format!("~salt={salt}"));
    let text = [fields, &url, &salt].concat();
    hash::Encoding::Hex.spell(&options.algorithm.hmac(key, &[text.as_bytes()]))
}

/// `id` as it may stand in a token; `None` when it would have to be escaped and is not to be.
fn spell_id(options: &Options, viewer: &Viewer) -> Option<String> {
    let id = viewer.as_str();
    if options.escape_early {
        return Some(escape(id));
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:@".contains(&byte);
    id.bytes().all(is_plain).then(|| id.to_owned())
}

fn viewer(options: &Options, id: &str) -> Option<Viewer> {
    if options.escape_early { Viewer::parse(&unescape(id)?) } else { Viewer::parse(id) }
}

fn network(options: &Options, ip: &str) -> Option<Network> {
    let text = if options.escape_early { unescape(ip)? } else { ip.to_owned() };
    text.parse().ok().map(Network::host)
}

/// How values are escaped, with digits in lower case: what is left as it is, and how a blank is spelled.
type Spelling = (&'static [u8], &'static str);
/// Of Akamai's library for Python, as forms have it. Paths are spelled alike by both.
const FORM: Spelling = (b"-._", "+");
/// Of its library for Node, as addresses have it.
const ADDRESS: Spelling = (b"-._!()", "%20");

fn escape(text: &str) -> String {
    escape_as(FORM, text)
}

fn escape_as((bare, blank): Spelling, text: &str) -> String {
    let spell = |byte: u8| match byte {
        _ if byte.is_ascii_alphanumeric() || bare.contains(&byte) => char::from(byte).to_string(),
        b' ' => blank.to_owned(),
        _ => format!("%{byte:02x}"),
    };
    text.bytes().map(spell).collect()
}

/// What either library escaped so; `None` for any text that neither would have spelled.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => bytes.extend(hash::unhex(&[rest.next()?, rest.next()?])?),
            b'+' => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    let read = String::from_utf8(bytes).ok()?;
    [FORM, ADDRESS].iter().any(|spelling| escape_as(*spelling, &read) == text).then_some(read)
}

#[cfg(test)]
mod tests;
