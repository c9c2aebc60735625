//! Cache deception and cache poisoning (U30, U31), and what nobody may find on the public port (U43).

use super::{Scene, say_each};
use crate::house::{Answer, House, say};

on_one! {
    a_private_answer_has_no_second_name,
    what_is_no_part_of_an_address_changes_nothing,
    nothing_of_the_inside_has_an_address,
    no_answer_leads_where_a_request_says,
}

/// An address that a cache in front takes for a picture, and the server for the page or the answer before it.
async fn a_private_answer_has_no_second_name(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let token = customer.token(video).await;
    let private = [
        format!("/vod/{video}"),
        format!("/embed/{video}"),
        format!("/vod/{video}/token/{token}/session"),
        format!("/videos/{video}"),
        "/videos".to_owned(),
        "/settings".to_owned(),
        "/sessions".to_owned(),
        scene.at("player.json"),
        scene.at("hls/master.m3u8"),
        scene.at("storyboard.vtt"),
    ];
    let disguises = [
        "/y.css",
        "/a.jpg",
        "/a/b.js",
        ";x.js",
        ";/x.js",
        "%0a.png",
        "%23.css",
        "%3f.css",
        "%3bx.js",
        ".css",
        ",x.css",
        "~.css",
        "!.js",
        "/.css",
        "/",
        "//x.css",
        "%2fx.css",
        "%5cx.css",
        "/..%2fx.css",
        "%00.css",
        "%20.css",
        "&.css",
    ];
    let before = customer.count_sessions().await;
    for address in &private {
        for disguise in disguises {
            let path = format!("{address}{disguise}");
            let asked =
                [viewer.get(&path).await, Answer::to(path.clone(), customer.request(http::Method::GET, &path)).await];
            for answer in asked {
                let asked = &answer.asked;
                assert!(matches!(answer.status, 400 | 401 | 403 | 404 | 405), "{asked}: {}", answer.status);
                assert_eq!(answer.header("cache-control"), Some("no-store"), "{asked}");
                assert!(answer.body.len() < 500 && answer.header("location").is_none(), "{asked}");
            }
        }
    }
    assert_eq!(customer.count_sessions().await, before, "and nothing was spent");
}

async fn what_is_no_part_of_an_address_changes_nothing(house: &mut House) {
    let scene = Scene::set(house).await;
    let video = &scene.video;
    let unkeyed = [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "gopher"),
        ("x-forwarded-scheme", "http"),
        ("x-forwarded-for", "203.0.113.1"),
        ("x-real-ip", "203.0.113.1"),
        ("true-client-ip", "203.0.113.1"),
        ("x-original-url", "/videos"),
        ("x-rewrite-url", "/videos"),
        ("x-http-method-override", "DELETE"),
        ("x-method-override", "POST"),
        ("x-http-method", "PUT"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
        ("accept", "text/x-evil"),
        ("accept-language", "tlh"),
        ("accept-encoding", "evil"),
        ("accept-charset", "utf-7"),
        ("x-accel-redirect", "/etc/passwd"),
        ("x-sendfile", "/etc/passwd"),
        ("user-agent", "evil"),
        ("pragma", "akamai-x-get-cache-key"),
        ("cache-control", "no-cache"),
        ("x-timer", "evil"),
        ("transfer", "evil"),
    ];
    let places = [
        scene.at("hls/master.m3u8"),
        scene.segment().await,
        scene.at("mp4/source.mp4"),
        scene.at("player.json"),
        format!("/vod/{video}"),
        format!("/vod/{video}/mp4/source.mp4"),
        "/videos".to_owned(),
        "/nowhere".to_owned(),
        "/openapi.json".to_owned(),
        "/livez".to_owned(),
    ];
    for place in &places {
        let plain = scene.viewer.get(place).await;
        for header in unkeyed {
            same(&plain, &scene.viewer.get_with(place, &[header]).await);
        }
        // A GET with a body is the GET.
        let fat = scene.viewer.request(http::Method::GET, place).body("token=evil&avh=evil");
        same(&plain, &Answer::to(format!("fat {place}"), fat).await);
    }
    let title = scene.customer.get(&format!("/videos/{video}")).await.expect(200).text_at("/title");
    assert_eq!(title, "a story", "nothing was changed or deleted");
}

