//! What a project and a video demand of viewers: each demand by itself, at the entry and for those who are in.

use admit_domain::verdict::Denial;
use serde_json::{Value, json};

use super::{Door, FILM, MASTER, POSTER, Scene, expect_names, folder, redeem, redeem_for, signer::at, viewer_at};
use crate::{
    house::{House, Viewer, on_both},
    management::expect_problem,
};

on_both! {
    a_video_is_shown_on_its_sites,
    a_video_is_watched_from_its_networks_and_with_its_programs,
    a_video_is_watched_in_its_time,
    a_right_that_is_not_given_is_refused,
    a_credential_begins_so_many_sessions,
    a_private_token_is_not_spent_by_whom_the_rules_refuse,
    rules_are_shown_in_words_and_wrong_ones_change_nothing,
}

pub(super) fn instant(seconds: i64) -> String {
    jiff::Timestamp::from_second(at(seconds)).unwrap().to_string()
}

pub(super) async fn demand(scene: &Scene, rules: &Value) -> Value {
    scene.customer.put(&format!("/videos/{}/access-rules", scene.video), rules).await.expect(200).json()
}

fn page(scene: &Scene) -> String {
    format!("/embed/{}/session?token={}", scene.video, scene.token())
}

async fn a_video_is_shown_on_its_sites(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { viewer, video, .. } = &scene;
    demand(&scene, &json!({ "domains": ["shop.example", "*.cdn.example"] })).await;
    let enter = async |headers: &[(&str, &str)]| redeem(viewer, &page(&scene), headers).await;
    for right in ["https://shop.example", "https://a.cdn.example", "https://shop.example:8443"] {
        enter(&[("origin", right)]).await.expect(200);
    }
    enter(&[("referer", "https://shop.example/a/page?x")]).await.expect(200);
    for wrong in ["https://shop.example.evil.example", "https://evilshop.example", "https://cdn.example", "null"] {
        enter(&[("origin", wrong)]).await.expect_refused(403, "domain_not_allowed", b"");
    }
    enter(&[]).await.expect_refused(403, "domain_not_allowed", b"");
    let both = [("origin", "https://evil.example"), ("referer", "https://shop.example/")];
    enter(&both).await.expect_refused(403, "domain_not_allowed", b"");
    // Our own page was itself shown by a site, and says by which.
    let own = viewer.origin.clone();
    for (site, status) in [("https://shop.example", 200), ("https://evil.example", 403)] {
        let body = json!({ "nonce": super::nonce(), "site": site });
        let answer = redeem_for(viewer, &page(&scene), &[("origin", &own)], &body).await;
        assert_eq!(answer.status, status, "{site}");
    }
    // Whoever is in asks as players do, and is held to no more than an origin that is there.
    let watching = folder(&enter(&[("origin", "https://shop.example")]).await, video);
    let master = format!("{watching}{MASTER}");
    viewer.get(&master).await.expect(200);
    viewer.get_with(&master, &[("origin", "https://shop.example")]).await.expect(200);
    viewer.get_with(&master, &[("referer", "https://evil.example/x")]).await.expect(200);
    viewer.get_with(&master, &[("origin", "https://evil.example")]).await.expect_refused(
        403,
        "domain_not_allowed",
        b"#EXTM3U",
    );
    demand(&scene, &json!({ "domains": ["shop.example"], "allowNoReferrer": true })).await;
    enter(&[]).await.expect(200);
    enter(&[("origin", "https://evil.example")]).await.expect_refused(403, "domain_not_allowed", b"");
}

