//! Follows every address that a playlist, a manifest or a track of pictures names, as players do, and keeps what it finds.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use reqwest::Url;

use crate::house::Viewer;

/// A place in a video, by its three spellings.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Where it was found.
    pub(super) path: String,
    /// Below the video, as a session addresses it.
    pub(super) below: String,
    /// Below the video, as api.video addresses it.
    pub(super) public: String,
    pub(super) truth: Bytes,
}

/// Everything a viewer with this handle can reach, from the places to begin at.
pub(super) async fn crawl(viewer: &Viewer, video: &str, handle: &str) -> Vec<Found> {
    let beginnings =
        ["hls/master.m3u8", "dash/manifest.mpd", "mp4/source.mp4", "thumbnail.jpg", "storyboard.vtt", "player.json"];
    let root = format!("/s/{handle}/{video}/");
    follow(viewer, &root, &beginnings).await
}

/// The same for a public video.
pub(super) async fn crawl_public(viewer: &Viewer, video: &str) -> Vec<Found> {
    let beginnings = ["hls/manifest.m3u8", "dash/manifest.mpd", "mp4/source.mp4", "thumbnail.jpg", "storyboard.vtt"];
    follow(viewer, &format!("/vod/{video}/"), &beginnings).await
}

async fn follow(viewer: &Viewer, root: &str, beginnings: &[&str]) -> Vec<Found> {
    let mut found = BTreeMap::new();
    let mut ahead: VecDeque<String> = beginnings.iter().map(|below| format!("{root}{below}")).collect();
    while let Some(path) = ahead.pop_front() {
        if found.contains_key(&path) {
            continue;
        }
        let below = path.strip_prefix(root).unwrap_or_else(|| panic!("{path} leaves {root}")).to_owned();
        let answer = viewer.get(&path).await.expect(200);
        let kind = answer.header("content-type").unwrap().to_owned();
        assert_eq!(kind, kind_of(&below), "{path}");
        assert!(!answer.body.is_empty(), "{path} is empty");
        let length = answer.body.len().to_string();
        if let Some(declared) = viewer.head(&path).await.expect(200).header("content-length") {
            assert_eq!(declared, length, "{path}: HEAD tells the same");
        }
        ahead.extend(named_in(&kind, &answer.text_or_nothing()).iter().map(|uri| resolve(viewer, &path, uri)));
        let public = below.replace("hls/master.m3u8", "hls/manifest.m3u8");
        let place = Found {
            path: path.clone(),
            below: below.replace("hls/manifest.m3u8", "hls/master.m3u8"),
            public,
            truth: answer.body,
        };
        found.insert(path, place);
    }
    found.into_values().collect()
}

fn kind_of(below: &str) -> &'static str {
    match below.rsplit('.').next() {
        Some("m3u8") => "application/vnd.apple.mpegurl",
        Some("mpd") => "application/dash+xml",
        Some("mp4" | "m4s") => "video/mp4",
        Some("jpg") => "image/jpeg",
        Some("vtt") => "text/vtt",
        Some("json") => "application/json",
        _ => panic!("what is {below}?"),
    }
}

/// Relative addresses inherit the credential; none leaves the house (U02).
fn resolve(viewer: &Viewer, from: &str, uri: &str) -> String {
    let base = Url::parse(&format!("{}{from}", viewer.origin)).unwrap();
    let target = base.join(uri).unwrap();
    assert_eq!(target.origin(), base.origin(), "{uri} in {from} leaves the house");
    assert_eq!(target.query(), None, "{uri} in {from}: the credential is in the path");
    target.path().to_owned()
}

fn named_in(kind: &str, text: &str) -> Vec<String> {
    match kind {
        "application/vnd.apple.mpegurl" => in_playlist(text),
        "application/dash+xml" => in_manifest(text),
        "text/vtt" => in_cues(text),
        "application/json" => in_page(text),
        _ => Vec::new(),
    }
}

fn in_playlist(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let attributes = text.split("URI=\"").skip(1).filter_map(|rest| rest.split('"').next());
    lines.chain(attributes).map(str::to_owned).collect()
}

/// The texts that the embed page is told of.
fn in_page(text: &str) -> Vec<String> {
    let page: serde_json::Value = serde_json::from_str(text).unwrap();
    let texts = ["captions", "chapters"].iter().flat_map(|kind| page[kind].as_array().unwrap());
    texts.map(|text| text["src"].as_str().unwrap().to_owned()).collect()
}

fn in_cues(text: &str) -> Vec<String> {
    let pictures = text.lines().filter(|line| line.contains("#xywh="));
    pictures.filter_map(|line| line.split('#').next()).map(str::to_owned).collect()
}

/// Every segment of every representation, spelled out as a player would.
fn in_manifest(text: &str) -> Vec<String> {
    assert!(!text.contains("Location"), "{text}");
    let mut named = Vec::new();
    for representation in text.split("<Representation ").skip(1) {
        let representation = representation.split("</Representation>").next().unwrap();
        if let Some((_, rest)) = representation.split_once("<BaseURL>") {
            named.push(rest.split('<').next().unwrap().to_owned());
            continue;
        }
        let id = attribute(representation, "id").expect("a representation has a name");
        let template = representation.split("<SegmentTemplate ").nth(1).expect("a template");
        let first: u64 = attribute(template, "startNumber").map_or(1, |number| number.parse().unwrap());
        let of = |name: &str| attribute(template, name).unwrap().replace("$RepresentationID$", &id);
        named.push(of("initialization"));
        let runs = template.split("<S ").skip(1).map(|run| run.split("/>").next().unwrap());
        let segments: u64 =
            runs.map(|run| 1 + attribute(run, "r").map_or(0, |more| more.parse::<u64>().unwrap())).sum();
        assert!(segments > 0, "{id} has no segments");
        named.extend((first..first + segments).map(|number| of("media").replace("$Number$", &number.to_string())));
    }
    named
}

fn attribute(text: &str, name: &str) -> Option<String> {
    let padded = format!(" {text}");
    let value = padded.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(value.to_owned())
}
