//! Whatever can be reached from a private video's playlists is reached by its own handle, and by nothing else (U01–U04, A14).

mod crawl;
mod inventory;
mod others;
mod wrong;

use std::collections::BTreeSet;

use serde_json::json;

use self::{
    crawl::{Found, crawl},
    inventory::{Inventory, TEXT_PLACES, TOKEN_PLACES},
    wrong::Expected,
};
use crate::house::{Customer, House, Viewer, clip, command, on_both, outpost::Outpost, say, viewer::session_path};

/// What a private film's crawl has at least: a master, three media playlists, a manifest, three inits with two segments
/// each and more, the film, the poster, the storyboard and its sheet; two captions with their playlists, chapters,
/// and what the embed page is told of them.
const FOUND_MIN: usize = 22;

on_both! {
    every_address_of_a_private_film_wants_its_own_handle,
    every_address_of_a_private_token_wants_that_token,
    an_edge_wants_the_handle_as_well,
    an_edge_wants_the_token_as_well,
    nothing_else_leads_to_the_bytes,
    a_public_film_is_open_and_still_knows_a_wrong_handle,
}

/// A private film, and a viewer who was let in.
struct Scene {
    customer: Customer,
    viewer: Viewer,
    video: String,
    handle: String,
}

impl Scene {
    async fn set(house: &House) -> Self {
        Self::before(house, house.viewer()).await
    }

    /// The viewer asks wherever it asks.
    async fn before(house: &House, viewer: Viewer) -> Self {
        let customer = house.customer().await;
        let video = customer.private_film(clip::two_rungs()).await;
        for (place, text) in
            [("captions/fr", "Bonjour"), ("captions/en-GB", "Good day"), ("chapters/en", "The beginning")]
        {
            let text = format!("WEBVTT\n\n00:00.000 --> 00:05.000\n{text}\n");
            customer.send(&format!("/videos/{video}/{place}"), "a.vtt", text.as_bytes()).await.expect(200);
        }
        let handle = canonical_only(&customer, &viewer, &video).await;
        Self { customer, viewer, video, handle }
    }

    async fn crawl(&self) -> Vec<Found> {
        crawl(&self.viewer, &self.video, &self.handle).await
    }
}

/// A handle that the standard alphabet spells otherwise.
async fn canonical_only(customer: &Customer, viewer: &Viewer, video: &str) -> String {
    loop {
        let handle = viewer.enter(video, &customer.token(video).await).await;
        if handle.contains(['-', '_']) {
            return handle;
        }
    }
}

async fn every_address_of_a_private_film_wants_its_own_handle(house: &mut House) {
    want_the_handle(house, Scene::set(house).await).await;
}

async fn every_address_of_a_private_token_wants_that_token(house: &mut House) {
    want_the_token(house, Scene::set(house).await).await;
}

/// The same of a process that has neither database nor films.
async fn an_edge_wants_the_handle_as_well(house: &mut House) {
    let outpost = Outpost::open(house, &[]).await;
    want_the_handle(house, Scene::before(house, outpost.viewer()).await).await;
}

async fn an_edge_wants_the_token_as_well(house: &mut House) {
    let outpost = Outpost::open(house, &[]).await;
    want_the_token(house, Scene::before(house, outpost.viewer()).await).await;
}

async fn want_the_handle(house: &House, scene: Scene) {
    let Scene { customer, viewer, video, handle } = &scene;
    let found = scene.crawl().await;
    assert!(found.len() >= FOUND_MIN, "only {} addresses: {found:#?}", found.len());
    plays(&format!("{}/s/{handle}/{video}/hls/master.m3u8", viewer.origin)).await;
    plays(&format!("{}/s/{handle}/{video}/mp4/source.mp4", viewer.origin)).await;

    let wrong = wrong::handles(house, customer, viewer, video, handle).await;
    customer.until_edges_know().await;
    let before = customer.count_sessions().await;
    let mut inventory = Inventory::default();
    let mut asked = 0;
    for place in &found {
        inventory.note(&place.path);
        for (name, carriage, expected) in &wrong.carriages {
            let path = carriage.replace("{below}", &place.below).replace("{public}", &place.public);
            inventory.note(&path);
            let answer = viewer.get(&path).await;
            expected.judge(&answer, name, &place.truth);
            asked += 1;
        }
    }
    say(&format!("{} addresses, {asked} wrong requests", found.len()));
    assert_eq!(customer.count_sessions().await, before, "no session came of it");
    viewer.enter(video, &wrong.unspent).await;
    for place in &found {
        assert_eq!(
            viewer.get(&place.path).await.expect(200).body,
            place.truth,
            "{}: the right handle still plays",
            place.path
        );
    }
    inventory.note_pages(viewer, video).await;
    inventory.note_tokens(video);
    others::refuse(&scene, &mut inventory).await;
    assert_eq!(customer.count_sessions().await, before + 1, "one for the token that was still whole");
    inventory.expect_complete();
}

/// Another party's player finds film in it, from the first second to the last.
async fn plays(url: &str) {
    let arguments = ["-nostdin", "-v", "error", "-xerror", "-i", url, "-f", "null", "-"];
    let watched = command("ffmpeg").args(arguments).output().await.unwrap();
    assert!(
        watched.status.success() && watched.stderr.is_empty(),
        "{url}: {}",
        String::from_utf8_lossy(&watched.stderr)
    );
}

