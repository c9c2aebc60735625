//! Rules of the project, of the video and of the credential hold at once, for those who are in as for those who come.

use admit_domain::verdict::Denial;
use serde_json::json;

use super::{
    Door, FILM, MASTER, Scene, folder, redeem,
    rules::{demand, instant},
    viewer_at,
};
use crate::house::{House, on_both};

on_both! {
    the_narrower_wins,
    changed_rules_hold_for_those_who_are_in,
}

async fn the_narrower_wins(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let there = viewer_at(house, [127, 0, 0, 2]);
    let project =
        json!({ "networks": ["127.0.0.0/8"], "domains": ["*.example"], "allowNoReferrer": true, "maxPlays": 9 });
    let shown = customer.put("/access-rules", &project).await.expect(200).json();
    assert_eq!(customer.get("/access-rules").await.expect(200).json(), shown);
    demand(&scene, &json!({ "networks": ["127.0.0.1/32", "10.0.0.0/8"], "rights": ["watch", "download"] })).await;
    let rules = json!({ "domains": ["shop.example", "other.test"], "rights": ["watch", "pictures"], "maxPlays": 2 });
    let made = customer.post("/embed-tokens", &json!({ "videoId": video, "rules": rules })).await.expect(201);
    let page = format!("/embed/{video}/session?token={}", made.text_at("/token"));
    let shop = [("origin", "https://shop.example")];
    redeem(&there, &page, &shop).await.expect_refused(403, "network_not_allowed", b"");
    for site in ["https://other.test", "https://a.example", "https://example"] {
        redeem(viewer, &page, &[("origin", site)]).await.expect_refused(403, "domain_not_allowed", b"");
    }
    // The project would let in who says nothing; the credential would not.
    redeem(viewer, &page, &[]).await.expect_refused(403, "domain_not_allowed", b"");
    let watching = folder(&redeem(viewer, &page, &shop).await, video);
    viewer.get(&format!("{watching}{MASTER}")).await.expect(200);
    // One gives the film and not the pictures, the other the pictures and not the film: so neither.
    for below in [FILM, super::POSTER] {
        viewer.get(&format!("{watching}{below}")).await.expect_refused(403, "missing_right", b"");
    }
    redeem(viewer, &page, &shop).await.expect(200);
    redeem(viewer, &page, &shop).await.expect_refused(410, "plays_exhausted", b"");
    // A signed token of the same project has the project's and the video's, and none of the other credential's.
    let own = scene.at(Door::Redeem, Some(&scene.token())).await;
    viewer.get(&format!("{}{FILM}", folder(&own, video))).await.expect(200);
}

async fn changed_rules_hold_for_those_who_are_in(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let other = customer.private_film(crate::house::clip::small()).await;
    let watching = scene.enter(&scene.token()).await;
    let elsewhere = redeem(viewer, &format!("/embed/{other}/session?token={}", scene.signer.token(&other)), &[]).await;
    let elsewhere = folder(&elsewhere, &other);
    let (master, other_master) = (format!("{watching}{MASTER}"), format!("{elsewhere}{MASTER}"));
    let changes = [
        (json!({ "networks": ["10.0.0.0/8"] }), Denial::NetworkNotAllowed),
        (json!({ "agents": { "only": ["vlc"] } }), Denial::AgentNotAllowed),
        (json!({ "countries": { "only": ["FR"] } }), Denial::CountryNotAllowed),
        (json!({ "validFrom": instant(600) }), Denial::NotYet),
        (json!({ "rights": ["download"] }), Denial::MissingRight),
    ];
    for (rules, reason) in &changes {
        demand(&scene, rules).await;
        viewer.get(&master).await.expect_refused(reason.status(), reason.code(), b"#EXTM3U");
        viewer.get(&other_master).await.expect(200);
        demand(&scene, &json!({})).await;
        viewer.get(&master).await.expect(200);
        customer.put("/access-rules", rules).await.expect(200);
        for master in [&master, &other_master] {
            viewer.get(master).await.expect_refused(reason.status(), reason.code(), b"#EXTM3U");
        }
        customer.put("/access-rules", &json!({})).await.expect(200);
        for master in [&master, &other_master] {
            viewer.get(master).await.expect(200);
        }
    }
    // Nor does a public video play where its project says no.
    let open = json!({ "public": true });
    customer.patch(&format!("/videos/{video}"), &open).await.expect(200);
    let manifest = format!("/vod/{video}/hls/manifest.m3u8");
    viewer.get(&manifest).await.expect(200);
    customer.put("/access-rules", &json!({ "networks": ["10.0.0.0/8"] })).await.expect(200);
    viewer.get(&manifest).await.expect_refused(404, "network_not_allowed", b"#EXTM3U");
}
