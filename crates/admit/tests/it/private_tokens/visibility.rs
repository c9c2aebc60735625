//! Public becomes private, private becomes public, and a deleted video is gone: each with the very next request.

use serde_json::json;

use super::{FILM, MANIFEST, MASTER, POSTER, Scene};
use crate::house::{House, on_both, viewer::session_path};

on_both! {
    public_and_private_flip_at_once,
    what_is_deleted_is_gone_at_once,
}

async fn public_and_private_flip_at_once(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video } = &scene;
    let path = format!("/videos/{video}");
    let (token, handle) = (scene.token().await, scene.enter().await);
    let truth = viewer.get(&scene.by_handle(&handle, POSTER)).await.expect(200).body;
    let open = |below: &str| format!("/vod/{video}/{below}");
    for _ in 0..3 {
        let public = customer.patch(&path, &json!({ "public": true })).await.expect(200);
        assert_eq!(public.text_at("/assets/player"), format!("{}/vod/{video}", viewer.origin), "no token");
        for below in
            [MANIFEST, FILM, POSTER, "hls/vsource.m3u8", "media/vsource/0.m4s", "dash/manifest.mpd", "storyboard.vtt"]
        {
            viewer.get(&open(below)).await.expect(200);
        }
        // A link that was handed out before still leads there, and keeps its token.
        viewer.get(&scene.by_token(&token, POSTER)).await.expect(200);
        let private = customer.patch(&path, &json!({ "public": false })).await.expect(200);
        assert!(private.text_at("/assets/player").contains("?token="));
        for below in
            [MANIFEST, FILM, POSTER, "hls/vsource.m3u8", "media/vsource/0.m4s", "dash/manifest.mpd", "storyboard.vtt"]
        {
            viewer.get(&open(below)).await.expect_refused(404, "no_handle", &truth);
        }
    }
    viewer.get(&scene.by_handle(&handle, MASTER)).await.expect(200);
    assert_eq!(customer.count_sessions().await, 1, "an open film needs no session");
    scene.expect_unspent(&token).await;

    customer.patch(&path, &json!({ "mp4Support": false })).await.expect(200);
    viewer.get(&scene.by_handle(&handle, FILM)).await.expect_refused(404, "not_found", &truth);
    customer.patch(&path, &json!({ "mp4Support": true })).await.expect(200);
    viewer.get(&scene.by_handle(&handle, FILM)).await.expect(200);
}

async fn what_is_deleted_is_gone_at_once(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video } = &scene;
    let (token, handle) = (scene.token().await, scene.enter().await);
    let places = [MASTER, FILM, POSTER, "media/vsource/0.m4s", "storyboard.vtt"];
    let mut truths = Vec::new();
    for below in places {
        truths.push(viewer.get(&scene.by_handle(&handle, below)).await.expect(200).body);
    }
    customer.delete(&format!("/videos/{video}")).await.expect(204);
    for (below, truth) in places.iter().zip(&truths) {
        viewer.get(&scene.by_handle(&handle, below)).await.expect_refused(410, "video_gone", truth);
        let public = below.replace(MASTER, MANIFEST);
        viewer.get(&format!("/vod/{video}/{public}")).await.expect_refused(404, "not_found", truth);
    }
    for below in [MANIFEST, FILM, POSTER] {
        viewer.get(&scene.by_token(&token, below)).await.expect_refused(404, "not_found", &truths[2]);
        viewer.get(&format!("{}?avh={handle}", scene.by_token(&token, below))).await.expect_refused(
            404,
            "not_found",
            &truths[2],
        );
    }
    let before = customer.count_sessions().await;
    viewer.get(&session_path(video, &token)).await.expect_refused(404, "not_found", b"");
    viewer.redeem(video, &token, "0123456789abcdef").await.expect_refused(404, "not_found", b"");
    assert_eq!(customer.count_sessions().await, before);
    customer.get(&format!("/videos/{video}")).await.expect(404);
    customer.get(&format!("/videos/{video}/status")).await.expect(404);
    customer.delete(&format!("/videos/{video}")).await.expect(404);

    house.restart().await;
    house.viewer().get(&scene.by_handle(&handle, POSTER)).await.expect_refused(410, "video_gone", &truths[2]);
}
