//! Moviie's access tokens: JSON Web Tokens with HS256, the video in `sub`, and `exp` and `iat`.
//!
//! They hold nothing else. A claim that is added by hand is refused, since it may be meant as a restriction; but `nbf`,
//! `iss` and `jti` say nothing that is not understood.

use aws_lc_rs::rand::SystemRandom;

use crate::{
    claims::{Claims, Fault},
    id::VideoId,
    jose::{self, ClaimSet, IssuedAt, KidStands, Life, Lifetime, Profile, Seconds, Signed},
    json::Value,
    limits::TOKEN_LIFETIME_MAX,
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    rules::Rules,
    shown::Shown,
    time::Timestamp,
};

const PROFILE: Profile = Profile { hs256: true, algorithms: &[], kid: KidStands::InHeader };
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

pub(crate) fn mint(wish: &Wish, signer: &Signer, chance: &SystemRandom) -> Result<Minted, MintError> {
    let claims = [
        ("sub", Some(Value::string(wish.video.as_str()))),
        ("exp", Some(Value::Integer(wish.expires_at.as_secs()))),
        ("iat", Some(Value::Integer(wish.issued_at.as_secs()))),
    ];
    let how = Signed { hs256: true, algorithms: &[], lifetime_max: TOKEN_LIFETIME_MAX };
    jose::sign(how, wish, &claims, signer, chance)
}

fn judge(mut claims: ClaimSet, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let Life { issued_at, expires_at } = LIFETIME.judge(&mut claims, now)?;
    let subject = claims.video("sub")?;
    claims.text("iss")?;
    claims.token_id()?;
    claims.finish()?;
    if subject != *video {
        return Err(Fault::other_video("sub"));
    }
    Ok(Claims {
        video: subject,
        viewer: None,
        expires_at,
        issued_at: Some(issued_at),
        once: None,
        rules: Rules::default(),
    })
}

#[cfg(test)]
mod tests;
