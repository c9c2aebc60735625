//! A poster is picked from the film, before and after there is one; the last wish is the one that counts.

use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use super::PATIENCE;
use crate::house::{Customer, House, Viewer, clip, command, on_both, until::until};

on_both! {
    a_poster_is_picked_from_the_film,
    a_poster_picked_before_the_film_is_made_of_it,
    a_timecode_that_is_none_is_refused,
    a_poster_that_was_sent_is_shown_as_what_it_is,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colour {
    Red,
    Blue,
    Neither,
}

/// A JPEG seen from far away.
async fn colour_of(picture: &[u8]) -> Colour {
    let arguments = "-v error -f mjpeg -i - -vf scale=1:1:flags=area,format=rgb24 -frames:v 1 -f rawvideo -";
    let mut program = command("ffmpeg");
    let program = program.args(arguments.split(' ')).stdin(std::process::Stdio::piped());
    let mut program = program.stdout(std::process::Stdio::piped()).spawn().unwrap();
    program.stdin.take().unwrap().write_all(picture).await.unwrap();
    let seen = program.wait_with_output().await.unwrap();
    let [red, _, blue] = seen.stdout[..] else { panic!("no pixel: {:?}", seen.stdout) };
    match (red, blue) {
        (200.., ..60) => Colour::Red,
        (..60, 200..) => Colour::Blue,
        _ => Colour::Neither,
    }
}

async fn until_poster_is(viewer: &Viewer, video: &str, wanted: Colour) {
    until(PATIENCE, &format!("the poster is {wanted:?}"), async || {
        let answer = viewer.get(&format!("/vod/{video}/thumbnail.jpg")).await;
        (answer.status == 200 && colour_of(&answer.body).await == wanted).then_some(())
    })
    .await;
}

async fn pick(customer: &Customer, video: &str, timecode: &str) {
    let picked = customer.patch(&format!("/videos/{video}/thumbnail"), &json!({ "timecode": timecode })).await;
    assert_eq!(picked.expect(200).text_at("/videoId"), video);
}

fn posters(house: &House, video: &str) -> usize {
    let beginning = format!("videos/{video}/thumbnail-");
    house.stored("").iter().filter(|path| path.starts_with(&beginning)).count()
}

async fn a_poster_is_picked_from_the_film(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create(&json!({ "title": "red, then blue", "public": true })).await;
    customer.upload(&video, clip::red_then_blue()).await.expect(201);
    customer.until_complete(&video).await;
    // Behind the end is the beginning.
    for (timecode, colour) in [
        ("00:00:00", Colour::Red),
        ("00:00:03", Colour::Blue),
        ("99:00:00", Colour::Red),
        ("00:00:03.5", Colour::Blue),
        ("0", Colour::Red),
        ("00:00:03:12", Colour::Blue),
    ] {
        pick(&customer, &video, timecode).await;
        until_poster_is(&viewer, &video, colour).await;
    }
    for timecode in ["3", "0", "3", "0"] {
        pick(&customer, &video, timecode).await;
    }
    until_poster_is(&viewer, &video, Colour::Red).await;
    until(PATIENCE, "what was replaced is gone", async || (posters(house, &video) == 1).then_some(())).await;
    let status = customer.status(&video).await;
    assert!(crate::house::customer::is_complete(&status), "{status}");
}

async fn a_poster_picked_before_the_film_is_made_of_it(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create(&json!({ "title": "blue in the end", "public": true })).await;
    pick(&customer, &video, "00:00:03").await;
    assert_eq!(viewer.get(&format!("/vod/{video}/thumbnail.jpg")).await.status, 404, "there is no film yet");
    customer.upload(&video, clip::red_then_blue()).await.expect(201);
    until_poster_is(&viewer, &video, Colour::Blue).await;
    customer.until_complete(&video).await;
    until_poster_is(&viewer, &video, Colour::Blue).await;
    assert_eq!(posters(house, &video), 1);
}

async fn a_timecode_that_is_none_is_refused(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create_private().await;
    let path = format!("/videos/{video}/thumbnail");
    for (body, slug) in [
        (json!({}), "attribute-required"),
        (json!({ "timecode": null }), "attribute-required"),
        (json!({ "timecode": "" }), "invalid-attribute"),
        (json!({ "timecode": "00:60:00" }), "invalid-attribute"),
        (json!({ "timecode": "3s" }), "invalid-attribute"),
    ] {
        let refused = customer.patch(&path, &body).await.expect(400);
        assert!(refused.text_at("/type").ends_with(&format!("/{slug}")), "{}", refused.text());
        assert_eq!(refused.text_at("/name"), "timecode");
    }
    let nowhere = customer.patch("/videos/vi0000000000000000000000/thumbnail", &json!({ "timecode": "3" })).await;
    assert_eq!(nowhere.expect(404).text_at("/name"), "videoId");
}

async fn a_poster_that_was_sent_is_shown_as_what_it_is(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create(&json!({ "title": "posters", "public": true })).await;
    let (path, address) = (format!("/videos/{video}/thumbnail"), format!("/vod/{video}/thumbnail.jpg"));
    let mut last = Vec::new();
    for (ending, kind) in [("jpg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp")] {
        last = std::fs::read(clip::red_picture(ending)).unwrap();
        // As some clients send it: a name that says nothing.
        let sent = customer.send(&path, "file", &last).await.expect(200);
        assert!(sent.text_at("/assets/thumbnail").ends_with("/thumbnail.jpg"));
        for answer in [viewer.get(&address).await.expect(200), viewer.head(&address).await.expect(200)] {
            assert_eq!(answer.header("content-type"), Some(kind));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        }
        assert_eq!(viewer.get(&address).await.body, last);
        assert_eq!(posters(house, &video), 1, "the one before is gone");
    }
    for stranger in
        [b"GIF89a\x01\0\x01\0".as_slice(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"RIFF\0\0\0\0WAVE"]
    {
        let refused = customer.send(&path, "poster.jpg", stranger).await.expect(400);
        assert!(refused.text_at("/type").ends_with("/uploaded-file-extension-invalid"), "{}", refused.text());
        assert_eq!(viewer.get(&address).await.body, last, "what was there stays");
    }
}
