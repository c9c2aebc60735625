//! `/events`: who watched, by the name that the customer has for them.

use serde_json::json;

use super::{NONCE, Scene, sign};
use crate::house::{House, forge::now, on_both};

on_both! {
    what_a_viewer_watched_is_listed,
}

async fn what_a_viewer_watched_is_listed(house: &mut House) {
    let scene = Scene::set(house).await;
    let video = scene.customer.create_private().await;
    let key = scene.key("admit").await;
    for name in ["ana", "ben", "an"] {
        let token = sign("admit", &key, &video, (Some(name), now()));
        scene.session(&format!("/embed/{video}/session?token={token}"), NONCE, &[]).await.expect(200);
    }
    let list = async |query: &str| scene.customer.get(&format!("/events?{query}")).await.expect(200).json();
    let of_ana = list("viewerId=ana").await;
    assert_eq!(of_ana["pagination"]["itemsTotal"], json!(1), "{of_ana}");
    let event = &of_ana["data"][0];
    assert_eq!((&event["actor"], &event["action"]), (&json!("viewer ana"), &json!("session.opened")));
    assert_eq!(event["detail"], video.as_str());
    let session = event["subject"].as_str().unwrap();
    assert!(scene.customer.sessions().await.iter().any(|known| known["sessionId"] == session), "{event}");
    assert_eq!(list(&format!("subject={session}")).await["data"], of_ana["data"]);
    let opened = list("action=session.opened&pageSize=2").await;
    assert_eq!((&opened["pagination"]["itemsTotal"], &opened["pagination"]["pagesTotal"]), (&json!(3), &json!(2)));
    assert_eq!(opened["data"][0]["actor"], "viewer an", "latest first");
    assert_eq!(list("viewerId=nobody").await["data"], json!([]));
    let all = list("").await;
    assert!(all["pagination"]["itemsTotal"].as_u64().unwrap() > 3, "what customers did is listed too: {all}");
    scene.customer.get("/events?viewerId=").await.expect(400);
}
