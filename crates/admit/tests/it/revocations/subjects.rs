//! Every kind of subject ends what it must and nothing else, and lets nobody back in by an older credential.

use std::time::Duration;

use admit_domain::dialects::Dialect;
use serde_json::json;

use super::revoke;
use crate::{
    credentials::{Scene, folder, redeem, signer::Signer},
    house::{Answer, House, on_both, until::until},
    management::expect_problem,
};

on_both! {
    each_subject_ends_what_it_must_and_nothing_else,
    what_is_not_there_cannot_be_taken_back,
}

/// Times of tokens are whole seconds: one that was issued in the second of a revocation counts as older.
const NEXT_SECOND: Duration = Duration::from_secs(5);

struct Cast {
    scene: Scene,
    /// A second video, and a second key.
    other: String,
    by_other: Signer,
    admit: Dialect,
}

impl Cast {
    async fn set(house: &House) -> Self {
        let scene = Scene::set_empty(house).await;
        let other = scene.customer.create_private().await;
        let scene = Scene { signer: Signer::make(&scene.customer, "admit").await, ..scene };
        let by_other = Signer::make(&scene.customer, "admit").await;
        Self { scene, other, by_other, admit: Dialect::parse("admit").unwrap() }
    }

    fn token(&self, signer: &Signer, video: &str, viewer: &str) -> String {
        signer.mint(&self.admit, video, Some(viewer))
    }

    async fn show(&self, video: &str, token: &str) -> Answer {
        redeem(&self.scene.viewer, &format!("/embed/{video}/session"), &[("x-moviie-playback-token", token)]).await
    }

    async fn enter(&self, video: &str, token: &str) -> String {
        folder(&self.show(video, token).await, video)
    }

    async fn by_private_token(&self, video: &str) -> String {
        let handle = self.scene.viewer.enter(video, &self.scene.customer.token(video).await).await;
        format!("/s/{handle}/{video}/")
    }

    /// There is nothing to watch yet, and whoever is let in is told so.
    async fn expect(&self, alive: &[&String], ended: &[&String]) {
        for (folders, is_ended) in [(alive, false), (ended, true)] {
            for folder in folders {
                let answer = self.scene.viewer.get(&format!("{folder}hls/master.m3u8")).await;
                assert_eq!(answer.status == 410, is_ended, "{folder}: {} {}", answer.status, answer.text_or_nothing());
                assert_ne!(answer.status, 401, "{folder}");
                if is_ended {
                    assert_eq!(answer.header("admit-reason"), Some("session_ended"), "{folder}");
                }
            }
        }
    }

    async fn expect_barred(&self, video: &str, token: &str) {
        let answer = self.show(video, token).await;
        answer.expect_refused(401, "credential_revoked", b"#EXTM3U");
    }

    async fn new_token_enters(&self, signer: &Signer, video: &str, viewer: &str) {
        until(NEXT_SECOND, "a token of the next second is taken", async || {
            let answer = self.show(video, &self.token(signer, video, viewer)).await;
            (answer.status == 200).then_some(())
        })
        .await;
    }
}

