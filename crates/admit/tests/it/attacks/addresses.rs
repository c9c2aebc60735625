//! Paths and queries that mean another place to somebody (U05–U09), below every address of media.

use super::{Scene, say_each};
use crate::{house::House, support::raw::Heard};

on_one! {
    no_spelling_of_a_way_up_leads_anywhere,
    no_byte_opens_anything,
    an_address_of_media_has_one_spelling,
    a_credential_beside_media_has_one_reading,
}

/// Ways to say "up", ways to say "slash", and places that attackers want.
const UPS: [&str; 12] = [
    "..",
    "%2e%2e",
    "%2E.",
    ".%2e",
    "%252e%252e",
    "..;",
    ".;",
    "%u002e%u002e",
    "%c0%ae%c0%ae",
    "%ef%bc%8e%ef%bc%8e",
    "....",
    "%00..",
];
const SLASHES: [&str; 8] = ["/", "%2f", "%5c", "\\", "%252f", "%c0%af", "//", "%u2215"];
const WANTED: [&str; 4] = ["etc/passwd", "install.key", "admit.db", "windows/win.ini"];
/// What some database, shell or template would take for a command.
const COMMANDS: [&str; 24] = [
    "'",
    "\"",
    "'--",
    "'%20OR%20'1'='1",
    "1;DROP%20TABLE%20video",
    "%27%20UNION%20SELECT%201--",
    "`id`",
    "$(id)",
    "|id",
    ";id",
    "&&id",
    "%0aid",
    "{{7*7}}",
    "${7*7}",
    "%3Cscript%3E",
    "<svg/onload=x>",
    "*)(uid=*",
    "%25n%25n",
    "../../../../",
    "file:///etc/passwd",
    "http://127.0.0.1:22/",
    "%2fproc%2fself%2fenviron",
    "CON",
    "nul.mp4",
];

/// Everything that has a place for somebody's text; `{x}` is that place.
fn places(scene: &Scene, token: &str) -> Vec<String> {
    let Scene { video, handle, .. } = scene;
    vec![
        format!("/s/{handle}/{video}/{{x}}"),
        format!("/s/{handle}/{video}/media/{{x}}/init.mp4"),
        format!("/s/{handle}/{{x}}/hls/master.m3u8"),
        format!("/s/{{x}}/{video}/hls/master.m3u8"),
        format!("/u/{{x}}/{video}/mp4/source.mp4"),
        format!("/vod/{video}/{{x}}"),
        format!("/vod/{{x}}/hls/manifest.m3u8"),
        format!("/vod/{video}/token/{token}/{{x}}"),
        format!("/vod/{video}/token/{{x}}/session"),
        format!("/{video}/{{x}}"),
        "/player/{x}".to_owned(),
        "/w/{x}".to_owned(),
        "/videos/{x}/status".to_owned(),
        "/{x}".to_owned(),
    ]
}

fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").into_bytes()
}

/// One answer, which is a refusal of ours and small.
fn expect_refused(request: &[u8], heard: &Heard) {
    let asked = String::from_utf8_lossy(request);
    assert!(matches!(heard.statuses()[..], [400..=499]), "{asked}: {heard:?}");
    assert!(heard.text.len() < 1_500, "{asked}: {} bytes", heard.text.len());
    assert!(!heard.has("root:x:") && !heard.has("\r\nlocation:"), "{asked}: {heard:?}");
    assert!(heard.has("\r\ncache-control: no-store"), "{asked}: {heard:?}");
}

async fn no_spelling_of_a_way_up_leads_anywhere(house: &mut House) {
    let scene = Scene::set(house).await;
    let token = scene.customer.token(&scene.video).await;
    let mut requests = Vec::new();
    for place in places(&scene, &token) {
        for (index, up) in UPS.iter().enumerate() {
            for slash in SLASHES {
                let (depth, wanted) = (1 + index % 6, WANTED[index % WANTED.len()]);
                let payload = format!("{}{wanted}", format!("{up}{slash}").repeat(depth));
                requests.push(get(&place.replace("{x}", &payload)));
            }
        }
        for command in COMMANDS {
            requests.push(get(&place.replace("{x}", command)));
        }
    }
    assert!(requests.len() >= 1_600, "{}", requests.len());
    for (request, heard) in say_each(house, requests).await {
        expect_refused(&request, &heard);
    }
    // The token that stood in so many of them was not spent.
    scene.viewer.enter(&scene.video, &token).await;
}

