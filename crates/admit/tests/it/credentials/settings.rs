//! What a project decides about tokens: whether they are taken at all, and how long what they begin lasts.

use admit_domain::{limits::SESSION_TTL_DEFAULT, verdict::Denial};
use serde_json::json;

use super::{DOORS, Door, MASTER, Scene, expect_names, redeem, signer::at};
use crate::{
    house::{House, on_both},
    management::expect_problem,
};

on_both! {
    a_project_may_take_no_tokens,
    a_project_says_how_long_a_session_lasts,
}

async fn a_project_may_take_no_tokens(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let embed = customer.post("/embed-tokens", &json!({ "videoId": video })).await.expect(201).text_at("/token");
    let token = scene.token();
    let watching = scene.enter(&token).await;
    let before = customer.count_sessions().await;
    let settings = customer.patch("/settings", &json!({ "tokenAccess": false })).await.expect(200).json();
    assert_eq!(settings["tokenAccess"], false);
    for token in [&token, &scene.token(), &"nonsense".to_owned()] {
        for door in DOORS {
            scene.expect_refused(door, &scene.at(door, Some(token)).await, Denial::TokenAccessOff);
        }
    }
    assert_eq!(customer.count_sessions().await, before);
    // Who is in stays in, and what is no signed token is not meant.
    viewer.get(&format!("{watching}{MASTER}")).await.expect(200);
    scene
        .expect_plays(Door::Redeem, &redeem(viewer, &format!("/embed/{video}/session?token={embed}"), &[]).await)
        .await;
    viewer.enter(video, &customer.token(video).await).await;
    house.restart().await;
    let scene = Scene { customer: house.customer_with(&scene.customer.key), viewer: house.viewer(), ..scene };
    scene.expect_refused(Door::Redeem, &scene.at(Door::Redeem, Some(&token)).await, Denial::TokenAccessOff);
    scene.customer.patch("/settings", &json!({ "tokenAccess": true })).await.expect(200);
    for door in DOORS {
        scene.expect_plays(door, &scene.at(door, Some(&token)).await).await;
    }
}

async fn a_project_says_how_long_a_session_lasts(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, .. } = &scene;
    let longest = SESSION_TTL_DEFAULT.as_secs();
    assert_eq!(customer.get("/settings").await.expect(200).json()["sessionSeconds"], longest);
    let ends_in = async || {
        let answer = scene.at(Door::Redeem, Some(&scene.token())).await.expect(200);
        let ends: jiff::Timestamp = answer.text_at("/expiresAt").parse().unwrap();
        ends.as_second() - at(0)
    };
    let day = i64::try_from(longest).unwrap();
    assert!((day - 30..=day).contains(&ends_in().await));
    let set = customer.patch("/settings", &json!({ "sessionSeconds": 60 })).await.expect(200).json();
    assert_eq!(set["sessionSeconds"], 60);
    let short = ends_in().await;
    assert!((30..=60).contains(&short), "{short}");
    for wrong in [0, 59, longest + 1, 4_294_967_295] {
        expect_names(
            customer.patch("/settings", &json!({ "sessionSeconds": wrong })).await,
            "invalid-attribute",
            "sessionSeconds",
        );
    }
    for wrong in [json!(-1), json!("60"), json!(60.5), json!(4_294_967_296_u64)] {
        expect_problem(customer.patch("/settings", &json!({ "sessionSeconds": wrong })).await, 400, "invalid-payload");
    }
    expect_problem(customer.patch("/settings", &json!({ "tokenAccess": "no" })).await, 400, "invalid-payload");
    assert_eq!(customer.get("/settings").await.expect(200).json()["sessionSeconds"], 60, "a wrong one changes nothing");
    let other = customer.patch("/settings", &json!({ "tokenAccess": true })).await.expect(200).json();
    assert_eq!(other["sessionSeconds"], 60, "what is not said stays");
    let reset = customer.patch("/settings", &json!({ "sessionSeconds": null })).await.expect(200).json();
    assert_eq!(reset["sessionSeconds"], longest);
}