async fn want_the_token(house: &House, scene: Scene) {
    let Scene { customer, viewer, video, handle } = &scene;
    let truths = scene.crawl().await;
    let truth_of = |below: &str| truths.iter().find(|found| found.public == below).map(|found| found.truth.clone());
    let wrong = wrong::tokens(house, customer, viewer, video, handle).await;
    customer.until_edges_know().await;
    let before = customer.count_sessions().await;
    for below in TOKEN_PLACES {
        let truth = truth_of(below).unwrap_or_default();
        for (name, token, expected) in &wrong.tokens {
            let path = format!("/vod/{video}/token/{token}/{below}");
            expected.judge(&viewer.get(&path).await, name, &truth);
        }
    }
    for below in TEXT_PLACES {
        let truth = truth_of(below).unwrap();
        let unspent = ("right, and without its session", wrong.unspent.clone(), Expected::of(404, "no_handle"));
        for (name, token, expected) in wrong.tokens.iter().chain([&unspent]) {
            let path = format!("/vod/{video}/token/{token}/{below}");
            expected.before_any_session().judge(&viewer.get(&path).await, name, &truth);
        }
    }
    for (name, token, _) in wrong.tokens.iter().filter(|(_, token, _)| token.len() == 36) {
        let answer = viewer.redeem(video, token, "0123456789abcdef").await;
        assert!(matches!(answer.status, 404 | 410), "{name}: {answer:?}");
    }
    assert_eq!(customer.count_sessions().await, before, "no session came of it");
    viewer.enter(video, &wrong.unspent).await;
}

/// Where the bytes lie is no address, whatever one knows of the house (U04).
async fn nothing_else_leads_to_the_bytes(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, handle } = &scene;
    let mut guesses: Vec<String> =
        ["/install.key", "/admit.db", "/objects", "/scratch", "/data", "/_cache", "/.git/config"]
            .map(str::to_owned)
            .into();
    for stored in house.stored("") {
        guesses.extend([format!("/{stored}"), format!("/objects/{stored}"), format!("/data/objects/{stored}")]);
        if let Some(name) = stored.strip_prefix(&format!("videos/{video}/")) {
            guesses.extend([format!("/s/{handle}/{video}/{name}"), format!("/s/{handle}/{video}/media/{name}")]);
            guesses.extend([format!("/vod/{video}/{name}"), format!("/videos/{video}/{name}")]);
        }
    }
    for odd in
        ["hls/master.m3u8.tmp", "hls/v240.m3u8.part", "media/v240", "media/v240/", "mp4/source.mp4/", "hls", "source"]
    {
        guesses.push(format!("/s/{handle}/{video}/{odd}"));
    }
    for other in ["S", "s/x", "vod/s", "u"] {
        guesses.push(format!("/{other}/{handle}/{video}/hls/master.m3u8"));
    }
    for guess in &guesses {
        let answer = viewer.get(guess).await;
        assert!((400..500).contains(&answer.status), "{guess}: {}", answer.status);
        assert!(answer.body.len() < 400, "{guess}: {} bytes", answer.body.len());
    }
    // The API key opens the API and nothing that is a viewer's.
    for place in scene.crawl().await {
        let answer = customer.get(&format!("/vod/{video}/{}", place.public)).await;
        answer.expect_refused(404, "no_handle", &place.truth);
    }
    // And nothing that a viewer has opens the API.
    let token = customer.token(video).await;
    for secret in [handle.as_str(), token.as_str()] {
        for request in [viewer.request(http::Method::GET, "/videos"), viewer.request(http::Method::GET, "/sessions")] {
            let basic = request.try_clone().unwrap().basic_auth(secret, Some(""));
            assert_eq!(basic.send().await.unwrap().status().as_u16(), 401);
            assert_eq!(request.bearer_auth(secret).send().await.unwrap().status().as_u16(), 401);
        }
    }
    viewer.get(&session_path(video, &token)).await.expect(200);
}

async fn a_public_film_is_open_and_still_knows_a_wrong_handle(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create(&json!({ "title": "open", "public": true })).await;
    customer.upload(&video, clip::small()).await.expect(201);
    customer.until_complete(&video).await;
    let found = crawl::crawl_public(&viewer, &video).await;
    assert!(found.len() >= FOUND_MIN - 11, "only {} addresses: {found:#?}", found.len());
    let assets = customer.assets(&video).await;
    let paths: BTreeSet<_> = found.iter().map(|place| place.path.clone()).collect();
    for address in [assets.hls, assets.thumbnail, assets.mp4.unwrap()] {
        assert!(paths.contains(&address), "{address} is not of the crawl");
    }
    let stranger = house.forge().handle(&video);
    for place in &found {
        let below = if place.public == "hls/manifest.m3u8" { "hls/master.m3u8" } else { &place.public };
        viewer.get(&format!("/s/{stranger}x/{video}/{below}")).await.expect_refused(
            401,
            "malformed_handle",
            &place.truth,
        );
    }
    assert_eq!(customer.count_sessions().await, 0, "an open film needs no session");
    Expected::of(404, "not_found").judge(
        &viewer.get(&format!("/vod/{video}/storyboard/9.jpg")).await,
        "no such sheet",
        b"",
    );
}
