//! Embed tokens: opaque, for one video, with rules that are kept here; deleted, they open nothing and never did (T48).

use serde_json::{Value, json};

use super::{FILM, MASTER, POSTER, Scene, expect_names, folder, named_in, redeem, signer::at};
use crate::{
    house::{Answer, House, clip, on_both, until::until},
    management::expect_problem,
};

on_both! {
    a_token_plays_until_it_is_deleted,
    a_token_is_made_listed_shown_and_changed,
    a_wrong_token_is_not_made,
    a_token_ends_in_its_time,
}

fn instant(seconds: i64) -> String {
    jiff::Timestamp::from_second(at(seconds)).unwrap().to_string()
}

async fn make(scene: &Scene, more: Value) -> Value {
    let mut body = json!({ "videoId": scene.video });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    scene.customer.post("/embed-tokens", &body).await.expect(201).json()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

async fn a_token_plays_until_it_is_deleted(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let made = make(&scene, json!({ "name": "a page" })).await;
    let (id, token) = (text(&made, "embedTokenId"), text(&made, "token"));
    assert_eq!(made["url"], format!("{}/embed/{video}?token={token}", viewer.origin));
    let kept = text(&make(&scene, json!({})).await, "token");
    for door in super::DOORS {
        scene.expect_plays(door, &scene.at(door, Some(&token)).await).await;
    }
    let (watching, other) = (scene.enter(&token).await, scene.enter(&kept).await);
    let mut places = vec![MASTER.to_owned(), FILM.to_owned(), POSTER.to_owned()];
    let master = viewer.get(&format!("{watching}{MASTER}")).await.expect(200);
    places.extend(named_in(master.text(), ".m3u8"));
    let of = customer.get(&format!("/sessions?embedTokenId={id}&active=true")).await.expect(200).json();
    assert_eq!(of["pagination"]["itemsTotal"], 4, "{of}");
    let second = customer.create_private().await;
    let elsewhere = redeem(viewer, &format!("/embed/{second}/session?token={token}"), &[]).await;
    elsewhere.expect_refused(403, "token_for_other_video", b"");

    customer.delete(&format!("/embed-tokens/{id}")).await.expect(204);
    for below in &places {
        viewer.get(&format!("{watching}{below}")).await.expect_refused(410, "session_ended", b"#EXTM3U");
        viewer.get(&format!("{other}{below}")).await.expect(200);
    }
    for door in super::DOORS {
        let answer = scene.at(door, Some(&token)).await;
        scene.expect_refused(door, &answer, admit_domain::verdict::Denial::CredentialRevoked);
    }
    customer.get(&format!("/embed-tokens/{id}")).await.expect(404);
    customer.delete(&format!("/embed-tokens/{id}")).await.expect(404);
    let of = customer.get(&format!("/sessions?embedTokenId={id}&active=true")).await.expect(200).json();
    assert_eq!(of["pagination"]["itemsTotal"], 0, "{of}");

    // With its video a token goes too.
    customer.delete(&format!("/videos/{video}")).await.expect(204);
    let gone = redeem(viewer, &format!("/embed/{video}/session?token={kept}"), &[]).await;
    assert!(matches!(gone.status, 401 | 404), "{}", gone.status);
    let listed = customer.get("/embed-tokens").await.expect(200).json();
    assert_eq!(listed["pagination"]["itemsTotal"], 0, "{listed}");
}

async fn a_token_is_made_listed_shown_and_changed(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let rules = json!({ "domains": ["shop.example"], "maxPlays": 3 });
    let made = make(&scene, json!({ "name": "shop", "rules": rules, "expiresAt": instant(3_600) })).await;
    let (id, token) = (text(&made, "embedTokenId"), text(&made, "token"));
    assert_eq!((&made["name"], &made["rules"]["maxPlays"]), (&json!("shop"), &json!(3)));
    assert_eq!(made["rules"]["words"], "Anyone may watch, on shop.example, at most 3 times.");
    let path = format!("/embed-tokens/{id}");
    let shown = customer.get(&path).await.expect(200).json();
    assert!(shown.get("token").is_none() && shown.get("url").is_none(), "{shown}");
    let second = customer.create_private().await;
    let other = customer.post("/embed-tokens", &json!({ "videoId": second })).await.expect(201).json();
    let ids = async |query: &str| -> Vec<Value> {
        let list = customer.get(&format!("/embed-tokens{query}")).await.expect(200).json();
        list["data"].as_array().unwrap().iter().map(|token| token["embedTokenId"].clone()).collect()
    };
    assert_eq!(ids("").await, [other["embedTokenId"].clone(), made["embedTokenId"].clone()], "newest first");
    assert_eq!(ids(&format!("?videoId={video}")).await, [made["embedTokenId"].clone()]);
    assert_eq!(ids("?pageSize=1&currentPage=2").await, [made["embedTokenId"].clone()]);
    expect_problem(customer.get("/embed-tokens?pageSize=101").await, 400, "invalid-query-parameter");
    expect_problem(customer.get("/embed-tokens?videoId=x").await, 404, "resource-not-found");

    let page = format!("/embed/{video}/session?token={token}");
    let from = async |site: &str| redeem(viewer, &page, &[("origin", site)]).await;
    from("https://other.example").await.expect_refused(403, "domain_not_allowed", b"");
    let watching = folder(&from("https://shop.example").await, video);
    let moved = json!({ "rules": { "domains": ["other.example"] } });
    let changed = customer.patch(&path, &moved).await.expect(200).json();
    assert_eq!((&changed["name"], &changed["rules"]["domains"]), (&json!("shop"), &json!(["other.example"])));
    assert_eq!(changed["expiresAt"], made["expiresAt"], "what is not said stays");
    from("https://shop.example").await.expect_refused(403, "domain_not_allowed", b"");
    from("https://other.example").await.expect(200);
    // A session goes on as it began.
    assert_eq!(viewer.get(&format!("{watching}player.json")).await.status, 200);
    let freed = json!({ "rules": null, "expiresAt": null, "name": "free" });
    let changed = customer.patch(&path, &freed).await.expect(200).json();
    assert_eq!((&changed["name"], &changed["rules"]), (&json!("free"), &json!({ "words": "Anyone may watch." })));
    assert!(changed.get("expiresAt").is_none(), "{changed}");
    redeem(viewer, &page, &[]).await.expect(200);

    for wrong in [json!({ "more": 1 }), json!({ "name": 1 }), json!([])] {
        expect_problem(customer.patch(&path, &wrong).await, 400, "invalid-payload");
    }
    expect_names(customer.patch(&path, &json!({ "expiresAt": "x" })).await, "invalid-attribute", "expiresAt");
    expect_names(customer.patch(&path, &json!({ "rules": { "x": 1 } })).await, "invalid-attribute", "x");
    assert_eq!(customer.get(&path).await.expect(200).json(), changed);
    for id in ["nonsense".to_owned(), format!("et{}", "0".repeat(22))] {
        let unknown =
            expect_problem(customer.patch(&format!("/embed-tokens/{id}"), &json!({})).await, 404, "resource-not-found");
        assert_eq!(unknown.text_at("/name"), "embedTokenId");
    }
}

async fn a_wrong_token_is_not_made(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, video, .. } = &scene;
    let with = |more: Value| {
        let mut body = json!({ "videoId": video });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let wrong = [
        (json!({}), "attribute-required", "videoId"),
        (with(json!({ "name": "n".repeat(201) })), "invalid-attribute", "name"),
        (with(json!({ "name": "a\0" })), "invalid-attribute", "name"),
        (with(json!({ "expiresAt": "tomorrow" })), "invalid-attribute", "expiresAt"),
        (with(json!({ "expiresAt": instant(-1) })), "invalid-attribute", "expiresAt"),
        (with(json!({ "rules": { "networks": ["10.0.0.1/8"] } })), "invalid-attribute", "networks"),
        (with(json!({ "rules": { "countries": { "only": ["XX"] } } })), "invalid-attribute", "countries"),
        (with(json!({ "rules": { "agents": { "only": ["netscape"] } } })), "invalid-attribute", "agents"),
        (with(json!({ "rules": { "maxPlays": 0 } })), "invalid-attribute", "maxPlays"),
        (with(json!({ "rules": { "rights": [] } })), "invalid-attribute", "rights"),
        (with(json!({ "rules": { "unheardOf": true } })), "invalid-attribute", "unheardOf"),
    ];
    for (body, slug, name) in wrong {
        for path in ["/embed-tokens", "/links"] {
            expect_names(customer.post(path, &body).await, slug, name);
        }
    }
    for path in ["/embed-tokens", "/links"] {
        for body in [json!([]), with(json!({ "more": 1 })), json!({ "videoId": 1 })] {
            expect_problem(customer.post(path, &body).await, 400, "invalid-payload");
        }
        for unknown in ["nonsense".to_owned(), format!("vi{}", "0".repeat(22))] {
            let refused = customer.post(path, &json!({ "videoId": unknown })).await;
            assert_eq!(expect_problem(refused, 404, "resource-not-found").text_at("/name"), "videoId");
        }
        assert_eq!(customer.get(path).await.expect(200).json()["pagination"]["itemsTotal"], 0);
    }
}

async fn a_token_ends_in_its_time(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.private_film(clip::small()).await;
    let scene = Scene::around(house, customer, video).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let made = make(&scene, json!({ "expiresAt": instant(3) })).await;
    let token = text(&made, "token");
    let page = format!("/embed/{video}/session?token={token}");
    let watching = folder(&redeem(viewer, &page, &[]).await, video);
    scene.expect_plays(super::Door::Manifest, &scene.at(super::Door::Manifest, Some(&token)).await).await;
    let patience = std::time::Duration::from_secs(10);
    let over = until(patience, "the token is over", async || {
        Some(redeem(viewer, &page, &[]).await).filter(|answer: &Answer| answer.status != 200)
    })
    .await;
    over.expect_refused(401, "invalid_token", b"");
    let master = viewer.get(&format!("{watching}{MASTER}")).await;
    master.expect_refused(401, "session_expired", b"#EXTM3U");
    let longer = json!({ "expiresAt": instant(3_600) });
    customer.patch(&format!("/embed-tokens/{}", text(&made, "embedTokenId")), &longer).await.expect(200);
    scene.expect_plays(super::Door::Redeem, &redeem(viewer, &page, &[]).await).await;
    // The same client as before, by the manifest: what it began then is over, and it begins anew.
    scene.expect_plays(super::Door::Manifest, &scene.at(super::Door::Manifest, Some(&token)).await).await;
}
