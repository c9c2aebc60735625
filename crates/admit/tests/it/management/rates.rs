//! Rate limits: told with every answer, kept by project and kind, and never a reason to refuse somebody else.

use http::Method;
use serde_json::json;

use super::expect_problem;
use crate::house::{Answer, Customer, House, clip, on_both};

on_both! {
    every_answer_tells_the_count,
    beyond_the_limit_is_429_and_changes_nothing,
    strangers_are_counted_apart_from_callers,
    no_limit_is_a_setting_too,
}

fn number(answer: &Answer, header: &'static str) -> u64 {
    let text = answer.header(header).unwrap_or_else(|| panic!("{}: no {header}", answer.asked));
    text.parse().unwrap()
}

/// Limit and rest.
fn count(answer: &Answer) -> (u64, u64) {
    assert!((1..=60).contains(&number(answer, "x-ratelimit-retry-after")), "{}", answer.asked);
    (number(answer, "x-ratelimit-limit"), number(answer, "x-ratelimit-remaining"))
}

async fn limited(house: &mut House, uploads: u32, writes: u32, reads: u32) -> Customer {
    let customer = house.customer().await;
    house.set("ADMIT_UPLOADS_PER_MINUTE", &uploads.to_string());
    house.set("ADMIT_WRITES_PER_MINUTE", &writes.to_string());
    house.set("ADMIT_READS_PER_MINUTE", &reads.to_string());
    house.restart().await;
    house.customer_with(&customer.key)
}

async fn every_answer_tells_the_count(house: &mut House) {
    let customer = limited(house, 7, 50, 500).await;
    assert_eq!(count(&customer.get("/videos").await.expect(200)), (500, 499));
    assert_eq!(count(&customer.get("/videos/vi0000000000000000000000").await.expect(404)), (500, 498));
    let made = customer.post("/videos", &json!({ "title": "a" })).await.expect(201);
    assert_eq!(count(&made), (50, 49));
    assert_eq!(count(&customer.post("/videos", &json!({})).await.expect(400)), (50, 48));
    let sent = customer.upload(&made.text_at("/videoId"), clip::small()).await.expect(201);
    assert_eq!(count(&sent), (7, 6));
    let other = house.customer().await;
    assert_eq!(count(&other.get("/videos").await.expect(200)), (500, 497), "two keys of one project are one caller");
}

async fn beyond_the_limit_is_429_and_changes_nothing(house: &mut House) {
    let customer = limited(house, 100, 2, 100).await;
    for title in ["one", "two"] {
        customer.create(&json!({ "title": title })).await;
    }
    let refused = customer.post("/videos", &json!({ "title": "three" })).await;
    let refused = expect_problem(refused, 429, "too-many-requests");
    assert_eq!(refused.text_at("/title"), "Too many requests.");
    assert_eq!(count(&refused), (2, 0));
    assert_eq!(refused.header("retry-after"), refused.header("x-ratelimit-retry-after"));
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
    assert_eq!(customer.get("/videos").await.expect(200).json()["pagination"]["itemsTotal"], 2, "reads go on");
}

async fn strangers_are_counted_apart_from_callers(house: &mut House) {
    let customer = limited(house, 100, 100, 3).await;
    let stranger = house.customer_with("adm_live_0000");
    for _ in 0..3 {
        stranger.get("/videos").await.expect(401);
    }
    expect_problem(stranger.get("/videos").await, 429, "too-many-requests");
    assert_eq!(count(&customer.get("/videos").await.expect(200)), (3, 2), "a caller from the same network goes on");
    let viewer = house.viewer();
    for path in ["/livez", "/readyz", "/livez", "/readyz", "/livez"] {
        viewer.get(path).await.expect(204);
    }
}

async fn no_limit_is_a_setting_too(house: &mut House) {
    let customer = limited(house, 0, 0, 0).await;
    let answer = customer.get("/videos").await.expect(200);
    assert_eq!(answer.header("x-ratelimit-limit"), None);
    let open = house.viewer().send(Method::POST, "/auth/api-key", &[]).await.expect(400);
    assert_eq!(open.header("x-ratelimit-limit"), None);
}
