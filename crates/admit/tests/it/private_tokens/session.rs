//! `/session`: how a token becomes a session, for machines and for our player, and how a session ends.

use std::time::Duration;

use admit_domain::{
    limits::{PRIVATE_TOKEN_TTL_DEFAULT, SESSION_TTL_DEFAULT},
    time::Timestamp,
};
use http::Method;

use super::{MASTER, POSTER, Scene};
use crate::house::{
    Answer, House, clip,
    forge::{Forge, now},
    on_both,
    seed::Seed,
    slow::Slow,
    viewer::session_path,
};

on_both! {
    a_token_opens_one_session,
    our_player_may_ask_again_and_nobody_else,
    a_session_that_is_ended_is_over_at_once,
    a_film_stops_in_the_middle_when_its_session_ends,
    a_token_is_for_its_video_and_its_day,
}

async fn a_token_opens_one_session(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, viewer, video } = &scene;
    let token = scene.token().await;
    let path = session_path(video, &token);
    let first = viewer.get(&path).await.expect(200);
    assert_eq!(
        (first.header("content-type"), first.header("cache-control")),
        (Some("application/json"), Some("no-store"))
    );
    assert_eq!(first.header("access-control-allow-origin"), Some("*"));
    let handle = first.text_at("/session_token");

    for _ in 0..3 {
        viewer.get(&path).await.expect_refused(404, "credential_spent", b"");
    }
    // Shown its own session it repeats it, however the session is shown.
    let again = [
        viewer.get(&format!("{path}?avh={handle}")).await,
        viewer.get_with(&path, &[("x-token-session", &handle)]).await,
        viewer.get_with(&format!("{path}?avh={handle}"), &[("x-token-session", &handle)]).await,
    ];
    for answer in again {
        assert_eq!(answer.expect(200).text_at("/session_token"), handle);
    }
    // Shown somebody else's, or two, it opens nothing.
    let fresh = scene.token().await;
    let other = format!("{}?avh={handle}", session_path(video, &fresh));
    viewer.get(&other).await.expect_refused(404, "unknown_credential", b"");
    let both = [("x-token-session", "another")];
    viewer.get_with(&format!("{path}?avh={handle}"), &both).await.expect_refused(404, "malformed_handle", b"");

    let sessions = customer.sessions().await;
    assert_eq!(sessions.len(), 1, "{sessions:?}");
    assert_eq!(sessions[0]["sessionId"], house.forge().session_of(&handle, video));
    assert_eq!(sessions[0]["videoId"], video.as_str());
    assert_eq!(sessions[0]["network"], "127.0.0.0/24");
    scene.expect_unspent(&fresh).await;
}

async fn our_player_may_ask_again_and_nobody_else(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, viewer, video } = &scene;
    let mut seed = Seed::new("our player");
    let (token, nonce, stranger) = (scene.token().await, seed.nonce(), seed.nonce());
    let first = viewer.redeem(video, &token, &nonce).await.expect(200);
    for _ in 0..5 {
        assert_eq!(
            viewer.redeem(video, &token, &nonce).await.expect(200).body,
            first.body,
            "a lost answer is repeated"
        );
    }
    let ends: Timestamp = house.forge().read_handle(&first.text_at("/session_token"), video).not_after;
    assert!(ends.since(now()) <= SESSION_TTL_DEFAULT && ends > now(), "{ends:?}");
    let told = first.text_at("/expiresAt");
    assert!(told.ends_with('Z') && told.len() >= 20, "{told}");
    viewer.redeem(video, &token, &stranger).await.expect_refused(410, "credential_spent", b"");
    viewer.get(&session_path(video, &token)).await.expect_refused(404, "credential_spent", b"");
    assert_eq!(customer.count_sessions().await, 1);

    let fresh = scene.token().await;
    let path = session_path(video, &fresh);
    for body in ["", "{}", "null", "[]", "{\"nonce\":1}", "{\"nonce\":\"short\"}", "{\"nonce\":\"0123456789abcde!\"}"] {
        let request = viewer.request(Method::POST, &path).body(body);
        Answer::to(format!("POST {body}"), request).await.expect_refused(422, "bad_nonce", b"");
    }
    let extra = format!("{{\"nonce\":\"{nonce}\",\"more\":1}}");
    let long = format!("{{\"nonce\":\"{}\"}}", "a".repeat(65));
    let endless = " ".repeat(100_000);
    for body in [extra, long, endless] {
        let request = viewer.request(Method::POST, &path).body(body);
        Answer::to("POST too much".to_owned(), request).await.expect_refused(422, "bad_nonce", b"");
    }
    assert_eq!(customer.count_sessions().await, 1, "a malformed wish opens nothing");
    // A nonce belongs to its token.
    viewer.redeem(video, &fresh, &nonce).await.expect(200);
    assert_eq!(customer.count_sessions().await, 2);
}

