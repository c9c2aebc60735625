//! Films that are cut, marked or copied before anybody sees them: what was hidden or cut away is nowhere to be found.

mod copies;
mod pictures;
mod refused;

use serde_json::{Value, json};

use self::pictures::{expect_nothing_but, sight_of};
use crate::house::{Customer, House, clip, on_both};

on_both! {
    a_film_is_cut,
    a_film_is_marked_though_the_watermark_is_gone,
    a_film_is_cut_and_marked_over_any_number_of_crashes,
    a_clip_behind_the_end_of_its_film_fails_and_shows_nothing,
}

/// Red is cut away, as only the first of its six seconds is red.
fn blue_seconds() -> Value {
    json!({ "startTimecode": "00:00:02", "endTimecode": "00:00:04:0" })
}

async fn green_mark(customer: &Customer) -> String {
    let picture = std::fs::read(clip::green_mark()).unwrap();
    customer.send("/watermarks", "mark.png", &picture).await.expect(200).text_at("/watermarkId")
}

/// How many pictures a viewer's player shows.
async fn expect_pictures(house: &House, address: &str, count: usize) {
    let shown = sight_of(&format!("{}{address}", house.origin())).await;
    assert!(shown.len().abs_diff(count) <= 1, "{address} shows {} pictures", shown.len());
}

async fn a_film_is_cut(house: &mut House) {
    let customer = house.customer().await;
    let about = json!({ "title": "two blue seconds", "public": true, "clip": blue_seconds() });
    let video = customer.create(&about).await;
    customer.upload(&video, clip::red_then_blue()).await.expect(201);
    let clip = json!({ "clip": { "startTimecode": "0", "endTimecode": "1" } });
    customer.patch(&format!("/videos/{video}"), &clip).await.expect(200);
    customer.until_complete(&video).await;

    let assets = customer.assets(&video).await;
    for address in [&assets.hls, &assets.mp4.unwrap(), &format!("/vod/{video}/dash/manifest.mpd")] {
        expect_pictures(house, address, 50).await;
    }
    let status = customer.status(&video).await;
    assert_eq!(status["encoding"]["metadata"]["duration"], 2, "{status}");
    assert_eq!(status["ingest"]["status"], "uploaded", "{status}");
    let sent = std::fs::metadata(clip::red_then_blue()).unwrap().len();
    assert_eq!(status["ingest"]["filesize"], sent, "what was sent is what it was: {status}");
    expect_nothing_but(house, &["blue"]).await;
}

async fn a_film_is_marked_though_the_watermark_is_gone(house: &mut House) {
    let customer = house.customer().await;
    let mark = green_mark(&customer).await;
    let watermark = json!({ "id": mark, "top": "0px", "left": "0%", "width": "25%", "opacity": "100%" });
    let video = customer.create(&json!({ "title": "marked", "public": true, "watermark": watermark })).await;
    customer.delete(&format!("/watermarks/{mark}")).await.expect(204);
    customer.upload(&video, clip::red_then_blue()).await.expect(201);
    customer.until_complete(&video).await;
    expect_pictures(house, &customer.assets(&video).await.hls, 150).await;
    expect_nothing_but(house, &["red green", "blue green"]).await;
}

async fn a_film_is_cut_and_marked_over_any_number_of_crashes(house: &mut House) {
    let customer = house.customer().await;
    let watermark = json!({ "id": green_mark(&customer).await, "top": "0px", "left": "0px" });
    let about = json!({ "title": "both", "public": true, "clip": blue_seconds(), "watermark": watermark });
    let video = customer.create(&about).await;
    customer.upload(&video, clip::red_then_blue()).await.expect(201);
    let mut customer = customer;
    for _ in 0..2 {
        house.kill().await;
        house.start().await;
        customer = house.customer_with(&customer.key);
    }
    customer.until_complete(&video).await;
    expect_pictures(house, &customer.assets(&video).await.hls, 50).await;
    customer.delete(&format!("/watermarks/{}", watermark["id"].as_str().unwrap())).await.expect(204);
    expect_nothing_but(house, &["blue green"]).await;
}

async fn a_clip_behind_the_end_of_its_film_fails_and_shows_nothing(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let about = json!({ "title": "nothing", "public": true, "clip": { "startTimecode": "00:01:00" } });
    let video = customer.create(&about).await;
    customer.upload(&video, clip::red_then_blue()).await.expect(201);
    let failed = customer
        .until_status(&video, "it is called failed", |status| status["encoding"]["qualities"][0]["status"] == "failed")
        .await;
    assert_eq!(failed["encoding"]["playable"], false, "{failed}");
    for below in ["hls/manifest.m3u8", "dash/manifest.mpd", "mp4/source.mp4", "thumbnail.jpg", "storyboard.vtt"] {
        assert_eq!(viewer.get(&format!("/vod/{video}/{below}")).await.status, 404, "{below}");
    }
    assert_eq!(house.stored("videos"), [""; 0], "nothing that could be shown was made");
    let copy = customer.post("/videos", &json!({ "title": "a copy", "source": video })).await.expect(400);
    assert_eq!(copy.text_at("/name"), "source", "what was sent is not to be had by a copy");
}
