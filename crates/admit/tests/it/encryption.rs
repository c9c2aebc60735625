//! Encrypted films: the segments are worth nothing without their keys, and a key is judged as a segment is.

use aws_lc_rs::{
    cipher::{AES_128, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey},
    iv::FixedLength,
};
use http::Method;
use serde_json::json;

use crate::house::{Customer, House, Viewer, clip, command, on_both, say};

on_both! {
    an_encrypted_film_plays_and_its_keys_change,
    every_key_wants_the_handle_of_its_film,
    who_fetches_nothing_but_keys_is_slowed_down,
    encryption_is_asked_for_in_its_own_words,
}

struct Scene {
    customer: Customer,
    viewer: Viewer,
    video: String,
    /// Where the session's addresses begin.
    root: String,
}

impl Scene {
    async fn set(house: &House, segments_per_key: u32) -> Self {
        let (customer, viewer) = (house.customer().await, house.viewer());
        let video = customer.private_film(clip::two_rungs()).await;
        let wish = json!({ "method": "AES-128", "segmentsPerKey": segments_per_key });
        customer.put(&format!("/videos/{video}/encryption"), &wish).await.expect(200);
        let handle = viewer.enter(&video, &customer.token(&video).await).await;
        let root = format!("/s/{handle}/{video}/");
        Self { customer, viewer, video, root }
    }

    /// The addresses of the first track's segments, each with its key's.
    async fn segments(&self) -> Vec<(String, String)> {
        let master = self.text("hls/master.m3u8").await;
        let track = master.lines().find(|line| !line.starts_with('#')).unwrap().to_owned();
        let playlist = self.text(&format!("hls/{track}")).await;
        assert!(playlist.find("#EXT-X-MAP").unwrap() < playlist.find("#EXT-X-KEY").unwrap(), "{playlist}");
        let mut key = String::new();
        let mut segments = Vec::new();
        for line in playlist.lines() {
            if let Some(rest) = line.strip_prefix("#EXT-X-KEY:METHOD=AES-128,URI=\"../") {
                rest.strip_suffix('"').unwrap().clone_into(&mut key);
            } else if let Some(segment) = line.strip_prefix("../media/") {
                segments.push((format!("media/{segment}"), key.clone()));
            }
        }
        segments
    }

    async fn text(&self, below: &str) -> String {
        self.viewer.get(&format!("{}{below}", self.root)).await.expect(200).text().to_owned()
    }
}

async fn an_encrypted_film_plays_and_its_keys_change(house: &mut House) {
    let scene = Scene::set(house, 1).await;
    let Scene { customer, viewer, video, root } = &scene;
    let segments = scene.segments().await;
    assert!(segments.len() >= 2, "{segments:?}");
    let mut keys = Vec::new();
    for (number, (segment, key)) in (0_u32..).zip(&segments) {
        assert_eq!(*key, format!("keys/{number}"));
        let key = viewer.get(&format!("{root}{key}")).await.expect(200);
        assert_eq!(key.header("cache-control"), Some("private, no-store"));
        let key: [u8; 16] = key.body.as_ref().try_into().expect("sixteen bytes");
        let sealed = viewer.get(&format!("{root}{segment}")).await.expect(200);
        let part = viewer.get_with(&format!("{root}{segment}"), &[("range", "bytes=16-31")]).await.expect(206);
        assert_eq!(part.body, sealed.body.slice(16..32), "a range is one of what is sent");
        assert!(!contains(&sealed.body, b"moof"), "{segment} goes out as it is stored");
        let plain = decrypt(key, number, &sealed.body);
        assert!(contains(&plain, b"moof"), "{segment} opens with its key");
        assert!(!keys.contains(&key), "each segment has its own");
        keys.push(key);
    }
    viewer.get(&format!("{root}keys/{}", segments.len() + 9)).await.expect_refused(404, "not_found", b"");
    viewer.get(&format!("{root}dash/manifest.mpd")).await.expect_refused(404, "not_found", b"");
    watch(&format!("{}{root}hls/master.m3u8", viewer.origin)).await;

    // Without encryption the same segments go out as they are stored, under another name.
    customer.put(&format!("/videos/{video}/encryption"), &json!({ "method": "none" })).await.expect(200);
    let (segment, _) = &segments[0];
    let plain = viewer.get(&format!("{root}{segment}")).await.expect(200);
    assert!(contains(&plain.body, b"moof"));
    viewer.get(&format!("{root}keys/0")).await.expect_refused(404, "not_found", &keys[0]);
    assert!(!scene.text("hls/master.m3u8").await.contains("EXT-X-KEY"));
}