async fn a_video_is_watched_from_its_networks_and_with_its_programs(house: &mut House) {
    let scene = Scene::set(house).await;
    let (here, there) = (viewer_at(house, [127, 0, 0, 1]), viewer_at(house, [127, 0, 0, 2]));
    let watching = folder(&redeem(&there, &page(&scene), &[]).await, &scene.video);
    let master = format!("{watching}{MASTER}");
    there.get(&master).await.expect(200);
    demand(&scene, &json!({ "networks": ["127.0.0.1/32", "2001:db8::/32"] })).await;
    redeem(&there, &page(&scene), &[]).await.expect_refused(403, "network_not_allowed", b"");
    there.get(&master).await.expect_refused(403, "network_not_allowed", b"#EXTM3U");
    redeem(&here, &page(&scene), &[]).await.expect(200);
    // The video says where it is watched from, and not that it is always watched from there.
    here.get(&master).await.expect(200);
    demand(&scene, &json!({})).await;
    there.get(&master).await.expect(200);

    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let with = async |viewer: &Viewer, path: &str, agent: &str| viewer.get_with(path, &[("user-agent", agent)]).await;
    for (agents, firefox_may, curl_may) in [
        (json!({ "only": ["firefox"] }), true, false),
        (json!({ "except": ["firefox"] }), false, true),
        (json!({ "only": ["curl", "vlc"] }), false, true),
    ] {
        demand(&scene, &json!({ "agents": agents })).await;
        for (agent, may) in [(firefox, firefox_may), ("curl/8.1.2", curl_may)] {
            let entered = redeem(&here, &page(&scene), &[("user-agent", agent)]).await;
            let asked = with(&here, &master, agent).await;
            if may {
                entered.expect(200);
                asked.expect(200);
            } else {
                entered.expect_refused(403, "agent_not_allowed", b"");
                asked.expect_refused(403, "agent_not_allowed", b"#EXTM3U");
            }
        }
    }
}

async fn a_video_is_watched_in_its_time(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { viewer, .. } = &scene;
    let watching = scene.enter(&scene.token()).await;
    for (rules, reason) in [
        (json!({ "validFrom": instant(3_600) }), Denial::NotYet),
        (json!({ "validUntil": instant(-1) }), Denial::NoLonger),
    ] {
        demand(&scene, &rules).await;
        for door in super::DOORS {
            scene.expect_refused(door, &scene.at(door, Some(&scene.token())).await, reason);
        }
        viewer.get(&format!("{watching}{MASTER}")).await.expect_refused(reason.status(), reason.code(), b"#EXTM3U");
    }
    demand(&scene, &json!({ "validFrom": instant(-60), "validUntil": instant(60) })).await;
    viewer.get(&format!("{watching}{MASTER}")).await.expect(200);
    scene.expect_plays(Door::Playback, &scene.at(Door::Playback, Some(&scene.token())).await).await;
}

async fn a_right_that_is_not_given_is_refused(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let watching = scene.enter(&scene.token()).await;
    let (poster, film) = (format!("/vod/{video}/{POSTER}"), format!("/vod/{video}/{FILM}"));
    let truth = viewer.get(&format!("{watching}{POSTER}")).await.expect(200).body;
    viewer.get(&poster).await.expect_refused(404, "no_handle", &truth);
    let shown = demand(&scene, &json!({ "posterPublic": true, "rights": ["watch", "pictures"] })).await;
    assert_eq!((&shown["posterPublic"], &shown["rights"]), (&json!(true), &json!(["watch", "pictures"])));
    assert_eq!(viewer.get(&poster).await.expect(200).body, truth);
    viewer.get(&film).await.expect_refused(404, "no_handle", b"");
    viewer.get(&format!("/vod/{video}/storyboard.vtt")).await.expect_refused(404, "no_handle", b"");
    let fresh = scene.enter(&scene.token()).await;
    for folder in [&watching, &fresh] {
        viewer.get(&format!("{folder}{FILM}")).await.expect_refused(403, "missing_right", b"");
        viewer.get(&format!("{folder}{MASTER}")).await.expect(200);
        viewer.get(&format!("{folder}{POSTER}")).await.expect(200);
    }
    let handle = viewer.enter(video, &customer.token(video).await).await;
    viewer.get(&format!("/s/{handle}/{video}/{FILM}")).await.expect_refused(403, "missing_right", b"");
    demand(&scene, &json!({ "rights": ["watch"] })).await;
    viewer.get(&poster).await.expect_refused(404, "no_handle", &truth);
    viewer.get(&format!("{watching}{POSTER}")).await.expect_refused(403, "missing_right", &truth);
    demand(&scene, &json!({})).await;
    viewer.get(&format!("{watching}{FILM}")).await.expect(200);
}

