//! Parts: out of order, at once, again, and across a crash of the server, and the source is the same to the last bit.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{future::join_all, stream};
use http::Method;
use reqwest::{
    Body,
    multipart::{Form, Part},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::PART_BYTES;
use crate::house::{Customer, House, clip, on_both, seed::Seed, sha256_of, until::until};

/// Two parts and a bit.
const FILM_BYTES: usize = 2 * PART_BYTES + 300_000;

on_both! {
    parts_come_in_any_order_and_at_once,
    a_part_may_be_sent_again_but_not_another_in_its_place,
    a_crash_in_the_middle_costs_one_part,
    what_a_crash_left_half_written_is_swept_away,
}

fn film(seed: &mut Seed) -> (Vec<u8>, String) {
    let film = clip::padded(FILM_BYTES, seed);
    let sha256 = admit_domain::secret::hex(&Sha256::digest(&film));
    (film, sha256)
}

fn part(film: &[u8], number: usize) -> &[u8] {
    film.chunks(PART_BYTES).nth(number - 1).unwrap()
}

/// The source lies in storage as it was sent, and is a film.
async fn expect_source(house: &House, customer: &Customer, video: &str, sha256: &str) {
    customer.until_complete(video).await;
    assert_eq!(sha256_of(&house.data().join(format!("objects/videos/{video}/source"))), sha256);
    assert_eq!(customer.status(video).await["ingest"]["filesize"], FILM_BYTES);
}

async fn parts_come_in_any_order_and_at_once(house: &mut House) {
    let customer = house.customer().await;
    let (film, sha256) = film(&mut Seed::new("parts"));
    let backwards = customer.create_private().await;
    for (number, range) in [(3, "part 3/3"), (1, "part 1/*")] {
        let answer = customer.upload_part(&backwards, part(&film, number), range).await.expect(201);
        assert_eq!(answer.json(), json!({ "videoId": backwards }), "{range}: no more than the id, and no token");
    }
    let half = customer.status(&backwards).await;
    let parts = json!({ "parts": [1, 3], "total": 3 });
    assert_eq!(half["ingest"], json!({ "status": "uploading", "receivedBytes": [], "receivedParts": parts }));
    assert_eq!(half["encoding"], json!({ "playable": false, "qualities": [] }));
    let last = customer.upload_part(&backwards, part(&film, 2), "part 2/3").await.expect(201);
    assert_eq!(last.text_at("/videoId"), backwards);
    assert!(last.text_at("/assets/player").contains("?token="), "the last part is answered with the video");

    let at_once = customer.create_private().await;
    let sending = (1..=3).map(|number| {
        let (customer, video, film) = (&customer, &at_once, &film);
        async move { customer.upload_part(video, part(film, number), &format!("part {number}/3")).await.expect(201) }
    });
    let answers = join_all(sending).await;
    let whole = answers.iter().filter(|answer| answer.json()["title"].is_string()).count();
    assert_eq!(whole, 1, "one of them was the last");
    for video in [&backwards, &at_once] {
        expect_source(house, &customer, video, &sha256).await;
        assert_eq!(house.stored(&format!("uploads/{video}")), [""; 0], "what was put together is not kept in parts");
    }
}

async fn a_part_may_be_sent_again_but_not_another_in_its_place(house: &mut House) {
    let customer = house.customer().await;
    let mut seed = Seed::new("again");
    let (film, sha256) = film(&mut seed);
    let video = customer.create_private().await;
    for _ in 0..3 {
        customer.upload_part(&video, part(&film, 1), "part 1/3").await.expect(201);
    }
    assert_eq!(house.stored(&format!("uploads/{video}")).len(), 1, "three times the same is one");
    let mut another = part(&film, 1).to_vec();
    another[77] ^= 1;
    let refused = [
        (another.as_slice(), "part 1/3", "by-part-part-already-sent"),
        (part(&film, 2), "part 2/4", "by-part-different-total-parts"),
        (&film[..PART_BYTES - 1], "part 2/3", "by-part-uploaded-file-too-small"),
    ];
    for (bytes, range, slug) in refused {
        let answer = customer.upload_part(&video, bytes, range).await.expect(400);
        assert!(
            answer.text_at("/type").ends_with(&format!("/video-content-range-{slug}")),
            "{range}: {}",
            answer.text()
        );
        assert_eq!(answer.text_at("/name"), "Content-Range");
    }
    let status = customer.status(&video).await;
    assert_eq!(status["ingest"]["receivedParts"], json!({ "parts": [1], "total": 3 }), "nothing of it counts");
    assert_eq!(house.stored(&format!("uploads/{video}")).len(), 1, "and nothing of it is stored");
    customer.upload_part(&video, part(&film, 3), "part 3/3").await.expect(201);
    customer.upload_part(&video, part(&film, 2), "part 2/*").await.expect(201);
    expect_source(house, &customer, &video, &sha256).await;
}

async fn a_crash_in_the_middle_costs_one_part(house: &mut House) {
    let key = house.customer().await.key;
    let customer = house.customer_with(&key);
    let mut seed = Seed::new("a crash in an upload");
    let (film, sha256) = film(&mut seed);
    let video = customer.create_private().await;
    customer.upload_part(&video, part(&film, 1), "part 1/3").await.expect(201);

    crash_in_part_two(house, &customer, &video, &film, &mut seed).await;
    house.start().await;
    let customer = house.customer_with(&key);
    let status = customer.status(&video).await;
    assert_eq!(
        status["ingest"]["receivedParts"],
        json!({ "parts": [1], "total": 3 }),
        "what was acknowledged, no more"
    );
    for number in [2, 3] {
        customer.upload_part(&video, part(&film, number), &format!("part {number}/3")).await.expect(201);
    }
    expect_source(house, &customer, &video, &sha256).await;
}

async fn what_a_crash_left_half_written_is_swept_away(house: &mut House) {
    let key = house.customer().await.key;
    let customer = house.customer_with(&key);
    let mut seed = Seed::new("swept");
    let (film, _) = film(&mut seed);
    let video = customer.create_private().await;
    customer.upload_part(&video, part(&film, 1), "part 1/3").await.expect(201);
    crash_in_part_two(house, &customer, &video, &film, &mut seed).await;
    house.start().await;
    house.customer_with(&key).delete(&format!("/videos/{video}")).await.expect(204);
    let limit = Duration::from_secs(8);
    until(limit, "nothing is left of it", async || {
        let left = house.stored("");
        left.is_empty().then_some(())
    })
    .await;
}

/// The server dies while it takes the second part in.
async fn crash_in_part_two(house: &mut House, customer: &Customer, video: &str, film: &[u8], seed: &mut Seed) {
    let folder = format!("uploads/{video}");
    let before = house.stored(&folder).len();
    let half = Bytes::copy_from_slice(&part(film, 2)[..PART_BYTES / 2 + seed.below(PART_BYTES / 4)]);
    let sending = send_half(customer, video, half);
    let killing = async {
        let limit = Duration::from_secs(20);
        until(limit, "the part has begun", async || (house.stored(&folder).len() > before).then_some(())).await;
        house.kill().await;
    };
    let (sent, ()) = tokio::join!(sending, killing);
    assert!(sent.is_err(), "nobody acknowledged half a part: {sent:?}");
}

/// Sends a piece of a part and then never comes to its end.
async fn send_half(customer: &Customer, video: &str, half: Bytes) -> Result<reqwest::Response, reqwest::Error> {
    let first = stream::iter([Ok::<_, std::io::Error>(half)]);
    let never_more = stream::pending();
    let body = Body::wrap_stream(futures_util::StreamExt::chain(first, never_more));
    let form = Form::new().part("file", Part::stream(body).file_name("film.mp4"));
    let request = customer.request(Method::POST, &format!("/videos/{video}/source"));
    request.header("content-range", "part 2/3").multipart(form).send().await
}
