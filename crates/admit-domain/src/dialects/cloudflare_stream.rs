//! Cloudflare Stream's tokens: JSON Web Tokens with RS256, the video in `sub`, which stand where its id would.
//!
//! `exp` and `nbf` may be written as strings of digits. Without `downloadable` the film cannot be had as one file.
//! `accessRules` say from where it may be watched.

mod access_rules;

use aws_lc_rs::rand::SystemRandom;

use crate::{
    claims::{Claims, Fault},
    id::VideoId,
    jose::{self, ClaimSet, IssuedAt, KidStands, Life, Lifetime, Profile, Seconds, Signed},
    json::Value,
    limits::TOKEN_LIFETIME_MAX,
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    public_key::SignatureAlgorithm,
    rights::Rights,
    rules::Rules,
    shown::Shown,
    time::Timestamp,
};

const ALGORITHMS: &[SignatureAlgorithm] = &[SignatureAlgorithm::Rs256];
const PROFILE: Profile = Profile { hs256: false, algorithms: ALGORITHMS, kid: KidStands::InHeaderOrClaims };
const LIFETIME: Lifetime =
    Lifetime { max: TOKEN_LIFETIME_MAX, issued_at: IssuedAt::Optional, seconds: Seconds::IntegerOrDigits };

pub(crate) fn read(
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    Some(jose::open(PROFILE, key, shown)?.and_then(|claims| judge(claims, video, now)))
}

/// Signs for one video. The token stands in the path, instead of the id.
pub(crate) fn mint(wish: &Wish, signer: &Signer, chance: &SystemRandom) -> Result<Minted, MintError> {
    let claims = [
        ("sub", Some(Value::string(wish.video.as_str()))),
        ("kid", Some(Value::string(wish.kid.as_str()))),
        ("exp", Some(Value::Integer(wish.expires_at.as_secs()))),
    ];
    let how = Signed { hs256: false, algorithms: ALGORITHMS, lifetime_max: TOKEN_LIFETIME_MAX };
    jose::sign(how, wish, &claims, signer, chance)
}

fn judge(mut claims: ClaimSet, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let Life { issued_at, expires_at } = LIFETIME.judge(&mut claims, now)?;
    let subject = claims.video("sub")?;
    // Already compared with the header's.
    claims.text("kid")?;
    let watching = Rights::WATCH.or(Rights::PICTURES);
    let is_downloadable = claims.flag("downloadable")? == Some(true);
    let rights = if is_downloadable { watching.or(Rights::DOWNLOAD) } else { watching };
    let places = claims.take("accessRules").map_or_else(|| Ok(Rules::default()), |list| access_rules::read(&list))?;
    claims.finish()?;
    if subject != *video {
        return Err(Fault::other_video("sub"));
    }
    let rules = Rules { rights, ..places };
    Ok(Claims { video: subject, viewer: None, expires_at, issued_at: Some(issued_at), once: None, rules })
}

#[cfg(test)]
mod tests;
