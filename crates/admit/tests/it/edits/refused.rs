//! Wishes that cannot be fulfilled are refused when they are made, by name, and leave nothing behind.

use serde_json::{Value, json};

use super::green_mark;
use crate::house::{House, on_both};

on_both! {
    every_fault_is_named_and_nothing_is_made,
    nothing_wished_is_no_wish,
}

async fn every_fault_is_named_and_nothing_is_made(house: &mut House) {
    let customer = house.customer().await;
    let mark = green_mark(&customer).await;
    let empty = customer.create(&json!({ "title": "without a source" })).await;
    let videos = async || customer.get("/videos").await.expect(200).json()["pagination"]["itemsTotal"].clone();
    let (before, stored) = (videos().await, house.stored(""));
    let marked = |member: &str, value: &str| json!({ "watermark": { "id": mark, member: value } });
    let cut = |start: &str, end: &str| json!({ "clip": { "startTimecode": start, "endTimecode": end } });
    let invalid = "invalid-attribute";
    for (wish, slug, name) in [
        (cut("1s", "3"), invalid, "clip[startTimecode]"),
        (cut("1", "00:60:00"), invalid, "clip[endTimecode]"),
        (cut("5", "5"), invalid, "clip[endTimecode]"),
        (cut("00:00:05", "00:00:04.999"), invalid, "clip[endTimecode]"),
        (cut("00:00:05:10", "00:00:05:9"), invalid, "clip[endTimecode]"),
        (json!({ "clip": { "endTimecode": "0" } }), invalid, "clip[endTimecode]"),
        (json!({ "watermark": {} }), "attribute-required", "watermark[id]"),
        (json!({ "watermark": { "id": "watermark_x" } }), invalid, "watermark[id]"),
        (json!({ "watermark": { "id": format!("watermark_{}", "0".repeat(22)) } }), invalid, "watermark[id]"),
        (marked("top", "-1px"), invalid, "watermark[top]"),
        (marked("left", "10"), invalid, "watermark[left]"),
        (marked("bottom", "101%"), invalid, "watermark[bottom]"),
        (marked("right", "initial"), invalid, "watermark[right]"),
        (marked("width", "8193px"), invalid, "watermark[width]"),
        (marked("height", "auto"), invalid, "watermark[height]"),
        (marked("opacity", "0.5"), invalid, "watermark[opacity]"),
        (json!({ "clip": "00:00:01" }), "invalid-payload", ""),
        (json!({ "source": empty }), invalid, "source"),
        (json!({ "source": format!("vi{}", "0".repeat(22)) }), invalid, "source"),
        (json!({ "source": "viShort" }), invalid, "source"),
        (json!({ "source": empty, "watermark": { "id": mark } }), invalid, "source"),
    ] {
        let wish = merged(json!({ "title": "a wish" }), &wish);
        let refused = customer.post("/videos", &wish).await.expect(400).json();
        assert!(refused["type"].as_str().unwrap().ends_with(&format!("/{slug}")), "{wish}: {refused}");
        assert_eq!(refused["name"].as_str().unwrap_or_default(), name, "{wish}: {refused}");
    }
    let many = json!({ "title": "a wish", "clip": { "startTimecode": "x" }, "watermark": { "id": mark, "top": "x" } });
    let refused = customer.post("/videos", &many).await.expect(400).json();
    let names: Vec<_> = refused["problems"].as_array().unwrap().iter().map(|problem| &problem["name"]).collect();
    assert_eq!(names, ["clip[startTimecode]", "watermark[top]"], "{refused}");
    assert_eq!((videos().await, house.stored("")), (before, stored), "nothing was made, nothing was kept");
}

fn merged(mut into: Value, from: &Value) -> Value {
    into.as_object_mut().unwrap().extend(from.as_object().unwrap().clone());
    into
}

async fn nothing_wished_is_no_wish(house: &mut House) {
    let customer = house.customer().await;
    for wish in [json!({ "clip": {} }), json!({ "clip": null, "watermark": null, "source": null })] {
        customer.create(&merged(json!({ "title": "as it is sent" }), &wish)).await;
    }
    assert_eq!(house.stored(""), [""; 0]);
}
