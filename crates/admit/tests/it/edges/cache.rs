//! Slices are fetched once, kept well, and never given to whoever shows nothing.

use std::time::Duration;

use tokio::task::JoinSet;

use super::{FILM, MASTER, Scene};
use crate::house::{House, clip, outpost::Outpost, relay::Relay, until::until};

const VIEWERS: usize = 1_000;
/// A slice and a byte of the next: what all of them want at once.
const WANTED: (&str, &str) = ("range", "bytes=0-1048576");
const WANTED_BYTES: usize = 1_048_577;
const KEPT_MAX: Duration = Duration::from_secs(10);

pub(super) async fn a_thousand_viewers_at_once_cost_one_fetch_a_slice(house: &mut House) {
    let mut scene = Scene::with(house, clip::heavy(), &[]).await;
    let relay = Relay::open(house).await;
    scene.outpost = Outpost::of(house, &[&relay.origin], &[("ADMIT_MAX_CONNECTIONS_PER_IP", "2000")]).await;
    let handle = scene.enter().await;
    let path = scene.path(&handle, FILM);
    let film = std::sync::Arc::new(scene.here.get(&path).await.expect(200).body);
    let mut watching = JoinSet::new();
    for _ in 0..VIEWERS {
        let (viewer, path, film) = (scene.outpost.viewer(), path.clone(), film.clone());
        watching.spawn(async move {
            let answer = viewer.get_with(&path, &[WANTED]).await.expect(206);
            assert!(answer.body == film[..WANTED_BYTES], "other bytes");
        });
    }
    watching.join_all().await;
    let fetched = relay.fetched();
    assert!(fetched.values().all(|times| *times == 1), "{fetched:?}");
    assert!(fetched.keys().filter(|slice| slice.contains("/mp4-")).count() >= 2, "{fetched:?}");
}

pub(super) async fn a_second_viewer_hits_and_a_stranger_never(house: &mut House) {
    let mut scene = Scene::set(house).await;
    let relay = Relay::open(house).await;
    scene.outpost = Outpost::of(house, &[&relay.origin], &[]).await;
    let viewer = scene.outpost.viewer();
    let (first, second) = (scene.enter().await, scene.enter().await);
    let path = |handle: &str| scene.path(handle, FILM);
    let film = viewer.get(&path(&first)).await.expect(200).body;
    let before = relay.fetched();
    assert!(!before.is_empty());
    assert_eq!(viewer.get(&path(&second)).await.expect(200).body, film);
    assert_eq!(relay.fetched(), before, "all of it was at hand");

    let forged = crate::house::forge::Forge::next_door().handle(&scene.video);
    viewer.get(&path(&forged)).await.expect_refused(401, "forged_handle", &film);
    viewer.get_with(&path(&forged), &[("range", "bytes=0-")]).await.expect_refused(401, "forged_handle", &film);
    let other = scene.customer.create_private().await;
    let elsewhere = format!("/s/{first}/{other}/{FILM}");
    viewer.get(&elsewhere).await.expect_refused(403, "other_video", &film);
    scene.end(&second, house).await;
    until(super::REVOKED_MAX, "the session is over", async || {
        (viewer.head(&path(&second)).await.status == 410).then_some(())
    })
    .await;
    viewer.get(&path(&second)).await.expect_refused(410, "session_ended", &film);
    assert_eq!(relay.fetched(), before);
    assert_eq!(viewer.get(&path(&first)).await.expect(200).body, film);
}

pub(super) async fn a_spoilt_cache_gives_the_right_bytes(house: &mut House) {
    let mut scene = Scene::with(house, clip::heavy(), &[]).await;
    let handle = scene.enter().await;
    let path = scene.path(&handle, FILM);
    let film = scene.outpost.viewer().get(&path).await.expect(200).body;
    let slices = film.len().div_ceil(1_048_576);
    until(KEPT_MAX, "the film is on disk", async || (scene.outpost.cached().len() >= slices).then_some(())).await;
    scene.outpost.stop().await;
    let files = scene.outpost.cached();
    let first = std::fs::read(&files[0]).unwrap();
    for (at, file) in files.iter().enumerate() {
        let mut bytes = std::fs::read(file).unwrap();
        match at % 4 {
            0 => bytes.truncate(bytes.len() / 2),
            1 => bytes.iter_mut().for_each(|byte| *byte ^= 0x55),
            2 => bytes.clone_from(&first),
            _ => bytes.extend_from_slice(b"more"),
        }
        std::fs::write(file, bytes).unwrap();
    }
    scene.outpost.start(None).await;
    scene.outpost.until_ready().await;
    let viewer = scene.outpost.viewer();
    assert!(viewer.get(&path).await.expect(200).body == film, "other bytes");
    // And what is whole is used: a control plane that is gone is not asked for bytes.
    until(KEPT_MAX, "the film is on disk again", async || (scene.outpost.cached().len() >= slices).then_some(())).await;
    scene.outpost.stop().await;
    let relay = Relay::open(house).await;
    scene.outpost.belong_to(&relay.origin);
    scene.outpost.start(None).await;
    scene.outpost.until_ready().await;
    assert!(scene.outpost.viewer().get(&path).await.expect(200).body == film, "other bytes");
    let fetched = relay.fetched();
    assert!(fetched.keys().all(|slice| !slice.contains("/mp4-")), "{fetched:?}");
}

pub(super) async fn a_disk_that_takes_nothing_is_done_without(house: &mut House) {
    let mut scene = Scene::with(house, clip::heavy(), &[]).await;
    scene.outpost.stop().await;
    let _ = std::fs::remove_dir_all(scene.outpost.data().join("cache"));
    // A file where the folder should be: nobody can write there, not even an administrator.
    std::fs::write(scene.outpost.data().join("cache"), b"in the way").unwrap();
    scene.outpost.start(None).await;
    scene.outpost.until_ready().await;
    let handle = scene.enter().await;
    let truth = scene.here.get(&scene.path(&handle, FILM)).await.expect(200).body;
    assert!(scene.outpost.viewer().get(&scene.path(&handle, FILM)).await.expect(200).body == truth, "other bytes");

    // And one that is full at once.
    let small = Outpost::open(house, &[("ADMIT_EDGE_DISK_BYTES", "1500000")]).await;
    for _ in 0..3 {
        assert!(small.viewer().get(&scene.path(&handle, FILM)).await.expect(200).body == truth, "other bytes");
        small.viewer().get(&scene.path(&handle, MASTER)).await.expect(200);
    }
    until(KEPT_MAX, "the disk is within its bound", async || {
        let bytes: u64 = small.cached().iter().filter_map(|file| file.metadata().ok()).map(|facts| facts.len()).sum();
        (bytes > 0 && bytes <= 1_500_000).then_some(())
    })
    .await;
}
