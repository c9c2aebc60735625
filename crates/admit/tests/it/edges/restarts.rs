//! What an edge knew when it ended, it knows when it starts; until it was heard of it judges nothing private.

use super::{MASTER, REVOKED_MAX, Scene};
use crate::house::{House, until::until};

pub(super) async fn an_edge_that_starts_alone_is_closed_and_forgets_nothing(house: &mut House) {
    let mut scene = Scene::set(house).await;
    let (kept, ended, late) = (scene.enter().await, scene.enter().await, scene.enter().await);
    // One is in the file of all that was known, the other in what was added to it.
    for (times, handle) in [&ended, &late].into_iter().enumerate() {
        scene.end(handle, house).await;
        let viewer = scene.outpost.viewer();
        let path = scene.path(handle, MASTER);
        until(REVOKED_MAX, "the edge refuses", async || (viewer.get(&path).await.status == 410).then_some(())).await;
        if times == 0 {
            scene.outpost.kill().await;
            scene.outpost.start(None).await;
            scene.outpost.until_ready().await;
        }
    }
    let origin = house.origin().to_owned();
    house.kill().await;
    scene.outpost.kill().await;
    scene.outpost.start(None).await;
    let viewer = scene.outpost.viewer();
    viewer.get("/readyz").await.expect(503);
    for handle in [&ended, &late] {
        viewer.get(&scene.path(handle, MASTER)).await.expect_refused(410, "session_ended", b"#EXTM3U");
    }
    let alone = viewer.get(&scene.path(&kept, MASTER)).await;
    assert_eq!(alone.status, 503, "it cannot know");
    assert!(alone.header("retry-after").is_some());

    house.start_at(&origin).await;
    scene.outpost.until_ready().await;
    viewer.get(&scene.path(&kept, MASTER)).await.expect(200);
    viewer.get(&scene.path(&ended, MASTER)).await.expect_refused(410, "session_ended", b"#EXTM3U");
}

pub(super) async fn a_damaged_state_is_nothing_and_the_edge_begins_anew(house: &mut House) {
    let mut scene = Scene::set(house).await;
    let (kept, ended) = (scene.enter().await, scene.enter().await);
    scene.end(&ended, house).await;
    scene.outpost.stop().await;
    let file = scene.outpost.data().join("edge.state");
    let mut state = std::fs::read(&file).unwrap();
    let middle = state.len() / 2;
    state[middle] ^= 1;
    std::fs::write(&file, state).unwrap();
    scene.outpost.start(None).await;
    assert!(scene.outpost.log().contains("edge.state is damaged"), "{}", scene.outpost.log());
    scene.outpost.until_ready().await;
    let viewer = scene.outpost.viewer();
    viewer.get(&scene.path(&kept, MASTER)).await.expect(200);
    viewer.get(&scene.path(&ended, MASTER)).await.expect_refused(410, "session_ended", b"#EXTM3U");
    for secret in ["edge.json", "edge.state", "edge.log"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(scene.outpost.data().join(secret)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{secret}");
    }
}
