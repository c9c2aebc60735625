//! Link previews, probes, prefetches, replays and things that are not there: none of them takes a viewer's one visit (C11, U21, U39).

use http::Method;
use serde_json::json;

use super::{FILM, MANIFEST, POSTER, Scene};
use crate::house::{Answer, House, clip, on_both, viewer::session_path};

on_both! {
    previews_probes_and_replays_spend_nothing,
    what_is_not_there_spends_nothing,
}

const SPECULATIVE: [(&str, &str); 7] = [
    ("sec-purpose", "prefetch"),
    ("sec-purpose", "prefetch;prerender"),
    ("sec-purpose", "prefetch;anonymous-client-ip"),
    ("purpose", "prefetch"),
    ("purpose", "preview"),
    ("x-moz", "prefetch"),
    ("range", "bytes=100-"),
];

async fn previews_probes_and_replays_spend_nothing(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video } = &scene;
    let token = scene.token().await;
    let places = [MANIFEST, FILM, POSTER, "session"].map(|below| scene.by_token(&token, below));
    for place in &places {
        let head = viewer.head(place).await;
        assert_eq!((head.status, head.header("admit-reason")), (405, Some("method_not_allowed")), "{place}");
        assert!(head.body.is_empty());
        let preflight = viewer.send(Method::OPTIONS, place, &[("origin", "https://a.example")]).await.expect(204);
        let allowed = preflight.header("access-control-allow-headers").unwrap();
        assert!(allowed.contains("X-Token-Session") && allowed.contains("Range"), "{allowed}");
        for header in SPECULATIVE {
            viewer.get_with(place, &[header]).await.expect_refused(503, "not_a_redeem", b"");
        }
        viewer.get_with(place, &[("early-data", "1")]).await.expect(425);
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let refused = viewer.send(method, place, &[]).await;
            refused.expect_refused(405, "method_not_allowed", b"");
        }
    }
    let posted = viewer.request(Method::POST, &session_path(video, &token)).header("sec-purpose", "prefetch");
    let posted = posted.json(&json!({ "nonce": "0123456789abcdef" }));
    Answer::to("POST".to_owned(), posted).await.expect_refused(503, "not_a_redeem", b"");
    // Whoever looks at the page, however often, has not yet watched.
    let page = format!("/vod/{video}?token={token}");
    for agent in [
        "Slackbot-LinkExpanding 1.0",
        "WhatsApp/2.0",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 (Macintosh) Safari/605.1",
    ] {
        for page in [&page, &format!("/embed/{video}?token={token}")] {
            let shown = viewer.get_with(page, &[("user-agent", agent)]).await.expect(200);
            assert!(
                !shown.text().contains(video.as_str()) && !shown.text().contains("a story"),
                "the page tells nothing"
            );
            assert_eq!(shown.header("cache-control"), Some("no-store"));
            assert_eq!(shown.header("referrer-policy"), Some("no-referrer"));
            assert_eq!(shown.header("x-robots-tag"), Some("noindex"));
            assert_eq!(shown.header("x-frame-options"), None);
        }
    }
    viewer.head(&page).await.expect(200);
    assert_eq!(customer.count_sessions().await, 0, "nobody has entered");
    scene.expect_unspent(&token).await;
}

async fn what_is_not_there_spends_nothing(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create(&json!({ "title": "a story", "public": false, "mp4Support": false })).await;
    let scene = Scene { customer: customer.clone(), viewer: viewer.clone(), video: video.clone() };
    let assets = customer.assets(&video).await;
    assert_eq!(assets.mp4, None, "an address that is not offered is not given");
    let token = assets.token();
    // A manifest before its time is 202 and empty: uploaders ask until it is there.
    let waiting = viewer.get(&assets.hls).await.expect(202);
    assert!(waiting.body.is_empty() && waiting.header("retry-after").is_some());
    assert_eq!(waiting.header("x-token-session"), None);
    viewer.get(&assets.thumbnail).await.expect_refused(404, "not_found", b"");
    // Whether there is such a video, and how far it is, is nothing for whoever has no token for it.
    let stranger = customer.token(&customer.create_private().await).await;
    for below in [MANIFEST, POSTER, FILM] {
        viewer.get(&format!("/vod/{video}/{below}")).await.expect_refused(404, "no_handle", b"");
        viewer.get(&scene.by_token(&stranger, below)).await.expect_refused(404, "unknown_credential", b"");
        let nowhere = format!("/vod/vi{}/{below}", "0".repeat(22));
        viewer.get(&nowhere).await.expect_refused(404, "not_found", b"");
    }
    customer.upload(&video, clip::small()).await.expect(201);
    customer.until_complete(&video).await;
    for below in [FILM, "storyboard.vtt", "dash/manifest.mpd", "mp4/none.mp4", "hls/vsource.m3u8"] {
        viewer.get(&scene.by_token(&token, below)).await.expect_refused(404, "not_found", b"");
    }
    assert_eq!(customer.count_sessions().await, 0);
    let handle = viewer.get(&assets.hls).await.expect(200).header("x-token-session").unwrap().to_owned();
    for below in [FILM, "storyboard/99.jpg", "hls/v999.m3u8", "media/vsource/99999.m4s", "media/v999/init.mp4"] {
        viewer.get(&scene.by_handle(&handle, below)).await.expect_refused(404, "not_found", b"");
    }
    viewer.get(&scene.by_handle(&handle, POSTER)).await.expect(200);
}
