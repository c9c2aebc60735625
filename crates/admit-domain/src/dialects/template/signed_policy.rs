//! OvenMediaEngine's SignedPolicy: a JSON policy in the query, and an HMAC-SHA1 over the whole address with its port.
//!
//! ```text
//! ?policy=<base64url of {"url_expire":ms[,"url_activate":ms][,"stream_expire":ms][,"allow_ip":"network"]}>&signature=<base64url>
//! ```

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    claims::{Claims, Fault},
    dialects::{
        address,
        hash::{self, Algorithm, Encoding},
    },
    id::VideoId,
    json::{self, Bounds},
    limits::TOKEN_BYTES_MAX,
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    rules::Rules,
    shown::Shown,
    time::Timestamp,
};

/// A policy is one flat object.
const POLICY_DEPTH: usize = 1;
/// Milliseconds of the last second of the year 9999.
const MILLIS_MAX: i64 = 253_402_300_799_000;

pub(super) fn read(
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    let has = |name| address::pairs(&shown.query).any(|(known, _)| known == name);
    (has("policy") && has("signature")).then(|| judge(key, shown, video, now))
}

/// Signs one address.
pub(super) fn mint(wish: &Wish, signer: &Signer) -> Result<Minted, MintError> {
    let is_named = address::is_plain(&wish.path) && address::judge_scope(&wish.path, &wish.video, "path").is_ok();
    let origin = with_port(&wish.origin).filter(|_| is_named).ok_or(MintError::Unsayable)?;
    let policy = format!("{{\"url_expire\":{}}}", wish.expires_at.as_millis());
    let query = format!("policy={}", URL_SAFE_NO_PAD.encode(policy));
    let signature = sign(signer.secret()?, &origin, &wish.path, &query);
    Ok(Minted::Query(format!("{query}&signature={signature}")))
}

fn judge(key: &Verifier<'_>, shown: &Shown, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let wanted = || Fault::invalid("signature", "policy and signature, each once, and nothing unsigned behind them");
    let secret = key.material.secret().ok_or_else(wanted)?;
    if shown.query.len() > TOKEN_BYTES_MAX || !address::is_plain(&shown.path) {
        return Err(wanted());
    }
    let (signed, rest) = shown.query.split_once("&signature=").ok_or_else(wanted)?;
    let (signature, added) = rest.split_once('&').unwrap_or((rest, ""));
    let is_fine = address::pairs(added).all(|(name, _)| address::is_added_by_players(name));
    let mut policies = address::pairs(signed).filter(|(name, _)| *name == "policy");
    let policy = policies.next().filter(|_| is_fine && policies.next().is_none()).map(|(_, policy)| policy);
    let policy = policy.ok_or_else(wanted)?;
    let origin = with_port(&shown.origin).ok_or_else(wanted)?;
    if !hash::same(&sign(secret, &origin, &shown.path, signed), signature) {
        return Err(Fault::invalid("signature", "that of this key over this address, with its port"));
    }
    let claims = claims(policy, video, now)?;
    address::judge_scope(&shown.path, video, "path")?;
    Ok(claims)
}

/// Reads a policy that is known to be the signer's.
fn claims(policy: &str, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let wanted = || Fault::invalid("policy", "an object of url_expire, url_activate, stream_expire and allow_ip");
    let bytes = URL_SAFE_NO_PAD.decode(policy).map_err(|_| wanted())?;
    let policy = json::read(&bytes, Bounds { bytes: TOKEN_BYTES_MAX, depth: POLICY_DEPTH }).map_err(|_| wanted())?;
    let (mut expires, mut rules) = (None, Rules::default());
    for (name, value) in policy.members().ok_or_else(wanted)? {
        let time = || {
            let millis = value.as_integer().filter(|millis| (0..=MILLIS_MAX).contains(millis));
            millis.map(Timestamp::from_millis).ok_or_else(|| Fault::invalid("policy", "times in milliseconds"))
        };
        match name.as_str() {
            "url_expire" => expires = Some(time()?),
            "url_activate" => {
                if time()? > now {
                    return Err(Fault::invalid("url_activate", "a time that has come"));
                }
            }
            "stream_expire" => rules.valid_until = Some(time()?),
            "allow_ip" => {
                let network = value.as_str().and_then(|network| network.parse().ok());
                let network = network.ok_or_else(|| Fault::invalid("allow_ip", "a network"))?;
                rules.networks = Some(vec![network].into());
            }
            _ => return Err(wanted()),
        }
    }
    let expires_at = expires.ok_or_else(|| Fault::invalid("url_expire", "this member"))?;
    address::judge_end(expires_at, now, None, "url_expire")?;
    Ok(Claims { video: *video, viewer: None, expires_at, issued_at: None, once: None, rules })
}

/// The origin with its port, which is signed even where it is the usual one.
fn with_port(origin: &str) -> Option<String> {
    let (scheme, host) = origin.split_once("://")?;
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let usual = match scheme {
        _ if has_port => return Some(origin.to_owned()),
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    Some(format!("{origin}:{usual}"))
}

fn sign(secret: &[u8], origin: &str, path: &str, query: &str) -> String {
    let parts = [origin.as_bytes(), path.as_bytes(), b"?", query.as_bytes()];
    Encoding::Base64UrlNoPad.spell(&Algorithm::Sha1.hmac(secret, &parts))
}

#[cfg(test)]
mod tests;