async fn a_session_that_is_ended_is_over_at_once(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video } = &scene;
    let mut seed = Seed::new("ended");
    let (token, nonce) = (scene.token().await, seed.nonce());
    let handle = viewer.redeem(video, &token, &nonce).await.expect(200).text_at("/session_token");
    let other = scene.enter().await;
    let (poster, master) = (scene.by_handle(&handle, POSTER), scene.by_handle(&handle, MASTER));
    let truth = viewer.get(&poster).await.expect(200).body;
    viewer.get(&master).await.expect(200);

    let session = house.forge().session_of(&handle, video);
    let path = format!("/sessions/{session}");
    assert_eq!(viewer.send(Method::DELETE, &path, &[]).await.status, 401);
    viewer.get(&poster).await.expect(200);
    customer.delete(&path).await.expect(204);
    viewer.get(&poster).await.expect_refused(410, "session_ended", &truth);
    viewer.get(&master).await.expect_refused(410, "session_ended", b"#EXTM3U");
    viewer.get(&format!("{}?avh={handle}", session_path(video, &token))).await.expect_refused(
        404,
        "session_ended",
        b"",
    );
    viewer.redeem(video, &token, &nonce).await.expect_refused(410, "credential_spent", b"");
    viewer.get(&scene.by_handle(&other, POSTER)).await.expect(200);

    let listed = customer.sessions().await;
    let ended = listed.iter().find(|listed| listed["sessionId"] == session.as_str()).expect("it is still listed");
    assert!(ended["endedAt"].is_string(), "{ended}");
    let active = customer.get("/sessions?active=true").await.expect(200).json();
    assert_eq!(active["pagination"]["itemsTotal"], 1, "{active}");
    customer.delete(&path).await.expect(404);
    customer.delete("/sessions/se000000000000000000000000").await.expect(404);
    customer.delete("/sessions/nonsense").await.expect(404);

    house.restart().await;
    let viewer = house.viewer();
    viewer.get(&poster).await.expect_refused(410, "session_ended", &truth);
    viewer.get(&scene.by_handle(&other, POSTER)).await.expect(200);
}

/// What was permitted is judged again while it is sent (C35).
async fn a_film_stops_in_the_middle_when_its_session_ends(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.private_film(clip::heavy()).await;
    let scene = Scene { customer: customer.clone(), viewer: viewer.clone(), video: video.clone() };
    let (ended, kept) = (scene.enter().await, scene.enter().await);
    let truth = viewer.get(&scene.by_handle(&kept, super::FILM)).await.expect(200).body;
    let watching = Slow::get(house, &scene.by_handle(&ended, super::FILM)).await;
    let another = Slow::get(house, &scene.by_handle(&kept, super::FILM)).await;
    customer.delete(&format!("/sessions/{}", house.forge().session_of(&ended, &video))).await.expect(204);
    let (head, part) = watching.rest().await;
    assert!(head.contains(&format!("content-length: {}", truth.len())), "{head}");
    assert!(part.len() < truth.len(), "the whole film went out to a session that was over");
    assert!(truth.starts_with(&part));
    assert!(another.rest().await.1 == truth, "nobody else is stopped");
}

async fn a_token_is_for_its_video_and_its_day(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video } = &scene;
    let (forge, mut seed) = (house.forge(), Seed::new("days"));
    let other = customer.private_film(clip::small()).await;
    let truth = viewer.get(&scene.by_handle(&scene.enter().await, POSTER)).await.expect(200).body;
    let before = customer.count_sessions().await;
    let minute = Duration::from_mins(1);
    let wrong = [
        (customer.token(&other).await, "unknown_credential", 404),
        (forge.token(video, PRIVATE_TOKEN_TTL_DEFAULT, seed.next()), "credential_expired", 410),
        (Forge::next_door().token(video, minute, seed.next()), "unknown_credential", 404),
    ];
    for (token, reason, own_status) in &wrong {
        for below in [super::MANIFEST, POSTER, super::FILM, "session"] {
            viewer.get(&scene.by_token(token, below)).await.expect_refused(404, reason, &truth);
        }
        viewer.redeem(video, token, &seed.nonce()).await.expect_refused(*own_status, reason, &truth);
    }
    assert_eq!(customer.count_sessions().await, before);
    let nearly = forge.token(video, PRIVATE_TOKEN_TTL_DEFAULT.saturating_sub(2 * minute), seed.next());
    viewer.enter(video, &nearly).await;
    viewer.enter(&other, &wrong[0].0).await;
}
