//! What an edge refuses is explained by the control plane.

use http::Method;
use serde_json::{Value, json};

use super::{MASTER, REVOKED_MAX, Scene};
use crate::house::{Answer, House, until::until};

/// A refusal is told within a second, and may wait for a busy machine.
const TOLD_MAX: std::time::Duration = std::time::Duration::from_secs(10);

async fn explanation(scene: &Scene, refused: &Answer) -> Value {
    let path = format!("/explain/{}", refused.header("admit-request-id").expect("a request has an id"));
    until(TOLD_MAX, "the control plane is told of the refusal", async || {
        Some(scene.customer.get(&path).await).filter(|answer| answer.status == 200)
    })
    .await
    .json()
}

pub(super) async fn what_an_edge_refuses_is_explained(house: &mut House) {
    let scene = Scene::set(house).await;
    let viewer = scene.outpost.viewer();
    let forged = viewer.get(&scene.path(&"A".repeat(68), MASTER)).await;
    let told = explanation(&scene, &forged).await;
    let code = forged.header("admit-reason").expect("a refusal has a reason");
    assert_eq!(told["refusal"]["code"], code, "{told}");

    // By the edge's own judgement, with what would have been right.
    let rules = format!("/videos/{}/access-rules", scene.video);
    scene.customer.put(&rules, &json!({ "domains": ["shop.example"] })).await.expect(200);
    let enter = async |site: &str| {
        // Of its own: one that came before the edge heeds the rule spends its token.
        let token = scene.customer.token(&scene.video).await;
        let page = format!("/vod/{}/token/{token}/session", scene.video);
        let request = viewer.request(Method::POST, &page).json(&json!({ "nonce": "0123456789abcdef" }));
        Answer::to(format!("POST {page} {site}"), request.header("origin", site)).await
    };
    let refused = until(REVOKED_MAX, "the edge heeds the rule", async || {
        Some(enter("https://evil.example").await).filter(|answer| answer.status == 403)
    })
    .await;
    let told = explanation(&scene, &refused).await;
    assert_eq!(told["refusal"]["code"], "domain_not_allowed", "{told}");
    assert_eq!(told["refusal"]["field"], "domains");
    assert!(told["refusal"]["wanted"].as_str().unwrap().contains("shop.example"), "{told}");

    // They wanted in, and so they count where other rules are tried.
    enter("https://shop.example").await.expect(200);
    let told = scene.customer.post(&format!("{rules}/replay"), &json!({})).await.expect(200).json();
    assert_eq!(told["allowed"]["standing"], 1, "{told}");
    assert_eq!(told["newlyRefused"], 0);
    assert!(told["newlyAllowed"].as_u64().unwrap() >= 1, "{told}");
}
