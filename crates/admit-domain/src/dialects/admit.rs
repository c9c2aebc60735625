//! Our own tokens: JSON Web Tokens that name the viewer in `sub` and the video in `aud`.
//!
//! | claim | holds |
//! |---|---|
//! | `aud` | the id of the video, alone or among others; required |
//! | `exp`, `iat` | the times it ends and was issued, at most 24 hours apart; required |
//! | `nbf` | the time it begins |
//! | `sub` | the signer's name for the viewer |
//! | `iss` | whatever the signer calls itself |
//! | `jti`, `once` | its own name; with `"once": true` it begins one session |
//! | `max_plays` | how many sessions it begins |
//! | `seats`, `when_full` | how many of its sessions, or of its viewer's, watch at once; `refuseNewest`, `endOldest` or `ask` |
//! | `ip` | addresses or networks it may be used from |
//! | `domain` | sites it may be used on |
//! | `countries` | countries it may be used in |
//! | `rights` | any of `watch`, `pictures` and `download`; all of them where it is not there |
//!
//! Signed with HMAC-SHA256 by a shared secret, or with RS256, PS256, ES256, ES384 or `EdDSA` by a private key.

use std::{net::IpAddr, str::FromStr};

use aws_lc_rs::rand::SystemRandom;

use crate::{
    claims::{Claims, Fault, Viewer},
    id::VideoId,
    jose::{self, ClaimSet, IssuedAt, KidStands, Life, Lifetime, Profile, Seconds, Signed},
    json::Value,
    limits::{RULE_PLAYS_MAX, RULE_SEATS_MAX, TOKEN_LIFETIME_MAX},
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    network::Network,
    public_key::SignatureAlgorithm,
    rights::Rights,
    rules::{Countries, Domains, Rules},
    seats::{Seats, WhenFull},
    shown::Shown,
    time::Timestamp,
};

const ALGORITHMS: &[SignatureAlgorithm] = &[
    SignatureAlgorithm::Rs256,
    SignatureAlgorithm::Ps256,
    SignatureAlgorithm::Es256,
    SignatureAlgorithm::Es384,
    SignatureAlgorithm::EdDsa,
];
const PROFILE: Profile = Profile { hs256: true, algorithms: ALGORITHMS, kid: KidStands::InHeader };
const LIFETIME: Lifetime =
    Lifetime { max: TOKEN_LIFETIME_MAX, issued_at: IssuedAt::Required, seconds: Seconds::Integer };

pub(crate) fn read(
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    Some(jose::open(PROFILE, key, shown)?.and_then(|claims| judge(claims, video, now)))
}

/// Signs for one video, and for its viewer where the wish names one.
pub(crate) fn mint(wish: &Wish, signer: &Signer, chance: &SystemRandom) -> Result<Minted, MintError> {
    let claims = [
        ("sub", wish.viewer.as_ref().map(|viewer| Value::string(viewer.as_str()))),
        ("aud", Some(Value::string(wish.video.as_str()))),
        ("iat", Some(Value::Integer(wish.issued_at.as_secs()))),
        ("exp", Some(Value::Integer(wish.expires_at.as_secs()))),
    ];
    let how = Signed { hs256: true, algorithms: ALGORITHMS, lifetime_max: TOKEN_LIFETIME_MAX };
    jose::sign(how, wish, &claims, signer, chance)
}

fn judge(mut claims: ClaimSet, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let Life { issued_at, expires_at } = LIFETIME.judge(&mut claims, now)?;
    let viewer = match claims.text("sub")? {
        None => None,
        Some(name) => Some(Viewer::parse(&name).ok_or_else(|| Fault::invalid("sub", "1 to 128 printable characters"))?),
    };
    claims.text("iss")?;
    let once = once(&mut claims)?;
    let rules = rules(&mut claims)?;
    let audience = claims.texts("aud")?.ok_or_else(|| Fault::invalid("aud", "the id of a video"))?;
    claims.finish()?;
    if !audience.iter().any(|id| id == video.as_str()) {
        return Err(Fault::other_video("aud"));
    }
    Ok(Claims { video: *video, viewer, expires_at, issued_at: Some(issued_at), once, rules })
}

