//! Videos that were deleted and can be had back: away from every list and every viewer, and back with all that was theirs.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::expect_problem;
use crate::house::{Answer, Customer, House, clip, on_both, until::until, viewer::session_path};

on_both! {
    deleting_is_final_unless_the_project_says_otherwise,
    a_discarded_video_is_away_until_it_is_had_back,
    only_a_discarded_video_can_be_had_back,
}

async fn discarded(customer: &Customer) -> Vec<Value> {
    let list = customer.get("/discarded/videos").await.expect(200).json();
    list["data"].as_array().unwrap().clone()
}

async fn deleting_is_final_unless_the_project_says_otherwise(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create_private().await;
    customer.delete(&format!("/videos/{video}")).await.expect(204);
    assert_eq!(discarded(&customer).await, [Value::Null; 0]);
    customer.get(&format!("/discarded/videos/{video}")).await.expect(404);
    let patch = customer.patch(&format!("/discarded/videos/{video}"), &json!({ "discarded": false })).await;
    assert_eq!(expect_problem(patch, 404, "resource-not-found").text_at("/name"), "videoId");
}

async fn a_discarded_video_is_away_until_it_is_had_back(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    customer.patch("/settings", &json!({ "discardedVideoDays": 7 })).await.expect(200);
    let video = customer.private_film(clip::small()).await;
    let handle = viewer.enter(&video, &customer.token(&video).await).await;
    let master = format!("/s/{handle}/{video}/hls/master.m3u8");
    let truth = viewer.get(&master).await.expect(200).body;
    let unspent = customer.token(&video).await;
    customer.patch(&format!("/videos/{video}"), &json!({ "tags": ["kept"] })).await.expect(200);

    customer.delete(&format!("/videos/{video}")).await.expect(204);
    viewer.get(&master).await.expect_refused(410, "video_gone", &truth);
    viewer.get(&session_path(&video, &unspent)).await.expect_refused(404, "not_found", &truth);
    customer.get(&format!("/videos/{video}")).await.expect(404);
    customer.get(&format!("/videos/{video}/status")).await.expect(404);
    customer.upload(&video, clip::small()).await.expect(404);
    customer.delete(&format!("/videos/{video}")).await.expect(404);
    assert_eq!(customer.get("/videos").await.expect(200).json()["pagination"]["itemsTotal"], 0);
    assert_eq!(customer.get("/tags").await.expect(200).json()["data"], json!([]), "its tags do not count");
    let shown = discarded(&customer).await;
    assert_eq!(shown, [customer.get(&format!("/discarded/videos/{video}")).await.expect(200).json()]);
    assert_eq!((&shown[0]["discarded"], &shown[0]["assets"]), (&json!(true), &Value::Null));
    assert!(shown[0]["discardedAt"].is_string() && shown[0]["deletesAt"].is_string(), "{}", shown[0]);

    house.restart().await;
    let (customer, viewer) = (house.customer_with(&customer.key), house.viewer());
    viewer.get(&master).await.expect_refused(410, "video_gone", &truth);
    let path = format!("/discarded/videos/{video}");
    let back = customer.patch(&path, &json!({ "discarded": false })).await.expect(200).json();
    assert_eq!((&back["tags"], &back["discarded"]), (&json!(["kept"]), &Value::Null));
    assert!(back["assets"]["hls"].is_string(), "{back}");
    assert_eq!(viewer.get(&master).await.expect(200).body, truth, "who was watching goes on");
    viewer.enter(&video, &unspent).await;
    assert_eq!(discarded(&customer).await, [Value::Null; 0]);
    house.restart().await;
    assert_eq!(house.viewer().get(&master).await.expect(200).body, truth);

    let customer = house.customer_with(&customer.key);
    customer.patch("/settings", &json!({ "discardedVideoDays": 0 })).await.expect(200);
    customer.delete(&format!("/videos/{video}")).await.expect(204);
    let limit = Duration::from_secs(30);
    until(limit, "every byte of it is gone", async || house.stored("").is_empty().then_some(())).await;
}

async fn only_a_discarded_video_can_be_had_back(house: &mut House) {
    let customer = house.customer().await;
    customer.patch("/settings", &json!({ "discardedVideoDays": 1 })).await.expect(200);
    let (living, away) = (customer.create_private().await, customer.create_private().await);
    customer.delete(&format!("/videos/{away}")).await.expect(204);
    customer.get(&format!("/discarded/videos/{living}")).await.expect(404);
    customer.patch(&format!("/discarded/videos/{living}"), &json!({ "discarded": false })).await.expect(404);
    let path = format!("/discarded/videos/{away}");
    let wrong = expect_problem(customer.patch(&path, &json!({ "discarded": true })).await, 400, "invalid-attribute");
    assert_eq!(wrong.text_at("/detail"), "Value must be false.");
    expect_problem(customer.patch(&path, &json!({})).await, 400, "attribute-required");
    let listed = customer.get("/discarded/videos?title=nothing").await.expect(200).json();
    assert_eq!(listed["data"], json!([]), "the same filters as any list");
    let anonymous = house.viewer().request(Method::GET, "/discarded/videos");
    Answer::to("without a key".to_owned(), anonymous).await.expect(401);
    assert_eq!(discarded(&customer).await.len(), 1);
}
