//! How a session goes on after the first visit: in a header, in the query, in the addresses of a playlist, in a cookie.

use super::{FILM, MANIFEST, POSTER, Scene};
use crate::house::{House, on_both};

on_both! {
    the_first_visit_spends_the_token_and_tells_the_session,
    a_bare_film_goes_on_by_its_cookie,
    a_range_is_what_was_asked_for,
}

async fn the_first_visit_spends_the_token_and_tells_the_session(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video } = &scene;
    for (sessions, first) in (1..).zip([POSTER, MANIFEST, FILM]) {
        let token = scene.token().await;
        let at = |below: &str| scene.by_token(&token, below);
        let opened = viewer.get(&at(first)).await.expect(200);
        let handle = opened.header("x-token-session").expect("the new session is told").to_owned();
        assert!(opened.header("access-control-expose-headers").unwrap().contains("X-Token-Session"));
        // Without the session the token is spent for every address, as api.video's manual says.
        for below in [POSTER, MANIFEST, FILM, "session"] {
            viewer.get(&at(below)).await.expect_refused(404, "credential_spent", &opened.body);
        }
        for below in [POSTER, MANIFEST, FILM] {
            let by_query = viewer.get(&format!("{}?avh={handle}", at(below))).await.expect(200);
            let by_header = viewer.get_with(&at(below), &[("x-token-session", &handle)]).await.expect(200);
            assert_eq!(by_query.body, by_header.body);
            assert_eq!(by_query.header("x-token-session"), None, "a session that goes on is not told again");
            assert_eq!(by_query.header("set-cookie"), None);
        }
        let again = viewer.get(&format!("{}?avh={handle}", at(first))).await.expect(200);
        assert_eq!(again.body, opened.body);
        assert_eq!(customer.count_sessions().await, sessions, "one session for each token");
    }
    // The children of a playlist at a token's address go by session, so a player needs neither header nor cookie.
    let token = scene.token().await;
    let playlist = viewer.get(&scene.by_token(&token, MANIFEST)).await.expect(200);
    let handle = playlist.header("x-token-session").unwrap();
    let children: Vec<_> = playlist.text().lines().filter(|line| !line.starts_with('#')).collect();
    assert!(!children.is_empty());
    for child in children {
        assert!(child.starts_with(&format!("/s/{handle}/{video}/hls/")), "{child}");
        viewer.get(child).await.expect(200);
    }
    assert!(!playlist.text().contains(&token), "a spent token is not handed on");
    assert_eq!(playlist.header("cache-control"), Some("private, no-store"));
}

async fn a_bare_film_goes_on_by_its_cookie(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, .. } = &scene;
    let token = scene.token().await;
    let film = scene.by_token(&token, FILM);
    let first = viewer.get_with(&film, &[("range", "bytes=0-")]).await.expect(206);
    let cookie = first.header("set-cookie").expect("a cookie for whoever only repeats ranges").to_owned();
    let attributes: Vec<_> = cookie.split("; ").collect();
    let handle = first.header("x-token-session").unwrap();
    assert_eq!(attributes[0], format!("admit_session={handle}"));
    assert!(attributes.contains(&format!("Path={film}").as_str()), "for this very address: {cookie}");
    assert!(attributes.contains(&"HttpOnly") && attributes.contains(&"SameSite=Lax"), "{cookie}");
    assert!(!cookie.contains("Secure"), "a browser drops that one on plain http: {cookie}");

    let whole = first.body;
    let middle = [("cookie", attributes[0]), ("range", "bytes=1000-1999")];
    let part = viewer.get_with(&film, &middle).await.expect(206);
    assert_eq!(part.body, whole.slice(1000..2000));
    assert_eq!(part.header("content-range").unwrap(), format!("bytes 1000-1999/{}", whole.len()));
    viewer.get_with(&film, &middle[1..]).await.expect_refused(503, "not_a_redeem", &whole);
    viewer.get(&film).await.expect_refused(404, "credential_spent", &whole);
    let forged = [("cookie", "admit_session=nonsense")];
    viewer.get_with(&film, &forged).await.expect_refused(404, "malformed_handle", &whole);
    // A poster is no bare film: whoever fetches it replays a header.
    let poster = viewer.get(&scene.by_token(&scene.token().await, POSTER)).await.expect(200);
    assert_eq!(poster.header("set-cookie"), None);
    assert_eq!(customer.count_sessions().await, 2);
}

/// What RFC 9110 says of a range, by session, and nothing of a validator for a stranger (U18–U20).
async fn a_range_is_what_was_asked_for(house: &mut House) {
    let scene = Scene::set(house).await;
    let viewer = &scene.viewer;
    let film = scene.by_handle(&scene.enter().await, FILM);
    let whole = viewer.get(&film).await.expect(200);
    let (truth, etag) = (whole.body.clone(), whole.header("etag").unwrap().to_owned());
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let size = truth.len();
    let last = size - 1;
    let many = format!("bytes={}", vec!["0-"; 600].join(","));
    let cases = [
        ("bytes=0-0".to_owned(), 206, 0..1),
        ("bytes=0-".to_owned(), 206, 0..size),
        ("bytes=-1".to_owned(), 206, last..size),
        (format!("bytes=-{}", size + 5), 206, 0..size),
        (format!("bytes={last}-"), 206, last..size),
        (format!("bytes=0-{}", u64::MAX), 206, 0..size),
        ("bytes=0-18446744073709551616".to_owned(), 206, 0..size),
        (format!("bytes={size}-"), 416, 0..0),
        ("bytes=-0".to_owned(), 416, 0..0),
        ("bytes=18446744073709551616-".to_owned(), 416, 0..0),
        ("bytes=5-2".to_owned(), 200, 0..size),
        ("bytes=a-b".to_owned(), 200, 0..size),
        ("items=0-1".to_owned(), 200, 0..size),
        ("Bytes=0-1".to_owned(), 200, 0..size),
        ("bytes=0-1,3-4".to_owned(), 200, 0..size),
        ("bytes=0-,-9223372036854775808".to_owned(), 200, 0..size),
        (many, 200, 0..size),
    ];
    for (range, status, wanted) in cases {
        let answer = viewer.get_with(&film, &[("range", &range)]).await.expect(status);
        assert_eq!(answer.body, truth.slice(wanted), "{range}");
        if status == 416 {
            assert_eq!(answer.header("content-range").unwrap(), format!("bytes */{size}"), "{range}");
        }
    }
    viewer.get_with(&film, &[("if-none-match", &etag)]).await.expect(304);
    let changed = [("if-range", "\"another\""), ("range", "bytes=0-0")];
    assert_eq!(viewer.get_with(&film, &changed).await.expect(200).body, truth);
    viewer.get_with(&film, &[("if-range", &etag), ("range", "bytes=0-0")]).await.expect(206);
    // A stranger who knows the validator learns nothing.
    let stranger = format!("/vod/{}/{FILM}", scene.video);
    for header in [("if-none-match", etag.as_str()), ("if-none-match", "*"), ("range", "bytes=999999999-")] {
        viewer.get_with(&stranger, &[header]).await.expect_refused(404, "no_handle", &truth);
    }
}