/// The token's own name, where it may be used once.
fn once(claims: &mut ClaimSet) -> Result<Option<String>, Fault> {
    let (id, is_once) = (claims.token_id()?, claims.flag("once")?);
    match (id, is_once) {
        (None, Some(true)) => Err(Fault::invalid("jti", "the token's own name, since it may be used once")),
        (id, is_once) => Ok(id.filter(|_| is_once == Some(true))),
    }
}

fn rules(claims: &mut ClaimSet) -> Result<Rules, Fault> {
    let domains = parsed(claims, "domain", "a site, such as a.example or *.a.example")?;
    let networks = match claims.texts("ip")? {
        None => None,
        Some(texts) => Some(texts.iter().map(|text| network(text)).collect::<Result<_, _>>()?),
    };
    let countries = parsed(claims, "countries", "codes of countries, such as FR")?;
    Ok(Rules {
        domains: domains.map(|patterns| Domains::new(patterns, false)),
        networks,
        countries: countries.map(Countries::only),
        rights: rights(claims)?,
        plays_max: plays_max(claims)?,
        seats: seats(claims)?,
        ..Rules::default()
    })
}

fn parsed<T: FromStr>(
    claims: &mut ClaimSet,
    name: &'static str,
    wanted: &'static str,
) -> Result<Option<Vec<T>>, Fault> {
    let Some(texts) = claims.texts(name)? else { return Ok(None) };
    let items = texts.iter().map(|text| text.parse().map_err(|_| Fault::invalid(name, wanted)));
    items.collect::<Result<_, _>>().map(Some)
}

fn network(text: &str) -> Result<Network, Fault> {
    let host = text.parse::<IpAddr>().map(Network::host);
    host.or_else(|_| text.parse()).map_err(|_| Fault::invalid("ip", "an address or a network, such as 192.0.2.0/24"))
}

fn rights(claims: &mut ClaimSet) -> Result<Rights, Fault> {
    let Some(names) = claims.texts("rights")? else { return Ok(Rights::ALL) };
    let each = names.iter().map(|name| match name.as_str() {
        "watch" => Ok(Rights::WATCH),
        "pictures" => Ok(Rights::PICTURES),
        "download" => Ok(Rights::DOWNLOAD),
        _ => Err(Fault::invalid("rights", "any of watch, pictures and download")),
    });
    each.into_iter().try_fold(Rights::NONE, |all, right| Ok(all.or(right?)))
}

fn plays_max(claims: &mut ClaimSet) -> Result<Option<u32>, Fault> {
    let Some(value) = claims.take("max_plays") else { return Ok(None) };
    let plays = value.as_integer().and_then(|plays| u32::try_from(plays).ok());
    let plays = plays.filter(|plays| (1..=RULE_PLAYS_MAX).contains(plays));
    plays.map(Some).ok_or_else(|| Fault::invalid("max_plays", "an integer from 1 to 1000000"))
}

fn seats(claims: &mut ClaimSet) -> Result<Option<Seats>, Fault> {
    let (max, when_full) = (claims.take("seats"), claims.text("when_full")?);
    let Some(max) = max else {
        return if when_full.is_none() { Ok(None) } else { Err(Fault::invalid("seats", "a number beside when_full")) };
    };
    let max = max.as_integer().and_then(|max| u32::try_from(max).ok());
    let max = max.filter(|max| (1..=RULE_SEATS_MAX).contains(max));
    let max = max.ok_or_else(|| Fault::invalid("seats", "an integer from 1 to 1000"))?;
    let when_full = when_full.as_deref().map_or(Some(WhenFull::RefuseNewest), WhenFull::parse);
    let when_full = when_full.ok_or_else(|| Fault::invalid("when_full", "refuseNewest, endOldest or ask"))?;
    Ok(Some(Seats { max, when_full }))
}

#[cfg(test)]
mod tests;
