//! To ask why is not to enter: nothing is spent, no session begins, and the answer is the one that viewers get.

use serde_json::json;

use super::{NONCE, Scene, sign};
use crate::house::{House, forge::now, on_both};

on_both! {
    to_explain_is_not_to_redeem,
    a_token_is_explained_key_by_key,
}

async fn to_explain_is_not_to_redeem(house: &mut House) {
    let scene = Scene::set(house).await;
    let video = scene.customer.create_private().await;
    let token = scene.customer.token(&video).await;
    let by_token = format!("/vod/{video}/token/{token}/hls/manifest.m3u8");
    let page = format!("{}/embed/{video}?token={token}", scene.viewer.origin);
    let (_, once) = scene.embed_token(&video, &json!({ "maxPlays": 1 })).await;
    for url in [&by_token, &page, &once, &by_token] {
        assert_eq!(scene.explain(&json!({ "url": url })).await["allowed"], json!(true), "{url}");
    }
    assert_eq!(scene.explain(&json!({ "token": token, "videoId": video })).await["allowed"], json!(true));
    assert_eq!(scene.customer.count_sessions().await, 0, "nobody was let in");
    let handle = scene.viewer.enter(&video, &token).await;
    scene.session(&once, NONCE, &[]).await.expect(200);
    let session = house.forge().session_of(&handle, &video);
    let told = scene.explain(&json!({ "url": by_token })).await;
    assert_eq!(told["refusal"]["code"], "credential_spent");
    assert!(told.to_string().contains(&session), "who has it: {told}");
    let told = scene.explain(&json!({ "url": format!("/s/{handle}/{video}/hls/master.m3u8") })).await;
    assert_eq!(told["allowed"], json!(true), "{told}");
    assert!(told["words"].as_str().unwrap().starts_with("Anyone may watch"), "{told}");
    let told = scene.explain(&json!({ "token": handle, "videoId": video })).await;
    assert_eq!(told["allowed"], json!(true), "{told}");
}

async fn a_token_is_explained_key_by_key(house: &mut House) {
    let scene = Scene::set(house).await;
    let video = scene.customer.create_private().await;
    let (moviie, admit) = (scene.key("moviie").await, scene.key("admit").await);
    let token = sign("admit", &admit, &video, (Some("ana"), now()));
    let told = scene.explain(&json!({ "token": token })).await;
    assert_eq!(told["allowed"], json!(true), "{told}");
    let text = told.to_string();
    for said in [moviie.id.as_str(), admit.id.as_str(), "reads nothing here", "it means ana"] {
        assert!(text.contains(said), "{said} is not said: {told}");
    }
    assert!(!text.contains(&token) && !text.contains(&admit.secret), "{told}");

    let later = scene.explain(&json!({ "token": token, "at": "2999-01-01T00:00:00Z" })).await;
    assert_eq!((&later["refusal"]["code"], &later["refusal"]["field"]), (&json!("invalid_token"), &json!("exp")));
    scene.customer.delete(&format!("/signing-keys/{}", admit.id)).await.expect(204);
    let told = scene.explain(&json!({ "token": token })).await;
    assert_eq!(told["refusal"]["field"], "kid", "{told}");
    assert!(told.to_string().contains("was revoked at"), "{told}");
}
