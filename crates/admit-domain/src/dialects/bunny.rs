//! Bunny's token authentication: `?token=…&expires=…`, or `/bcdn_token=…&expires=…/` before the path.
//!
//! Stricter than Bunny in this: `token_path` must name one video whole and ends at a slash; an address without
//! `token_path` is good for the one path that was signed; `limit`, which this server does not keep, is refused.

mod form;
mod parts;

pub use self::form::Form;
use self::{
    form::Bound,
    parts::{Parts, escaped},
};
use super::{address, hash};
use crate::{
    claims::{Claims, Fault},
    id::VideoId,
    limits::WEAK_URL_TTL_MAX,
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    rules::{Countries, Country, Rules},
    shown::Shown,
    time::Timestamp,
};

/// Bits of an IPv6 address that a token can be bound to: what one household is given.
const BOUND_V6_BITS: u8 = 64;

pub(crate) fn read(
    form: Form,
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    let parts = Parts::of(shown)?;
    Some(parts.and_then(|parts| judge(form, key, shown, &parts, video, now)))
}

/// Signs an address; one that ends in a slash stands for all below it, where the form has a word for that.
pub(crate) fn mint(form: Form, wish: &Wish, signer: &Signer) -> Result<Minted, MintError> {
    let expires = address::spell_seconds(wish.expires_at).ok_or(MintError::Unsayable)?;
    if form == Form::Md5 && wish.expires_at > wish.issued_at.plus(WEAK_URL_TTL_MAX) {
        return Err(MintError::LivesTooLong);
    }
    let is_named = address::is_plain(&wish.path) && address::judge_scope(&wish.path, &wish.video, "path").is_ok();
    let (path, data) = match form {
        Form::Embed => (wish.video.as_str(), String::new()),
        _ if !is_named => return Err(MintError::Unsayable),
        Form::Hmac | Form::Sha256 if wish.path.ends_with('/') => {
            (wish.path.as_str(), format!("token_path={}", wish.path))
        }
        _ => (wish.path.as_str(), String::new()),
    };
    let token = form.token(signer.secret()?, path, &expires, &Bound::No, &data);
    let scope = if data.is_empty() { String::new() } else { format!("&token_path={}", escaped(path)) };
    Ok(Minted::Query(format!("token={token}{scope}&expires={expires}")))
}

fn judge(
    form: Form,
    key: &Verifier<'_>,
    shown: &Shown,
    parts: &Parts<'_>,
    video: &VideoId,
    now: Timestamp,
) -> Result<Claims, Fault> {
    let secret = key.material.secret().ok_or_else(|| Fault::invalid("token", "a key with a secret"))?;
    let scope = parts.get("token_path").filter(|_| matches!(form, Form::Hmac | Form::Sha256));
    let signed = match form {
        Form::Embed => video.as_str(),
        _ => scope.unwrap_or(parts.path),
    };
    let data = match form {
        Form::Hmac | Form::Sha256 => parts.data(),
        Form::Md5 | Form::Embed => String::new(),
    };
    let is_right = |bound: &Bound| hash::same(&form.token(secret, signed, parts.expires, bound, &data), parts.token);
    let bound = bounds(form, shown).into_iter().find(is_right);
    let bound = bound.ok_or_else(|| Fault::invalid("token", "the signature of this key over this address"))?;
    let expires_at =
        address::seconds(parts.expires).ok_or_else(|| Fault::invalid("expires", "ten digits: seconds since 1970"))?;
    address::judge_end(expires_at, now, (form == Form::Md5).then_some(WEAK_URL_TTL_MAX), "expires")?;
    judge_scope(form, shown, parts, scope, video)?;
    Ok(Claims { video: *video, viewer: None, expires_at, issued_at: None, once: None, rules: rules(parts, bound)? })
}

/// The bindings that a token may have been signed with. Only the newest form says which, in its prefix.
fn bounds(form: Form, shown: &Shown) -> Vec<Bound> {
    let to_viewer = shown.ip.map(|ip| Bound::To(ip.to_canonical()));
    let may_bind = form != Form::Embed;
    std::iter::once(Bound::No).chain(to_viewer.filter(|_| may_bind)).collect()
}

fn judge_scope(
    form: Form,
    shown: &Shown,
    parts: &Parts<'_>,
    scope: Option<&str>,
    video: &VideoId,
) -> Result<(), Fault> {
    if form == Form::Embed {
        let has_referrer = shown.header("referer").any(|referrer| !referrer.is_empty());
        return if has_referrer { Ok(()) } else { Err(Fault::invalid("referer", "the page that embeds the video")) };
    }
    let scope = scope.unwrap_or(parts.path);
    address::judge_scope(scope, video, "token_path")?;
    address::judge_scope(parts.path, video, "path")?;
    let is_covered = address::covers(scope, parts.path);
    if is_covered { Ok(()) } else { Err(Fault::invalid("token_path", "the beginning of the path, up to a slash")) }
}

fn rules(parts: &Parts<'_>, bound: Bound) -> Result<Rules, Fault> {
    if parts.get("limit").is_some() {
        return Err(Fault::invalid("limit", "no limit of speed, which is not kept here"));
    }
    let allowed = countries(parts, "token_countries")?.map(Countries::only);
    let blocked = countries(parts, "token_countries_blocked")?.map(Countries::except);
    let both = match (&allowed, &blocked) {
        (Some(allowed), Some(blocked)) => Some(allowed.and(blocked)),
        _ => allowed.or(blocked),
    };
    let network = match bound {
        Bound::No => None,
        Bound::To(ip) => address::network_of(ip, BOUND_V6_BITS),
    };
    let networks = network.map(|network| vec![network].into());
    Ok(Rules { countries: both, networks, ..Rules::default() })
}

/// A list of countries with commas between.
fn countries(parts: &Parts<'_>, name: &'static str) -> Result<Option<Vec<Country>>, Fault> {
    let read = |list: &str| list.split(',').map(str::parse).collect::<Result<Vec<Country>, _>>();
    parts.get(name).map(read).transpose().map_err(|_| Fault::invalid(name, "codes of countries, such as DE,FR"))
}

#[cfg(test)]
mod tests;
