//! What is the same for everybody: refusals, and public videos.

use admit_domain::{
    bound::Bound,
    handle::{BoundValues, Rights},
    video::Visibility,
};

use super::{LONG_WAY, house};
use crate::support::gallery::ASSETS;

/// Whom the path alone condemns is refused at the counter, in the same words, and the operator is told of it all the same.
#[tokio::test]
async fn both_ways_refuse_alike() {
    let house = house().await;
    let mut visitor = house.having("media/v720/0.m4s").await;
    let gallery = &house.gallery;
    gallery.end(1);
    let watch = gallery.handle(4, Rights::WATCH, Bound::default(), &BoundValues::default());
    let forged = gallery.path(2, "hls/master.m3u8").replacen("/s/A", "/s/B", 1);
    let elsewhere = gallery.path(2, "hls/master.m3u8").replace(gallery.video.as_str(), "vi0000000000000000000000");
    for (path, reason) in [
        (gallery.path(1, "media/v720/0.m4s"), "session_ended"),
        (gallery.path(1, "media/v720/9.m4s"), "session_ended"),
        (format!("/s/{watch}/{}/thumbnail.jpg", gallery.video), "missing_right"),
        (forged, "malformed_handle"),
        (elsewhere, "other_video"),
        (gallery.signed_path("mp4/source.mp4").replacen("/u/", "/u/x", 1), "malformed_signature"),
    ] {
        let long = visitor.ask("GET", &path, LONG_WAY).await;
        let taken = house.taken();
        let short = visitor.get(&path).await;
        assert_eq!(house.taken(), taken, "{reason}");
        assert_eq!(short.header("admit-reason"), Some(reason));
        for answer in [&long, &short] {
            let id = answer.header("admit-request-id");
            let told = gallery.refused.lock().unwrap();
            let told: Vec<_> = told.iter().filter(|told| Some(told.request.as_str()) == id).collect();
            assert_eq!(told.len(), 1, "{reason}");
            assert_eq!(told[0].fault.denial.code(), reason);
        }
        assert_eq!(short.common(), long.common());
        assert_eq!(visitor.ask("HEAD", &path, "").await.common(), visitor.ask("HEAD", &path, LONG_WAY).await.common());
    }
    // With a slash in its place there is no handle, but an address of other segments, which is not for the counter to judge.
    let mut segments = gallery.path(2, "hls/master.m3u8");
    segments.replace_range(40..41, "/");
    let long = visitor.ask("GET", &segments, LONG_WAY).await.common();
    let taken = house.taken();
    assert_eq!(visitor.get(&segments).await.common(), long);
    assert!(house.taken() > taken, "it was refused at the counter");
    assert_eq!(visitor.get(&gallery.path(2, "media/v720/0.m4s")).await.status, 200, "and the connection goes on");
    house.close().await;
}

/// A public video needs no handle, and is at hand like any other; at addresses of other spellings its children are named by
/// where they live, so those go the long way.
#[tokio::test]
async fn a_public_video_is_at_hand_for_everybody() {
    let house = house().await;
    let mut visitor = house.visit().await;
    let gallery = &house.gallery;
    // The master has another name there.
    let path = |asset: &str| format!("/vod/{}/{}", gallery.video, asset.replace("master", "manifest"));
    assert_eq!(visitor.get(&path("hls/master.m3u8")).await.status, 404, "it is private");
    gallery.change(|facts| facts.visibility = Visibility::Public);
    for asset in ASSETS {
        let long = visitor.ask("GET", &path(asset), LONG_WAY).await.common();
        assert_eq!(long.status, 200, "{asset}: {:?}", long.headers);
        let taken = house.taken();
        let short = visitor.get(&path(asset)).await.common();
        assert_eq!(house.taken(), taken, "{asset}");
        assert_eq!((short.status, &short.headers), (200, &long.headers), "{asset}");
        assert!(short.body == long.body, "{asset}");
        assert!(visitor.get(&gallery.path(1, asset)).await.body == long.body, "{asset}, by handle");
        assert_eq!(house.taken(), taken, "{asset}, by handle");
    }
    let taken = house.taken();
    for other in [format!("/{}.m3u8", gallery.video), format!("/{}/manifest/video.m3u8", gallery.video)] {
        let text = String::from_utf8(visitor.get(&other).await.body).unwrap();
        assert!(text.contains(&format!("/vod/{}/hls/", gallery.video)), "{text}");
    }
    assert_eq!(house.taken(), taken + 2);
    let text = String::from_utf8(visitor.get(&path("hls/master.m3u8")).await.body).unwrap();
    assert!(!text.contains("/vod/"), "{text}");
    gallery.change(|facts| facts.visibility = Visibility::Private);
    for asset in ASSETS {
        assert_eq!(visitor.get(&path(asset)).await.status, 404, "{asset}");
    }
    gallery.change(|facts| facts.has_open_poster = true);
    assert_eq!(visitor.get(&path("thumbnail.jpg")).await.status, 200);
    assert_eq!(visitor.get(&path("media/v720/0.m4s")).await.status, 404);
    house.close().await;
}
