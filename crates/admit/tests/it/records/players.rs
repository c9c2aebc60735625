//! Themes of the embed page: made, changed, given to videos, and what the page is told of them.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{jpeg, png};
use crate::{
    house::{Answer, Customer, House, on_both},
    management::expect_problem,
};

on_both! {
    a_theme_is_made_changed_listed_and_deleted,
    faults_of_a_theme_are_told_by_their_names,
    a_logo_is_put_served_and_taken_away,
    what_is_no_logo_is_refused,
    the_page_is_told_how_to_show_a_video,
    a_private_page_is_told_by_session,
}

/// A theme about which nothing was said.
fn defaults() -> Value {
    let white = "rgba(255, 255, 255, 1)";
    json!({ "text": white, "link": white, "linkHover": white, "linkActive": white,
        "trackPlayed": "rgba(88, 131, 255, .95)", "trackUnplayed": "rgba(255, 255, 255, .35)",
        "trackBackground": "rgba(255, 255, 255, .2)", "backgroundTop": "rgba(0, 0, 0, .7)",
        "backgroundBottom": "rgba(0, 0, 0, .7)", "backgroundText": white, "enableApi": true, "enableControls": true,
        "forceAutoplay": false, "hideTitle": false, "forceLoop": false, "assets": {} })
}

/// Without what differs from one to the next.
fn said(answer: &Answer) -> Value {
    let mut theme = answer.json();
    for name in ["playerId", "createdAt", "updatedAt"] {
        assert!(theme.as_object_mut().unwrap().remove(name).is_some(), "{name}");
    }
    theme
}

