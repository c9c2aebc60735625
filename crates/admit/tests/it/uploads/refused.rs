//! Forms that are no upload: each is refused by its name, and the video is as empty as before.

use http::Method;
use reqwest::{
    RequestBuilder,
    multipart::{Form, Part},
};
use serde_json::json;

use crate::house::{Answer, Customer, House, clip, on_both};

on_both! {
    a_form_must_hold_one_file,
    a_range_must_be_one_of_ours,
    only_a_caller_may_send,
    an_early_refusal_is_heard_and_spoils_no_later_request,
}

fn file(bytes: &[u8]) -> Part {
    Part::bytes(bytes.to_vec()).file_name("film.mp4")
}

/// On a connection of its own: what is refused early is answered before its bytes are read.
fn post(customer: &Customer, video: &str) -> RequestBuilder {
    customer.request(Method::POST, &format!("/videos/{video}/source")).header("connection", "close")
}

/// Nothing happened to the video, and nothing lies in storage.
async fn expect_untouched(house: &House, customer: &Customer, video: &str) {
    let status = customer.status(video).await;
    assert_eq!(status, json!({ "encoding": { "playable": false, "qualities": [] } }));
    assert_eq!(house.stored(""), [""; 0]);
}

async fn expect_slug(what: &str, request: RequestBuilder, slug: &str) {
    let answer = Answer::to(what.to_owned(), request).await.expect(400);
    assert!(answer.text_at("/type").ends_with(&format!("/{slug}")), "{what}: {}", answer.text());
    assert_eq!(
        (answer.header("content-type"), answer.json()["status"].as_u64()),
        (Some("application/json"), Some(400))
    );
}

async fn a_form_must_hold_one_file(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create_private().await;
    let post = || post(&customer, &video);
    let many = (0..20).fold(Form::new(), |form, number| form.text(format!("field-{number}"), "x"));
    let forms = [
        ("no file", Form::new().text("videoId", "x").text("file", "text"), "uploaded-file-no-file"),
        ("two files", Form::new().part("a", file(b"one")).part("b", file(b"two")), "uploaded-file-multiple-files"),
        ("an empty file", Form::new().part("file", file(b"")), "uploaded-file-empty"),
        (
            "a field too long",
            Form::new().text("videoId", "x".repeat(5_000)).part("file", file(b"x")),
            "invalid-payload",
        ),
        ("too many fields", many.part("file", file(b"x")), "invalid-payload"),
    ];
    for (what, form, slug) in forms {
        expect_slug(what, post().multipart(form), slug).await;
        expect_untouched(house, &customer, &video).await;
    }
    let boundary = "multipart/form-data; boundary=x";
    let head = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    let bodies = [
        ("no form", "application/json", "{}".to_owned()),
        ("no boundary", "multipart/form-data", "x".to_owned()),
        ("a cut form", boundary, format!("{head}half a file")),
        ("nothing", boundary, String::new()),
    ];
    for (what, kind, body) in bodies {
        let request = post().header("content-type", kind).body(body);
        expect_slug(what, request, "invalid-payload").await;
        expect_untouched(house, &customer, &video).await;
    }
    // Clients name the field as they like and put others before or after it.
    let form = Form::new().text("a", "b").part("10m.mp4.part.a", file(&std::fs::read(clip::small()).unwrap()));
    Answer::to("a film".to_owned(), post().multipart(form.text("videoId", "x"))).await.expect(201);
    assert_eq!(customer.status(&video).await["ingest"]["status"], "uploaded");
}

async fn a_range_must_be_one_of_ours(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create_private().await;
    let ranges = [
        ("part 0/3", "by-part-part-zero"),
        ("part 1/0", "by-part-total-parts-zero"),
        ("part 4/3", "by-part-part-too-high-total"),
        ("part 10001/*", "by-part-part-too-high-allowed"),
        ("part 1/10001", "by-part-total-parts-too-high"),
        ("part 1", "malformed"),
        ("part -1/2", "malformed"),
        ("part 1/2/3", "malformed"),
        ("parts 1/2", "malformed"),
        ("bytes 5-2/10", "by-bytes-from-byte-too-high"),
        ("bytes */10", "malformed"),
    ];
    for (range, slug) in ranges {
        let form = Form::new().part("file", file(b"a few bytes"));
        let request = post(&customer, &video);
        let slug = format!("video-content-range-{slug}");
        expect_slug(range, request.header("content-range", range).multipart(form), &slug).await;
        expect_untouched(house, &customer, &video).await;
    }
    let small = customer.upload_part(&video, b"too small for a first part", "part 1/2").await.expect(400);
    assert!(small.text_at("/type").ends_with("by-part-uploaded-file-too-small"), "{}", small.text());
    expect_untouched(house, &customer, &video).await;
}

async fn only_a_caller_may_send(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create_private().await;
    let stranger = house.customer_with("adm_live_0000");
    stranger.upload(&video, clip::small()).await.expect(401);
    let anonymous =
        house.viewer().request(Method::POST, &format!("/videos/{video}/source")).header("connection", "close");
    let form = Form::new().part("file", file(b"a few bytes"));
    Answer::to("without a key".to_owned(), anonymous.multipart(form)).await.expect(401);
    for nowhere in ["vi0000000000000000000000", "nonsense"] {
        let refused = customer.upload(nowhere, clip::small()).await.expect(404);
        assert_eq!(refused.text_at("/name"), "videoId");
    }
    let one_shot = Form::new().part("file", file(&vec![0; 3_000_000]));
    house.set("ADMIT_MIN_PART_BYTES", "1000");
    house.set("ADMIT_ONE_SHOT_MAX_BYTES", "2000000");
    house.restart().await;
    let customer = house.customer_with(&customer.key);
    let request = post(&customer, &video).multipart(one_shot);
    expect_slug("more than one request may hold", request, "uploaded-file-too-large").await;
    expect_untouched(house, &customer, &video).await;
}

/// A refusal may come before the bytes were read. Then it says that the connection ends, or the connection goes on.
async fn an_early_refusal_is_heard_and_spoils_no_later_request(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create_private().await;
    let stranger = house.customer_with("adm_live_0000");
    for bytes in [100, 100_000, 1_000_000, 20_000_000] {
        for turn in 0..5 {
            let form = Form::new().part("file", file(&vec![0; bytes]));
            let request = stranger.request(Method::POST, &format!("/videos/{video}/source")).multipart(form);
            let refused = Answer::or_error(format!("{bytes} bytes"), request).await;
            let refused =
                refused.unwrap_or_else(|error| panic!("turn {turn}: {bytes} bytes, and no answer: {error:?}"));
            refused.expect(401);
            customer.get(&format!("/videos/{video}")).await.expect(200);
        }
    }
    expect_untouched(house, &customer, &video).await;
}
