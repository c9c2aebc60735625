//! Captions and chapters beside a film: put, read, chosen, served at once, and gone at once.

use serde_json::{Value, json};

use crate::{
    house::{Answer, Customer, House, Viewer, clip, on_both, until::until},
    management::expect_problem,
};

on_both! {
    captions_are_put_read_chosen_and_deleted,
    chapters_are_put_read_and_deleted,
    what_is_no_text_of_a_language_is_refused,
    an_edge_serves_a_change_at_once,
    a_private_text_takes_the_session_of_its_token_and_spends_none,
    a_deleted_video_leaves_no_text,
}

fn vtt(words: &str) -> Vec<u8> {
    format!("WEBVTT\n\n00:00.000 --> 00:05.000\n{words}\n").into_bytes()
}

async fn put(customer: &Customer, video: &str, place: &str, words: &str) -> Answer {
    customer.send(&format!("/videos/{video}/{place}"), "a.vtt", &vtt(words)).await
}

fn members(value: &Value) -> Vec<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

async fn captions_are_put_read_chosen_and_deleted(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create(&json!({ "title": "x", "public": true })).await;
    let at = |language: &str| format!("/videos/{video}/captions/{language}");
    let made = put(&customer, &video, "captions/fr-BE", "Bonjour").await.expect(200);
    assert_eq!(made.header("content-type"), Some("application/json"));
    let src = format!("{}/vod/{video}/captions/fr-BE.vtt", customer.origin);
    let expected = json!({ "uri": at("fr-BE"), "src": src, "srclang": "fr-BE", "languageName": "Français (BE)",
        "default": false });
    assert_eq!((made.json(), members(&made.json()).len()), (expected.clone(), 5));
    assert_eq!(customer.get(&at("FR-be")).await.expect(200).json(), expected, "a language is the same in any case");
    put(&customer, &video, "captions/en", "Good day").await.expect(200);

    // At most one is the default.
    for (language, left) in [("fr-BE", "en"), ("en", "fr-BE")] {
        let chosen = customer.patch(&at(language), &json!({ "default": true })).await.expect(200);
        assert_eq!((&chosen.json()["srclang"], &chosen.json()["default"]), (&json!(language), &json!(true)));
        assert_eq!(customer.get(&at(left)).await.expect(200).json()["default"], false);
    }
    let again = put(&customer, &video, "captions/EN", "Hello").await.expect(200);
    assert_eq!((&again.json()["srclang"], &again.json()["default"]), (&json!("EN"), &json!(true)), "replaced");
    assert_eq!(customer.patch(&at("en"), &json!({})).await.expect(200).json()["default"], true, "nothing said");
    assert_eq!(customer.patch(&at("en"), &json!({ "default": false })).await.expect(200).json()["default"], false);

    let list = customer.get(&format!("/videos/{video}/captions?pageSize=1")).await.expect(200).json();
    assert_eq!((&list["pagination"]["itemsTotal"], &list["data"][0]["srclang"]), (&json!(2), &json!("EN")));
    assert_eq!(list["pagination"]["links"][0]["uri"], format!("/videos/{video}/captions?currentPage=1&pageSize=1"));

    let deleted = customer.delete(&at("en")).await.expect(204);
    assert_eq!((deleted.header("content-type"), deleted.body.len()), (None, 0));
    for gone in [customer.get(&at("en")).await, customer.delete(&at("en")).await] {
        assert_eq!(expect_problem(gone, 404, "resource-not-found").text_at("/name"), "language");
    }
    let stored: Vec<_> = house.stored(&format!("videos/{video}"));
    assert!(matches!(&stored[..], [one] if one.starts_with("captions-fr-BE-")), "{stored:?}");
}

