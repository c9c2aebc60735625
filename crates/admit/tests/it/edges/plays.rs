//! What an edge serves is what the control plane would.

use serde_json::json;

use super::{FILM, MASTER, Scene};
use crate::house::{House, outpost::join_token, viewer::session_path};

/// All that a playlist names, one after another.
fn named(playlist: &str) -> Vec<&str> {
    let uris = playlist.split("URI=\"").skip(1).filter_map(|rest| rest.split('"').next());
    uris.chain(playlist.lines().filter(|line| !line.starts_with('#') && !line.is_empty())).collect()
}

pub(super) async fn every_address_gives_the_same_bytes_through_an_edge(house: &mut House) {
    let scene = Scene::set(house).await;
    let captions = "WEBVTT\n\n00:00.000 --> 00:05.000\nGood day\n";
    let place = format!("/videos/{}/captions/en", scene.video);
    scene.customer.send(&place, "a.vtt", captions.as_bytes()).await.expect(200);
    let handle = scene.enter().await;
    let there = scene.outpost.viewer();

    let mut waiting = vec![MASTER.to_owned(), "dash/manifest.mpd".to_owned()];
    let others = [FILM, "thumbnail.jpg", "storyboard.vtt", "captions/en.vtt", "player.json"];
    waiting.extend(others.map(str::to_owned));
    let mut asked = std::collections::BTreeSet::new();
    while let Some(below) = waiting.pop() {
        if !asked.insert(below.clone()) {
            continue;
        }
        let path = scene.path(&handle, &below);
        let (ours, theirs) = (scene.here.get(&path).await.expect(200), there.get(&path).await.expect(200));
        assert_eq!(ours.body, theirs.body, "{below}");
        for name in ["content-type", "content-length", "cache-control", "etag", "accept-ranges"] {
            assert_eq!(ours.header(name), theirs.header(name), "{below}: {name}");
        }
        if ours.header("content-type") == Some("application/vnd.apple.mpegurl") {
            let folder = below.rsplit_once('/').map_or("", |(folder, _)| folder);
            for name in named(ours.text()) {
                let joined = match name.strip_prefix("../") {
                    Some(rest) => rest.to_owned(),
                    None => format!("{folder}/{name}"),
                };
                waiting.push(joined);
            }
        }
    }
    assert!(
        asked.iter().filter(|below| below.contains("/media") || below.starts_with("media/")).count() >= 4,
        "{asked:?}"
    );

    let film = scene.path(&handle, FILM);
    for range in ["bytes=0-0", "bytes=5-1000", "bytes=-7", "bytes=1000-", "bytes=99999999-"] {
        let headers = [("range", range)];
        let (ours, theirs) = (scene.here.get_with(&film, &headers).await, there.get_with(&film, &headers).await);
        assert_eq!((ours.status, &ours.body), (theirs.status, &theirs.body), "{range}");
        assert_eq!(ours.header("content-range"), theirs.header("content-range"), "{range}");
    }
    let etag = there.get(&film).await.header("etag").unwrap().to_owned();
    there.get_with(&film, &[("if-none-match", &etag)]).await.expect(304);
    let (ours, theirs) = (scene.here.head(&film).await, there.head(&film).await);
    assert_eq!((ours.status, ours.header("content-length")), (theirs.status, theirs.header("content-length")));
    assert!(theirs.body.is_empty());
}

pub(super) async fn a_one_time_token_is_redeemed_through_an_edge_once(house: &mut House) {
    let scene = Scene::set(house).await;
    let there = scene.outpost.viewer();
    let token = scene.customer.token(&scene.video).await;
    let first = there.redeem(&scene.video, &token, "0123456789abcdef-first").await.expect(200);
    let handle = first.text_at("/session_token");
    there.get(&scene.path(&handle, MASTER)).await.expect(200);
    scene.here.get(&scene.path(&handle, MASTER)).await.expect(200);
    // A lost answer may be asked for again; another viewer finds the token spent, here and there.
    let again = there.redeem(&scene.video, &token, "0123456789abcdef-first").await.expect(200);
    assert_eq!(again.text_at("/session_token"), handle);
    for viewer in [&there, &scene.here] {
        viewer.redeem(&scene.video, &token, "0123456789abcdef-other").await.expect_refused(
            410,
            "credential_spent",
            b"",
        );
        viewer.get(&session_path(&scene.video, &token)).await.expect(404);
    }
    assert_eq!(scene.customer.count_sessions().await, 1);
    // By the address of api.video's clients.
    let token = scene.customer.token(&scene.video).await;
    let handle = there.enter(&scene.video, &token).await;
    there.get(&scene.path(&handle, MASTER)).await.expect(200);
}

pub(super) async fn an_edge_answers_only_what_an_edge_owns(house: &mut House) {
    let scene = Scene::set(house).await;
    let there = scene.outpost.viewer();
    there.get("/livez").await.expect(204);
    for path in ["/", "/videos", "/sessions", "/internal/edge/feed", "/openapi.json", "/edges"] {
        let answer = there.get_with(path, &[("authorization", &format!("Bearer {}", scene.customer.key))]).await;
        assert_eq!((answer.status, answer.body.len()), (404, 0), "{path}");
    }
    there.get(&scene.path("nothing", MASTER)).await.expect_refused(401, "malformed_handle", b"");
    let open = format!("/vod/{}/hls/manifest.m3u8", scene.video);
    assert_eq!(there.get(&open).await.status, scene.here.get(&open).await.status);
    there.get("/vod/vi0000000000000000000000/hls/manifest.m3u8").await.expect(404);
}

pub(super) async fn a_join_token_is_spent_once(house: &mut House) {
    let customer = house.customer().await;
    let token = join_token(house).await;
    let body = json!({ "joinToken": token, "name": "one" });
    let join = async |body: &serde_json::Value| {
        let request = customer.http.post(format!("{}/internal/edge/join", customer.origin)).json(body);
        crate::house::Answer::to("join".to_owned(), request).await
    };
    join(&body).await.expect(201);
    join(&body).await.expect(410);
    join(&json!({ "joinToken": format!("{token}x"), "name": "one" })).await.expect(401);
    assert!(!house.holds(&token), "it is not kept in clear");
}
