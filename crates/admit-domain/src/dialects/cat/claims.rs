//! The claims of a token whose signature is right. What restricts, and cannot be evaluated here, refuses it.

use super::{
    catnip, catu,
    cbor::{Key, Map, Value},
    matching::{self, Names},
};
use crate::{
    claims::{Claims, Fault, Viewer},
    id::VideoId,
    limits::{CAT_ID_BYTES_MAX, TOKEN_CLOCK_SKEW, TOKEN_LIST_MAX, TOKEN_SECS_MAX},
    rights::Rights,
    rules::{Countries, Rules},
    secret::hex,
    shown::Shown,
    time::Timestamp,
};

pub(super) const ISS: i64 = 1;
pub(super) const SUB: i64 = 2;
pub(super) const AUD: i64 = 3;
pub(super) const EXP: i64 = 4;
pub(super) const NBF: i64 = 5;
pub(super) const IAT: i64 = 6;
pub(super) const CTI: i64 = 7;
pub(super) const CATREPLAY: i64 = 308;
pub(super) const CATV: i64 = 310;
pub(super) const CATNIP: i64 = 311;
pub(super) const CATU: i64 = 312;
pub(super) const CATM: i64 = 313;
pub(super) const CATH: i64 = 315;
pub(super) const CATGEOISO3166: i64 = 316;

/// Claims that are read here, and those that restrict nothing: how an issuer wishes tokens renewed (`catr`), and how
/// refusals answered (`catif`, `catifdata`).
const READ: [i64; 17] =
    [ISS, SUB, AUD, EXP, NBF, IAT, CTI, CATREPLAY, CATV, CATNIP, CATU, CATM, CATH, CATGEOISO3166, 320, 322, 323];

/// Claims that restrict by what is not known here.
const NOT_EVALUATED: [(i64, &str); 9] = [
    (8, "cnf"),
    (282, "geohash"),
    (309, "catpor"),
    (314, "catalpn"),
    (317, "catgeocoord"),
    (318, "catgeoalt"),
    (319, "cattpk"),
    (321, "catdpop"),
    (324, "cattprint"),
];

const WHOLE_SECONDS: &str = "whole seconds since 1970";

/// Believes the claims, or says which of them not.
pub(super) fn judge(payload: &[u8], shown: &Shown, video: &VideoId, now: Timestamp) -> Result<Claims, Fault> {
    let map = match Value::parse(payload) {
        Ok(Value::Map(map)) => map,
        Ok(_) => return Err(Fault::invalid("claims", "a map of claims")),
        Err(why) => return Err(Fault::invalid("claims", format!("CBOR with {}", why.0))),
    };
    for key in map.keys() {
        refuse_unread(key)?;
    }
    let expires_at = judge_times(&map, now)?;
    if !matches!(claim(&map, CATV), None | Some(Value::Int(1))) {
        return Err(Fault::invalid("catv", "version 1"));
    }
    text(&map, ISS, "iss")?;
    judge_methods(&map)?;
    judge_headers(&map, shown)?;
    let rights = judge_video(&map, shown, video)?;
    let networks = claim(&map, CATNIP).map(catnip::networks).transpose()?;
    let viewer = match text(&map, SUB, "sub")? {
        Some(sub) => Some(Viewer::parse(sub).ok_or_else(|| Fault::invalid("sub", "a short name of the viewer"))?),
        None => None,
    };
    let rules = Rules { networks, countries: countries(&map)?, rights, ..Rules::default() };
    Ok(Claims { video: *video, viewer, expires_at, issued_at: date(&map, IAT, "iat")?, once: once(&map)?, rules })
}

fn claim<'m, 'a>(map: &'m Map<'a>, label: i64) -> Option<&'m Value<'a>> {
    map.get(&Key::Int(label))
}

fn refuse_unread(key: &Key<'_>) -> Result<(), Fault> {
    let Key::Int(label) = key else {
        return Err(Fault::invalid("claim", "no claims but those of CTA-5007-B, which have numbers"));
    };
    if READ.contains(label) {
        return Ok(());
    }
    match NOT_EVALUATED.iter().find(|(known, _)| known == label) {
        Some((_, name)) => Err(Fault::invalid(name, "no such restriction: it cannot be evaluated here")),
        None => Err(Fault::invalid("claim", format!("no claim {label}: what it restricts is not known here"))),
    }
}

fn judge_times(map: &Map<'_>, now: Timestamp) -> Result<Timestamp, Fault> {
    let Some(expires_at) = date(map, EXP, "exp")? else { return Err(Fault::invalid("exp", "a time it ends")) };
    if expires_at <= now {
        return Err(Fault::invalid("exp", "a time that is not over"));
    }
    for (label, name) in [(NBF, "nbf"), (IAT, "iat")] {
        let Some(begins_at) = date(map, label, name)? else { continue };
        if begins_at > now.plus(TOKEN_CLOCK_SKEW) {
            return Err(Fault::invalid(name, "a time that is not to come"));
        }
        if begins_at > expires_at {
            return Err(Fault::invalid(name, "a time before the end"));
        }
    }
    Ok(expires_at)
}

/// Some issuers write a time as a floating-point number. A fraction is nobody's intent.
fn date(map: &Map<'_>, label: i64, name: &'static str) -> Result<Option<Timestamp>, Fault> {
    let seconds = match claim(map, label) {
        None => return Ok(None),
        Some(Value::Int(seconds)) => Some(*seconds),
        Some(Value::Float(seconds)) => whole(*seconds),
        Some(_) => None,
    };
    let in_range = seconds.filter(|seconds| (0..=TOKEN_SECS_MAX).contains(seconds));
    in_range.map(|seconds| Some(Timestamp::from_secs(seconds))).ok_or_else(|| Fault::invalid(name, WHOLE_SECONDS))
}

