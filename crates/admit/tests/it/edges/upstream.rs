//! The gate before an origin that is not ours: a real nginx with a film that a real packager made.

use std::{path::Path, process::Stdio};

use http::Method;
use serde_json::json;

use super::REVOKED_MAX;
use crate::{
    house::{Customer, House, Viewer, clip, command, outpost::Outpost, slow::Slow, until::until},
    support::front::Front,
};

const PLAYLIST: &str = "index.m3u8";
const PAGE: &str = "page.html";
/// So large that no buffer between takes it in.
const LARGE_BYTES: usize = 64 << 20;

struct Scene {
    customer: Customer,
    /// At the control plane.
    here: Viewer,
    video: String,
    films: tempfile::TempDir,
    nginx: Front,
    outpost: Outpost,
}

impl Scene {
    /// None, and a word about it, where there is no nginx.
    async fn set(house: &House) -> Option<Self> {
        let (customer, here) = (house.customer().await, house.viewer());
        let video = customer.create_private().await;
        let films = tempfile::tempdir().unwrap();
        package(&films.path().join(&video)).await;
        std::fs::write(films.path().join("outside.ts"), "outside").unwrap();
        let nginx = Front::nginx_of(films.path()).await?;
        let upstream = format!("http://{}", nginx.addr);
        let outpost = Outpost::open(house, &[("ADMIT_EDGE_UPSTREAM", &upstream)]).await;
        Some(Self { customer, here, video, films, nginx, outpost })
    }

    /// The address of a session's folder at the edge.
    async fn enter(&self) -> String {
        let handle = self.here.enter(&self.video, &self.customer.token(&self.video).await).await;
        format!("/s/{handle}/{}", self.video)
    }

    fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.films.path().join(&self.video).join(name)).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.films.path().join(&self.video)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

