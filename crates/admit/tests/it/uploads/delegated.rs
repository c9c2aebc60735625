//! Uploads by token: what a browser or a phone can do with one, and what nobody can.

use http::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::PART_BYTES;
use crate::house::{Answer, Customer, House, Viewer, clip, on_both, seed::Seed, sha256_of};

on_both! {
    a_token_is_made_listed_shown_and_deleted,
    a_token_sends_a_film_and_opens_nothing_else,
    a_token_may_say_that_its_videos_are_private,
    parts_that_name_no_video_find_their_own,
    two_films_are_never_mixed,
    what_no_video_was_made_of_is_swept_away,
}

/// What one request by token brings.
struct Piece<'a> {
    bytes: &'a [u8],
    range: Option<&'a str>,
    video: Option<&'a str>,
    agent: &'a str,
}

const PHONE: &str = "phone";

impl<'a> Piece<'a> {
    const fn of(bytes: &'a [u8], range: Option<&'a str>) -> Self {
        Self { bytes, range, video: None, agent: PHONE }
    }
}

async fn send(viewer: &Viewer, token: &str, piece: Piece<'_>) -> Answer {
    let file = Part::bytes(piece.bytes.to_vec()).file_name("holiday.mp4");
    let form = Form::new().part("holiday.mp4", file);
    // Node's client puts the field behind the file.
    let form = piece.video.into_iter().fold(form, |form, video| form.text("videoId", video.to_owned()));
    let path = format!("/upload?token={token}");
    let request = viewer.request(Method::POST, &path).header("connection", "close").header("user-agent", piece.agent);
    let request = piece.range.into_iter().fold(request, |request, range| request.header("content-range", range));
    Answer::to(format!("POST /upload {:?} {:?}", piece.range, piece.video), request.multipart(form)).await
}

async fn token(customer: &Customer, body: &Value) -> String {
    customer.post("/upload-tokens", body).await.expect(200).text_at("/token")
}

async fn titles(customer: &Customer) -> Vec<Value> {
    let list = customer.get("/videos").await.expect(200).json();
    list["data"].as_array().unwrap().iter().map(|video| video["title"].clone()).collect()
}

async fn a_token_is_made_listed_shown_and_deleted(house: &mut House) {
    let customer = house.customer().await;
    let endless = customer.post("/upload-tokens", &json!({})).await.expect(200).json();
    assert_eq!(endless.as_object().unwrap().keys().collect::<Vec<_>>(), ["createdAt", "token", "ttl"]);
    assert_eq!(endless["ttl"], 0);
    let hour = customer.post("/upload-tokens", &json!({ "ttl": 3600 })).await.expect(200).json();
    assert!(hour["expiresAt"].is_string() && hour["token"].as_str().unwrap().starts_with("to"), "{hour}");
    let list = customer.get("/upload-tokens?sortBy=ttl&sortOrder=asc").await.expect(200).json();
    assert_eq!(list["data"], json!([endless, hour]));
    assert_eq!(list["pagination"]["itemsTotal"], 2);
    let path = format!("/upload-tokens/{}", hour["token"].as_str().unwrap());
    assert_eq!(customer.get(&path).await.expect(200).json(), hour);
    customer.delete(&path).await.expect(204);
    for answer in [customer.get(&path).await, customer.delete(&path).await] {
        assert_eq!(answer.expect(404).text_at("/name"), "uploadToken");
    }
    for wrong in [json!({ "ttl": -1 }), json!({ "ttl": 2_147_483_648_u32 })] {
        assert_eq!(customer.post("/upload-tokens", &wrong).await.expect(400).text_at("/name"), "ttl");
    }
    customer.post("/upload-tokens", &json!({ "ttl": "x" })).await.expect(400);
    customer.get("/upload-tokens?sortBy=colour").await.expect(400);
    house.viewer().get("/upload-tokens").await.expect(401);
    let stored = std::fs::read(house.data().join("admit.db")).unwrap_or_default();
    let text = endless["token"].as_str().unwrap().as_bytes();
    assert!(!stored.windows(text.len()).any(|window| window == text), "the database holds no token");
}

async fn a_token_sends_a_film_and_opens_nothing_else(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let token = token(&customer, &json!({})).await;
    let film = std::fs::read(clip::small()).unwrap();
    let sent = send(&viewer, &token, Piece::of(&film, None)).await.expect(201).json();
    assert_eq!((&sent["title"], &sent["public"]), (&json!("holiday.mp4"), &json!(true)));
    customer.until_complete(sent["videoId"].as_str().unwrap()).await;

    let empty = customer.create_private().await;
    let named = Piece { video: Some(&empty), ..Piece::of(&film, Some("part 1/1")) };
    assert_eq!(send(&viewer, &token, named).await.expect(201).text_at("/videoId"), empty);
    let again = Piece { video: Some(&empty), ..Piece::of(&film, None) };
    let again = send(&viewer, &token, again).await.expect(400);
    assert!(again.text_at("/type").ends_with("/video-source-already-uploaded"), "{}", again.text());
    for nowhere in ["vi0000000000000000000000", "nonsense"] {
        let lost = Piece { video: Some(nowhere), ..Piece::of(&film, None) };
        assert_eq!(send(&viewer, &token, lost).await.expect(404).text_at("/name"), "videoId");
    }
    assert_eq!(titles(&customer).await.len(), 2, "a refusal makes no video");

    let missing = viewer.send(Method::POST, "/upload", &[]).await.expect(401);
    assert!(missing.text_at("/type").ends_with("/authentication-missing-upload-token"), "{}", missing.text());
    let mut forged = token.clone().into_bytes();
    forged[23] = if forged[23] == b'x' { b'y' } else { b'x' };
    for wrong in [String::from_utf8(forged).unwrap(), customer.key.clone()] {
        let refused = send(&viewer, &wrong, Piece::of(&film, None)).await.expect(401);
        assert!(refused.text_at("/type").ends_with("/authentication-invalid-upload-token"), "{}", refused.text());
    }
    let bearer = [("authorization", format!("Bearer {token}"))];
    let bearer = [(bearer[0].0, bearer[0].1.as_str())];
    viewer.get_with("/videos", &bearer).await.expect(401);
    customer.delete(&format!("/upload-tokens/{token}")).await.expect(204);
    send(&viewer, &token, Piece::of(&film, None)).await.expect(401);
    assert_eq!(titles(&customer).await.len(), 2);
}

