//! What lies at an origin that is not ours: a path below a video's folder, and what its end says of it.

use crate::limits::FOREIGN_PATH_BYTES_MAX;

/// What a thing of another origin is, as far as rights and seats ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Foreign {
    /// Names other things, or is read.
    Text,
    /// Part of the film itself.
    Film,
    Picture,
}

/// Everything that is passed on: what it is called, what it is, and its media type. The type is never the other origin's
/// to say, for what is served here runs in pages of ours.
const KINDS: [(&str, Foreign, &str); 19] = [
    ("m3u8", Foreign::Text, "application/vnd.apple.mpegurl"),
    ("mpd", Foreign::Text, "application/dash+xml"),
    ("vtt", Foreign::Text, "text/vtt"),
    ("ts", Foreign::Film, "video/mp2t"),
    ("m4s", Foreign::Film, "video/mp4"),
    ("mp4", Foreign::Film, "video/mp4"),
    ("m4v", Foreign::Film, "video/mp4"),
    ("cmfv", Foreign::Film, "video/mp4"),
    ("m4a", Foreign::Film, "audio/mp4"),
    ("cmfa", Foreign::Film, "audio/mp4"),
    ("cmft", Foreign::Film, "application/mp4"),
    ("aac", Foreign::Film, "audio/aac"),
    ("ac3", Foreign::Film, "audio/ac3"),
    ("ec3", Foreign::Film, "audio/eac3"),
    ("webm", Foreign::Film, "video/webm"),
    ("key", Foreign::Film, "application/octet-stream"),
    ("jpg", Foreign::Picture, "image/jpeg"),
    ("png", Foreign::Picture, "image/png"),
    ("webp", Foreign::Picture, "image/webp"),
];

/// A path below a video's folder. It has one spelling, leads nowhere else, and ends in something of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignPath<'a> {
    text: &'a str,
    kind: Foreign,
    media_type: &'static str,
}

impl<'a> ForeignPath<'a> {
    pub fn parse(text: &'a str) -> Option<Self> {
        let is_plain = |c: u8| c.is_ascii_alphanumeric() || b"-_.~+=,".contains(&c);
        let is_name = |name: &str| !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_plain);
        if text.len() > FOREIGN_PATH_BYTES_MAX || !text.split('/').all(is_name) || is_ours(text) {
            return None;
        }
        let (_, end) = text.rsplit_once('.')?;
        let (_, kind, media_type) = KINDS.into_iter().find(|(name, ..)| *name == end)?;
        Some(Self { text, kind, media_type })
    }

    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    pub const fn kind(&self) -> Foreign {
        self.kind
    }

    pub const fn media_type(&self) -> &'static str {
        self.media_type
    }
}

/// By these everybody finds a film; they lead to where it is.
fn is_ours(path: &str) -> bool {
    matches!(path, "hls/master.m3u8" | "hls/manifest.m3u8") || path.starts_with("token/")
}

/// What low-latency HLS says beside a playlist's path (RFC 8216bis, 6.2.5), in its own order; the rest of the query is
/// dropped, for it may be a credential.
pub fn foreign_query(query: &str) -> Option<String> {
    let is_number = |value: &str| (1..=20).contains(&value.len()) && value.bytes().all(|c| c.is_ascii_digit());
    let is_passed = |(name, value): &(&str, &str)| match *name {
        "_HLS_msn" | "_HLS_part" => is_number(value),
        "_HLS_skip" => matches!(*value, "YES" | "v2"),
        _ => false,
    };
    let passed = query.split('&').filter_map(|pair| pair.split_once('=')).filter(is_passed).take(3);
    let passed: Vec<String> = passed.map(|(name, value)| format!("{name}={value}")).collect();
    (!passed.is_empty()).then(|| passed.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling_and_leads_nowhere_else() {
        for (text, kind) in [
            ("index.m3u8", Foreign::Text),
            ("video1/stream.m3u8", Foreign::Text),
            ("a/b/c/seg-1-v1.a2.ts", Foreign::Film),
            ("init,v=1.mp4", Foreign::Film),
            ("keys/1.key", Foreign::Film),
            ("poster.jpg", Foreign::Picture),
        ] {
            let path = ForeignPath::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((path.as_str(), path.kind()), (text, kind));
        }
        let long = format!("{}.ts", "a".repeat(FOREIGN_PATH_BYTES_MAX));
        for text in [
            "",
            "/",
            ".ts",
            "a//b.ts",
            "/a.ts",
            "a.ts/",
            "../a.ts",
            "a/../b.ts",
            "a/./b.ts",
            "a/.hidden.ts",
            "a%2e.ts",
            "a%2fb.ts",
            "a\\b.ts",
            "a b.ts",
            "a?b.ts",
            "a#b.ts",
            "a;b.ts",
            "ä.ts",
            "a\0.ts",
            "a.html",
            "a.svg",
            "a.js",
            "a.xml",
            "hls/master.m3u8",
            "hls/manifest.m3u8",
            "token/x/mp4/source.mp4",
            "a.json",
            "a.TS",
            "a",
            "a.",
            "http://x/a.ts",
            &long,
        ] {
            assert_eq!(ForeignPath::parse(text), None, "{text}");
        }
    }

    #[test]
    fn of_a_query_only_low_latency_goes_on() {
        for (query, passed) in [
            ("_HLS_msn=12&_HLS_part=3", Some("_HLS_msn=12&_HLS_part=3")),
            ("_HLS_skip=YES", Some("_HLS_skip=YES")),
            ("avh=secret&_HLS_msn=1", Some("_HLS_msn=1")),
            ("", None),
            ("avh=secret", None),
            ("token=_HLS_msn=1", None),
            ("_HLS_msn=1x", None),
            ("_HLS_msn=", None),
            ("_HLS_skip=NO", None),
            ("_HLS_msn=1%26a", None),
        ] {
            assert_eq!(foreign_query(query).as_deref(), passed, "{query}");
        }
    }
}
