//! Pages of any origin (U35), and names of hosts that are not ours (U11): what is answered, and what is made of them.

use http::Method;

use super::Scene;
use crate::house::House;

on_one! {
    every_origin_is_told_the_same,
    a_name_that_a_client_says_is_in_no_answer,
}

async fn every_origin_is_told_the_same(house: &mut House) {
    let scene = Scene::set(house).await;
    let origins = [
        "null",
        "https://video.example.org",
        "https://sub.video.example.org",
        "https://video.example.org.evil.example",
        "https://evilvideo.example.org",
        "HTTPS://VIDEO.EXAMPLE.ORG",
        "https://video.example.org:8443",
        "http://127.0.0.1",
        "https://xn--vido-bpa.example.org",
    ];
    let classes = [
        scene.at("hls/master.m3u8"),
        scene.segment().await,
        format!("/vod/{}/mp4/source.mp4", scene.video),
        format!("/vod/{}", scene.video),
        "/videos".to_owned(),
        "/nowhere".to_owned(),
        "/%2e%2e/x".to_owned(),
    ];
    for path in &classes {
        let plain = scene.viewer.get_with(path, &[("cookie", "admit_session=x; a=b")]).await;
        for origin in origins {
            for method in [Method::GET, Method::OPTIONS] {
                let preflight = [
                    ("origin", origin),
                    ("cookie", "admit_session=x; a=b"),
                    ("access-control-request-method", "GET"),
                    ("access-control-request-headers", "authorization"),
                ];
                let headers = if method == Method::GET { &preflight[..2] } else { &preflight[..] };
                let answer = scene.viewer.send(method.clone(), path, headers).await;
                let asked = &answer.asked;
                // Nobody's cookie opens anything of the API, so a star is true; the page is no resource at all.
                let allowed = answer.header("access-control-allow-origin");
                assert!(matches!(allowed, None | Some("*")), "{asked}: {allowed:?}");
                assert_eq!(answer.header("access-control-allow-credentials"), None, "{asked}");
                assert_eq!(answer.header("access-control-allow-private-network"), None, "{asked}");
                for (name, value) in &answer.headers {
                    assert!(!value.to_str().unwrap().contains("evil"), "{asked}: {name}: {value:?}");
                }
                if method == Method::GET {
                    assert_eq!((answer.status, &answer.body), (plain.status, &plain.body), "{asked}");
                }
            }
        }
    }
}

async fn a_name_that_a_client_says_is_in_no_answer(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let named = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-prefix", "/evil.example"),
        ("x-forwarded-port", "666"),
        ("x-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-url", "/evil.example"),
    ];
    let with = |request: reqwest::RequestBuilder| {
        named.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    let token = customer.token(video).await;
    let requests = [
        with(customer.request(Method::GET, &format!("/videos/{video}"))),
        with(customer.request(Method::GET, "/videos")),
        with(customer.request(Method::POST, "/signed-urls").json(&serde_json::json!({ "videoId": video }))),
        with(customer.request(Method::POST, &format!("/videos/{video}/links")).json(&serde_json::json!({}))),
        with(viewer.request(Method::GET, &scene.at("hls/master.m3u8"))),
        with(viewer.request(Method::GET, &scene.at("player.json"))),
        with(viewer.request(Method::GET, &format!("/vod/{video}/token/{token}/mp4/source.mp4"))),
        with(viewer.request(Method::GET, &format!("/vod/{video}"))),
        with(viewer.request(Method::GET, "/nowhere")),
        with(viewer.request(Method::GET, "/openapi.json")),
    ];
    for request in requests {
        let asked = format!("{request:?}");
        let answer = request.send().await.unwrap();
        let told: Vec<_> = answer.headers().values().map(|value| value.to_str().unwrap().to_owned()).collect();
        let told = told.join("\n");
        let body = answer.bytes().await.unwrap();
        assert!(!told.contains("evil") && !told.contains("666"), "{asked}: {told}");
        assert!(!body.windows(4).any(|window| window == b"evil"), "{asked}");
    }
}