async fn no_byte_opens_anything(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { video, handle, .. } = &scene;
    let mut requests = Vec::new();
    for byte in 0..=u8::MAX {
        for spelled in [format!("%{byte:02x}"), format!("%25{byte:02x}")] {
            requests.push(get(&format!("/s/{handle}{spelled}/{video}/hls/master.m3u8")));
            requests.push(get(&format!("/s/{handle}/{video}/hls/master.m3u8{spelled}")));
            requests.push(get(&format!("/s/{handle}/{video}{spelled}/hls/master.m3u8")));
        }
        if !byte.is_ascii_alphanumeric() {
            let mut raw = format!("GET /s/{handle}/{video}/hls/master.m3u8").into_bytes();
            // These begin the query, or end the target.
            if !matches!(byte, b'?' | b' ') {
                raw.push(byte);
                raw.extend(b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                requests.push(raw);
            }
        }
    }
    for (request, heard) in say_each(house, requests).await {
        expect_refused(&request, &heard);
    }
}

/// U06–U08, spelled out: what has two readings is 400, what is merely another name is 404, and nothing is moved.
async fn an_address_of_media_has_one_spelling(house: &mut House) {
    let scene = Scene::set(house).await;
    let right = scene.at("hls/master.m3u8");
    scene.viewer.get(&right).await.expect(200);
    let Scene { video, handle, .. } = &scene;
    let rows = [
        (format!("/{right}"), 400),
        (format!("/.{right}"), 400),
        (right.replace("/hls/", "/./hls/"), 400),
        (right.replace("/hls/", "//hls/"), 400),
        (right.replace("/hls/", "/x/../hls/"), 400),
        (right.replace("/hls/", "%2fhls%2f"), 400),
        (right.replace("/hls/", "/%68ls/"), 400),
        (right.replace("/hls/", "/hls%00/"), 400),
        (right.replace("/hls/", "/h\\ls/"), 400),
        (format!("{right}%0d%0aX:1"), 400),
        (format!("{right}%zz"), 400),
        (format!("{right}%"), 400),
        (format!("{right}/"), 404),
        (format!("{right}."), 404),
        (format!("{right}%20"), 404),
        (format!("{right};a=b"), 404),
        (format!("{right},"), 404),
        (right.replace("/hls/", "/HLS/"), 404),
        (right.replacen("/s/", "/S/", 1), 404),
        (right.replace(video, &video.to_uppercase()), 404),
        (right.replace("master", "master%CC%81"), 404),
        (right.replace("/hls/", "/hls;x/"), 404),
        (format!("/s/{handle}/{handle}/{video}/hls/master.m3u8"), 404),
    ];
    for (target, status) in rows {
        let (request, heard) = say_each(house, vec![get(&target)]).await.remove(0);
        assert_eq!(heard.statuses(), [status], "{target}: {heard:?}");
        expect_refused(&request, &heard);
    }
}

/// U09 beside media: ambiguity is never resolved by order, and a credential is not lost on the way either.
async fn a_credential_beside_media_has_one_reading(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { video, handle, customer, .. } = &scene;
    let token = customer.token(video).await;
    let film = format!("/vod/{video}/token/{token}/mp4/source.mp4");
    // Spend it, so that only the session opens the film; ours is another token's, so the pair must not agree.
    let own = scene.viewer.enter(video, &token).await;
    let many = "&p=1".repeat(1_000);
    // The same twice is one credential, whichever of them is read.
    let opened = ["", "a=b&", &format!("avh={own}&")].map(|before| format!("{before}avh={own}"));
    let opened = opened.into_iter().chain([format!("avh={own}{many}")]);
    for query in opened {
        scene.viewer.get(&format!("{film}?{query}")).await.expect(200);
    }
    let refused = [
        (format!("avh={own}&avh={handle}"), 400),
        (format!("avh={handle}&avh={own}"), 400),
        (format!("avh[]={own}"), 400),
        (format!("AVH={own}"), 400),
        (format!("%61vh={own}"), 400),
        (format!("x=1;avh={own}"), 404),
        (format!("avh={own};avh={own}"), 404),
        (format!("avh=+{own}"), 404),
        (format!("avh={own}%20"), 404),
        (format!("&amp;avh={own}"), 404),
        ("avh".to_owned(), 404),
        ("avh=".to_owned(), 404),
    ];
    for (query, status) in refused {
        let (request, heard) = say_each(house, vec![get(&format!("{film}?{query}"))]).await.remove(0);
        assert_eq!(heard.statuses(), [status], "{query}: {heard:?}");
        expect_refused(&request, &heard);
    }
}