async fn a_token_may_say_that_its_videos_are_private(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let film = std::fs::read(clip::small()).unwrap();
    let private = token(&customer, &json!({ "public": false })).await;
    let sent = send(&viewer, &private, Piece::of(&film, None)).await.expect(201);
    assert_eq!(sent.json()["public"], false);
    let undecided = token(&customer, &json!({})).await;
    customer.patch("/settings", &json!({ "defaultVisibility": "private" })).await.expect(200);
    let sent = send(&viewer, &undecided, Piece::of(&film, None)).await.expect(201);
    assert_eq!(sent.json()["public"], false, "the project decides where the token does not");
    let public = token(&customer, &json!({ "public": true })).await;
    let sent = send(&viewer, &public, Piece::of(&film, None)).await.expect(201);
    assert_eq!(sent.json()["public"], true, "the token decides where it does");
}

/// As the published clients send a large file: only the first part makes a video, and none of the others names it.
async fn parts_that_name_no_video_find_their_own(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let token = token(&customer, &json!({})).await;
    let film = clip::padded(2 * PART_BYTES + 300_000, &mut Seed::new("healed"));
    let parts: Vec<_> = film.chunks(PART_BYTES).collect();
    let first = send(&viewer, &token, Piece::of(parts[0], Some("part 1/3"))).await.expect(201);
    let video = first.text_at("/videoId");
    assert_eq!(first.json(), json!({ "videoId": video }));
    house.restart().await;
    let (customer, viewer) = (house.customer_with(&customer.key), house.viewer());
    for (part, range) in [(parts[1], "part 2/3"), (parts[2], "part 3/3")] {
        let sent = send(&viewer, &token, Piece::of(part, Some(range))).await.expect(201);
        assert_eq!(sent.text_at("/videoId"), video, "{range}");
    }
    assert_eq!(titles(&customer).await, ["holiday.mp4"], "three parts are one video");
    customer.until_complete(&video).await;
    let sha256 = admit_domain::secret::hex(&Sha256::digest(&film));
    assert_eq!(sha256_of(&house.data().join(format!("objects/videos/{video}/source"))), sha256);
    assert_eq!(house.stored("uploads"), [""; 0]);
}

async fn two_films_are_never_mixed(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let token = token(&customer, &json!({})).await;
    let film = clip::padded(2 * PART_BYTES, &mut Seed::new("mixed"));
    let (one, two) = film.split_at(PART_BYTES);
    let begin = async |agent| {
        let piece = Piece { agent, ..Piece::of(one, Some("part 1/2")) };
        send(&viewer, &token, piece).await.expect(201).text_at("/videoId")
    };
    let (phone, tablet) = (begin(PHONE).await, begin("tablet").await);
    let from_tablet = Piece { agent: "tablet", ..Piece::of(two, Some("part 2/2")) };
    assert_eq!(send(&viewer, &token, from_tablet).await.expect(201).text_at("/videoId"), tablet);
    let again = begin(PHONE).await;
    let unclear = send(&viewer, &token, Piece::of(two, Some("part 2/2"))).await.expect(400);
    assert_eq!(unclear.text_at("/name"), "videoId", "where there is a choice the client makes it");
    for video in [&phone, &again] {
        assert_eq!(customer.status(video).await["ingest"]["receivedParts"]["parts"], json!([1]));
    }
    let named = Piece { video: Some(&phone), ..Piece::of(two, Some("part 2/2")) };
    assert_eq!(send(&viewer, &token, named).await.expect(201).text_at("/videoId"), phone);
    let rest = send(&viewer, &token, Piece::of(two, Some("part 2/2"))).await.expect(201);
    assert_eq!(rest.text_at("/videoId"), again, "now there is only one");
}

async fn what_no_video_was_made_of_is_swept_away(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create_private().await;
    let film = clip::padded(PART_BYTES, &mut Seed::new("orphans"));
    customer.upload_part(&video, &film, "part 1/2").await.expect(201);
    house.kill().await;
    let orphan = house.data().join("objects/uploads/vi0000000000000000000000");
    std::fs::create_dir_all(&orphan).unwrap();
    std::fs::write(orphan.join("00001-1"), &film).unwrap();
    house.start().await;
    let left = house.stored("uploads");
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].starts_with(&video), "what belongs to a video stays: {left:?}");
}
