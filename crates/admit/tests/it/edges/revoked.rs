//! What is taken back at the control plane is refused at every edge, within a moment.

use serde_json::json;

use super::{FILM, MASTER, REVOKED_MAX, Scene};
use crate::house::{House, clip, outpost::Outpost, slow::Slow, until::until};

pub(super) async fn an_ended_session_is_refused_at_every_edge(house: &mut House) {
    let scene = Scene::set(house).await;
    let second = Outpost::open(house, &[]).await;
    let (handle, other) = (scene.enter().await, scene.enter().await);
    let viewers = [scene.outpost.viewer(), second.viewer()];
    let path = scene.path(&handle, MASTER);
    for viewer in &viewers {
        viewer.get(&path).await.expect(200);
    }
    scene.end(&handle, house).await;
    for viewer in &viewers {
        let refused = until(REVOKED_MAX, "the edge refuses the session", async || {
            Some(viewer.get(&path).await).filter(|answer| answer.status != 200)
        })
        .await;
        refused.expect_refused(410, "session_ended", b"#EXTM3U");
        viewer.get(&scene.path(&other, MASTER)).await.expect(200);
    }
}

pub(super) async fn a_long_body_is_cut_when_its_session_ends(house: &mut House) {
    let scene = Scene::with(house, clip::heavy(), &[]).await;
    let handle = scene.enter().await;
    let path = scene.path(&handle, FILM);
    let whole = scene.here.get(&path).await.expect(200).body;
    let slow = Slow::get_at(scene.outpost.origin(), &path).await;
    scene.end(&handle, house).await;
    let viewer = scene.outpost.viewer();
    // By a HEAD: a body that is asked for in this moment may be cut too.
    until(REVOKED_MAX, "the edge refuses the session", async || (viewer.head(&path).await.status == 410).then_some(()))
        .await;
    let (head, body) = slow.rest().await;
    assert!(head.contains(&format!("content-length: {}", whole.len())), "{head}");
    assert!(body.len() < whole.len(), "all {} bytes came", whole.len());
    assert_eq!(body, whole[..body.len()], "what came before was right");
}

pub(super) async fn a_changed_rule_is_heeded_at_the_edge(house: &mut House) {
    let scene = Scene::set(house).await;
    let handle = scene.enter().await;
    let (viewer, path) = (scene.outpost.viewer(), scene.path(&handle, MASTER));
    viewer.get(&path).await.expect(200);
    let rules = format!("/videos/{}/access-rules", scene.video);
    scene.customer.put(&rules, &json!({ "networks": ["10.1.0.0/16"] })).await.expect(200);
    until(REVOKED_MAX, "the edge heeds the rule", async || (viewer.get(&path).await.status == 403).then_some(())).await;
    viewer.get(&path).await.expect_refused(403, "network_not_allowed", b"#EXTM3U");
    scene.customer.put(&rules, &json!({ "networks": ["127.0.0.0/8"] })).await.expect(200);
    until(REVOKED_MAX, "the edge heeds the change", async || (viewer.get(&path).await.status == 200).then_some(()))
        .await;
    scene.customer.delete(&format!("/videos/{}", scene.video)).await.expect(204);
    until(REVOKED_MAX, "the edge knows that the video is gone", async || {
        (viewer.get(&path).await.status != 200).then_some(())
    })
    .await;
}

pub(super) async fn a_removed_edge_lets_nobody_in(house: &mut House) {
    let scene = Scene::set(house).await;
    let handle = scene.enter().await;
    let (viewer, path) = (scene.outpost.viewer(), scene.path(&handle, MASTER));
    viewer.get(&path).await.expect(200);
    let edges = scene.customer.get("/edges").await.expect(200).json();
    let listed = edges["data"].as_array().unwrap().iter().find(|edge| edge["edgeId"] != "local").unwrap();
    let id = listed["edgeId"].as_str().unwrap();
    scene.customer.delete(&format!("/edges/{id}")).await.expect(204);
    until(REVOKED_MAX, "the edge is closed", async || (viewer.get(&path).await.status == 503).then_some(())).await;
    viewer.get(&path).await.expect_refused(503, "stale", b"#EXTM3U");
    viewer.get("/readyz").await.expect(503);
}
