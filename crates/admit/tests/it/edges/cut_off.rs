//! An edge that hears nothing closes, and comes back without a wrong byte.

use std::time::Duration;

use super::{FILM, MASTER, REVOKED_MAX, Scene};
use crate::house::{House, net::Line, outpost::Outpost, relay::Relay, say, until::until};

const STALENESS_SECONDS: &str = "2";
const SETTINGS: [(&str, &str); 1] = [("ADMIT_MAX_STALENESS_SECONDS", STALENESS_SECONDS)];
const CLOSED_MAX: Duration = Duration::from_secs(20);
const BACK_MAX: Duration = Duration::from_secs(20);

pub(super) async fn an_edge_that_is_cut_off_closes_and_comes_back(house: &mut House) {
    let mut scene = Scene::set(house).await;
    let relay = Relay::open(house).await;
    scene.outpost = Outpost::of(house, &[&relay.origin], &SETTINGS).await;
    story(scene, house, async || relay.cut(), async || relay.mend()).await;
}

/// Nobody says that a line is down: it is silent, and what was on its way is lost.
pub(super) async fn an_edge_whose_network_is_down_closes_and_comes_back(house: &mut House) {
    let line = match Line::open().await {
        Ok(line) => line,
        Err(error) => return say(&format!("skipped: this kernel grants no network of one's own ({error})")),
    };
    let mut scene = Scene::set(house).await;
    let relay = Relay::on(line.listener().await, house);
    scene.outpost = Outpost::living(house, Some(line.near.clone()), &[&relay.origin], &SETTINGS).await;
    story(scene, house, async || line.cut().await, async || line.mend().await).await;
}

async fn story(scene: Scene, house: &mut House, cut: impl AsyncFn(), mend: impl AsyncFn()) {
    let (kept, ended) = (scene.enter().await, scene.enter().await);
    let viewer = scene.outpost.viewer();
    let film = viewer.get(&scene.path(&kept, FILM)).await.expect(200).body;
    viewer.get(&scene.path(&ended, MASTER)).await.expect(200);

    cut().await;
    scene.end(&ended, house).await;
    let refused = until(CLOSED_MAX, "the edge closes", async || {
        let answer = viewer.get(&scene.path(&kept, FILM)).await;
        if answer.status == 200 {
            assert_eq!(answer.body, film);
        }
        Some(answer).filter(|answer| answer.status != 200)
    })
    .await;
    refused.expect_refused(503, "stale", &film);
    assert!(refused.header("retry-after").is_some());
    viewer.get("/readyz").await.expect(503);
    viewer.get("/livez").await.expect(204);

    mend().await;
    let back = until(BACK_MAX, "the edge comes back", async || {
        let answer = viewer.get(&scene.path(&kept, FILM)).await;
        // Not one byte for whom access ended meanwhile, however early it is asked for.
        assert_ne!(viewer.get(&scene.path(&ended, MASTER)).await.status, 200);
        Some(answer).filter(|answer| answer.status == 200)
    })
    .await;
    assert_eq!(back.body, film);
    viewer.get(&scene.path(&ended, MASTER)).await.expect_refused(410, "session_ended", b"#EXTM3U");
}

pub(super) async fn a_second_control_plane_takes_over(house: &mut House) {
    let mut scene = Scene::set(house).await;
    let (first, second) = (Relay::open(house).await, Relay::open(house).await);
    scene.outpost = Outpost::of(house, &[&first.origin, &second.origin], &[]).await;
    first.cut();
    let viewer = scene.outpost.viewer();
    let token = scene.customer.token(&scene.video).await;
    let handle = viewer.redeem(&scene.video, &token, "0123456789abcdef").await.expect(200).text_at("/session_token");
    viewer.get(&scene.path(&handle, FILM)).await.expect(200);
    scene.end(&handle, house).await;
    until(REVOKED_MAX, "the other control plane says so", async || {
        (viewer.get(&scene.path(&handle, MASTER)).await.status == 410).then_some(())
    })
    .await;
}
