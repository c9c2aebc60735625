//! What a browser asks before a page of another origin may call the API, and what that page can read, errors included.

use http::Method;

use crate::house::{Answer, House, Viewer, on_both};

on_both! {
    a_preflight_is_answered_for_every_call_of_the_published_clients,
    every_answer_can_be_read_by_the_page_that_asked,
}

const PAGE: &str = "https://shop.example";

async fn preflight(viewer: &Viewer, path: &str, method: &str, headers: &str) -> Answer {
    let asked =
        [("origin", PAGE), ("access-control-request-method", method), ("access-control-request-headers", headers)];
    viewer.send(Method::OPTIONS, path, &asked).await
}

fn names(answer: &Answer, header: &'static str) -> Vec<String> {
    answer.header(header).unwrap_or_default().split(',').map(|name| name.trim().to_ascii_lowercase()).collect()
}

async fn a_preflight_is_answered_for_every_call_of_the_published_clients(house: &mut House) {
    let viewer = house.viewer();
    let uploader = "content-range, authorization, av-origin-client, av-origin-app, av-origin-sdk";
    let calls = [
        ("/upload?token=to0000000000000000000000", "POST", uploader),
        ("/videos/vi0000000000000000000000/source", "POST", uploader),
        ("/auth/refresh", "POST", "content-type, av-origin-client"),
        ("/videos/vi0000000000000000000000", "PATCH", "authorization, content-type"),
        ("/upload-tokens/to0000000000000000000000", "DELETE", "authorization"),
        ("/nowhere", "GET", "authorization"),
    ];
    for (path, method, headers) in calls {
        let answer = preflight(&viewer, path, method, headers).await.expect(204);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{path}: the star allows no cookies");
        let (methods, allowed) =
            (names(&answer, "access-control-allow-methods"), names(&answer, "access-control-allow-headers"));
        assert!(methods.contains(&method.to_ascii_lowercase()), "{path}: {methods:?}");
        for header in headers.split(", ") {
            assert!(allowed.contains(&header.to_owned()), "{path}: {header} in {allowed:?}");
        }
        assert!(answer.body.is_empty());
    }
    viewer.send(Method::OPTIONS, "/videos", &[]).await.expect(405);
}

async fn every_answer_can_be_read_by_the_page_that_asked(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let page = [("origin", PAGE)];
    let answers = [
        customer.get("/videos").await.expect(200),
        viewer.get_with("/videos", &page).await.expect(401),
        customer.get("/videos/vi0000000000000000000000").await.expect(404),
        viewer.get_with("/nowhere", &page).await.expect(404),
        viewer.send(Method::PUT, "/videos", &page).await.expect(405),
        viewer.send(Method::POST, "/upload", &page).await.expect(401),
        customer.get("/videos?pageSize=0").await.expect(400),
    ];
    for answer in answers {
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{}", answer.asked);
        let exposed = names(&answer, "access-control-expose-headers");
        for header in ["x-ratelimit-remaining", "retry-after", "admit-request-id"] {
            assert!(exposed.contains(&header.to_owned()), "{}: {header} in {exposed:?}", answer.asked);
        }
    }
    let refused_before_routing = viewer.get("/videos/%54").await.expect(400);
    assert_eq!(refused_before_routing.header("access-control-allow-origin"), Some("*"));
}