async fn every_key_wants_the_handle_of_its_film(house: &mut House) {
    let scene = Scene::set(house, 2).await;
    let Scene { customer, viewer, video, root } = &scene;
    let key = viewer.get(&format!("{root}keys/0")).await.expect(200).body;
    let other = customer.create_private().await;
    let stranger = viewer.enter(&other, &customer.token(&other).await).await;
    let ended = viewer.enter(video, &customer.token(video).await).await;
    customer.delete(&format!("/sessions/{}", house.forge().session_of(&ended, video))).await.expect(204);
    let token = customer.token(video).await;
    for (path, status, reason) in [
        (format!("/s/{stranger}/{video}/keys/0"), 403, "other_video"),
        (format!("/s/{ended}/{video}/keys/0"), 410, "session_ended"),
        (format!("/s/{}/{video}/keys/0", house.forge().handle(&other)), 403, "other_video"),
        (format!("/s/{}/{video}/keys/0", "A".repeat(stranger.len())), 401, "malformed_handle"),
        (format!("/vod/{video}/keys/0"), 404, "no_handle"),
        (format!("/vod/{video}/keys/0?avh={stranger}"), 404, "no_handle"),
    ] {
        viewer.get(&path).await.expect_refused(status, reason, &key);
    }
    viewer.enter(video, &token).await;
    let sessions = customer.get(&format!("/sessions?videoId={video}&active=true")).await.expect(200).json();
    for session in sessions["data"].as_array().unwrap() {
        customer.delete(&format!("/sessions/{}", session["sessionId"].as_str().unwrap())).await.expect(204);
    }
    viewer.get(&format!("{root}keys/0")).await.expect_refused(410, "session_ended", &key);
}

async fn who_fetches_nothing_but_keys_is_slowed_down(house: &mut House) {
    use admit_domain::limits::KEYS_PER_MINUTE_MAX;
    let scene = Scene::set(house, 2).await;
    let Scene { customer, viewer, video, root } = &scene;
    // The minute may change once in between.
    let mut refused = None;
    for asked in 0..=2 * KEYS_PER_MINUTE_MAX {
        let answer = viewer.get(&format!("{root}keys/0")).await;
        if answer.status != 200 {
            refused = Some((asked, answer));
            break;
        }
    }
    let (asked, refused) = refused.expect("nobody needs so many keys in a minute");
    assert!(asked >= KEYS_PER_MINUTE_MAX, "after {asked}");
    refused.expect_refused(429, "overloaded", b"");
    assert!(refused.header("retry-after").is_some());
    say(&format!("slowed down after {asked} keys"));
    viewer.get(&format!("{root}hls/master.m3u8")).await.expect(200);
    let handle = viewer.enter(video, &customer.token(video).await).await;
    viewer.get(&format!("/s/{handle}/{video}/keys/0")).await.expect(200);
}

async fn encryption_is_asked_for_in_its_own_words(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create_private().await;
    let path = format!("/videos/{video}/encryption");
    assert_eq!(customer.get(&path).await.expect(200).json(), json!({ "method": "none" }));
    let set = customer.put(&path, &json!({ "method": "AES-128" })).await.expect(200).json();
    assert_eq!(set, json!({ "method": "AES-128", "segmentsPerKey": 10 }));
    for wrong in [
        json!({}),
        json!({ "method": "SAMPLE-AES" }),
        json!({ "method": "aes-128" }),
        json!({ "method": "none", "segmentsPerKey": 1 }),
        json!({ "method": "AES-128", "segmentsPerKey": 0 }),
        json!({ "method": "AES-128", "segmentsPerKey": 10_001 }),
        json!({ "method": "AES-128", "segmentsPerKey": "many" }),
        json!({ "method": "AES-128", "key": "mine" }),
    ] {
        customer.put(&path, &wrong).await.expect(400);
    }
    assert_eq!(customer.get(&path).await.expect(200).json(), set, "what was refused changed nothing");
    let nowhere = format!("/videos/vi{}/encryption", "0".repeat(22));
    customer.get(&nowhere).await.expect(404);
    customer.put(&nowhere, &set).await.expect(404);
    let anonymous = house.viewer().request(Method::GET, &path).send().await.unwrap();
    assert_eq!(anonymous.status().as_u16(), 401);
}

fn decrypt(key: [u8; 16], segment: u32, sealed: &[u8]) -> Vec<u8> {
    let key = UnboundCipherKey::new(&AES_128, &key).unwrap();
    let vector = DecryptionContext::Iv128(FixedLength::from(u128::from(segment).to_be_bytes()));
    let mut bytes = sealed.to_vec();
    PaddedBlockDecryptingKey::cbc_pkcs7(key).unwrap().decrypt(&mut bytes, vector).unwrap().to_vec()
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// Another party's player finds film in it, from the first second to the last.
async fn watch(url: &str) {
    let arguments = ["-nostdin", "-v", "error", "-xerror", "-allowed_extensions", "ALL", "-i", url, "-f", "null", "-"];
    let watched = command("ffmpeg").args(arguments).output().await.unwrap();
    let said = String::from_utf8_lossy(&watched.stderr);
    assert!(watched.status.success() && said.is_empty(), "{url}: {said}");
}
