//! CloudFront's signed addresses and cookies: a canned or a custom policy, signed with RSA.
//!
//! `Key-Pair-Id` is this key's id, or the `kid` of one of its public keys. Without `Hash-Algorithm` the signature is
//! RSA with SHA-1, as CloudFront's has been for years; this dialect alone takes that. Stricter than CloudFront in this:
//! a custom policy's `Resource` must name the video whole in its path, so neither `https://host/*` nor `…/vi1*` opens
//! anything, and conditions that are not known are refused.

mod policy;
mod shape;

use aws_lc_rs::rand::SystemRandom;

use self::shape::{Policy, Shape, encode};
use super::address::{self, Wild};
use crate::{
    claims::{Claims, Fault},
    id::VideoId,
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    public_key::{PublicKey, SignatureAlgorithm},
    rules::Rules,
    shown::Shown,
    time::Timestamp,
};

pub(crate) fn read(
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    match shape::key_pair(shown)? {
        Err(fault) => Some(Err(fault)),
        Ok(named) => {
            let keys: Vec<&PublicKey> = named_by(key, named).collect();
            (!keys.is_empty()).then(|| judge(&keys, shown, video, now))
        }
    }
}

/// Signs an address with SHA-256; one that ends in a slash stands for all below it.
pub(crate) fn mint(wish: &Wish, signer: &Signer, chance: &SystemRandom) -> Result<Minted, MintError> {
    let Signer::Private(private) = signer else { return Err(MintError::WantsPrivateKey) };
    let is_named = address::is_plain(&wish.path) && address::judge_scope(&wish.path, &wish.video, "path").is_ok();
    let seconds = address::spell_seconds(wish.expires_at).filter(|_| is_named).ok_or(MintError::Unsayable)?;
    let is_directory = wish.path.ends_with('/');
    let resource = format!("{}{}{}", wish.origin, wish.path, if is_directory { "*" } else { "" });
    let text = policy::canned(&resource, &seconds).ok_or(MintError::Unsayable)?;
    let signature = private.sign(SignatureAlgorithm::Rs256, text.as_bytes(), chance);
    let signature = encode(&signature.map_err(|_| MintError::WantsPrivateKey)?);
    let policy =
        if is_directory { format!("Policy={}", encode(text.as_bytes())) } else { format!("Expires={seconds}") };
    Ok(Minted::Query(format!("{policy}&Signature={signature}&Key-Pair-Id={}&Hash-Algorithm=SHA256", wish.kid)))
}

/// The public keys that go by that name.
fn named_by<'a>(key: &Verifier<'a>, named: &'a str) -> impl Iterator<Item = &'a PublicKey> {
    let is_ours = named == key.id.as_str();
    key.material.public().iter().filter(move |public| is_ours || public.kid.as_deref() == Some(named))
}

fn judge(keys: &[&PublicKey], shown: &Shown, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let shape = Shape::of(shown)?;
    if !address::is_plain(&shown.path) {
        return Err(Fault::invalid("path", "a path without escapes"));
    }
    let resource = shape::resource(shown);
    let signed = match &shape.policy {
        Policy::Canned(expires) => {
            let text = policy::canned(&resource, expires);
            text.ok_or_else(|| Fault::invalid("Resource", "an address without quotes"))?.into_bytes()
        }
        Policy::Custom(text, _) => text.clone(),
    };
    if !keys.iter().any(|key| key.verify(shape.algorithm, &signed, &shape.signature)) {
        return Err(Fault::invalid("Signature", "that of this key over this policy"));
    }
    address::judge_scope(&shown.path, video, "path")?;
    match &shape.policy {
        Policy::Canned(expires) => {
            let until = address::seconds(expires);
            let until = until.ok_or_else(|| Fault::invalid("Expires", "ten digits: seconds since 1970"))?;
            address::judge_end(until, now, None, "Expires")?;
            Ok(Claims {
                video: *video,
                viewer: None,
                expires_at: until,
                issued_at: None,
                once: None,
                rules: Rules::default(),
            })
        }
        Policy::Custom(text, expires) => judge_custom(text, *expires, &resource, video, now),
    }
}

fn judge_custom(
    text: &[u8],
    expires: Option<&str>,
    resource: &str,
    video: &VideoId,
    now: Timestamp,
) -> Result<Claims, Fault> {
    let statement = policy::read(text)?;
    // Nothing signs it where it stands: it may repeat what is signed, and no more.
    if expires.is_some_and(|expires| address::seconds(expires) != Some(statement.until)) {
        return Err(Fault::invalid("Expires", "no such parameter, or the time of the policy"));
    }
    address::judge_end(statement.until, now, None, "DateLessThan")?;
    if statement.from.is_some_and(|from| from > now) {
        return Err(Fault::invalid("DateGreaterThan", "a time that has come"));
    }
    // Behind a question mark stands what the address may say of itself.
    let path = statement.resource.split('?').next().unwrap_or_default();
    address::judge_scope(path, video, "Resource")?;
    if !address::matches(&statement.resource, resource, Wild::StarAndQuestion) {
        return Err(Fault::invalid("Resource", "a pattern that matches this address"));
    }
    let rules = Rules { networks: statement.networks, ..Rules::default() };
    Ok(Claims { video: *video, viewer: None, expires_at: statement.until, issued_at: None, once: None, rules })
}

#[cfg(test)]
mod tests;
