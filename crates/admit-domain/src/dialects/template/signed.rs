//! Reading and signing addresses as a recipe says.

use super::{
    find::{Found, find},
    piece::{Pattern, Piece, is_free},
    recipe::{Carrier, Recipe},
};
use crate::{
    claims::{Claims, Fault, Viewer},
    dialects::{
        address,
        hash::{self, Encoding},
    },
    id::VideoId,
    limits::{TOKEN_BYTES_MAX, WEAK_URL_TTL_MAX},
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    network::Network,
    rules::Rules,
    shown::Shown,
    time::Timestamp,
};

/// What stands for nobody, and for chance that nobody checks.
const NOBODY: &str = "0";

pub(super) fn read(
    recipe: &Recipe,
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    let found = find(recipe, shown)?;
    Some(found.and_then(|found| judge(recipe, key, shown, &found, video, now)))
}

fn judge(
    recipe: &Recipe,
    key: &Verifier<'_>,
    shown: &Shown,
    found: &Found<'_>,
    video: &VideoId,
    now: Timestamp,
) -> Result<Claims, Fault> {
    if shown.query.len() + shown.path.len() > TOKEN_BYTES_MAX {
        return Err(Fault::invalid("signature", "an address of at most 4096 bytes"));
    }
    if !address::is_plain(found.path) {
        return Err(Fault::invalid("path", "a path without escapes"));
    }
    let at = recipe.clock.read(found.expires);
    let at = at.ok_or_else(|| Fault::invalid("expires", format!("a time as {}", recipe.clock.name())))?;
    let secret = key.material.secret().and_then(|secret| recipe.key.bytes(secret));
    let secret = secret.ok_or_else(|| Fault::invalid("signature", "a secret that is spelled as its dialect says"))?;
    let named = found.video.as_ref().unwrap_or(video);
    let values = Values { found, secret: &secret, at, video: named, origin: &shown.origin, shown: Some(shown) };
    let is_right = |message: &&Pattern| {
        let expected = values.sign(recipe, message);
        expected.is_some_and(|expected| hash::same(&expected, found.sig))
    };
    let message = recipe.messages.iter().find(is_right);
    let message = message.ok_or_else(|| Fault::invalid("signature", "that of this key over this address"))?;
    let expires_at = at.plus(recipe.ttl());
    address::judge_end(expires_at, now, recipe.is_weak().then_some(WEAK_URL_TTL_MAX), "expires")?;
    if named != video {
        return Err(Fault::other_video("path"));
    }
    judge_scope(message, found.path, video)?;
    let bound = shown.ip.filter(|_| message.has(&Piece::Ip));
    let networks = bound.map(|ip| vec![Network::host(ip.to_canonical())].into());
    let viewer = Some(found.uid).filter(|uid| *uid != NOBODY).and_then(Viewer::parse);
    Ok(Claims {
        video: *video,
        viewer,
        expires_at,
        issued_at: None,
        once: None,
        rules: Rules { networks, ..Rules::default() },
    })
}

/// What the message covers must name the video, unless it holds the video's id itself.
fn judge_scope(message: &Pattern, path: &str, video: &VideoId) -> Result<(), Fault> {
    if message.has(&Piece::Dir) {
        address::judge_scope(directory(path), video, "path")
    } else if message.0.iter().any(Piece::is_path) {
        address::judge_scope(path, video, "path")
    } else {
        Ok(())
    }
}

/// Signs an address without binding it to a viewer's.
pub(super) fn mint(recipe: &Recipe, wish: &Wish, signer: &Signer) -> Result<Minted, MintError> {
    let is_sayable = |message: &&Pattern| !message.0.iter().any(|piece| matches!(piece, Piece::Ip | Piece::Query(_)));
    let message = recipe.messages.iter().find(is_sayable).ok_or(MintError::Unsayable)?;
    let is_named = judge_scope(message, &wish.path, &wish.video).is_ok() && address::is_plain(&wish.path);
    if recipe.is_weak() && wish.expires_at > wish.issued_at.plus(WEAK_URL_TTL_MAX) {
        return Err(MintError::LivesTooLong);
    }
    if is_named { sign(recipe, message, wish, signer) } else { Err(MintError::Unsayable) }
}

/// Signs whatever path is wished.
fn sign(recipe: &Recipe, message: &Pattern, wish: &Wish, signer: &Signer) -> Result<Minted, MintError> {
    let at = wish.expires_at.minus(recipe.ttl());
    let expires = recipe.clock.spell(at).ok_or(MintError::Unsayable)?;
    let uid = wish.viewer.as_ref().map(Viewer::as_str).filter(|uid| uid.bytes().all(is_free)).unwrap_or(NOBODY);
    let tail = wish.path.split_once(wish.video.as_str()).map_or("", |(_, tail)| tail);
    let is_path_signed = message.0.iter().any(Piece::is_path);
    let path = match (is_path_signed, tail) {
        (true, _) => &wish.path,
        (false, "") => "/",
        (false, tail) => tail,
    };
    let mut found = Found { sig: "", expires: &expires, rand: NOBODY, uid, video: Some(wish.video), path };
    let secret = recipe.key.bytes(signer.secret()?).ok_or(MintError::Failed)?;
    let values =
        Values { found: &found.clone(), secret: &secret, at, video: &wish.video, origin: &wish.origin, shown: None };
    let sig = values.sign(recipe, message).ok_or(MintError::Unsayable)?;
    found.sig = &sig;
    Ok(match &recipe.carrier {
        Carrier::Path(pattern) => Minted::Path(spell(pattern, &found)),
        Carrier::Query(parameters) => {
            let pairs = parameters.iter().map(|(name, pattern)| format!("{name}={}", spell(pattern, &found)));
            Minted::Query(pairs.collect::<Vec<_>>().join("&"))
        }
    })
}

