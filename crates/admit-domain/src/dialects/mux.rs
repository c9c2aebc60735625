//! Mux's tokens: JSON Web Tokens with RS256, the playback id in `sub`, and in `aud` what kind of thing they open.
//!
//! Parameters of thumbnails stand among the claims and restrict nothing. Those claims that do restrict what may be
//! watched (clips, the largest resolution, playback restrictions, which live at Mux) cannot be met here, and are refused
//! by their name. Mux's own signers write no `iat`, and give a token seven days where they are told nothing.

use aws_lc_rs::rand::SystemRandom;

use crate::{
    claims::{Claims, Fault},
    id::VideoId,
    jose::{self, ClaimSet, IssuedAt, KidStands, Life, Lifetime, Profile, Seconds, Signed},
    json::Value,
    limits::MUX_TOKEN_LIFETIME_MAX,
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
    Lifetime { max: MUX_TOKEN_LIFETIME_MAX, issued_at: IssuedAt::Optional, seconds: Seconds::Integer };

/// Claims that choose how a thing looks or is offered, and not whether it may be seen.
const MODIFIERS: [&str; 17] = [
    "time",
    "width",
    "height",
    "fit_mode",
    "rotate",
    "flip_h",
    "flip_v",
    "start",
    "end",
    "fps",
    "format",
    "min_resolution",
    "rendition_order",
    "default_subtitles_lang",
    "redundant_streams",
    "roku_trick_play",
    "exclude_pdt",
];

pub(crate) fn read(
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    Some(jose::open(PROFILE, key, shown)?.and_then(|claims| judge(claims, video, now)))
}

/// Signs for the film (`aud` is `v`).
pub(crate) fn mint(wish: &Wish, signer: &Signer, chance: &SystemRandom) -> Result<Minted, MintError> {
    let claims = [
        ("sub", Some(Value::string(wish.video.as_str()))),
        ("aud", Some(Value::string("v"))),
        ("exp", Some(Value::Integer(wish.expires_at.as_secs()))),
        ("kid", Some(Value::string(wish.kid.as_str()))),
    ];
    let how = Signed { hs256: false, algorithms: ALGORITHMS, lifetime_max: MUX_TOKEN_LIFETIME_MAX };
    jose::sign(how, wish, &claims, signer, chance)
}

fn judge(mut claims: ClaimSet, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let Life { issued_at, expires_at } = LIFETIME.judge(&mut claims, now)?;
    let subject = claims.video("sub")?;
    let rights = rights(&mut claims)?;
    claims.text("iss")?;
    claims.token_id()?;
    // Already compared with the header's.
    claims.text("kid")?;
    for name in MODIFIERS {
        claims.take(name);
    }
    claims.finish()?;
    if subject != *video {
        return Err(Fault::other_video("sub"));
    }
    let rules = Rules { rights, ..Rules::default() };
    Ok(Claims { video: subject, viewer: None, expires_at, issued_at: Some(issued_at), once: None, rules })
}

fn rights(claims: &mut ClaimSet) -> Result<Rights, Fault> {
    match claims.text("aud")?.as_deref() {
        Some("v") => Ok(Rights::WATCH.or(Rights::DOWNLOAD)),
        // Thumbnail, animated picture, storyboard.
        Some("t" | "g" | "s") => Ok(Rights::PICTURES),
        Some("d") => Err(Fault::invalid("aud", "`v`: this house issues no DRM licences, which `d` is for")),
        _ => Err(Fault::invalid("aud", "`v`, `t`, `g` or `s`")),
    }
}

#[cfg(test)]
mod tests;
