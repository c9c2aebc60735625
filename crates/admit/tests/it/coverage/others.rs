//! Addresses that take credentials of other kinds, and other services' addresses: each refuses whoever shows nothing, and
//! whoever shows what proves nothing.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Method;
use serde_json::json;

use super::{Scene, inventory::Inventory};
use crate::house::Answer;

/// What is read of other services' addresses, in our words.
const ASSETS: [(&str, &str); 4] = [
    ("manifest/video.m3u8", "hls/master.m3u8"),
    ("manifest/video.mpd", "dash/manifest.mpd"),
    ("thumbnails/thumbnail.jpg", "thumbnail.jpg"),
    ("downloads/default.mp4", "mp4/source.mp4"),
];
/// The same, of those who name the video alone.
const BY_VIDEO: [(&str, &str); 4] = [
    ("/thumbnail.jpg", "thumbnail.jpg"),
    ("/storyboard.vtt", "storyboard.vtt"),
    ("/highest.mp4", "mp4/source.mp4"),
    (".m3u8", "hls/master.m3u8"),
];

/// Asks at all of them, and notes that it did.
pub(super) async fn refuse(scene: &Scene, inventory: &mut Inventory) {
    let Scene { viewer, video, handle, .. } = scene;
    let truth = async |below: &str| viewer.get(&format!("/s/{handle}/{video}/{below}")).await.expect(200).body;
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let claims = json!({ "sub": video, "exp": 4_000_000_000_i64, "iat": 1 }).to_string();
    // Well-formed, of the right video, and signed by nobody.
    let token = format!("{}.{}.{}", part(r#"{"alg":"HS256","kid":"k"}"#), part(&claims), part("nobody"));
    let post = async |path: &str| {
        let request = viewer.request(Method::POST, path).json(&json!({ "nonce": "0123456789abcdef" }));
        Answer::to(format!("POST {path}"), request).await
    };

    for (below, of) in ASSETS {
        let truth = truth(of).await;
        let (named, instead) = (format!("/{video}/{below}"), format!("/{token}/{below}"));
        viewer.get(&named).await.expect_refused(404, "no_handle", &truth);
        viewer.get(&format!("{named}?token={token}")).await.expect_refused(401, "invalid_token", &truth);
        viewer.get(&instead).await.expect_refused(401, "invalid_token", &truth);
        inventory.note(&named);
        inventory.note(&instead);
    }
    for (behind, of) in BY_VIDEO {
        let path = format!("/{video}{behind}");
        viewer.get(&path).await.expect_refused(404, "no_handle", &truth(of).await);
        inventory.note(&path);
    }
    let signed = format!("/u/4000000000.1.{}/{video}/hls/master.m3u8", "A".repeat(30));
    viewer.get(&signed).await.expect_refused(401, "forged_signature", &truth("hls/master.m3u8").await);
    inventory.note(&signed);

    let code = "0".repeat(admit_domain::limits::LINK_CODE_CHARS);
    for (path, reason) in [
        (format!("/vod/{video}/session"), "no_handle"),
        (format!("/embed/{video}/session"), "no_handle"),
        (format!("/{video}/session"), "no_handle"),
        (format!("/{token}/session"), "invalid_token"),
        (format!("/w/{code}/session"), "credential_revoked"),
        (format!("/s/{handle}/{video}/renew"), "no_handle"),
    ] {
        post(&path).await.expect_refused(401, reason, b"");
        viewer.get(&path).await.expect_refused(405, "method_not_allowed", b"");
        inventory.note(&path);
    }
    // A film that is not encrypted has no keys.
    let key = format!("/s/{handle}/{video}/keys/0");
    viewer.get(&key).await.expect_refused(404, "not_found", b"");
    inventory.note(&key);
    let seat = format!("/s/{handle}/{video}/seat");
    viewer.get(&seat).await.expect_refused(405, "method_not_allowed", b"");
    inventory.note(&seat);
    for below in ["renew", "seat"] {
        let forged = format!("/s/{}/{video}/{below}", "A".repeat(handle.len()));
        assert_eq!(post(&forged).await.status, 401, "{below}");
    }
    // Pages say nothing, whoever asks.
    let page = viewer.get(&format!("/embed/{video}")).await.expect(200).body;
    for path in [
        format!("/{video}/iframe"),
        format!("/{token}/iframe"),
        format!("/w/{code}"),
        signed.replace("/hls/master.m3u8", ""),
    ] {
        assert_eq!(viewer.get(&path).await.expect(200).body, page, "{path}: one page for all");
        inventory.note(&path);
    }
}
