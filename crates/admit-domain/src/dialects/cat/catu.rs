//! `catu`: what the address must be like for which a token is shown, and how much of a video it opens.
//!
//! The address is judged where the token is shown. What it began, a session, has addresses of its own; so whoever is
//! let into less than a whole video gets only the right that the shown address needs.

use url::Url;

use super::{
    cbor::{Key, Map, Value},
    matching::{self, Match, Names},
};
use crate::{
    claims::Fault,
    id::VideoId,
    rights::Rights,
    shown::{Shown, TOKEN_PARAMETERS},
};

const NAMES: Names = Names { claim: "catu", regex: "catu regex" };
const PATH: i64 = 3;
/// Components that tell one address below a video from another: parent path, file name, stem, extension.
const NARROW: [i64; 4] = [5, 6, 7, 8];

/// What `catu` leaves open of what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    /// Does its path name the video?
    pub(super) names_video: bool,
    pub(super) rights: Rights,
}

/// Judges the address by all components that the claim has.
pub(super) fn judge(claim: &Value<'_>, shown: &Shown, video: &VideoId) -> Result<Scope, Fault> {
    let Value::Map(components) = claim else { return Err(Fault::invalid("catu", "a map from components to matches")) };
    for (component, matches) in components {
        let Some(subjects) = subjects(component, shown) else {
            return Err(Fault::invalid("catu", "components 0 to 8, and an address that has them"));
        };
        for demand in matching::parse(matches, NAMES)? {
            if !subjects.iter().any(|subject| demand.holds(subject)) {
                return Err(unmatched(component, &demand, video));
            }
        }
    }
    scope(components, &shown.path, video)
}

/// A path that names another video is a good path, for another video.
fn unmatched(component: &Key<'_>, demand: &Match<'_>, video: &VideoId) -> Fault {
    let names_another = match demand {
        Match::Exact(text) | Match::Prefix(text) | Match::Contains(text) if *component == Key::Int(PATH) => {
            text.split('/').filter_map(|part| part.parse().ok()).any(|named: VideoId| named != *video)
        }
        _ => false,
    };
    if names_another { Fault::other_video("catu") } else { Fault::invalid("catu", "an address that matches it") }
}

/// A component of the address, in each of its spellings: issuers write an extension with its dot and without.
fn subjects(component: &Key<'_>, shown: &Shown) -> Option<Vec<String>> {
    let Key::Int(component) = component else { return None };
    let (parent, file) = shown.path.rsplit_once('/')?;
    let (stem, extension) = file.split_once('.').unwrap_or((file, ""));
    // Where the stem ends is only agreed upon where there is one dot.
    let (stem, extension) = if extension.contains('.') { (None, None) } else { (Some(stem), Some(extension)) };
    let origin = Url::parse(&shown.origin).ok()?;
    Some(match component {
        0 => vec![origin.scheme().to_owned()],
        1 => vec![origin.host_str()?.to_owned()],
        2 => vec![origin.port_or_known_default()?.to_string()],
        &PATH => vec![shown.path.clone()],
        4 => vec![query_without_token(&shown.query)],
        5 => vec![parent.to_owned()],
        6 => vec![file.to_owned()],
        7 => vec![stem?.to_owned()],
        8 if extension?.is_empty() => vec![String::new()],
        8 => vec![extension?.to_owned(), format!(".{}", extension?)],
        _ => return None,
    })
}

fn query_without_token(query: &str) -> String {
    let is_token = |pair: &&str| TOKEN_PARAMETERS.contains(&pair.split('=').next().unwrap_or_default());
    query.split('&').filter(|pair| !is_token(pair)).collect::<Vec<_>>().join("&")
}

fn scope(components: &Map<'_>, path: &str, video: &VideoId) -> Result<Scope, Fault> {
    let (mut names_video, mut is_narrow) =
        (false, NARROW.iter().any(|label| components.contains_key(&Key::Int(*label))));
    if let Some(matches) = components.get(&Key::Int(PATH)) {
        for demand in matching::parse(matches, NAMES)? {
            let reach = reach(&demand, path, video);
            names_video |= reach.is_some_and(|reach| reach.names_video);
            is_narrow |= reach.is_none_or(|reach| reach.goes_below);
        }
    }
    let rights = if is_narrow { rights_for(path)? } else { Rights::ALL };
    Ok(Scope { names_video, rights })
}

/// How far a demand on the path goes.
#[derive(Clone, Copy)]
struct Reach {
    names_video: bool,
    goes_below: bool,
}

/// `None` when it cannot be told, as with a hash.
fn reach(demand: &Match<'_>, path: &str, video: &VideoId) -> Option<Reach> {
    let (text, is_prefix) = match demand {
        Match::Prefix(text) => (text, true),
        Match::Exact(text) | Match::Contains(text) => (text, false),
        Match::Suffix(_) | Match::Sha256(_) | Match::Sha512256(_) => return None,
    };
    if let Some((before, after)) = text.split_once(video.as_str()) {
        let is_component = (before.is_empty() || before.ends_with('/')) && (after.is_empty() || after.starts_with('/'));
        return is_component.then_some(Reach { names_video: true, goes_below: !matches!(after, "" | "/") });
    }
    // A prefix of this path that has not the video ends above it.
    (is_prefix && path.contains(video.as_str())).then_some(Reach { names_video: false, goes_below: false })
}

/// What the address needs, for a token that was meant for it alone.
fn rights_for(path: &str) -> Result<Rights, Fault> {
    let file = path.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    match extension {
        "m3u8" | "mpd" => Ok(Rights::WATCH),
        "mp4" => Ok(Rights::DOWNLOAD),
        "jpg" => Ok(Rights::PICTURES),
        "vtt" if stem == "storyboard" => Ok(Rights::PICTURES),
        _ => Err(Fault::invalid("catu", "a path that covers the video, or names a playlist, a picture or the film")),
    }
}
