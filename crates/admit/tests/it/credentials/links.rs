//! Share links: an address that is all a viewer needs, with a page that spends nothing until somebody means it.

use admit_domain::limits::LINK_CODE_CHARS;
use http::Method;
use serde_json::{Value, json};

use super::{FILM, MASTER, Scene, folder, redeem, redeem_for};
use crate::{
    house::{House, on_both},
    management::expect_problem,
};

on_both! {
    a_link_is_a_page_and_a_session,
    a_link_is_listed_and_taken_back,
}

async fn make(scene: &Scene, rules: Value) -> (String, String) {
    let body = json!({ "videoId": scene.video, "name": "for a friend", "rules": rules });
    let made = scene.customer.post("/links", &body).await.expect(201);
    let url = made.text_at("/url");
    let path = url.strip_prefix(&scene.viewer.origin).unwrap_or_else(|| panic!("{url} is elsewhere"));
    (made.text_at("/linkId"), path.to_owned())
}

async fn a_link_is_a_page_and_a_session(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let (_, path) = make(&scene, json!({ "rights": ["watch", "pictures"], "maxPlays": 2 })).await;
    let code = path.strip_prefix("/w/").unwrap();
    assert_eq!(code.len(), LINK_CODE_CHARS);
    // Whoever previews it, probes it or opens the page spends nothing.
    let before = customer.count_sessions().await;
    for _ in 0..3 {
        let page = viewer.get(&path).await.expect(200);
        assert!(!page.text().contains(code), "the page does not repeat the code");
        viewer.head(&path).await.expect(200);
    }
    let enter = format!("{path}/session");
    viewer.get(&enter).await.expect_refused(405, "method_not_allowed", b"");
    let preview = redeem(viewer, &enter, &[("sec-purpose", "prefetch")]).await;
    for nonce in ["", "short", "0123456789abcde!"] {
        redeem_for(viewer, &enter, &[], &json!({ "nonce": nonce })).await.expect_refused(422, "bad_nonce", b"");
    }
    preview.expect_refused(503, "not_a_redeem", b"");
    assert_eq!(customer.count_sessions().await, before);

    let nonce = json!({ "nonce": super::nonce() });
    let first = redeem_for(viewer, &enter, &[], &nonce).await.expect(200);
    assert_eq!(first.text_at("/videoId"), *video, "the link alone knows its video");
    let again = redeem_for(viewer, &enter, &[], &nonce).await.expect(200);
    assert_eq!(first.text_at("/session_token"), again.text_at("/session_token"), "a lost answer is repeated");
    let watching = folder(&first, video);
    viewer.get(&format!("{watching}{MASTER}")).await.expect(200);
    viewer.get(&format!("{watching}{FILM}")).await.expect_refused(403, "missing_right", b"");
    redeem(viewer, &enter, &[]).await.expect(200);
    redeem(viewer, &enter, &[]).await.expect_refused(410, "plays_exhausted", b"");
    redeem_for(viewer, &enter, &[], &nonce).await.expect(200);
    assert_eq!(customer.count_sessions().await, before + 2);
    // A code is no token, and a token is no code.
    redeem(viewer, &format!("/embed/{video}/session?token={code}"), &[]).await.expect_refused(
        401,
        "invalid_token",
        b"",
    );
    for wrong in [code.to_uppercase(), code.to_lowercase(), "0".repeat(LINK_CODE_CHARS)] {
        redeem(viewer, &format!("/w/{wrong}/session"), &[]).await.expect_refused(401, "credential_revoked", b"");
    }
    for wrong in [&code[1..], &format!("{code}0"), "x"] {
        redeem(viewer, &format!("/w/{wrong}/session"), &[]).await.expect_refused(404, "not_found", b"");
    }
}

async fn a_link_is_listed_and_taken_back(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let (id, path) = make(&scene, json!({})).await;
    let (other, kept) = make(&scene, json!({})).await;
    let embed = customer.post("/embed-tokens", &json!({ "videoId": video })).await.expect(201);
    let list = customer.get(&format!("/links?videoId={video}")).await.expect(200).json();
    let ids: Vec<_> = list["data"].as_array().unwrap().iter().map(|link| link["linkId"].clone()).collect();
    assert_eq!(ids, [json!(other), json!(id)], "newest first, and no embed token among them");
    assert!(list["data"][0].get("url").is_none() && list["data"][0]["name"] == "for a friend", "{list}");
    let unknown = customer.delete(&format!("/links/{}", embed.text_at("/embedTokenId"))).await;
    assert_eq!(expect_problem(unknown, 404, "resource-not-found").text_at("/name"), "linkId");
    customer.get(&format!("/embed-tokens/{id}")).await.expect(404);

    let enter = |path: &str| format!("{path}/session");
    let watching = folder(&redeem(viewer, &enter(&path), &[]).await, video);
    let on_kept = folder(&redeem(viewer, &enter(&kept), &[]).await, video);
    customer.delete(&format!("/links/{id}")).await.expect(204);
    viewer.get(&format!("{watching}{MASTER}")).await.expect_refused(410, "session_ended", b"#EXTM3U");
    viewer.get(&format!("{on_kept}{MASTER}")).await.expect(200);
    redeem(viewer, &enter(&path), &[]).await.expect_refused(401, "credential_revoked", b"");
    assert_eq!(viewer.send(Method::GET, &path, &[]).await.status, 200, "the page says nothing by itself");
    let again = expect_problem(customer.delete(&format!("/links/{id}")).await, 404, "resource-not-found");
    assert_eq!(again.text_at("/name"), "linkId");
}
