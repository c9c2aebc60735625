//! What an edge asks, as docs/edges.md spells it.

use serde_json::{Value, json};

use super::{Edge, revoke};
use crate::{
    credentials::{Scene, signer::Signer},
    house::{Answer, House, clip, on_both},
};

on_both! {
    facts_and_bytes_are_told_to_an_edge,
    credentials_are_judged_for_an_edge,
}

#[track_caller]
fn expect_refusal(answer: Answer, status: u16, code: &str) {
    let answer = answer.expect(status).json();
    assert_eq!((&answer["code"], &answer["type"]), (&json!(code), &json!(format!("urn:admit:refusal:{code}"))));
}

async fn facts_and_bytes_are_told_to_an_edge(house: &mut House) {
    let (customer, edge) = (house.customer().await, Edge::joined(house).await);
    let video = customer.private_film(clip::small()).await;
    customer.put(&format!("/videos/{video}/access-rules"), &json!({ "maxPlays": 3 })).await.expect(200);
    customer.patch("/settings", &json!({ "onStale": "open" })).await.expect(200);
    let facts = edge.get(&format!("videos/{video}"), &[]).await.expect(200).json();
    assert_eq!((&facts["public"], &facts["ingest"]), (&json!(false), &json!("uploaded")));
    assert_eq!((&facts["rules"], &facts["onStale"]), (&json!({ "maxPlays": 3 }), &json!("open")));
    expect_refusal(edge.get(&format!("videos/vi{}", "0".repeat(22)), &[]).await, 404, "not_found");
    let screen = edge.get(&format!("videos/{video}/screen"), &[]).await.expect(200).json();
    assert_eq!(screen, json!({ "title": "a story", "panoramic": false, "player": Value::Null }));
    for path in ["pictures/logo/x", "pictures/other/x", &format!("pictures/logo/pl{}", "0".repeat(22))] {
        expect_refusal(edge.get(path, &[]).await, 404, "not_found");
    }

    let mp4 = format!("objects/videos/{video}/mp4-{}", facts["mp4"]);
    let whole = edge.get(&mp4, &[]).await.expect(200);
    let part = edge.get(&mp4, &[("range", "bytes=4-7")]).await.expect(206);
    assert_eq!((&part.body[..], part.text()), (&whole.body[4..8], "ftyp"));
    assert_eq!(part.header("content-range"), Some(format!("bytes 4-7/{}", whole.body.len()).as_str()));
    let beyond = edge.get(&mp4, &[("range", "bytes=999999999-")]).await.expect(416);
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{}", whole.body.len()).as_str()));
    let presentation = format!("objects/videos/{video}/presentation-{}", facts["presentation"]);
    edge.get(&presentation, &[]).await.expect(200);
    for path in ["source", "mp4-1", "../install.key", "%2e%2e/install.key"] {
        let status = edge.get(&format!("objects/videos/{video}/{path}"), &[]).await.status;
        assert!(matches!(status, 400 | 404), "{path}: {status}");
    }
    assert!(house.stored(&format!("videos/{video}")).contains(&"source".to_owned()), "there is one");
}

async fn credentials_are_judged_for_an_edge(house: &mut House) {
    let (scene, edge) = (Scene::set_empty(house).await, Edge::joined(house).await);
    let (customer, video) = (&scene.customer, &scene.video);
    let token = customer.token(video).await;
    let client = json!({ "network": "203.0.113.0/24", "agent": "an edge's viewer" });
    edge.post("vouch", &json!({ "videoId": video, "token": token })).await.expect(204);
    let other = customer.create_private().await;
    expect_refusal(edge.post("vouch", &json!({ "videoId": other, "token": token })).await, 403, "unknown_credential");
    let wish = |nonce: &str| json!({ "videoId": video, "token": token, "nonce": nonce, "client": client });
    let first = edge.post("redeem", &wish("1234567890123456")).await.expect(200).json();
    let again = edge.post("redeem", &wish("1234567890123456")).await.expect(200).json();
    assert_eq!((&first, &first["videoId"]), (&again, &json!(video)));
    assert_eq!(first["handle"].as_str().unwrap().len(), 68);
    expect_refusal(edge.post("redeem", &wish("another-viewer-16")).await, 403, "credential_spent");
    assert_eq!(customer.sessions().await[0]["network"], json!("203.0.113.0/24"));

    let signer = Signer::make(customer, "admit").await;
    let jwt = signer.mint(&admit_domain::dialects::Dialect::parse("admit").unwrap(), video, Some("ada"));
    let shown = json!({ "origin": "https://v.example", "path": format!("/vod/{video}/hls/manifest.m3u8"),
        "query": format!("token={jwt}"), "headers": [], "cookies": [] });
    let presented = json!({ "videoId": video, "shown": shown, "client": client, "agent": "x", "ip": "203.0.113.7" });
    let entered = edge.post("present", &presented).await.expect(200).json();
    let folder = format!("/s/{}/{video}/hls/master.m3u8", entered["handle"].as_str().unwrap());
    assert!(!matches!(scene.viewer.get(&folder).await.status, 401 | 410), "the handle is one of ours");
    revoke(customer, "credential", &jwt).await.expect(201);
    expect_refusal(edge.post("present", &presented).await, 403, "credential_revoked");
    edge.post("present", &json!({ "videoId": "x" })).await.expect(400);
}
