//! A video whose source was not sent: it is a copy of another's, or was fetched.

use serde_json::json;

use super::{
    blue_seconds, expect_pictures, green_mark,
    pictures::{expect_nothing_but, sight_of},
};
use crate::{
    house::{
        House, clip,
        customer::Assets,
        on_both,
        outside::{Outside, Reply},
    },
    outbound::may_call,
};

on_both! {
    a_copy_is_marked_and_outlives_its_original,
    a_copy_of_a_private_edited_film_shows_no_more_than_it,
    a_film_that_is_fetched_is_edited_like_one_that_is_sent,
}

async fn a_copy_is_marked_and_outlives_its_original(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let original = customer.create(&json!({ "title": "an original", "public": true })).await;
    customer.upload(&original, clip::red_then_blue()).await.expect(201);
    customer.until_complete(&original).await;
    let before = std::fs::read(house.data().join(format!("objects/videos/{original}/source"))).unwrap();

    let watermark = json!({ "id": green_mark(&customer).await, "top": "0px" });
    let wish = json!({ "title": "a copy", "source": original, "clip": blue_seconds(), "watermark": watermark });
    let accepted = customer.post("/videos", &wish).await.expect(202).json();
    let copy = accepted["videoId"].as_str().unwrap().to_owned();
    assert_eq!(accepted["source"], json!({ "type": "upload", "uri": format!("/videos/{copy}/source") }));
    // It has its bytes, whatever becomes of the other's.
    customer.delete(&format!("/videos/{original}")).await.expect(204);
    let status = customer.status(&copy).await;
    assert_eq!(status["ingest"]["status"], "ingested", "{status}");
    let again = customer.upload(&copy, clip::small()).await.expect(400);
    assert!(again.text_at("/type").ends_with("/video-source-already-copied"), "{}", again.text());

    customer.until_complete(&copy).await;
    expect_pictures(house, &customer.assets(&copy).await.hls, 50).await;
    let status = customer.status(&copy).await;
    assert_eq!(status["encoding"]["metadata"]["duration"], 2, "{status}");
    assert!(status["ingest"]["filesize"].as_u64().unwrap() > 0, "{status}");
    viewer.get(&format!("/vod/{original}/hls/manifest.m3u8")).await.expect_refused(404, "not_found", &before);
    expect_nothing_but(house, &["blue green"]).await;
}

async fn a_copy_of_a_private_edited_film_shows_no_more_than_it(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let watermark = json!({ "id": green_mark(&customer).await, "top": "0px" });
    let about = json!({ "title": "kept", "public": false, "clip": blue_seconds(), "watermark": watermark });
    let original = customer.create(&about).await;
    customer.upload(&original, clip::red_then_blue()).await.expect(201);
    customer.until_complete(&original).await;

    let wish = json!({ "title": "the copy", "public": false, "source": original });
    let accepted = customer.post("/videos", &wish).await.expect(202).json();
    let copy = accepted["videoId"].as_str().unwrap();
    assert!(accepted["assets"]["hls"].as_str().unwrap().contains("/token/"), "{accepted}");
    customer.until_complete(copy).await;
    expect_nothing_but(house, &["blue green"]).await;

    let tokenless = [format!("/vod/{copy}/hls/manifest.m3u8"), format!("/vod/{copy}/mp4/source.mp4")];
    for address in tokenless {
        viewer.get(&address).await.expect_refused(404, "no_handle", b"#EXTM3U");
    }
    let other = customer.token(&original).await;
    let crossed = viewer.get(&format!("/vod/{copy}/token/{other}/hls/manifest.m3u8")).await;
    assert_eq!(crossed.status, 404, "a token of the original opens no copy");
    let assets = Assets::of(house.origin(), &accepted);
    let session = viewer.enter(copy, &assets.token()).await;
    let shown = sight_of(&format!("{}{}?avh={session}", house.origin(), assets.hls)).await;
    assert!(shown.len().abs_diff(50) <= 1 && shown.iter().all(|sight| sight == "blue green"), "{shown:?}");
}

async fn a_film_that_is_fetched_is_edited_like_one_that_is_sent(house: &mut House) {
    let film = std::fs::read(clip::red_then_blue()).unwrap();
    let outside = Outside::open("127.0.0.1:0", move |_, _| Reply::ok(&film)).await;
    let customer = may_call(house, &outside, &[]).await;
    let source = format!("http://127.0.0.1:{}/film.mp4", outside.port());
    let watermark = json!({ "id": green_mark(&customer).await, "top": "0px" });
    let wish =
        json!({ "title": "fetched", "public": true, "source": source, "clip": blue_seconds(), "watermark": watermark });
    let video = customer.post("/videos", &wish).await.expect(202).text_at("/videoId");
    customer.until_complete(&video).await;
    expect_pictures(house, &customer.assets(&video).await.hls, 50).await;
    expect_nothing_but(house, &["blue green"]).await;
}
