//! A secret leaves the house once, and is in nothing that it keeps (T50).

use serde_json::json;

use super::{DOORS, Scene};
use crate::house::{House, on_both};

on_both! {
    no_secret_is_had_again,
}

async fn no_secret_is_had_again(house: &mut House) {
    house.set("ADMIT_LOG", "debug");
    house.restart().await;
    let scene = Scene::set_empty(house).await;
    let Scene { customer, viewer, video, signer, .. } = &scene;
    let brought = "brought along from another service, 0123456789";
    customer.post("/signing-keys", &json!({ "name": "b", "dialect": "moviie", "secret": brought })).await.expect(201);
    let embed = customer.post("/embed-tokens", &json!({ "videoId": video })).await.expect(201);
    let link = customer.post("/links", &json!({ "videoId": video })).await.expect(201).text_at("/url");
    let api_key = customer.post("/api-keys", &json!({ "name": "k" })).await.expect(201).text_at("/key");
    let code = link.rsplit('/').next().unwrap().to_owned();
    let embed = embed.text_at("/token");
    let token = scene.token();
    for door in DOORS {
        scene.at(door, Some(&token)).await;
        scene.at(door, Some(&embed)).await;
    }
    super::redeem(viewer, &format!("/w/{code}/session"), &[]).await.expect(200);
    // A good token is a secret too, until it ends.
    let secrets = [signer.secret.as_str(), brought, &embed, &code, &api_key, &token];

    let id = &signer.id;
    let mut said = String::new();
    for path in [
        "/signing-keys".to_owned(),
        format!("/signing-keys/{id}"),
        "/embed-tokens".to_owned(),
        "/links".to_owned(),
        "/api-keys".to_owned(),
        "/sessions".to_owned(),
        format!("/videos/{video}"),
        "/openapi.json".to_owned(),
    ] {
        said += customer.get(&path).await.expect(200).text();
    }
    for secret in secrets {
        assert!(!said.contains(secret), "the API repeats {secret}");
        assert!(!house.log().contains(secret), "the log holds {secret}");
        assert!(!house.holds(secret), "the data folder holds {secret}");
    }
    // What is looked through would show what is there.
    assert!(
        house.holds(id) || house.run(&["--version"]).await.status.success() && !house.data().join("admit.db").exists()
    );
    house.kill().await;
    for secret in secrets {
        assert!(!house.holds(secret), "what a power cut leaves holds {secret}");
    }
    house.start().await;
}