/// The text of a carrier.
fn spell(pattern: &Pattern, found: &Found<'_>) -> String {
    let spell = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Sig => found.sig.to_owned(),
        Piece::Expires => found.expires.to_owned(),
        Piece::Rand => found.rand.to_owned(),
        Piece::Uid => found.uid.to_owned(),
        Piece::Video => found.video.map(|video| video.to_string()).unwrap_or_default(),
        _ => found.path.to_owned(),
    };
    pattern.0.iter().map(spell).collect()
}

/// What the names of a message stand for.
struct Values<'a> {
    found: &'a Found<'a>,
    secret: &'a [u8],
    /// The time that the address spells.
    at: Timestamp,
    video: &'a VideoId,
    origin: &'a str,
    /// The request, when there is one.
    shown: Option<&'a Shown>,
}

impl Values<'_> {
    /// The signature over a message; `None` when it asks for something that is not there.
    fn sign(&self, recipe: &Recipe, message: &Pattern) -> Option<String> {
        let parts: Vec<Vec<u8>> =
            message.0.iter().map(|piece| self.value(recipe, piece)).collect::<Option<Vec<_>>>()?;
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let bytes =
            if recipe.is_keyed { recipe.algorithm.hmac(self.secret, &parts) } else { recipe.algorithm.digest(&parts) };
        let spelled = recipe.encoding.spell(&bytes);
        // In an address these three letters stand for other things.
        let is_escaped = recipe.encoding == Encoding::Base64;
        Some(if is_escaped { spelled.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D") } else { spelled })
    }

    fn value(&self, recipe: &Recipe, piece: &Piece) -> Option<Vec<u8>> {
        let path = self.found.path;
        let text = match piece {
            Piece::Text(text) => text.clone(),
            Piece::Path => path.to_owned(),
            Piece::BarePath => path.strip_prefix('/')?.to_owned(),
            Piece::Dir => directory(path).to_owned(),
            Piece::Uri => self.uri(recipe),
            Piece::Host => self.origin.split_once("://")?.1.to_owned(),
            Piece::Expires => self.found.expires.to_owned(),
            Piece::ExpiresHex => format!("{:08x}", self.at.as_secs()),
            Piece::Ip => self.shown?.ip?.to_canonical().to_string(),
            Piece::Rand => self.found.rand.to_owned(),
            Piece::Uid => self.found.uid.to_owned(),
            Piece::Video => self.video.to_string(),
            Piece::Secret => return Some(self.secret.to_vec()),
            Piece::Query(name) => self.parameter(name)?.to_owned(),
            Piece::Sig => return None,
        };
        Some(text.into_bytes())
    }

    /// A parameter that is there once, of letters that cannot be confused with what stands beside it.
    fn parameter<'b>(&'b self, name: &'b str) -> Option<&'b str> {
        let shown = self.shown?;
        let given = address::pairs(&shown.query).filter(|(known, _)| *known == name).count();
        shown.parameter(name).filter(|value| given == 1 && !value.is_empty() && value.bytes().all(is_free))
    }

    fn uri(&self, recipe: &Recipe) -> String {
        let own = |name: &str| match &recipe.carrier {
            Carrier::Query(own) => own.iter().any(|(known, _)| known == name),
            Carrier::Path(_) => false,
        };
        let query = self.shown.map_or("", |shown| shown.query.as_str());
        let is_signed = |pair: &&str| {
            let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
            !own(name) && !address::is_added_by_players(name)
        };
        let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).filter(is_signed).collect();
        if rest.is_empty() { self.found.path.to_owned() } else { format!("{}?{}", self.found.path, rest.join("&")) }
    }
}

fn directory(path: &str) -> &str {
    path.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or(path)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::dialects::trial::{signer, wish};

    #[test]
    fn the_example_of_nginx_is_bound_to_the_viewers_address() {
        let recipe = Recipe::parse(super::super::presets::PRESETS[0].1).unwrap();
        let at = Timestamp::from_secs(2_147_483_647);
        let found = Found { expires: "2147483647", path: "/s/link", ..Found::default() };
        let shown = Shown { ip: Some("127.0.0.1".parse().unwrap()), ..Shown::default() };
        let video = crate::dialects::trial::video();
        let values = Values { found: &found, secret: b"secret", at, video: &video, origin: "", shown: Some(&shown) };
        assert_eq!(values.sign(&recipe, &recipe.messages[0]).as_deref(), Some("_e4Nc3iduzkWRm01TBBNYw"));
    }

    /// What a signer elsewhere makes of a path that need not be one of ours: a query, or a whole path.
    pub(in crate::dialects::template) fn unnamed(recipe: &Recipe, secret: &[u8], path: &str, end: Timestamp) -> String {
        let wish = Wish { expires_at: end, ..wish(path) };
        let message = recipe.messages.iter().find(|message| !message.has(&Piece::Ip)).unwrap();
        match sign(recipe, message, &wish, &signer(secret)).unwrap() {
            Minted::Query(text) | Minted::Path(text) | Minted::Token(text) => text,
        }
    }
}