fn whole(number: f64) -> Option<i64> {
    // Every whole number of this size has a floating-point number of its own.
    let is_whole = number.fract() == 0.0 && number.abs() < 2f64.powi(53);
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and has less than 54 bits")]
    is_whole.then_some(number as i64)
}

fn text<'a>(map: &Map<'a>, label: i64, name: &'static str) -> Result<Option<&'a str>, Fault> {
    match claim(map, label) {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(_) => Err(Fault::invalid(name, "a text")),
    }
}

/// A part of a country is nothing that the house can tell from the rest of it.
fn countries(map: &Map<'_>) -> Result<Option<Countries>, Fault> {
    let wrong = || Fault::invalid("catgeoiso3166", "whole countries by their codes (ISO 3166-1 alpha-2), such as FR");
    let codes = match claim(map, CATGEOISO3166) {
        None => return Ok(None),
        Some(Value::Array(codes)) if (1..=TOKEN_LIST_MAX).contains(&codes.len()) => codes,
        Some(_) => return Err(wrong()),
    };
    let country = |code| as_text(code).and_then(|code| code.parse().ok());
    let countries: Option<Vec<_>> = codes.iter().map(country).collect();
    countries.map(|countries| Some(Countries::only(countries))).ok_or_else(wrong)
}

/// Viewers ask with `GET` and with `HEAD`, and a session does not tell one from the other.
fn judge_methods(map: &Map<'_>) -> Result<(), Fault> {
    let Some(value) = claim(map, CATM) else { return Ok(()) };
    let allows = |method| matches!(value, Value::Array(methods) if methods.contains(&Value::Text(method)));
    if allows("GET") && allows("HEAD") { Ok(()) } else { Err(Fault::invalid("catm", "both GET and HEAD")) }
}

fn judge_headers(map: &Map<'_>, shown: &Shown) -> Result<(), Fault> {
    const NAMES: Names = Names { claim: "cath", regex: "cath regex" };
    let headers = match claim(map, CATH) {
        None => return Ok(()),
        Some(Value::Map(headers)) => headers,
        Some(_) => return Err(Fault::invalid("cath", "a map from headers to matches")),
    };
    for (name, matches) in headers {
        let Key::Text(name) = name else { return Err(Fault::invalid("cath", "headers by their names")) };
        let name = name.to_ascii_lowercase();
        let values: Vec<&str> = shown.header(&name).collect();
        let &[value] = values.as_slice() else {
            return Err(Fault::invalid("cath", "headers that are known here, each sent once"));
        };
        if !matching::parse(matches, NAMES)?.iter().all(|demand| demand.holds(value)) {
            return Err(Fault::invalid("cath", "headers that match it"));
        }
    }
    Ok(())
}

/// No claim of CAT names a video. It must follow from the path of `catu`, or be what `aud` says; an audience that is
/// neither the video nor this server is somebody else's.
fn judge_video(map: &Map<'_>, shown: &Shown, video: &VideoId) -> Result<Rights, Fault> {
    let scope = claim(map, CATU).map(|catu| catu::judge(catu, shown, video)).transpose()?;
    let audience = match claim(map, AUD) {
        None => Vec::new(),
        Some(Value::Text(one)) => vec![*one],
        Some(Value::Array(all)) if all.len() <= TOKEN_LIST_MAX => {
            all.iter().map(as_text).collect::<Option<_>>().ok_or_else(not_audience)?
        }
        Some(_) => return Err(not_audience()),
    };
    let names_video = audience.contains(&video.as_str());
    if claim(map, AUD).is_some() && !names_video && !audience.contains(&shown.origin.as_str()) {
        let names_another = audience.iter().any(|one| one.parse::<VideoId>().is_ok());
        return Err(if names_another { Fault::other_video("aud") } else { not_audience() });
    }
    match scope {
        None if names_video => Ok(Rights::ALL),
        Some(scope) if names_video || scope.names_video => Ok(scope.rights),
        None => Err(Fault::invalid("aud", "the video's id, or a catu whose path has it")),
        Some(_) => Err(Fault::invalid("catu", "a path with the video's id, or that id as aud")),
    }
}

fn as_text<'a>(value: &Value<'a>) -> Option<&'a str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn not_audience() -> Fault {
    Fault::invalid("aud", "the video's id or the address of this server")
}

/// A token that may not be replayed, or whose reuse is to be noticed, begins one session: by the name that its issuer
/// gave it.
fn once(map: &Map<'_>) -> Result<Option<String>, Fault> {
    let name = match claim(map, CTI) {
        None => None,
        Some(Value::Bytes(id)) if (1..=CAT_ID_BYTES_MAX).contains(&id.len()) => Some(hex(id)),
        Some(_) => return Err(Fault::invalid("cti", "1 to 64 bytes")),
    };
    match claim(map, CATREPLAY) {
        None | Some(Value::Int(0)) => Ok(None),
        Some(Value::Int(1 | 2)) if name.is_some() => Ok(name),
        Some(Value::Int(1 | 2)) => Err(Fault::invalid("cti", "a name, as catreplay counts its uses")),
        Some(_) => Err(Fault::invalid("catreplay", "0, 1 or 2")),
    }
}