async fn each_subject_ends_what_it_must_and_nothing_else(house: &mut House) {
    let cast = Cast::set(house).await;
    let (customer, video, other, signer) = (&cast.scene.customer, &cast.scene.video, &cast.other, &cast.scene.signer);
    let made = customer.post("/embed-tokens", &json!({ "videoId": video, "name": "x" })).await.expect(201);
    let (embed_id, embed) = (made.text_at("/embedTokenId"), made.text_at("/token"));
    let (of_ada, of_bob) = (cast.token(signer, video, "ada"), cast.token(signer, video, "bob"));
    let (ada, bob) = (cast.enter(video, &of_ada).await, cast.enter(video, &of_bob).await);
    let elsewhere = cast.enter(other, &cast.token(&cast.by_other, other, "ada")).await;
    let eve = cast.enter(other, &cast.token(&cast.by_other, other, "eve")).await;
    let (private, private_elsewhere) = (cast.by_private_token(video).await, cast.by_private_token(other).await);
    let by_embed = cast.enter(video, &embed).await;
    cast.expect(&[&ada, &bob, &elsewhere, &eve, &private, &private_elsewhere, &by_embed], &[]).await;

    let session = house.forge().session_of(private.split('/').nth(2).unwrap(), video);
    let first = revoke(customer, "session", &session).await.expect(201);
    let again = revoke(customer, "session", &session).await.expect(201);
    assert!(first.json()["seq"].as_i64() <= again.json()["seq"].as_i64());
    assert!(first.text_at("/revocationId").starts_with("rv"));
    cast.expect(&[&ada, &bob, &elsewhere, &eve, &private_elsewhere, &by_embed], &[&private]).await;

    revoke(customer, "credential", &embed_id).await.expect(201);
    revoke(customer, "credential", &embed_id).await.expect(404);
    cast.expect(&[&ada, &bob, &elsewhere, &eve, &private_elsewhere], &[&by_embed]).await;
    cast.expect_barred(video, &embed).await;

    revoke(customer, "credential", &of_bob).await.expect(201);
    revoke(customer, "credential", &of_bob).await.expect(201);
    cast.expect(&[&ada, &elsewhere, &eve, &private_elsewhere], &[&bob]).await;
    cast.expect_barred(video, &of_bob).await;
    let bob = cast.enter(video, &signer.mint(&cast.admit, video, Some("bob "))).await;

    revoke(customer, "viewer", "ada").await.expect(201);
    cast.expect(&[&bob, &eve, &private_elsewhere], &[&ada, &elsewhere]).await;
    cast.expect_barred(video, &of_ada).await;
    cast.new_token_enters(signer, video, "ada").await;

    let unspent = customer.token(video).await;
    revoke(customer, "credential", &unspent).await.expect(201);
    cast.scene.viewer.redeem(video, &unspent, &"n".repeat(16)).await.expect_refused(401, "credential_revoked", b"");

    let (unspent, of_bob) = (customer.token(video).await, cast.token(signer, video, "bob"));
    revoke(customer, "video", video).await.expect(201);
    cast.expect(&[&eve, &private_elsewhere], &[&bob]).await;
    cast.scene.viewer.redeem(video, &unspent, &"n".repeat(16)).await.expect_refused(401, "credential_revoked", b"");
    cast.expect_barred(video, &of_bob).await;
    let anew = cast.by_private_token(video).await;
    cast.new_token_enters(signer, video, "bob").await;
    cast.expect(&[&anew], &[]).await;

    revoke(customer, "signingKey", &cast.by_other.id).await.expect(201);
    revoke(customer, "signingKey", &cast.by_other.id).await.expect(201);
    cast.expect(&[&anew, &private_elsewhere], &[&eve]).await;

    let project = customer.get("/settings").await.expect(200).text_at("/projectId");
    revoke(customer, "project", &project).await.expect(201);
    cast.expect(&[], &[&anew, &private_elsewhere]).await;
    let (anew, anew_elsewhere) = (cast.by_private_token(video).await, cast.by_private_token(other).await);
    cast.expect(&[&anew, &anew_elsewhere], &[]).await;
    house.restart().await;
    let cast = Cast { scene: Scene { viewer: house.viewer(), ..cast.scene }, ..cast };
    cast.expect(&[&anew, &anew_elsewhere], &[&bob, &ada, &eve, &private]).await;
}

async fn what_is_not_there_cannot_be_taken_back(house: &mut House) {
    let customer = house.customer().await;
    let nothing = "0".repeat(22);
    for (kind, id) in [
        ("session", format!("se{}", "0".repeat(24))),
        ("session", "x".to_owned()),
        ("video", format!("vi{nothing}")),
        ("signingKey", format!("sk{nothing}")),
        ("credential", format!("et{nothing}")),
        ("project", format!("pr{nothing}")),
    ] {
        expect_problem(revoke(&customer, kind, &id).await, 404, "resource-not-found");
    }
    for (kind, id) in [("viewer", ""), ("credential", ""), ("credential", "https://a.example/nothing")] {
        expect_problem(revoke(&customer, kind, id).await, 400, "invalid-attribute");
    }
    expect_problem(revoke(&customer, "nobody", "x").await, 400, "invalid-payload");
    expect_problem(customer.post("/revocations", &json!({})).await, 400, "attribute-required");
    for query in ["wait=all", "timeoutMs=10001", "wait=edges&timeoutMs=x"] {
        let body = json!({ "subject": { "type": "viewer", "id": "x" } });
        expect_problem(customer.post(&format!("/revocations?{query}"), &body).await, 400, "invalid-query-parameter");
    }
}