/// HLS as ffmpeg writes it, and things that no player wants.
async fn package(folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    let mut ffmpeg = command("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(clip::small()).args(["-c", "copy", "-f", "hls", "-hls_time", "1"]);
    ffmpeg.args(["-hls_playlist_type", "vod"]).arg(folder.join(PLAYLIST)).stdin(Stdio::null());
    assert!(ffmpeg.status().await.unwrap().success());
    std::fs::write(folder.join(PAGE), "<script>steal()</script>").unwrap();
    std::fs::write(folder.join("large.mp4"), vec![7; LARGE_BYTES]).unwrap();
}

pub(super) async fn another_origin_is_behind_the_gate(house: &mut House) {
    let Some(scene) = Scene::set(house).await else { return };
    let (viewer, folder) = (scene.outpost.viewer(), scene.enter().await);
    for name in scene.names().iter().filter(|name| *name != PAGE) {
        let answer = viewer.get(&format!("{folder}/{name}")).await.expect(200);
        assert!(answer.body == scene.file(name), "{name} has other bytes");
        assert_eq!(answer.header("cache-control"), Some("private, no-store"), "{name}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{name}");
        assert_eq!(answer.header("server"), None, "{name}: what is behind is nobody's business");
    }
    let path = format!("{folder}/large.mp4");
    let whole = viewer.head(&path).await.expect(200);
    assert_eq!((whole.header("content-length"), whole.body.len()), (Some("67108864"), 0));
    let part = viewer.get_with(&path, &[("range", "bytes=5-9")]).await.expect(206);
    assert_eq!((part.header("content-range"), part.body.len()), (Some("bytes 5-9/67108864"), 5));
    viewer.get_with(&path, &[("range", "bytes=67108864-")]).await.expect(416);
    let several = viewer.get_with(&path, &[("range", "bytes=0-1,5-6")]).await.expect(200);
    assert_eq!(several.body.len(), LARGE_BYTES, "several ranges are the whole, as of films of ours");
    let etag = whole.header("etag").expect("nginx names what it has").to_owned();
    viewer.get_with(&path, &[("if-none-match", &etag)]).await.expect(304);

    // By every address that leads to a film, and by no other kind of thing.
    let moved = viewer.get(&format!("{folder}/hls/master.m3u8")).await.expect(302);
    assert_eq!(moved.header("location"), Some(format!("{folder}/{PLAYLIST}").as_str()));
    let token = scene.customer.token(&scene.video).await;
    let moved = viewer.get(&format!("/vod/{}/token/{token}/hls/manifest.m3u8", scene.video)).await.expect(302);
    viewer.get(moved.header("location").expect("where it is")).await.expect(200);
    viewer.get(&format!("{folder}/{PAGE}")).await.expect_refused(404, "not_found", b"script");
    viewer.get(&format!("{folder}/missing.ts")).await.expect_refused(404, "not_found", b"");
    let asked = format!("{folder}/{PLAYLIST}?_HLS_msn=3&avh=secret");
    let headers = [("cookie", "a=secret"), ("authorization", "Bearer secret"), ("x-token-session", "secret")];
    viewer.get_with(&asked, &headers).await.expect(200);

    let said = scene.nginx.end().await;
    assert!(said.contains(&format!("GET /{}/{PLAYLIST}?_HLS_msn=3 HTTP/1.1", scene.video)), "{said}");
    let handle = folder.split('/').nth(2).unwrap();
    for secret in ["secret", handle, "127.0.0.1", ".html"] {
        assert!(!said.contains(secret), "the other origin was told {secret}:\n{said}");
    }
    viewer.get(&format!("{folder}/{PLAYLIST}")).await.expect_refused(503, "cannot_know", b"#EXTM3U");
}

pub(super) async fn whoever_has_no_right_does_not_reach_another_origin(house: &mut House) {
    let Some(scene) = Scene::set(house).await else { return };
    let (viewer, folder) = (scene.outpost.viewer(), scene.enter().await);
    let video = &scene.video;
    let other = scene.customer.create_private().await;
    let handle = folder.split('/').nth(2).unwrap();
    let forged: String = handle.chars().rev().collect();
    let ended = scene.enter().await;
    let session = house.forge().session_of(ended.split('/').nth(2).unwrap(), video);
    scene.customer.delete(&format!("/sessions/{session}")).await.expect(204);
    until(REVOKED_MAX, "the edge refuses the session", async || {
        (viewer.get(&format!("{ended}/hls/master.m3u8")).await.status == 410).then_some(())
    })
    .await;
    for path in [
        format!("{ended}/{PLAYLIST}"),
        format!("/s/{forged}/{video}/{PLAYLIST}"),
        format!("/s/{handle}/{other}/{PLAYLIST}"),
        format!("/s/x/{video}/{PLAYLIST}"),
        format!("/u/{handle}/{video}/{PLAYLIST}"),
        format!("/vod/{video}/{PLAYLIST}"),
        format!("/vod/{video}/{PLAYLIST}?token=nothing"),
        format!("/embed/{video}/{PLAYLIST}"),
        format!("/{video}/{PLAYLIST}"),
        format!("{folder}/../outside.ts"),
        format!("{folder}/%2e%2e/outside.ts"),
        format!("{folder}/..%2foutside.ts"),
        format!("{folder}//{PLAYLIST}"),
        format!("{folder}/{PLAYLIST}/"),
        format!("{folder}/{PLAYLIST}%00"),
        format!("{folder}/.{PLAYLIST}"),
    ] {
        let answer = viewer.get(&path).await;
        assert!(matches!(answer.status, 400 | 401 | 403 | 404 | 410), "{path}: {}", answer.status);
        assert!(!answer.text_or_nothing().contains("#EXTM3U") && answer.text_or_nothing() != "outside", "{path}");
    }
    for (method, status) in [(Method::POST, 405), (Method::PUT, 405), (Method::DELETE, 405), (Method::OPTIONS, 204)] {
        viewer.send(method, &format!("{folder}/{PLAYLIST}"), &[]).await.expect(status);
    }
    // By rules and rights too: pictures are another right than the film.
    let rules = format!("/videos/{video}/access-rules");
    scene.customer.put(&rules, &json!({ "rights": ["pictures"] })).await.expect(200);
    until(REVOKED_MAX, "the edge heeds the rule", async || {
        (viewer.get(&format!("{folder}/hls/master.m3u8")).await.status == 403).then_some(())
    })
    .await;
    viewer.get(&format!("{folder}/{PLAYLIST}")).await.expect_refused(403, "missing_right", b"#EXTM3U");
    viewer.get(&format!("{folder}/large.mp4")).await.expect_refused(403, "missing_right", b"");
    viewer.get(&format!("{folder}/poster.jpg")).await.expect_refused(404, "not_found", b"");

    let said = scene.nginx.end().await;
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(
        lines,
        [format!("GET /{video}/poster.jpg HTTP/1.1 - - - -")],
        "nothing else was asked of the other origin"
    );
}

pub(super) async fn a_body_of_another_origin_is_cut(house: &mut House) {
    let Some(scene) = Scene::set(house).await else { return };
    let (viewer, folder) = (scene.outpost.viewer(), scene.enter().await);
    let path = format!("{folder}/large.mp4");
    let slow = Slow::get_at(scene.outpost.origin(), &path).await;
    let session = house.forge().session_of(folder.split('/').nth(2).unwrap(), &scene.video);
    scene.customer.delete(&format!("/sessions/{session}")).await.expect(204);
    until(REVOKED_MAX, "the edge refuses the session", async || (viewer.head(&path).await.status == 410).then_some(()))
        .await;
    let (_, body) = slow.rest().await;
    assert!(body.len() < LARGE_BYTES, "all {} bytes came", body.len());
    assert!(body.iter().all(|byte| *byte == 7), "what came before was right");
}
