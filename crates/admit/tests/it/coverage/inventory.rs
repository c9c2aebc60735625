//! Every shape of address the edge answers was asked for: a new one without a story fails here (U03).

use std::collections::BTreeSet;

use admit_edge::TEMPLATES;

use crate::house::Viewer;

/// Where a private token is spent.
pub(super) const TOKEN_PLACES: [&str; 4] = ["hls/manifest.m3u8", "mp4/source.mp4", "thumbnail.jpg", "session"];

/// Where it is shown and not spent.
pub(super) const TEXT_PLACES: [&str; 2] = ["captions/fr.vtt", "chapters/en.vtt"];

#[derive(Default)]
pub(super) struct Inventory {
    asked: BTreeSet<&'static str>,
}

impl Inventory {
    pub(super) fn note(&mut self, path: &str) {
        self.asked.extend(shape_of(path));
    }

    /// The page of a video says nothing about it, whoever asks, and its bundle says nothing about anything.
    pub(super) async fn note_pages(&mut self, viewer: &Viewer, video: &str) {
        let stranger = format!("vi{}", "0".repeat(22));
        let page = viewer.get(&format!("/vod/{video}")).await.expect(200);
        for path in [format!("/embed/{video}"), format!("/vod/{stranger}"), format!("/embed/{stranger}?token=x&avh=y")]
        {
            assert_eq!(viewer.get(&path).await.expect(200).body, page.body, "{path}: one page for all");
        }
        assert_eq!(page.header("cache-control"), Some("no-store"));
        self.note(&format!("/vod/{video}"));
        self.note(&format!("/embed/{video}"));
        viewer.get("/player/none.js").await.expect_refused(404, "not_found", b"");
        self.note("/player/none.js");
        let logo = format!("/player/pl{}/logo.png", "0".repeat(22));
        viewer.get(&logo).await.expect_refused(404, "not_found", b"");
        self.note(&logo);
        let live = format!("li{}", "0".repeat(22));
        assert_eq!(viewer.get(&format!("/live/{live}")).await.expect(200).body, page.body, "one page for all");
        self.note(&format!("/live/{live}"));
        viewer.get(&format!("/{live}/thumbnail.jpg")).await.expect_refused(404, "not_found", b"");
        self.note(&format!("/{live}/thumbnail.jpg"));
        for file in page.text().split("\"/player/").skip(1).filter_map(|rest| rest.split('"').next()) {
            viewer.get(&format!("/player/{file}")).await.expect(200);
        }
    }

    /// The addresses of a private token have a story of their own, with these shapes.
    pub(super) fn note_tokens(&mut self, video: &str) {
        for below in TOKEN_PLACES.iter().chain(&TEXT_PLACES) {
            self.note(&format!("/vod/{video}/token/00000000-0000-4000-8000-000000000000/{below}"));
        }
    }

    pub(super) fn expect_complete(&self) {
        let missed: Vec<_> = TEMPLATES.iter().filter(|template| !self.asked.contains(*template)).collect();
        assert!(missed.is_empty(), "no story asks for {missed:?}");
    }
}

/// The template this path has the shape of; the one that takes any asset is asked last.
fn shape_of(path: &str) -> Option<&'static str> {
    let takes_any = |template: &&str| template.ends_with("{asset}");
    let of = |general: bool| TEMPLATES.iter().copied().filter(move |template| takes_any(template) == general);
    of(false).chain(of(true)).find(|template| has_shape(path, template))
}

/// `{asset}` is all the rest; every other `{name}` is within one segment.
fn has_shape(path: &str, template: &str) -> bool {
    let (mut have, mut want) = (path.split('/'), template.split('/'));
    loop {
        match (have.next(), want.next()) {
            (None, None) => return true,
            (Some(_), Some("{asset}")) => return !path.contains("/token/"),
            (Some(have), Some(want)) if segment_has_shape(have, want) => {}
            _ => return false,
        }
    }
}

fn segment_has_shape(have: &str, want: &str) -> bool {
    let Some((beginning, rest)) = want.split_once('{') else { return have == want };
    let Some((name, ending)) = rest.split_once('}') else { return have == want };
    let inner = have.strip_prefix(beginning).and_then(|rest| rest.strip_suffix(ending)).unwrap_or_default();
    // Where an id or a token may stand in one place, they are told apart by their spelling.
    !inner.is_empty() && (name != "videoId" || inner.starts_with('v') && !inner.contains('.'))
}

#[test]
fn shapes_are_told_apart() {
    for (path, shape) in [
        ("/s/h/v/hls/master.m3u8", "/s/{handle}/{videoId}/hls/master.m3u8"),
        ("/s/h/v/hls/v240.m3u8", "/s/{handle}/{videoId}/hls/{track}.m3u8"),
        ("/s/h/v/media/a1/3.m4s", "/s/{handle}/{videoId}/media/{track}/{segment}.m4s"),
        ("/s/h/v/hls/subtitles-fr.m3u8", "/s/{handle}/{videoId}/hls/subtitles-{language}.m3u8"),
        ("/vod/v/token/t/session", "/vod/{videoId}/token/{token}/session"),
        ("/vod/v", "/vod/{videoId}"),
        ("/v/thumbnail.jpg", "/{videoId}/thumbnail.jpg"),
        ("/v/session", "/{videoId}/session"),
        ("/a.b.c/session", "/{token}/session"),
        ("/u/s/v/hls/master.m3u8", "/u/{signature}/{videoId}/{asset}"),
        ("/live/l", "/live/{liveStreamId}"),
        ("/l/thumbnail.jpg", "/{liveStreamId}/thumbnail.jpg"),
        ("/player/p/logo.png", "/player/{playerId}/logo.png"),
        ("/player/x.js", "/player/{file}"),
        ("/vod/v/hls/manifest.m3u8", "/vod/{videoId}/hls/manifest.m3u8"),
        ("/vod/v/media/a1/init.mp4", "/vod/{videoId}/{asset}"),
    ] {
        assert_eq!(shape_of(path), Some(shape), "{path}");
    }
    assert_eq!(shape_of("/vod/v/token/t/new"), None);
    assert_eq!(shape_of("/new"), None);
}
