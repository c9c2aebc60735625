//! Rules are tried on those who came before they hold.

use serde_json::{Value, json};

use super::Scene;
use crate::{
    credentials::nonce,
    house::{Answer, House, on_both},
    management::expect_problem,
};

on_both! {
    a_change_is_tried_on_those_who_came,
    a_project_is_tried_with_what_each_video_demands,
    nothing_can_be_tried_that_could_not_hold,
}

const SHOP: &str = "https://shop.example";
const OTHER: &str = "https://other.example";

/// A private video, and the address of a session by an embed token.
async fn film(scene: &Scene<'_>) -> (String, String) {
    let video = scene.customer.create_private().await;
    let (_, path) = scene.embed_token(&video, &json!({})).await;
    (video, path)
}

/// Another opening of the page each time.
async fn enter(scene: &Scene<'_>, path: &str, site: &str) -> Answer {
    scene.session(path, &nonce(), &[("origin", site)]).await
}

async fn try_out(scene: &Scene<'_>, path: &str, rules: &Value) -> Value {
    scene.customer.post(&format!("{path}/replay"), rules).await.expect(200).json()
}

fn counts(told: &Value) -> [u64; 5] {
    ["/judged", "/allowed/standing", "/allowed/proposed", "/newlyRefused", "/newlyAllowed"]
        .map(|pointer| told.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("{pointer}: {told}")))
}

async fn a_change_is_tried_on_those_who_came(house: &mut House) {
    let scene = Scene::set(house).await;
    let (video, page) = film(&scene).await;
    let own = format!("/videos/{video}/access-rules");
    assert_eq!(counts(&try_out(&scene, &own, &json!({ "domains": ["shop.example"] })).await), [0; 5]);

    for site in [SHOP, SHOP] {
        enter(&scene, &page, site).await.expect(200);
    }
    let stranger = enter(&scene, &page, OTHER).await.expect(200);
    let stranger = stranger.header("admit-request-id").unwrap();
    // A one-time token, at the shop; and one whom its own token keeps out, whatever the video demands.
    let token = scene.customer.token(&video).await;
    enter(&scene, &format!("/vod/{video}/token/{token}/session"), SHOP).await.expect(200);
    let (_, elsewhere) = scene.embed_token(&video, &json!({ "domains": ["elsewhere.example"] })).await;
    enter(&scene, &elsewhere, SHOP).await.expect_refused(403, "domain_not_allowed", b"");
    // Asking for more of the same session, or showing what proves nothing, is not to want in.
    enter(&scene, &format!("/embed/{video}/session?token=nothing"), SHOP).await.expect(401);

    let told = try_out(&scene, &own, &json!({ "domains": ["shop.example"] })).await;
    assert_eq!(counts(&told), [5, 4, 3, 1, 0], "{told}");
    assert_eq!(told["byRule"][0]["rule"], "domains", "{told}");
    assert_eq!(told["byRule"][0]["code"], "domain_not_allowed");
    assert_eq!(told["byRule"][0]["count"], 1);
    assert_eq!(told["examples"].as_array().map(Vec::len), Some(1), "{told}");
    let example = &told["examples"][0];
    assert_eq!((&example["requestId"], &example["videoId"]), (&json!(stranger), &json!(video)));
    assert_eq!((&example["allowed"], &example["rule"]), (&json!(false), &json!("domains")));
    assert!(told["words"].as_str().unwrap().contains("shop.example"), "{told}");
    assert!(!told.to_string().contains("127.0.0.1"), "nobody's address is told: {told}");
    // Nothing was changed, and the one who was let in can be looked up.
    enter(&scene, &page, OTHER).await.expect(200);
    let explained = scene.customer.get(&format!("/explain/{stranger}")).await.expect(200).json();
    assert_eq!((&explained["allowed"], &explained["steps"][0]["rule"]), (&json!(true), &json!("session")));

    // The other way about: what would be had by taking it back.
    scene.customer.put(&own, &json!({ "domains": ["shop.example"] })).await.expect(200);
    enter(&scene, &page, OTHER).await.expect_refused(403, "domain_not_allowed", b"");
    let told = try_out(&scene, &own, &json!({})).await;
    assert_eq!(counts(&told), [7, 3, 6, 0, 3], "{told}");
    assert_eq!(told["byRule"], json!([]));
    assert_eq!(told["examples"][0]["allowed"], true);
}

async fn a_project_is_tried_with_what_each_video_demands(house: &mut House) {
    let scene = Scene::set(house).await;
    let ((first, page), (second, other_page)) = (film(&scene).await, film(&scene).await);
    for path in [&page, &other_page] {
        enter(&scene, path, SHOP).await.expect(200);
    }
    let own = format!("/videos/{first}/access-rules");
    scene.customer.put(&own, &json!({ "networks": ["10.0.0.0/8"] })).await.expect(200);
    let told = try_out(&scene, "/access-rules", &json!({ "domains": ["other.example"] })).await;
    assert_eq!(counts(&told), [2, 1, 0, 1, 0], "the first video keeps its own out already: {told}");
    assert_eq!(told["examples"][0]["videoId"], json!(second));
    // What is gone is nobody's to want.
    scene.customer.delete(&format!("/videos/{second}")).await.expect(204);
    let told = try_out(&scene, "/access-rules", &json!({})).await;
    assert_eq!(counts(&told)[1..], [0; 4], "{told}");
}

async fn nothing_can_be_tried_that_could_not_hold(house: &mut House) {
    let scene = Scene::set(house).await;
    let (video, _) = film(&scene).await;
    let own = format!("/videos/{video}/access-rules");
    for path in ["/access-rules", own.as_str()] {
        let wrong = scene.customer.post(&format!("{path}/replay"), &json!({ "networks": ["everywhere"] })).await;
        expect_problem(wrong, 400, "invalid-attribute");
        scene.viewer.send(http::Method::POST, &format!("{path}/replay"), &[]).await.expect(401);
    }
    let poster = scene.customer.post(&format!("{own}/replay"), &json!({ "posterPublic": "yes" })).await;
    expect_problem(poster, 400, "invalid-attribute");
    let unknown = own.replace(&video[..6], "viZZZZ");
    scene.customer.post(&format!("{unknown}/replay"), &json!({})).await.expect(404);
}