/// But for the time, the request's own name, what is left of its minute, and whether its connection goes on.
fn same(plain: &Answer, answer: &Answer) {
    let told = |answer: &Answer| -> Vec<String> {
        let own = ["date", "admit-request-id", "connection", "x-ratelimit-remaining", "x-ratelimit-retry-after"];
        let told = answer.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
        told.map(|(name, value)| format!("{name}: {value:?}")).collect()
    };
    assert_eq!((answer.status, told(answer)), (plain.status, told(plain)), "{}", answer.asked);
    let without_names = |answer: &Answer| -> Vec<u8> {
        let name = answer.header("admit-request-id").unwrap_or("no name");
        answer.text_or_nothing().replace(name, "").into_bytes()
    };
    assert_eq!(without_names(answer), without_names(plain), "{}", answer.asked);
}

async fn nothing_of_the_inside_has_an_address(house: &mut House) {
    let names = [
        "metrics",
        "metrics/",
        "debug",
        "debug/pprof/",
        "debug/vars",
        "healthz",
        "health",
        "status",
        "server-status",
        "server-info",
        "nginx_status",
        "actuator",
        "actuator/env",
        "admin",
        "console",
        "phpinfo.php",
        ".env",
        ".git/HEAD",
        ".well-known/x",
        "config",
        "config.json",
        "admit.toml",
        "install.key",
        "admit.db",
        "internal",
        "internal/edge",
        "robots.txt",
        "favicon.ico",
        "swagger.json",
        "graphql",
        "trace",
        "heapdump",
        "backup",
        "api",
        "v1",
        "index.html",
    ];
    let requests =
        names.map(|name| format!("GET /{name} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").into_bytes());
    for (request, heard) in say_each(house, requests.to_vec()).await {
        let asked = String::from_utf8_lossy(&request);
        assert_eq!(heard.statuses(), [404], "{asked}: {heard:?}");
        assert!(heard.has("cache-control: no-store") && heard.text.len() < 1_200, "{asked}: {heard:?}");
    }
    // What is there says nothing but that it is.
    for path in ["/livez", "/readyz"] {
        assert!(house.viewer().get(path).await.expect(204).body.is_empty(), "{path}");
    }
}

/// U42: the only way we send anybody is to the video's own address, in its session where it has one.
async fn no_answer_leads_where_a_request_says(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let token = customer.token(video).await;
    let own = viewer.enter(video, &token).await;
    let mut moved = 0;
    for elsewhere in
        ["//evil.example", "/%5Cevil.example", "https://evil.example", "https:evil.example", "javascript:x"]
    {
        let query = ["return_to", "redirect", "redirect_uri", "next", "url", "continue", "r", "callback", "jsonp"]
            .map(|name| format!("{name}={elsewhere}"))
            .join("&");
        for path in [
            format!("/vod/{video}?{query}"),
            format!("/embed/{video}?{query}"),
            format!("/{video}/iframe?{query}"),
            format!("/w/{}?{query}", "a".repeat(22)),
            format!("/vod/{video}/dash/manifest.mpd?{query}"),
            format!("/vod/{video}/token/{token}/hls/manifest.m3u8?avh={own}&{query}"),
            format!("/videos?{query}"),
            format!("/nowhere?{query}"),
            format!("/{elsewhere}"),
        ] {
            let answer = viewer.get_with(&path, &[("referer", elsewhere), ("origin", elsewhere)]).await;
            if let Some(location) = answer.header("location") {
                assert!(location.starts_with("/s/") || location.starts_with("/vod/vi"), "{}: {location}", answer.asked);
                moved += 1;
            }
            let body = answer.text_or_nothing();
            assert!(!body.contains("evil") && !body.contains("javascript:x"), "{}: {body}", answer.asked);
        }
    }
    say(&format!("{moved} were sent to their own place"));
}