async fn chapters_are_put_read_and_deleted(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create(&json!({ "title": "x", "public": true })).await;
    let at = format!("/videos/{video}/chapters/fr");
    let made = put(&customer, &video, "chapters/fr", "Début").await.expect(200);
    let src = format!("{}/vod/{video}/chapters/fr.vtt", customer.origin);
    assert_eq!(made.json(), json!({ "uri": at, "src": src, "language": "fr" }));
    assert_eq!(customer.get(&at).await.expect(200).json(), made.json());
    let list = customer.get(&format!("/videos/{video}/chapters")).await.expect(200).json();
    assert_eq!(list["data"], json!([made.json()]));
    assert_eq!(house.viewer().get(&format!("/vod/{video}/chapters/fr.vtt")).await.expect(200).body, vtt("Début"));
    let captions = customer.get(&format!("/videos/{video}/captions")).await.expect(200).json();
    assert_eq!(captions["data"], json!([]), "chapters are no captions");
    expect_problem(customer.patch(&at, &json!({ "default": true })).await, 405, "method-not-allowed");
    customer.delete(&at).await.expect(204);
    expect_problem(customer.get(&at).await, 404, "resource-not-found");
    expect_problem(customer.get(&format!("/videos/{video}/chapters/f_r")).await, 404, "resource-not-found");
}

async fn what_is_no_text_of_a_language_is_refused(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create(&json!({ "title": "x", "public": true })).await;
    let letters = "The \"language\" attribute must contain only letters and dashes (for example \"fr\", \"fr-BE\").";
    let unknown = "The \"language\" attribute is not valid.";
    for (language, detail) in [("fr_BE", letters), ("es-419", letters), ("xx", unknown), ("english", unknown)] {
        for kind in ["captions", "chapters"] {
            let refused = put(&customer, &video, &format!("{kind}/{language}"), "x").await;
            let refused = expect_problem(refused, 400, "invalid-attribute");
            assert_eq!((refused.text_at("/name"), refused.text_at("/detail")), ("language".into(), detail.into()));
        }
        expect_problem(customer.get(&format!("/videos/{video}/captions/{language}")).await, 400, "invalid-attribute");
    }
    let path = format!("/videos/{video}/captions/fr");
    let srt = b"1\n00:00:00,000 --> 00:00:01,000\nx\n".to_vec();
    let large = [vtt("x"), vec![b'x'; 4 * 1024 * 1024]].concat();
    for (bytes, slug) in [
        (srt, "uploaded-file-extension-invalid"),
        (b"WEBVTT\n\xff".to_vec(), "uploaded-file-extension-invalid"),
        (large, "uploaded-file-too-large"),
    ] {
        expect_problem(customer.send(&path, "a.vtt", &bytes).await, 400, slug);
    }
    let nowhere = format!("vi{}", "0".repeat(22));
    let absent = put(&customer, &nowhere, "captions/fr", "x").await;
    assert_eq!(expect_problem(absent, 404, "resource-not-found").text_at("/name"), "videoId");
    for below in ["captions/fr", "captions", "chapters/fr", "chapters"] {
        let absent = customer.get(&format!("/videos/{nowhere}/{below}")).await;
        assert_eq!(expect_problem(absent, 404, "resource-not-found").text_at("/name"), "videoId");
    }
    assert_eq!(customer.get(&format!("/videos/{video}/captions")).await.expect(200).json()["data"], json!([]));
    assert!(house.stored("videos").is_empty(), "nothing was kept");
}