async fn a_theme_is_made_changed_listed_and_deleted(house: &mut House) {
    let customer = house.customer().await;
    let made = customer.post("/players", &json!({})).await.expect(201);
    assert_eq!(said(&made), defaults(), "filled in, and nothing that is not declared");
    assert!(made.text_at("/playerId").starts_with("pl") && made.text_at("/playerId").len() == 24);
    let path = format!("/players/{}", made.text_at("/playerId"));
    assert_eq!(customer.get(&path).await.expect(200).json(), made.json());

    let change = json!({ "name": "Mine", "text": "rgba(1, 2, 3, .4)", "enableApi": false, "forceLoop": true });
    let mut expected = defaults();
    expected.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    assert_eq!(said(&customer.patch(&path, &change).await.expect(200)), expected);
    assert_eq!(said(&customer.patch(&path, &json!({})).await.expect(200)), expected, "what is not said stays");
    customer.post("/players", &json!({ "name": "another", "assets": {}, "shapeMargin": 10 })).await.expect(201);

    let names = async |query: &str| {
        let list = customer.get(&format!("/players?{query}")).await.expect(200).json();
        list["data"].as_array().unwrap().iter().map(|theme| theme["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("sortBy=name&sortOrder=asc").await, ["another", "Mine"]);
    assert_eq!(names("sortBy=name").await, ["Mine", "another"]);
    assert_eq!(names("sortBy=createdAt&sortOrder=asc&pageSize=1&currentPage=2").await.len(), 1);
    for query in ["sortBy=title", "sortOrder=up", "pageSize=0"] {
        expect_problem(customer.get(&format!("/players?{query}")).await, 400, "invalid-query-parameter");
    }
    let deleted = customer.delete(&path).await.expect(204);
    assert_eq!((deleted.header("content-type"), deleted.body.len()), (None, 0));
    for gone in [
        customer.get(&path).await,
        customer.delete(&path).await,
        customer.patch(&path, &json!({})).await,
        customer.delete(&format!("{path}/logo")).await,
        customer.send(&format!("{path}/logo"), "a.png", &png(1, 1)).await,
        customer.get("/players/pl1").await,
    ] {
        assert_eq!(expect_problem(gone, 404, "resource-not-found").text_at("/name"), "playerId");
    }
    assert!(house.stored("players").is_empty());
}

async fn faults_of_a_theme_are_told_by_their_names(house: &mut House) {
    let customer = house.customer().await;
    for (body, name) in [
        (json!({ "name": "x".repeat(101) }), "name"),
        (json!({ "name": "\u{0}" }), "name"),
        (json!({ "linkHover": "red" }), "linkHover"),
        (json!({ "backgroundTop": "rgba(0, 0, 0, 1);background:url(//x)" }), "backgroundTop"),
    ] {
        let refused = expect_problem(customer.post("/players", &body).await, 400, "invalid-attribute");
        assert_eq!(refused.text_at("/name"), name);
    }
    expect_problem(customer.post("/players", &json!({ "enableApi": "yes" })).await, 400, "invalid-payload");
    assert_eq!(customer.get("/players").await.expect(200).json()["data"], json!([]));
}

async fn send_logo(customer: &Customer, player: &str, image: Vec<u8>, link: Option<&str>) -> Answer {
    let form = Form::new().part("file", Part::bytes(image).file_name("logo"));
    let form = link.into_iter().fold(form, |form, link| form.text("link", link.to_owned()));
    customer.send_form(&format!("/players/{player}/logo"), form).await
}

async fn a_logo_is_put_served_and_taken_away(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let player = customer.post("/players", &json!({})).await.expect(201).text_at("/playerId");
    let path = format!("/player/{player}/logo.png");
    viewer.get(&path).await.expect_refused(404, "not_found", b"");
    let put = send_logo(&customer, &player, png(200, 100), Some("https://example.org/?a=b#c")).await.expect(201);
    let logo = format!("{}{path}", customer.origin);
    assert_eq!(put.json()["assets"], json!({ "logo": logo, "link": "https://example.org/?a=b#c" }));
    let served = viewer.get(&path).await.expect(200);
    assert_eq!((served.body.to_vec(), served.header("content-type")), (png(200, 100), Some("image/png")));
    assert_eq!(served.header("x-content-type-options"), Some("nosniff"));
    assert!(viewer.head(&path).await.expect(200).body.is_empty());

    let replaced = send_logo(&customer, &player, jpeg(10, 10), None).await.expect(201);
    assert_eq!(replaced.json()["assets"], json!({ "logo": logo }), "the link went with its picture");
    let served = viewer.get(&path).await.expect(200);
    assert_eq!((served.body.to_vec(), served.header("content-type")), (jpeg(10, 10), Some("image/jpeg")));
    assert_eq!(house.stored("players").len(), 1, "what was replaced is gone");

    for _ in 0..2 {
        customer.delete(&format!("/players/{player}/logo")).await.expect(204);
        viewer.get(&path).await.expect_refused(404, "not_found", &jpeg(10, 10));
    }
    assert!(house.stored("players").is_empty());
    send_logo(&customer, &player, png(1, 1), None).await.expect(201);
    customer.delete(&format!("/players/{player}")).await.expect(204);
    viewer.get(&path).await.expect_refused(404, "not_found", &png(1, 1));
    assert!(house.stored("players").is_empty(), "a logo goes with its theme");
}

async fn what_is_no_logo_is_refused(house: &mut House) {
    let customer = house.customer().await;
    let player = customer.post("/players", &json!({})).await.expect(201).text_at("/playerId");
    for (image, link, slug) in [
        (b"<svg/>".to_vec(), None, "uploaded-file-extension-invalid"),
        (png(201, 100), None, "uploaded-file-invalid-file"),
        (jpeg(200, 101), None, "uploaded-file-invalid-file"),
        ([png(1, 1), vec![0; 100 * 1024]].concat(), None, "uploaded-file-too-large"),
        (png(1, 1), Some("javascript:alert(1)"), "invalid-attribute"),
        (png(1, 1), Some("https://"), "invalid-attribute"),
        (png(1, 1), Some("https://a b"), "invalid-attribute"),
    ] {
        expect_problem(send_logo(&customer, &player, image, link).await, 400, slug);
    }
    let untouched = customer.get(&format!("/players/{player}")).await.expect(200).json();
    assert_eq!(untouched["assets"], json!({}));
    assert!(house.stored("players").is_empty());
}

async fn the_page_is_told_how_to_show_a_video(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create(&json!({ "title": "</script>", "public": true, "panoramic": true })).await;
    let page = async || viewer.get(&format!("/vod/{video}/player.json")).await.expect(200);
    let told = page().await;
    assert_eq!(told.header("content-type"), Some("application/json"));
    assert_eq!(told.header("cache-control"), Some("private, no-store"));
    let mut theme = defaults();
    theme.as_object_mut().unwrap().retain(|_, value| value.is_string());
    let expected = json!({ "videoId": video, "title": "</script>", "panoramic": true, "mp4": false, "theme": theme,
        "enableApi": true, "enableControls": true, "forceAutoplay": false, "hideTitle": false, "forceLoop": false,
        "captions": [], "chapters": [] });
    assert_eq!(told.json(), expected);

    let chosen = json!({ "text": "rgba(1, 2, 3, .4)", "hideTitle": true });
    let player = customer.post("/players", &chosen).await.expect(201).text_at("/playerId");
    customer.patch(&format!("/videos/{video}"), &json!({ "playerId": player })).await.expect(200);
    send_logo(&customer, &player, png(1, 1), Some("https://example.org")).await.expect(201);
    for place in ["captions/fr", "chapters/en"] {
        customer.send(&format!("/videos/{video}/{place}"), "a.vtt", b"WEBVTT\n").await.expect(200);
    }
    let told = page().await.json();
    assert_eq!((&told["theme"]["text"], &told["hideTitle"]), (&json!("rgba(1, 2, 3, .4)"), &json!(true)));
    assert_eq!(told["logo"], json!({ "src": format!("/player/{player}/logo.png"), "link": "https://example.org" }));
    assert_eq!(told["captions"], json!([{ "srclang": "fr", "src": "captions/fr.vtt", "default": false }]));
    assert_eq!(told["chapters"], json!([{ "language": "en", "src": "chapters/en.vtt" }]));
    customer.patch(&format!("/players/{player}"), &json!({ "forceLoop": true })).await.expect(200);
    assert_eq!(page().await.json()["forceLoop"], true, "at once");

    customer.delete(&format!("/players/{player}")).await.expect(204);
    let read = customer.get(&format!("/videos/{video}")).await.expect(200).json();
    assert!(read["playerId"].is_null(), "{read}");
    let told = page().await.json();
    assert_eq!((&told["theme"], &told["logo"]), (&theme, &Value::Null), "it looks as the house does");
}

async fn a_private_page_is_told_by_session(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create_private().await;
    let token = customer.token(&video).await;
    viewer.get(&format!("/vod/{video}/player.json")).await.expect_refused(404, "no_handle", b"");
    viewer.get(&format!("/vod/{video}/token/{token}/player.json")).await.expect_refused(404, "not_found", b"");
    let handle = viewer.enter(&video, &token).await;
    let told = viewer.get(&format!("/s/{handle}/{video}/player.json")).await.expect(200);
    assert_eq!(told.text_at("/videoId"), video);
    customer.delete(&format!("/videos/{video}")).await.expect(204);
    viewer.get(&format!("/s/{handle}/{video}/player.json")).await.expect_refused(410, "video_gone", b"");
}
