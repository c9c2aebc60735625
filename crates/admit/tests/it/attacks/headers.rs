//! The exact headers of every class of answer (U34), as `docs/http-headers.md` has them; `ADMIT_UPDATE=1` writes it anew.

use std::fmt::Write as _;

use http::Method;
use serde_json::json;

use super::Scene;
use crate::house::{Answer, House, told as told_by};

on_one! {
    every_class_of_answer_has_its_headers,
}

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/http-headers.md");

const INTRODUCTION: &str = "# The headers of every class of answer

What each answer says beside its body. A test holds the program to this page; `ADMIT_UPDATE=1` writes it anew
(`cargo test -p admit --test it every_class_of_answer`). Lengths, tags, times, names of requests and secrets are left
out. Behind https, cookies are `SameSite=None; Secure`.
";

async fn every_class_of_answer_has_its_headers(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, handle } = &scene;
    let segment = scene.segment().await;
    let token = customer.token(video).await;
    let origin = [("origin", "https://shop.example")];
    let bundle = viewer.get(&format!("/vod/{video}")).await.expect(200);
    let bundle = bundle.text().split("\"/player/").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
    let mut classes = vec![
        ("A playlist", viewer.get_with(&scene.at("hls/master.m3u8"), &origin).await.expect(200)),
        ("A manifest", viewer.get_with(&scene.at("dash/manifest.mpd"), &origin).await.expect(200)),
        ("A segment", viewer.get_with(&segment, &origin).await.expect(200)),
        ("A part of a segment", viewer.get_with(&segment, &[("range", "bytes=0-9")]).await.expect(206)),
        ("A range that is not there", viewer.get_with(&segment, &[("range", "bytes=-0")]).await.expect(416)),
        ("A segment that is known", viewer.get_with(&segment, &[("if-none-match", "*")]).await.expect(304)),
        ("A film", viewer.get_with(&scene.at("mp4/source.mp4"), &origin).await.expect(200)),
        ("A poster", viewer.get(&scene.at("thumbnail.jpg")).await.expect(200)),
        ("A storyboard", viewer.get(&scene.at("storyboard.vtt")).await.expect(200)),
        ("What the player is told", viewer.get(&scene.at("player.json")).await.expect(200)),
        ("An embed page", viewer.get(&format!("/vod/{video}")).await.expect(200)),
        ("A session by its token", viewer.redeem(video, &token, "0123456789abcdef").await.expect(200)),
        ("Media refused: no session", viewer.get(&format!("/vod/{video}/mp4/source.mp4")).await.expect(404)),
        ("Media refused: a wrong handle", viewer.get(&format!("/s/{handle}x/{video}/thumbnail.jpg")).await.expect(401)),
        ("A preflight of media", viewer.send(Method::OPTIONS, &segment, &preflight()).await.expect(204)),
        ("The API", customer.get("/videos").await.expect(200)),
        ("The API: something made", customer.post("/videos", &json!({ "title": "a" })).await.expect(201)),
        ("The API: no key", viewer.get("/videos").await.expect(401)),
        ("The API: nothing there", customer.get("/nowhere").await.expect(404)),
        ("A preflight of the API", viewer.send(Method::OPTIONS, "/videos", &preflight()).await.expect(204)),
        ("The API's document", viewer.get("/openapi.json").await.expect(200)),
        ("Alive", viewer.get("/livez").await.expect(204)),
        ("Refused before it was routed", viewer.get("/videos/%54").await.expect(400)),
    ];
    if let Some(file) = bundle {
        classes.push(("A file of the player", viewer.get(&format!("/player/{file}")).await.expect(200)));
    }
    let film = viewer.get(&format!("/vod/{video}/token/{}/mp4/source.mp4", customer.token(video).await)).await;
    classes.push(("A film by its token", film.expect(200)));

    let mut page = INTRODUCTION.to_owned();
    for (class, answer) in &classes {
        write!(page, "\n## {class}\n\n```\n{}```\n", told_in(answer)).unwrap();
        assert!(answer.header("server").is_none() && answer.header("x-powered-by").is_none(), "{class}");
        let kept = answer.header("cache-control").unwrap_or_default();
        // A preflight is kept by what it says itself, and the player's files are everybody's.
        let is_of_everybody = class.contains("preflight") || *class == "A file of the player";
        assert!(is_of_everybody || kept.contains("no-store") || kept.starts_with("private"), "{class}: {kept}");
    }
    if told_by("ADMIT_UPDATE").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    // Where the player was not built in, its file is not on the page.
    let known = std::fs::read_to_string(PAGE).unwrap();
    for section in page.split("\n## ") {
        assert!(known.contains(section.trim_end()), "docs/http-headers.md says otherwise of {section}");
    }
}

fn preflight() -> [(&'static str, &'static str); 3] {
    [
        ("origin", "https://shop.example"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "range"),
    ]
}

/// Status and headers in the order of their names, without what is another each time.
fn told_in(answer: &Answer) -> String {
    let own = ["date", "admit-request-id", "content-length", "etag", "content-range", "x-token-session", "location"];
    let counted = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-retry-after"];
    let mut lines: Vec<_> = answer
        .headers
        .iter()
        .map(|(name, value)| match name.as_str() {
            name if own.contains(&name) || counted.contains(&name) => format!("{name}: …\n"),
            "set-cookie" => {
                let attributes: Vec<_> = value.to_str().unwrap().split("; ").skip(1).collect();
                let kept = attributes
                    .iter()
                    .filter(|attribute| !attribute.starts_with("Max-Age=") && !attribute.starts_with("Path="));
                format!(
                    "set-cookie: admit_session=…; Path=…; Max-Age=…; {}\n",
                    kept.copied().collect::<Vec<_>>().join("; ")
                )
            }
            name => format!("{name}: {}\n", value.to_str().unwrap()),
        })
        .collect();
    lines.sort();
    format!("{}\n{}", answer.status, lines.concat())
}