async fn a_credential_begins_so_many_sessions(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, viewer, .. } = &scene;
    demand(&scene, &json!({ "maxPlays": 3 })).await;
    let page = page(&scene);
    let mut racing = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (viewer, page) = (viewer.clone(), page.clone());
        racing.spawn(async move { redeem(&viewer, &page, &[]).await });
    }
    let mut let_in = 0;
    for answer in racing.join_all().await {
        if answer.status == 200 {
            let_in += 1;
        } else {
            answer.expect_refused(410, "plays_exhausted", b"");
        }
    }
    assert_eq!((let_in, customer.count_sessions().await), (3, 3));
    redeem(viewer, &self::page(&scene), &[]).await.expect(200);
    // To end a session gives no play back: it was a play.
    let sessions = customer.sessions().await;
    customer.delete(&format!("/sessions/{}", sessions[1]["sessionId"].as_str().unwrap())).await.expect(204);
    redeem(viewer, &page, &[]).await.expect_refused(410, "plays_exhausted", b"");
    demand(&scene, &json!({ "maxPlays": 4 })).await;
    redeem(viewer, &page, &[]).await.expect(200);
    redeem(viewer, &page, &[]).await.expect_refused(410, "plays_exhausted", b"");
}

async fn a_private_token_is_not_spent_by_whom_the_rules_refuse(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    demand(&scene, &json!({ "domains": ["shop.example"] })).await;
    let token = customer.token(video).await;
    let path = crate::house::viewer::session_path(video, &token);
    viewer.get(&path).await.expect_refused(404, "domain_not_allowed", b"");
    let manifest = viewer.get(&format!("/vod/{video}/token/{token}/hls/manifest.m3u8")).await;
    manifest.expect_refused(404, "domain_not_allowed", b"#EXTM3U");
    assert_eq!(customer.count_sessions().await, 0);
    let body = json!({ "nonce": super::nonce(), "site": "https://evil.example" });
    redeem_for(viewer, &path, &[], &body).await.expect_refused(403, "domain_not_allowed", b"");
    let body = json!({ "nonce": super::nonce(), "site": "https://shop.example" });
    redeem_for(viewer, &path, &[], &body).await.expect(200);
    assert_eq!(customer.count_sessions().await, 1);
}

async fn rules_are_shown_in_words_and_wrong_ones_change_nothing(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, video, .. } = &scene;
    let path = format!("/videos/{video}/access-rules");
    let unsaid = customer.get(&path).await.expect(200).json();
    assert_eq!(unsaid, json!({ "posterPublic": false, "words": "Anyone may watch." }));
    let rules = json!({
        "domains": ["a.example", "*.b.example"], "networks": ["10.0.0.0/8"], "countries": { "only": ["FR"] },
        "maxPlays": 1, "validUntil": "2030-12-01T00:00:00Z", "rights": ["watch", "pictures"], "posterPublic": true,
    });
    let put = demand(&scene, &rules).await;
    let words = put["words"].as_str().unwrap();
    for part in ["a.example", "b.example", "10.0.0.0/8", "FR", "at most 1 time", "2030-12-01", "no download"] {
        assert!(words.contains(part), "{part} is not in {words:?}");
    }
    assert_eq!(customer.get(&path).await.expect(200).json(), put, "as it was put");
    assert_eq!(demand(&scene, &put).await, put, "what is shown can be put");
    let wrong = [
        (json!({ "domains": [] }), "domains"),
        (json!({ "domains": ["https://a.example"] }), "domains"),
        (json!({ "domains": vec!["a.example"; 21] }), "domains"),
        (json!({ "allowNoReferrer": true }), "allowNoReferrer"),
        (json!({ "networks": ["10.0.0.1/8"] }), "networks"),
        (json!({ "countries": { "only": ["FRA"] } }), "countries"),
        (json!({ "agents": ["firefox"] }), "agents"),
        (json!({ "rights": ["everything"] }), "rights"),
        (json!({ "maxPlays": 1_000_001 }), "maxPlays"),
        (json!({ "validFrom": "2030-01-02T00:00:00Z", "validUntil": "2030-01-01T00:00:00Z" }), "validUntil"),
        (json!({ "unheardOf": 1 }), "unheardOf"),
    ];
    for (rules, name) in wrong {
        expect_names(customer.put(&path, &rules).await, "invalid-attribute", name);
        expect_names(customer.put("/access-rules", &rules).await, "invalid-attribute", name);
    }
    expect_names(customer.put(&path, &json!({ "posterPublic": 1 })).await, "invalid-attribute", "posterPublic");
    expect_problem(customer.put(&path, &json!([])).await, 400, "invalid-payload");
    assert_eq!(customer.get(&path).await.expect(200).json(), put);
    for unknown in ["nonsense".to_owned(), format!("vi{}", "0".repeat(22))] {
        customer.get(&format!("/videos/{unknown}/access-rules")).await.expect(404);
        customer.put(&format!("/videos/{unknown}/access-rules"), &json!({})).await.expect(404);
    }
}
