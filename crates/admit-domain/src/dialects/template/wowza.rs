//! Wowza's SecureToken, version 2: a bare hash of the content's path and of everything else, sorted as texts.
//!
//! ```text
//! ?<prefix>endtime=N[&<prefix>starttime=N][&<prefix>…=…]&<prefix>hash=BASE64URL
//! hashed: <content path>?<address, secret and parameters, sorted, with & between>
//! ```
//!
//! The content's path is that of an application and a stream: here `vod/<videoId>`, so all assets of one video.

use super::{
    form::Wowza,
    piece::{is_free, is_parameter},
};
use crate::{
    claims::{Claims, Fault},
    dialects::{
        address,
        hash::{self, Encoding},
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

pub(super) fn read(
    wowza: &Wowza,
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    let signed = format!("{}hash", wowza.prefix);
    address::pairs(&shown.query).any(|(name, _)| name == signed).then(|| judge(wowza, key, shown, video, now))
}

pub(super) fn mint(wowza: &Wowza, wish: &Wish, signer: &Signer) -> Result<Minted, MintError> {
    let spell = |at| address::spell_seconds(at).ok_or(MintError::Unsayable);
    let prefix = &wowza.prefix;
    let times = vec![
        format!("{prefix}endtime={}", spell(wish.expires_at)?),
        format!("{prefix}starttime={}", spell(wish.issued_at)?),
    ];
    let secret = std::str::from_utf8(signer.secret()?).map_err(|_| MintError::Failed)?;
    let hash = sign(wowza, &format!("vod/{}", wish.video), secret, None, &times);
    Ok(Minted::Query(format!("{}&{prefix}hash={hash}", times.join("&"))))
}

fn judge(wowza: &Wowza, key: &Verifier<'_>, shown: &Shown, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let wanted = || Fault::invalid("signature", "parameters of plain letters, each once, within 4096 bytes");
    if shown.query.len() > TOKEN_BYTES_MAX {
        return Err(wanted());
    }
    let (mut shown_hash, mut signed, mut start, mut end) = (None, Vec::new(), None, None);
    for (name, value) in address::pairs(&shown.query) {
        let Some(suffix) = name.strip_prefix(wowza.prefix.as_str()) else { continue };
        let slot = match suffix {
            "hash" => {
                if shown_hash.replace(value).is_some() {
                    return Err(wanted());
                }
                continue;
            }
            "starttime" => &mut start,
            "endtime" => &mut end,
            // Letters that no hash could be continued with, and no other parameter be hidden in.
            _ if !is_parameter(name) || !value.bytes().all(|byte| is_free(byte) || b"-_".contains(&byte)) => {
                return Err(wanted());
            }
            _ => &mut None,
        };
        let is_twice = slot.replace(value).is_some() || signed.iter().any(|(known, _)| *known == name);
        if is_twice {
            return Err(wanted());
        }
        signed.push((name, value));
    }
    let signed: Vec<String> = signed.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let secret = key.material.secret().and_then(|secret| std::str::from_utf8(secret).ok());
    let secret = secret.ok_or_else(|| Fault::invalid("signature", "a secret that is text"))?;
    let content = content(&shown.path, video).ok_or_else(|| Fault::invalid("path", "an address of the video"))?;
    let ip = shown.ip.map(|ip| ip.to_canonical());
    let is_right = |ip: &Option<std::net::IpAddr>| {
        let ip = ip.map(|ip| ip.to_string());
        hash::same(&sign(wowza, content, secret, ip.as_deref(), &signed), shown_hash.unwrap_or_default())
    };
    let bound = [None, ip].into_iter().find(is_right);
    let bound = bound.ok_or_else(|| Fault::invalid("signature", "that of this key over this address"))?;
    let time =
        |text: &str| address::seconds(text).ok_or_else(|| Fault::invalid("expires", "ten digits: seconds since 1970"));
    let expires_at = time(end.ok_or_else(|| Fault::invalid("expires", "an end"))?)?;
    address::judge_end(expires_at, now, None, "expires")?;
    if start.map(time).transpose()?.is_some_and(|start| start > now) {
        return Err(Fault::invalid("starttime", "a time that has come"));
    }
    let networks = bound.map(|ip| vec![Network::host(ip)].into());
    Ok(Claims {
        video: *video,
        viewer: None,
        expires_at,
        issued_at: None,
        once: None,
        rules: Rules { networks, ..Rules::default() },
    })
}

/// The path up to the video's id, without its first slash.
fn content<'a>(path: &'a str, video: &VideoId) -> Option<&'a str> {
    let bare = path.strip_prefix("/vod/").filter(|rest| address::covers(video.as_str(), rest));
    bare.and_then(|_| path.get(1.."/vod/".len() + VideoId::LEN))
}

fn sign(wowza: &Wowza, content: &str, secret: &str, ip: Option<&str>, parameters: &[String]) -> String {
    let mut parts: Vec<&str> = parameters.iter().map(String::as_str).chain([secret]).chain(ip).collect();
    parts.sort_unstable();
    let text = format!("{content}?{}", parts.join("&"));
    Encoding::Base64Url.spell(&wowza.algorithm.digest(&[text.as_bytes()]))
}

#[cfg(test)]
mod tests;
