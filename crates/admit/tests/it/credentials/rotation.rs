//! One signing key takes another's place without a pause, and what the old one opened is shut at once (T49).

use std::collections::BTreeSet;

use admit_domain::verdict::Denial;
use serde_json::Value;

use super::{DOORS, Door, FILM, MASTER, Scene, named_in, signer::Signer};
use crate::house::{Customer, House, clip, on_both, slow::Slow};

on_both! {
    a_key_takes_the_place_of_another,
    a_film_stops_in_the_middle_when_its_key_is_revoked,
}

async fn a_key_takes_the_place_of_another(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, signer: old, video, .. } = &scene;
    let new = Signer::make(customer, "moviie").await;
    let (old_token, new_token) = (scene.token(), new.token(video));
    let unused = scene.token();
    let watching = scene.enter(&old_token).await;
    let on_new = scene.enter(&new_token).await;
    let places = places(&scene, &watching).await;
    assert!(places.len() >= 4, "{places:?}");
    assert_eq!(used_and_live(customer, &old.id).await, (true, 1));
    assert_eq!(used_and_live(customer, &new.id).await, (true, 1));

    customer.delete(&format!("/signing-keys/{}", old.id)).await.expect(204);
    for below in &places {
        viewer.get(&format!("{watching}{below}")).await.expect_refused(410, "session_ended", b"#EXTM3U");
        viewer.get(&format!("{on_new}{below}")).await.expect(200);
    }
    let before = customer.count_sessions().await;
    for token in [&old_token, &unused] {
        for door in DOORS {
            scene.expect_refused(door, &scene.at(door, Some(token)).await, Denial::InvalidToken);
        }
    }
    assert_eq!(customer.count_sessions().await, before);
    for door in DOORS {
        scene.expect_plays(door, &scene.at(door, Some(&new.token(video))).await).await;
    }
    assert_eq!(used_and_live(customer, &old.id).await, (true, 0));
    assert_eq!(used_and_live(customer, &new.id).await, (true, 4));
    let shown = customer.get(&format!("/signing-keys/{}", old.id)).await.expect(200).json();
    assert!(shown["revokedAt"].is_string(), "{shown}");
    customer.delete(&format!("/signing-keys/{}", old.id)).await.expect(404);
    let of = async |query: String| customer.get(&format!("/sessions?{query}")).await.expect(200).json();
    assert_eq!(of(format!("signingKeyId={}", old.id)).await["pagination"]["itemsTotal"], 1);
    assert_eq!(of(format!("signingKeyId={}&active=true", old.id)).await["pagination"]["itemsTotal"], 0);
    assert_eq!(of(format!("signingKeyId={}&active=true", new.id)).await["pagination"]["itemsTotal"], 4);

    // It holds over a restart, whose edge has only the log to learn from.
    house.restart().await;
    let viewer = house.viewer();
    viewer.get(&format!("{watching}{MASTER}")).await.expect_refused(410, "session_ended", b"#EXTM3U");
    viewer.get(&format!("{on_new}{MASTER}")).await.expect(200);
}

/// A playlist of each kind, an init, a segment, the film and the poster.
async fn places(scene: &Scene, folder: &str) -> BTreeSet<String> {
    let get = async |below: &str| scene.viewer.get(&format!("{folder}{below}")).await.expect(200);
    let master = get(MASTER).await;
    let mut places: BTreeSet<_> = [MASTER, FILM, super::POSTER].map(str::to_owned).into();
    let playlist = named_in(master.text(), ".m3u8").remove(0);
    places.extend(named_in(get(&playlist).await.text(), ".m4s"));
    places.insert(playlist);
    for below in &places {
        get(below).await;
    }
    places
}

/// Was the key used, and how many can still watch by it?
async fn used_and_live(customer: &Customer, id: &str) -> (bool, u64) {
    let listed = customer.get("/signing-keys").await.expect(200).json();
    let listed = listed["data"].as_array().unwrap().iter().find(|key| key["signingKeyId"] == id).unwrap().clone();
    let shown = customer.get(&format!("/signing-keys/{id}")).await.expect(200).json();
    assert_eq!(shown, listed);
    (listed["lastUsedAt"].is_string(), listed["liveSessions"].as_u64().unwrap())
}

async fn a_film_stops_in_the_middle_when_its_key_is_revoked(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.private_film(clip::heavy()).await;
    let scene = Scene::around(house, customer, video).await;
    let Scene { customer, viewer, signer, video, .. } = &scene;
    let other = Signer::make(customer, "moviie").await;
    let (ended, kept) = (scene.enter(&scene.token()).await, scene.enter(&other.token(video)).await);
    let truth = viewer.get(&format!("{kept}{FILM}")).await.expect(200).body;
    let watching = Slow::get(house, &format!("{ended}{FILM}")).await;
    let another = Slow::get(house, &format!("{kept}{FILM}")).await;
    customer.delete(&format!("/signing-keys/{}", signer.id)).await.expect(204);
    let (head, part) = watching.rest().await;
    assert!(head.contains(&format!("content-length: {}", truth.len())), "{head}");
    assert!(part.len() < truth.len(), "the whole film went out by a key that was revoked");
    assert!(truth.starts_with(&part));
    assert!(another.rest().await.1 == truth, "nobody else is stopped");
    let session = scene.at(Door::Redeem, Some(&scene.token())).await;
    scene.expect_refused(Door::Redeem, &session, Denial::InvalidToken);
    let live = customer.get("/sessions?active=true").await.expect(200).json();
    let keys: Vec<_> = live["data"].as_array().unwrap().iter().map(|session| &session["signingKeyId"]).collect();
    assert_eq!(keys, [&Value::from(other.id.as_str())]);
}