async fn an_edge_serves_a_change_at_once(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create(&json!({ "title": "x", "public": true })).await;
    customer.upload(&video, clip::small()).await.expect(201);
    customer.until_complete(&video).await;
    let text = format!("/vod/{video}/captions/fr.vtt");
    let playlist = format!("/vod/{video}/hls/subtitles-fr.m3u8");
    for path in [&text, &playlist] {
        viewer.get(path).await.expect_refused(404, "not_found", b"");
    }
    let master = async |viewer: &Viewer| viewer.get(&format!("/vod/{video}/hls/manifest.m3u8")).await.expect(200);
    let manifest = async |viewer: &Viewer| viewer.get(&format!("/vod/{video}/dash/manifest.mpd")).await.expect(200);
    assert!(!master(&viewer).await.text().contains("SUBTITLES"));

    for words in ["Bonjour", "Bonsoir"] {
        put(&customer, &video, "captions/fr", words).await.expect(200);
        let served = viewer.get(&text).await.expect(200);
        assert_eq!((served.body.to_vec(), served.header("content-type")), (vtt(words), Some("text/vtt")));
    }
    customer.patch(&format!("/videos/{video}/captions/fr"), &json!({ "default": true })).await.expect(200);
    let listed = master(&viewer).await;
    let line = "NAME=\"Français\",LANGUAGE=\"fr\",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI=\"subtitles-fr.m3u8\"";
    assert!(listed.text().contains(line) && listed.text().contains(",SUBTITLES=\"subtitles\""), "{}", listed.text());
    assert!(manifest(&viewer).await.text().contains("<BaseURL>../captions/fr.vtt</BaseURL>"));
    assert!(viewer.get(&playlist).await.expect(200).text().contains("../captions/fr.vtt"));

    customer.delete(&format!("/videos/{video}/captions/fr")).await.expect(204);
    for path in [&text, &playlist] {
        viewer.get(path).await.expect_refused(404, "not_found", &vtt("Bonsoir"));
    }
    assert!(!master(&viewer).await.text().contains("SUBTITLES"));
    assert!(!manifest(&viewer).await.text().contains("captions"));
}

async fn a_private_text_takes_the_session_of_its_token_and_spends_none(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create_private().await;
    put(&customer, &video, "captions/fr", "Secret").await.expect(200);
    let path = format!("/videos/{video}/captions/fr");
    let src = async || {
        let src = customer.get(&path).await.expect(200).text_at("/src");
        src.strip_prefix(&customer.origin).unwrap().to_owned()
    };
    let token_in = |src: &str| src.split('/').nth(4).unwrap().to_owned();
    let (one, other) = (src().await, src().await);
    assert_ne!(token_in(&one), token_in(&other), "each read mints another");
    viewer.get(&one).await.expect_refused(404, "no_handle", &vtt("Secret"));
    viewer.get(&format!("/vod/{video}/captions/fr.vtt")).await.expect_refused(404, "no_handle", &vtt("Secret"));
    assert_eq!(customer.count_sessions().await, 0, "nothing was spent");

    let handle = viewer.enter(&video, &token_in(&one)).await;
    for answer in [
        viewer.get(&format!("{one}?avh={handle}")).await,
        viewer.get_with(&one, &[("x-token-session", &handle)]).await,
        viewer.get(&format!("/s/{handle}/{video}/captions/fr.vtt")).await,
    ] {
        assert_eq!(answer.expect(200).body, vtt("Secret"));
    }
    let stranger = viewer.get(&format!("{other}?avh={handle}")).await;
    stranger.expect_refused(404, "unknown_credential", &vtt("Secret"));
    let list = customer.get(&format!("/videos/{video}/captions")).await.expect(200);
    let listed = list.text_at("/data/0/src");
    viewer.enter(&video, &token_in(listed.strip_prefix(&customer.origin).unwrap())).await;

    customer.patch(&format!("/videos/{video}"), &json!({ "public": true })).await.expect(200);
    assert_eq!(viewer.get(&other).await.expect(200).body, vtt("Secret"), "an open video asks for no token");
}

async fn a_deleted_video_leaves_no_text(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create(&json!({ "title": "x", "public": true })).await;
    put(&customer, &video, "captions/fr", "Bonjour").await.expect(200);
    put(&customer, &video, "chapters/fr", "Bonjour").await.expect(200);
    customer.delete(&format!("/videos/{video}")).await.expect(204);
    let gone = viewer.get(&format!("/vod/{video}/captions/fr.vtt")).await;
    assert_eq!(gone.status, 404);
    until(std::time::Duration::from_secs(20), "its texts are gone", async || {
        house.stored("videos").is_empty().then_some(())
    })
    .await;
}
