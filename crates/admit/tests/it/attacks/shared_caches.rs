//! A cache that somebody put in front (U33): what is private is asked of us each time, whoever asked before.

use super::Scene;
use crate::{
    house::{
        Answer, House, Viewer,
        outside::{Outside, Reply},
        slow::address_of,
    },
    support::front::{CACHED, Front},
};

on_one! {
    nginx_keeps_nothing_private,
    varnish_keeps_nothing_private,
}

async fn nginx_keeps_nothing_private(house: &mut House) {
    let known = keeper().await;
    if let (Some(control), Some(front)) =
        (Front::nginx(known.address, CACHED).await, Front::nginx(address_of(house), CACHED).await)
    {
        tell(house, &control, &front, |answer| answer.header("x-cache") == Some("HIT")).await;
    }
}

async fn varnish_keeps_nothing_private(house: &mut House) {
    let known = keeper().await;
    if let (Some(control), Some(front)) = (Front::varnish(known.address).await, Front::varnish(address_of(house)).await)
    {
        // The number of the request that brought it is there where it was kept.
        let is_kept = |answer: &Answer| answer.header("x-varnish").is_some_and(|numbers| numbers.contains(' '));
        tell(house, &control, &front, is_kept).await;
    }
}

/// Somebody whose answers may be kept.
async fn keeper() -> Outside {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nCache-Control: public, max-age=60\r\n\r\na";
    Outside::open("127.0.0.1:0", move |_, _| Reply::Bytes(answer.to_vec())).await
}

async fn tell(house: &House, control: &Front, front: &Front, is_kept: impl Fn(&Answer) -> bool) {
    let through = |front: &Front| Viewer { origin: format!("http://{}", front.addr), ..house.viewer() };
    let plain = through(control);
    plain.get("/a").await.expect(200);
    assert!(is_kept(&plain.get("/a").await.expect(200)), "the control: this cache keeps what it may");

    let scene = Scene::set(house).await;
    let Scene { customer, viewer: direct, video, .. } = &scene;
    let viewer = through(front);
    let ask = async |path: &str, headers: &[(&str, &str)]| {
        let answer = viewer.get_with(path, headers).await;
        assert!(!is_kept(&answer), "{}: {:?}", answer.asked, answer.headers);
        answer
    };
    let segment = scene.segment().await;
    let mut places = ["hls/master.m3u8", "dash/manifest.mpd", "mp4/source.mp4", "thumbnail.jpg", "player.json"]
        .map(|below| scene.at(below))
        .to_vec();
    places.push(segment);
    for place in &places {
        let truth = direct.get(place).await.expect(200).body;
        for _ in 0..3 {
            assert_eq!(ask(place, &[]).await.expect(200).body, truth, "{place}");
        }
    }
    // One address, several people: the first by the token, then by the session it got, then without.
    let token = customer.token(video).await;
    let film = format!("/vod/{video}/token/{token}/mp4/source.mp4");
    let first = ask(&film, &[]).await.expect(200);
    let own = first.header("x-token-session").unwrap().to_owned();
    let other = scene.handle.as_str();
    for _ in 0..2 {
        for headers in [vec![("cookie", format!("admit_session={own}"))], vec![("x-token-session", own.clone())]] {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(ask(&film, &headers).await.expect(200).body, first.body);
        }
        for headers in [vec![], vec![("x-token-session", other)], vec![("cookie", "admit_session=x")]] {
            let refused = ask(&film, &headers).await;
            assert!(refused.status >= 400 && refused.body.len() < 400, "{headers:?}: {}", refused.status);
        }
    }
    // The API with a key, and then without.
    let with_key = customer.http.get(format!("{}/videos", viewer.origin)).basic_auth(&customer.key, Some(""));
    assert!(!is_kept(&Answer::to("the list".to_owned(), with_key).await.expect(200)));
    ask("/videos", &[]).await.expect(401);
    // A refusal is not kept either: who is let in a moment later is let in.
    let late = format!("/vod/{video}/mp4/source.mp4");
    ask(&late, &[]).await.expect(404);
    customer.patch(&format!("/videos/{video}"), &serde_json::json!({ "public": true })).await.expect(200);
    ask(&late, &[]).await.expect(200);
    customer.patch(&format!("/videos/{video}"), &serde_json::json!({ "public": false })).await.expect(200);
    ask(&late, &[]).await.expect(404);
    // And who is no longer let in is not.
    for session in customer.sessions().await {
        customer.delete(&format!("/sessions/{}", session["sessionId"].as_str().unwrap())).await.expect(204);
    }
    for place in &places {
        ask(place, &[]).await.expect_refused(410, "session_ended", b"");
    }
}
