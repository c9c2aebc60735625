//! Our own signed address, in query form: one HMAC over the video, the end and the constraints.
//!
//! ```text
//! /vod/<videoId>/…?expires=<unix seconds>&kid=<signingKeyId>[&ip=<address or network>][&domain=<pattern>]&sig=<base64url>
//! ```
//!
//! The query begins so, in this order and spelling. What follows is not signed, and may be anything that players add,
//! but none of the names above. Every asset of the video is covered, and no host: a key belongs to a project, and
//! whatever names the server has, they serve the same videos.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{address, hash};
use crate::{
    claims::{Claims, Fault},
    id::VideoId,
    limits::{HMAC_SECRET_BYTES_MIN, TOKEN_BYTES_MAX},
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    network::Network,
    rules::{DomainPattern, Domains, Rules},
    secret::MacKey,
    shown::Shown,
    time::Timestamp,
};

/// The first field of what is signed. Preceded by its length, so that it begins as no JWT and no COSE structure does.
const LABEL: &[u8] = b"admit signed url";
const VERSION: &[u8] = &[1];
/// `GET` and `HEAD`; other classes are not signed yet, and a signature for one is none for another.
const METHODS: &[u8] = b"read";
/// Names that mean something here, wherever they stand.
const NAMES: [&str; 5] = ["expires", "kid", "ip", "domain", "sig"];

/// What is signed besides the key and the video.
#[derive(Clone, Copy)]
struct Terms<'a> {
    expires: &'a str,
    ip: Option<&'a str>,
    domain: Option<&'a str>,
}

pub(crate) fn read(
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    let mut kids = address::pairs(&shown.query).filter(|(name, _)| *name == "kid");
    kids.any(|(_, kid)| kid == key.id.as_str()).then(|| judge(key, shown, video, now))
}

/// Signs the video, whatever of its addresses is wished.
pub(crate) fn mint(wish: &Wish, signer: &Signer) -> Result<Minted, MintError> {
    let expires = address::spell_seconds(wish.expires_at).ok_or(MintError::Unsayable)?;
    let terms = Terms { expires: &expires, ip: None, domain: None };
    let secret = signer.secret()?;
    if secret.len() < HMAC_SECRET_BYTES_MIN {
        return Err(MintError::ShortSecret);
    }
    let sig = sign(secret, &wish.kid, &wish.video, terms);
    Ok(Minted::Query(format!("expires={expires}&kid={}&sig={sig}", wish.kid)))
}

fn judge(key: &Verifier<'_>, shown: &Shown, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let secret = key.material.secret().filter(|secret| secret.len() >= HMAC_SECRET_BYTES_MIN);
    let secret = secret.ok_or_else(|| Fault::invalid("kid", "a key with a secret of at least 32 bytes"))?;
    if shown.query.len() > TOKEN_BYTES_MAX {
        return Err(Fault::invalid("query", "at most 4096 bytes"));
    }
    let (terms, sig) = parse(&shown.query, key.id.as_str())?;
    if !hash::same(&sign(secret, key.id.as_str(), video, terms), sig) {
        return Err(Fault::invalid("sig", "the signature of this key over this video and these terms"));
    }
    let expires_at =
        address::seconds(terms.expires).ok_or_else(|| Fault::invalid("expires", "ten digits: seconds since 1970"))?;
    address::judge_end(expires_at, now, None, "expires")?;
    if !is_address_of(&shown.path, video) {
        return Err(Fault::invalid("path", "an address of the video under /vod/ or /embed/"));
    }
    Ok(Claims { video: *video, viewer: None, expires_at, issued_at: None, once: None, rules: rules(terms)? })
}

fn is_address_of(path: &str, video: &VideoId) -> bool {
    let named = path.strip_prefix("/vod/").or_else(|| path.strip_prefix("/embed/"));
    named.is_some_and(|named| address::covers(video.as_str(), named))
}

/// Takes the query apart; `(terms, signature)`.
fn parse<'a>(query: &'a str, kid: &str) -> Result<(Terms<'a>, &'a str), Fault> {
    let mut rest = query.split('&');
    let mut next = rest.next();
    let mut take = |name: &'static str| {
        let value = next.and_then(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        if value.is_some() {
            next = rest.next();
        }
        value
    };
    let missing = |name| Fault::invalid(name, "expires, kid, ip, domain and sig in this order, each at most once");
    let expires = take("expires").ok_or_else(|| missing("expires"))?;
    take("kid").filter(|shown| *shown == kid).ok_or_else(|| missing("kid"))?;
    let (ip, domain) = (take("ip"), take("domain"));
    let sig = take("sig").ok_or_else(|| missing("sig"))?;
    for pair in next.into_iter().chain(rest) {
        judge_unsigned(pair.split_once('=').map_or(pair, |(name, _)| name))?;
    }
    Ok((Terms { expires, ip, domain }, sig))
}

/// A name that is ours but for its case or its escapes is somebody's try at having two readers disagree.
fn judge_unsigned(name: &str) -> Result<(), Fault> {
    let is_ours = NAMES.iter().any(|ours| ours.eq_ignore_ascii_case(name));
    if is_ours || name.contains(['%', '+', ';']) {
        return Err(Fault::invalid("query", "nothing behind sig that would have to be signed"));
    }
    Ok(())
}

fn rules(terms: Terms<'_>) -> Result<Rules, Fault> {
    let mut rules = Rules::default();
    if let Some(ip) = terms.ip {
        let network = if ip.contains('/') { ip.parse().ok() } else { ip.parse().ok().map(Network::host) };
        let network = network.ok_or_else(|| Fault::invalid("ip", "an address or a network"))?;
        rules.networks = Some(vec![network].into());
    }
    if let Some(domain) = terms.domain {
        let pattern: DomainPattern =
            domain.parse().map_err(|_| Fault::invalid("domain", "a domain such as a.example or *.a.example"))?;
        rules.domains = Some(Domains::new(vec![pattern], false));
    }
    Ok(rules)
}

fn sign(secret: &[u8], kid: &str, video: &VideoId, terms: Terms<'_>) -> String {
    let prefix = format!("/vod/{video}/");
    // Absent and empty are told apart by a byte before the value.
    let constraint = |value: Option<&str>| value.map_or_else(Vec::new, |value| [b"=", value.as_bytes()].concat());
    let fields: [&[u8]; 8] = [
        LABEL,
        VERSION,
        kid.as_bytes(),
        METHODS,
        prefix.as_bytes(),
        terms.expires.as_bytes(),
        &constraint(terms.ip),
        &constraint(terms.domain),
    ];
    URL_SAFE_NO_PAD.encode(MacKey::of(secret).tag(&fields))
}

#[cfg(test)]
mod tests;
