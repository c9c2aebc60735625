//! Apache Traffic Server's `url_sig`: an HMAC over chosen parts of the address and over the query as far as `S=`.
//!
//! ```text
//! ?[…&][C=<address>&]E=<unix seconds>&A=<1|2>&K=<key number>&P=<parts>&S=<hex>
//! ```
//!
//! `P` says which parts of host and path are signed, and its last digit stands for all that follow. The parts that are
//! signed must name the video. `A` chooses between HMAC-SHA1 and HMAC-MD5 and is itself signed, so a signature made
//! with one is none for the other. `K` is signed and otherwise not asked about: which secret it is, the key says.

use crate::{
    claims::{Claims, Fault},
    dialects::{
        address,
        hash::{self, Algorithm, Encoding},
    },
    id::VideoId,
    limits::TOKEN_BYTES_MAX,
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    network::Network,
    rules::Rules,
    shown::Shown,
    time::Timestamp,
};

/// Keys of one configuration.
const KEYS: u8 = 16;
/// Digits of `P` that are read.
const PARTS_MAX: usize = 32;

pub(super) fn read(
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    let has = |name| address::pairs(&shown.query).any(|(known, _)| known == name);
    (has("E") && has("S")).then(|| judge(key, shown, video, now))
}

/// Signs one address, host and all.
pub(super) fn mint(wish: &Wish, signer: &Signer) -> Result<Minted, MintError> {
    let is_named = address::is_plain(&wish.path) && address::judge_scope(&wish.path, &wish.video, "path").is_ok();
    let expires = address::spell_seconds(wish.expires_at).filter(|_| is_named).ok_or(MintError::Unsayable)?;
    let query = format!("E={expires}&A=1&K=0&P=1&S=");
    let parts = parts("1", &wish.origin, &wish.path).ok_or(MintError::Unsayable)?;
    let sig = sign(Algorithm::Sha1, signer.secret()?, &parts, &query);
    Ok(Minted::Query(query + &sig))
}

fn judge(key: &Verifier<'_>, shown: &Shown, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let wanted = || Fault::invalid("signature", "C, E, A, K, P and S in this order, S last");
    if shown.query.len() > TOKEN_BYTES_MAX || !address::is_plain(&shown.path) {
        return Err(wanted());
    }
    let terms = Terms::of(&shown.query).ok_or_else(wanted)?;
    let secret = key.material.secret().ok_or_else(wanted)?;
    let parts = parts(terms.parts, &shown.origin, &shown.path)
        .ok_or_else(|| Fault::invalid("P", "up to 32 digits, each 0 or 1"))?;
    if !hash::same(&sign(terms.algorithm, secret, &parts, terms.signed), terms.sig) {
        return Err(Fault::invalid("S", "the signature of this key over this address"));
    }
    let expires_at =
        address::seconds(terms.expires).ok_or_else(|| Fault::invalid("E", "ten digits: seconds since 1970"))?;
    address::judge_end(expires_at, now, None, "E")?;
    address::judge_scope(&parts, video, "P")?;
    address::judge_scope(&shown.path, video, "path")?;
    let networks = match terms.ip {
        Some(ip) => {
            let ip = ip.parse().map_err(|_| Fault::invalid("C", "an address"))?;
            Some(vec![Network::host(ip)].into())
        }
        None => None,
    };
    Ok(Claims {
        video: *video,
        viewer: None,
        expires_at,
        issued_at: None,
        once: None,
        rules: Rules { networks, ..Rules::default() },
    })
}

/// What the query says.
struct Terms<'a> {
    ip: Option<&'a str>,
    expires: &'a str,
    algorithm: Algorithm,
    parts: &'a str,
    /// The query as far as `S=`.
    signed: &'a str,
    sig: &'a str,
}

impl<'a> Terms<'a> {
    fn of(query: &'a str) -> Option<Self> {
        let at = if query.starts_with("S=") { 0 } else { query.find("&S=")? + 1 };
        let (signed, rest) = query.split_at_checked(at + "S=".len())?;
        let (sig, added) = rest.split_once('&').unwrap_or((rest, ""));
        if !address::pairs(added).all(|(name, _)| address::is_added_by_players(name)) {
            return None;
        }
        let mut pairs: Vec<(&str, &str)> = address::pairs(signed).collect();
        let (_, _) = pairs.pop()?;
        let mut last = |name: &str| pairs.pop_if(|(known, _)| *known == name).map(|(_, value)| value);
        let (parts, number) = (last("P")?, last("K")?);
        let algorithm = match last("A")? {
            "1" => Algorithm::Sha1,
            "2" => Algorithm::Md5,
            _ => return None,
        };
        let (expires, ip) = (last("E")?, last("C"));
        let is_number = number.parse::<u8>().is_ok_and(|key| key < KEYS && key.to_string() == number);
        let is_left = pairs.iter().any(|(name, _)| ["C", "E", "A", "K", "P", "S"].contains(name));
        (is_number && !is_left).then_some(Self { ip, expires, algorithm, parts, signed, sig })
    }
}

/// The parts of host and path that `mask` chooses, with slashes between.
fn parts(mask: &str, origin: &str, path: &str) -> Option<String> {
    let is_mask = !mask.is_empty() && mask.len() <= PARTS_MAX && mask.bytes().all(|digit| b"01".contains(&digit));
    let host = origin.split_once("://")?.1;
    let all = std::iter::once(host).chain(path.strip_prefix('/')?.split('/'));
    let last = mask.bytes().last().filter(|_| is_mask)?;
    let chosen = all.zip(mask.bytes().chain(std::iter::repeat(last))).filter(|(_, digit)| *digit == b'1');
    Some(chosen.map(|(part, _)| part).collect::<Vec<_>>().join("/"))
}

fn sign(algorithm: Algorithm, secret: &[u8], parts: &str, query: &str) -> String {
    Encoding::Hex.spell(&algorithm.hmac(secret, &[parts.as_bytes(), b"?", query.as_bytes()]))
}

#[cfg(test)]
mod tests;
