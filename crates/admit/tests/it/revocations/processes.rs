//! Two programs on one database: what is said to one, the other knows.

use std::time::Duration;

use serde_json::json;

use super::revoke;
use crate::house::{House, Kind, Viewer, clip, tell, until::until};

/// The log is looked at four times a second.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_reaches_the_other() {
    tell(Kind::Postgres, story).await;
}

async fn story(house: &mut House) {
    let Some(second) = house.beside().await else { return };
    let (customer, here, there) = (house.customer().await, house.viewer(), second.viewer());
    let video = customer.private_film(clip::small()).await;
    let open = format!("/vod/{video}/hls/manifest.m3u8");
    there.get(&open).await.expect_refused(404, "no_handle", b"#EXTM3U");

    customer.patch(&format!("/videos/{video}"), &json!({ "public": true })).await.expect(200);
    here.get(&open).await.expect(200);
    until(SOON, "the other shows it to everybody", async || (there.get(&open).await.status == 200).then_some(())).await;
    customer.patch(&format!("/videos/{video}"), &json!({ "public": false })).await.expect(200);
    here.get(&open).await.expect_refused(404, "no_handle", b"#EXTM3U");
    until(SOON, "the other asks again", async || (there.get(&open).await.status == 404).then_some(())).await;

    let rules = json!({ "networks": ["10.9.8.0/24"] });
    let handle = here.enter(&video, &customer.token(&video).await).await;
    let watched = format!("/s/{handle}/{video}/hls/master.m3u8");
    there.get(&watched).await.expect(200);
    customer.put("/access-rules", &rules).await.expect(200);
    until(SOON, "rules hold at the other", async || (there.get(&watched).await.status == 403).then_some(())).await;
    customer.put("/access-rules", &json!({})).await.expect(200);
    until(SOON, "and no longer", async || (there.get(&watched).await.status == 200).then_some(())).await;

    revoke(&customer, "video", &video).await.expect(201);
    let ended = async |viewer: &Viewer| viewer.get(&watched).await.status == 410;
    assert!(ended(&here).await);
    until(SOON, "the session ends at the other", async || ended(&there).await.then_some(())).await;
    let token = customer.token(&video).await;
    there.enter(&video, &token).await;
    second.leave().await;
}
