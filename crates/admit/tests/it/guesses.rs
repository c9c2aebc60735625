//! Whoever shows many credentials in vain is not listened to for the rest of the minute.

use crate::house::{House, clip, on_both};

on_both! {
    a_network_that_guesses_is_slowed_down,
}

async fn a_network_that_guesses_is_slowed_down(house: &mut House) {
    house.set("ADMIT_REFUSALS_PER_MINUTE", "5");
    house.restart().await;
    let customer = house.customer().await;
    let video = customer.private_film(clip::small()).await;
    let made = customer.post("/embed-tokens", &serde_json::json!({ "videoId": video })).await.expect(201).json();
    let right = made["token"].as_str().unwrap().to_owned();
    let entered =
        async |token: &str| house.viewer().get(&format!("/vod/{video}/hls/manifest.m3u8?token={token}")).await;
    entered(&right).await.expect(200);
    let (start, last) = right.split_at(right.len() - 1);
    for other in ["A", "B", "C", "D", "E", "F"].into_iter().filter(|other| *other != last).take(5) {
        entered(&format!("{start}{other}")).await.expect_refused(401, "credential_revoked", &[]);
    }
    let refused = entered(&right).await;
    assert_eq!((refused.status, refused.header("admit-reason")), (429, Some("overloaded")));
    assert!(refused.header("retry-after").is_some(), "{:?}", refused.headers);
}
