//! A source arrives whole or in parts, in any order, over any number of crashes, and what is refused leaves nothing behind.

mod delegated;
mod parts;
mod poster;
mod ranges;
mod refused;

use std::time::Duration;

use serde_json::{Value, json};

use crate::house::{House, clip, on_both, until::until};

/// As the house wants every part but the last.
const PART_BYTES: usize = 5 * 1_024 * 1_024;
const PATIENCE: Duration = Duration::from_mins(1);

on_both! {
    a_film_goes_from_the_first_byte_to_the_last_and_is_deleted,
    what_is_no_film_is_called_failed,
}

async fn a_film_goes_from_the_first_byte_to_the_last_and_is_deleted(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create(&json!({ "title": "a film", "public": true })).await;
    let empty = customer.status(&video).await;
    assert_eq!(empty, json!({ "encoding": { "playable": false, "qualities": [] } }), "nothing was sent yet");

    let sent = customer.upload(&video, clip::small()).await.expect(201);
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.text_at("/videoId"), video);
    let bytes = std::fs::metadata(clip::small()).unwrap().len();
    let uploaded = customer.status(&video).await["ingest"].clone();
    assert_eq!(
        uploaded,
        json!({ "status": "uploaded", "filesize": bytes, "receivedBytes": [] }),
        "one request has no parts"
    );
    let again = customer.upload(&video, clip::small()).await.expect(400);
    assert!(again.text_at("/type").ends_with("/video-source-already-uploaded"), "{}", again.text());

    let planned =
        customer.until_status(&video, "the plan is made", |status| status["encoding"]["metadata"].is_object()).await;
    let metadata = &planned["encoding"]["metadata"];
    let facts = ["width", "height", "duration", "framerate", "samplerate", "videoCodec", "audioCodec", "aspectRatio"];
    let facts: Vec<_> = facts.iter().map(|name| metadata[*name].clone()).collect();
    assert_eq!(json!(facts), json!([426, 240, 6, 25, 48_000, "h264", "aac", "71/40"]), "{metadata}");
    expect_declared_words(&planned);
    let playable =
        customer.until_status(&video, "it can be played", |status| status["encoding"]["playable"] == true).await;
    expect_declared_words(&playable);
    let assets = customer.assets(&video).await;
    viewer.get(&assets.hls).await.expect(200);
    customer.until_complete(&video).await;
    let shown = customer.get(&format!("/videos/{video}")).await.json();
    assert!(shown["publishedAt"].is_string(), "{shown}");
    assert_eq!(house.stored(&format!("uploads/{video}")), [""; 0], "what was put together is not kept in parts");
    assert_eq!(customer.status(&video).await["ingest"]["filesize"], bytes);

    customer.delete(&format!("/videos/{video}")).await.expect(204);
    viewer.get(&assets.hls).await.expect_refused(404, "not_found", b"#EXTM3U");
    until(PATIENCE, "every byte of it is gone", async || house.stored("").is_empty().then_some(())).await;
    customer.upload(&video, clip::small()).await.expect(404);
    assert_eq!(house.stored(""), [""; 0], "nothing is kept for a video that is gone");
}

/// Typed clients stop at a word that api.video never says.
fn expect_declared_words(status: &Value) {
    assert!(["uploading", "uploaded"].contains(&status["ingest"]["status"].as_str().unwrap()), "{status}");
    for quality in status["encoding"]["qualities"].as_array().unwrap() {
        assert!(["hls", "mp4"].contains(&quality["type"].as_str().unwrap()), "{quality}");
        assert!(
            ["waiting", "encoding", "encoded", "failed"].contains(&quality["status"].as_str().unwrap()),
            "{quality}"
        );
        assert_eq!(quality["quality"], "240p", "{quality}");
    }
}

async fn what_is_no_film_is_called_failed(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create(&json!({ "title": "a letter", "public": true })).await;
    let letter = b"Dear server,\nthis is no film. #EXTM3U\nfile:///etc/passwd\n".repeat(50);
    customer.upload_part(&video, &letter, "part 1/1").await.expect(201);
    let failed = until(PATIENCE / 4, "it is called failed", async || {
        let status = customer.status(&video).await;
        let qualities = status["encoding"]["qualities"].as_array().unwrap();
        let all_failed = !qualities.is_empty() && qualities.iter().all(|quality| quality["status"] == "failed");
        all_failed.then_some(status)
    })
    .await;
    assert_eq!(failed["encoding"]["playable"], false, "{failed}");
    assert_eq!(failed["ingest"]["status"], "uploaded", "api.video has no word for it: {failed}");
    let assets = customer.assets(&video).await;
    let hls = viewer.get(&assets.hls).await;
    assert_eq!(hls.status, 404, "202 would ask every player to wait for ever: {hls:?}");
    for below in ["dash/manifest.mpd", "hls/vsource.m3u8", "mp4/source.mp4", "thumbnail.jpg", "storyboard.vtt"] {
        let answer = viewer.get(&format!("/vod/{video}/{below}")).await;
        assert_ne!(answer.status, 200, "{below}");
        assert!(!answer.text_or_nothing().contains("Dear server"), "{below}");
    }
    assert_eq!(house.stored(""), [format!("videos/{video}/source")], "nothing was made of it");
    let again = customer.upload(&video, clip::small()).await.expect(400);
    assert!(again.text_at("/type").ends_with("/video-source-already-uploaded"), "{}", again.text());
}
