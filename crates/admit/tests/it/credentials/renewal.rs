//! A session goes on with a fresh credential of the same viewer, and with nobody else's.

use admit_domain::dialects::Dialect;
use http::Method;
use serde_json::json;

use super::{MASTER, Scene, folder, signer::Signer};
use crate::house::{Answer, House, on_both};

on_both! {
    a_session_goes_on_for_its_viewer_alone,
    a_session_goes_on_by_a_token_of_moviie,
    plays_that_are_counted_prolong_nothing,
}

async fn renew(scene: &Scene, folder: &str, token: &str) -> Answer {
    scene.viewer.send(Method::POST, &format!("{folder}renew?token={token}"), &[]).await
}

async fn a_session_goes_on_for_its_viewer_alone(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let (ours, next) = (Signer::make(customer, "admit").await, Signer::make(customer, "admit").await);
    let of = |signer: &Signer, name: Option<&str>| signer.mint(&Dialect::Admit, video, name);
    customer.patch("/settings", &json!({ "sessionSeconds": 60 })).await.expect(200);
    let watching = scene.enter(&of(&ours, Some("ada"))).await;
    let session = house.forge().session_of(watching.split('/').nth(2).unwrap(), video);
    customer.patch("/settings", &json!({ "sessionSeconds": 3_600 })).await.expect(200);
    let before = customer.count_sessions().await;
    for wrong in [of(&ours, Some("eve")), of(&ours, None)] {
        renew(&scene, &watching, &wrong).await.expect_refused(410, "session_ended", b"");
    }
    renew(&scene, &watching, "nonsense").await.expect_refused(401, "invalid_token", b"");
    viewer.send(Method::POST, &format!("{watching}renew"), &[]).await.expect_refused(401, "no_handle", b"");
    viewer.get(&format!("{watching}renew")).await.expect_refused(405, "method_not_allowed", b"");
    viewer.get(&format!("{watching}{MASTER}")).await.expect(200);

    let answer = renew(&scene, &watching, &of(&next, Some("ada"))).await.expect(200);
    let renewed = folder(&answer, video);
    assert_ne!(renewed, watching, "another end, another handle");
    let handle = renewed.split('/').nth(2).unwrap();
    assert_eq!(house.forge().session_of(handle, video), session, "the same session");
    viewer.get(&format!("{renewed}{MASTER}")).await.expect(200);
    viewer.get(&format!("{watching}{MASTER}")).await.expect(200);
    assert_eq!(customer.count_sessions().await, before);
    let listed = customer.get("/sessions?viewerId=ada").await.expect(200).json();
    assert_eq!(listed["data"][0]["sessionId"], session.as_str());
    assert_eq!(listed["data"][0]["signingKeyId"], next.id.as_str(), "it stands on the fresh token");

    // It ends with the key that it stands on, and not with the one that began it.
    customer.delete(&format!("/signing-keys/{}", ours.id)).await.expect(204);
    viewer.get(&format!("{renewed}{MASTER}")).await.expect(200);
    renew(&scene, &renewed, &of(&ours, Some("ada"))).await.expect_refused(401, "invalid_token", b"");
    customer.delete(&format!("/signing-keys/{}", next.id)).await.expect(204);
    viewer.get(&format!("{renewed}{MASTER}")).await.expect_refused(410, "session_ended", b"#EXTM3U");
    let third = Signer::make(customer, "admit").await;
    renew(&scene, &renewed, &of(&third, Some("ada"))).await.expect_refused(410, "session_ended", b"");
}

async fn a_session_goes_on_by_a_token_of_moviie(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, signer, .. } = &scene;
    let other = customer.create_private().await;
    let watching = scene.enter(&scene.token()).await;
    let answer = renew(&scene, &watching, &scene.token()).await.expect(200);
    viewer.get(&format!("{}{MASTER}", folder(&answer, video))).await.expect(200);
    renew(&scene, &watching, &signer.token(&other)).await.expect_refused(403, "token_for_other_video", b"");
    let elsewhere = watching.replace(video.as_str(), &other);
    renew(&scene, &elsewhere, &signer.token(&other)).await.expect_refused(403, "other_video", b"");
    renew(&scene, "/s/nonsense/x/", &scene.token()).await.expect_refused(404, "not_found", b"");
    assert_eq!(customer.count_sessions().await, 1);
}

/// A token that may begin one session would otherwise be worth one, and as many renewals of others as somebody likes.
async fn plays_that_are_counted_prolong_nothing(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, video, .. } = &scene;
    let token = async |about| {
        let made = customer.post("/embed-tokens", &about).await.expect(201).json();
        made["token"].as_str().unwrap().to_owned()
    };
    let free = token(json!({ "videoId": video })).await;
    let counted = token(json!({ "videoId": video, "rules": { "maxPlays": 1 } })).await;
    let watching = scene.enter(&free).await;
    renew(&scene, &watching, &counted).await.expect_refused(410, "plays_exhausted", b"");
    renew(&scene, &watching, &free).await.expect(200);
    scene.enter(&counted).await;
}
