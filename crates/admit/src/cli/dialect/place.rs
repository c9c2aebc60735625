//! An address or a token as somebody pasted it, taken apart; nothing of it is verified.

use std::net::IpAddr;

use admit_domain::{
    id::VideoId,
    jose,
    json::{self, Bounds},
    limits::{TOKEN_BYTES_MAX, TOKEN_JSON_DEPTH_MAX},
    shown::Shown,
    time::Timestamp,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// Claims that are times, which people do not read as seconds.
const TIMES: [&str; 6] = ["exp", "iat", "nbf", "expires", "e", "t"];

pub(super) struct Place {
    pub(super) shown: Shown,
}

impl Place {
    pub(super) fn of(text: &str, ip: Option<IpAddr>) -> Self {
        let text = text.split_once('#').map_or(text, |(text, _)| text);
        let (before, query) = text.split_once('?').unwrap_or((text, ""));
        let (origin, path) = match before.find("://") {
            Some(scheme) => {
                let host_at = scheme + 3;
                let end = before.get(host_at..).and_then(|rest| rest.find('/')).map_or(before.len(), |at| host_at + at);
                before.split_at(end)
            }
            None => ("", before),
        };
        // A token alone, or where an id would stand.
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let is_token = first.matches('.').count() == 2 && first.starts_with("eyJ");
        let is_alone = origin.is_empty() && !path.starts_with('/') && query.is_empty();
        let path_token = (is_token || is_alone && !path.is_empty()).then(|| first.to_owned());
        let path = if is_alone { "/" } else { path.strip_suffix("/session").unwrap_or(path) };
        let (origin, path, query) = (origin.to_owned(), path.to_owned(), query.to_owned());
        Self { shown: Shown { origin, path, query, path_token, ip, ..Shown::default() } }
    }

    pub(super) fn token(&self) -> Option<&str> {
        self.shown.token().ok().flatten()
    }

    /// The video that the path names, or that the token does.
    pub(super) fn video(&self) -> Option<VideoId> {
        let file = |part: &str| part.split(['.', '_']).find_map(|word| word.parse().ok());
        let in_path = self.shown.path.split('/').find_map(file);
        in_path.or_else(|| jose::peek_video(self.token()?))
    }

    /// Everything that is shown, by name.
    pub(super) fn described(&self) -> Vec<Value> {
        let jws = self.token().filter(|token| token.matches('.').count() == 2);
        if let Some(token) = jws {
            let mut parts = token.split('.');
            let mut all = Vec::new();
            for name in ["header", "claims"] {
                all.extend(members(name, parts.next().unwrap_or_default()));
            }
            return all;
        }
        let pairs = self.shown.query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let mut all = vec![said("path", &self.shown.path)];
        all.extend(pairs.map(|(name, value)| said(name, &timed(name, value.to_owned()))));
        all
    }
}

/// The members of one part of a token; or what is wrong with the part.
fn members(part: &str, text: &str) -> Vec<Value> {
    let bounds = Bounds { bytes: TOKEN_BYTES_MAX, depth: TOKEN_JSON_DEPTH_MAX };
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(text) else { return vec![said(part, "is not base64url without padding")] };
    match json::read(&bytes, bounds) {
        Ok(json::Value::Object(members)) => {
            members.iter().map(|(name, value)| said(name, &timed(name, value.to_string()))).collect()
        }
        Ok(_) => vec![said(part, "is JSON, and no object")],
        Err(bad) => vec![said(part, &format!("is no JSON object: {bad}"))],
    }
}

fn timed(name: &str, value: String) -> String {
    let seconds = value.trim_matches('"').parse().ok().filter(|_| TIMES.contains(&name));
    match seconds.filter(|seconds: &i64| (1_000_000_000..100_000_000_000).contains(seconds)) {
        Some(seconds) => format!("{value} ({})", Timestamp::from_secs(seconds)),
        None => value,
    }
}

fn said(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pasted_is_taken_apart() {
        let video = VideoId::from_random([3; 22]);
        for (text, path, token, names) in [
            (format!("https://a.example/vod/{video}/x?token=a.b.c#d"), format!("/vod/{video}/x"), Some("a.b.c"), true),
            (format!("/embed/{video}/session?expires=1"), format!("/embed/{video}"), None, true),
            (format!("/{video}.m3u8"), format!("/{video}.m3u8"), None, true),
            ("eyJ.b.c".to_owned(), "/".to_owned(), Some("eyJ.b.c"), false),
            (
                "/eyJ.b.c/manifest/video.m3u8".to_owned(),
                "/eyJ.b.c/manifest/video.m3u8".to_owned(),
                Some("eyJ.b.c"),
                false,
            ),
            ("https://a.example".to_owned(), String::new(), None, false),
        ] {
            let place = Place::of(&text, None);
            assert_eq!((place.shown.path.as_str(), place.token()), (path.as_str(), token), "{text}");
            assert_eq!(place.video(), names.then_some(video), "{text}");
        }
    }

    #[test]
    fn times_are_told_in_words() {
        let place = Place::of("/x?expires=1800000000&a=1800000000", None);
        let values: Vec<_> = place.described().iter().map(|said| said["value"].as_str().unwrap().to_owned()).collect();
        assert_eq!(values, ["/x", "1800000000 (2027-01-15 08:00 UTC)", "1800000000"]);
    }
}
