//! Every refusal there is can be explained: by its request, and by its address.

use admit_domain::{id::RequestId, verdict::Denial};
use serde_json::{Value, json};

use super::{
    Scene,
    provoke::{Provoked, UNPROVOKED, provoke},
};
use crate::house::{House, on_both};

on_both! {
    every_refusal_is_explained,
    nothing_is_said_of_what_is_not_there,
}

async fn every_refusal_is_explained(house: &mut House) {
    let scene = Scene::set(house).await;
    for denial in Denial::ALL {
        let Some(provoked) = provoke(&scene, denial).await else {
            assert!(UNPROVOKED.iter().any(|(known, _)| *known == denial), "{denial:?} is provoked, or told why not");
            continue;
        };
        let code = denial.code();
        let Provoked { answer, url, about, cure } = provoked;
        assert_eq!(answer.header("admit-reason"), Some(code), "{}: {}", answer.asked, answer.text_or_nothing());
        let request = answer.header("admit-request-id").expect("a request has an id");
        let told = scene.explain(&json!({ "requestId": request })).await;
        expect_cause(&told, denial);
        assert_eq!(scene.customer.get(&format!("/explain/{request}")).await.expect(200).json(), told);
        if let Some(url) = &url {
            let told = scene.explain(&with(json!({ "url": url }), &about)).await;
            expect_cause(&told, denial);
            assert_ne!(told["refusal"]["wanted"], "", "what would have been right: {told}");
            for secret in url.split(['/', '=', '&', '?']).filter(|part| part.len() > 24) {
                assert!(!told.to_string().contains(secret), "{secret} is repeated: {told}");
            }
        }
        if let (Some(url), Some(cure)) = (url, cure) {
            let told = scene.explain(&with(with(json!({ "url": url }), &about), &cure)).await;
            assert_eq!(told["allowed"], json!(true), "{code} with {cure}: {told}");
        }
        // One story turned this off.
        scene.customer.patch("/settings", &json!({ "tokenAccess": true })).await.expect(200);
    }
}

fn expect_cause(told: &Value, denial: Denial) {
    let refusal = &told["refusal"];
    assert_eq!(refusal["code"], denial.code(), "{told}");
    assert_eq!(refusal["status"], denial.status(), "{told}");
    assert_eq!(refusal["title"], denial.to_string(), "{told}");
    assert_eq!(refusal["help"], format!("docs/refusals.md#{}", denial.code()), "{told}");
    let last = told["steps"].as_array().and_then(|steps| steps.last()).expect("a step");
    assert_eq!(last["passed"], json!(false), "the first that failed is the last that is told: {told}");
}

fn with(mut question: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        question[name] = value.clone();
    }
    question
}

async fn nothing_is_said_of_what_is_not_there(house: &mut House) {
    let scene = Scene::set(house).await;
    let stranger = format!("vi{}", "0".repeat(22));
    for question in [
        json!({ "requestId": RequestId::from_random([7; 22]).as_str() }),
        json!({ "requestId": "rq" }),
        json!({ "url": format!("/vod/{stranger}/hls/manifest.m3u8") }),
        json!({ "url": format!("/u/1.1.x/{stranger}/hls/master.m3u8") }),
        json!({ "url": format!("/s/x/{stranger}/hls/master.m3u8") }),
        json!({ "token": format!("adm_emb_{}", "0".repeat(43)) }),
        json!({ "token": "a.b.c", "videoId": stranger }),
    ] {
        scene.customer.post("/explain", &question).await.expect(404);
    }
    for question in [
        json!({}),
        json!({ "url": "/x", "token": "y" }),
        json!({ "token": "a.b.c" }),
        json!({ "url": "/x", "ip": "nowhere" }),
        json!({ "url": "/x", "at": "soon" }),
        json!({ "url": "/x", "colour": "red" }),
    ] {
        scene.customer.post("/explain", &question).await.expect(400);
    }
    let told = scene.explain(&json!({ "url": "/no/such/address" })).await;
    assert_eq!(told["refusal"]["code"], "not_found");
    let made = house.run(&["api-key", "create", "--name", "reader", "--scope", "videos:read"]).await;
    let reader = house.customer_with(String::from_utf8(made.stdout).unwrap().trim());
    reader.post("/explain", &json!({ "url": "/x" })).await.expect(403);
    reader.get("/events").await.expect(403);
}
