//! `/webhooks` as published, and what is told: signed in two ways (N10), and without a secret in it (N12).

use std::time::Duration;

use admit_domain::secret::{MacKey, hex};
use http::HeaderMap;
use serde_json::{Value, json};

use super::{deliveries, hook, may_call};
use crate::house::{
    Customer, House, clip, on_both,
    outside::{Heard, Outside, Reply},
    until::until,
};

on_both! {
    a_webhook_is_made_read_listed_and_deleted,
    a_project_has_twenty_webhooks,
    n10_what_is_told_is_signed_in_both_ways,
    n12_what_is_told_opens_nothing,
}

const COMPLETED: &str = "video.encoding.quality.completed";

async fn a_webhook_is_made_read_listed_and_deleted(house: &mut House) {
    let customer = house.customer().await;
    let body = json!({ "events": [COMPLETED, "live-stream.broadcast.started", COMPLETED], "url": "https://Example.org/hook?a=b#c" });
    let made = customer.post("/webhooks", &body).await.expect(201).json();
    let members: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["createdAt", "events", "signatureSecret", "url", "webhookId"]);
    assert_eq!(made["events"], json!([COMPLETED, "live-stream.broadcast.started"]));
    assert_eq!(made["url"], "https://example.org/hook?a=b");
    let (id, secret) = (made["webhookId"].as_str().unwrap(), made["signatureSecret"].as_str().unwrap());
    assert!(id.starts_with("webhook_") && id.len() == 30, "{id}");
    assert!(secret.starts_with("sig_sec_") && secret.len() == 30, "{secret}");
    let other =
        customer.post("/webhooks", &json!({ "events": ["video.source.recorded"], "url": "http://example.org" })).await;
    assert_ne!(other.expect(201).text_at("/signatureSecret"), secret);

    assert_eq!(customer.get(&format!("/webhooks/{id}")).await.expect(200).json(), made);
    for (query, items) in [
        ("", 2),
        ("?events=video.source.recorded", 1),
        ("?events=live-stream.broadcast.started", 1),
        ("?events=video.caption.generated", 0),
    ] {
        let list = customer.get(&format!("/webhooks{query}")).await.expect(200).json();
        assert_eq!(list["pagination"]["itemsTotal"], items, "{query}");
    }
    assert_eq!(customer.get("/webhooks?events=video").await.expect(400).text_at("/name"), "events");
    for (events, url) in [(json!([]), "https://example.org"), (json!(["video.deleted"]), "https://example.org")] {
        let refused = customer.post("/webhooks", &json!({ "events": events, "url": url })).await.expect(400);
        assert_eq!(refused.text_at("/name"), "events");
    }
    house.kill().await;
    house.start().await;
    let customer = house.customer_with(&customer.key);
    assert_eq!(customer.get(&format!("/webhooks/{id}")).await.expect(200).json(), made, "the secret is derived again");
    assert!(!house.holds(secret), "and is stored nowhere");
    customer.delete(&format!("/webhooks/{id}")).await.expect(204);
    for below in ["", "/deliveries"] {
        assert_eq!(customer.get(&format!("/webhooks/{id}{below}")).await.expect(404).text_at("/name"), "webhookId");
    }
    customer.delete(&format!("/webhooks/{id}")).await.expect(404);
    customer.get("/webhooks/nonsense").await.expect(404);
}

async fn a_project_has_twenty_webhooks(house: &mut House) {
    let customer = house.customer().await;
    for number in 0..20 {
        hook(&customer, &format!("https://example.org/{number}")).await;
    }
    let body = json!({ "events": [COMPLETED], "url": "https://example.org/one-more" });
    let refused = customer.post("/webhooks", &body).await.expect(400);
    assert!(refused.text_at("/type").ends_with("/webhook-limit-reached"), "{}", refused.text());
    assert_eq!(refused.text_at("/title"), "Your account has reached the webhook urls limit.");
    assert_eq!(customer.get("/webhooks").await.json()["pagination"]["itemsTotal"], 20);
}

/// A film is made, and a webhook is told of both its encodings.
async fn told_of_a_film(house: &mut House) -> (Customer, Value, String, Vec<Heard>) {
    let outside = Outside::open("127.0.0.1:0", |_, _| Reply::status("202 Accepted")).await;
    let customer = may_call(house, &outside, &[]).await;
    let webhook = hook(&customer, &format!("http://{}/hook?x=y", outside.address)).await;
    // What it has not subscribed to, it does not hear.
    let deaf = json!({ "events": ["video.caption.generated"], "url": format!("http://{}/deaf", outside.address) });
    let deaf = customer.post("/webhooks", &deaf).await.expect(201).json();
    let video = customer.private_film(clip::small()).await;
    until(Duration::from_secs(20), "both are told", async || {
        let told = deliveries(&customer, &webhook).await;
        (told.len() == 2 && told.iter().all(|told| told["state"] == "delivered")).then_some(())
    })
    .await;
    assert_eq!(deliveries(&customer, &deaf).await.len(), 0);
    let heard = outside.heard();
    assert_eq!((heard.len(), outside.connections()), (2, 2), "N21: no two calls share a connection");
    (customer, webhook, video, heard)
}

async fn n10_what_is_told_is_signed_in_both_ways(house: &mut House) {
    let (customer, webhook, video, heard) = told_of_a_film(house).await;
    let secret = webhook["signatureSecret"].as_str().unwrap();
    let standard = standardwebhooks::Webhook::from_bytes(secret.as_bytes().to_vec()).unwrap();
    let mut encodings = Vec::new();
    for heard in &heard {
        assert!(heard.head.starts_with("POST /hook?x=y HTTP/1.1"), "{}", heard.head);
        let header = |name: &str| heard.header(name).unwrap_or_else(|| panic!("no {name} in {}", heard.head));
        assert_eq!(header("content-type"), "application/json");
        assert_eq!(header("x-api-video-webhookid"), webhook["webhookId"].as_str().unwrap());
        let signature = hex(&MacKey::of_text(secret).tag_of(heard.body.as_bytes()));
        assert_eq!(header("x-api-video-signature"), signature);
        let mut headers = HeaderMap::new();
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            headers.insert(name, header(name).parse().unwrap());
        }
        standard.verify(heard.body.as_bytes(), &headers).unwrap();
        standard.verify(format!("{} ", heard.body).as_bytes(), &headers).unwrap_err();
        headers.insert("webhook-timestamp", "1600000000".parse().unwrap());
        standard.verify(heard.body.as_bytes(), &headers).unwrap_err();
        let body: Value = serde_json::from_str(&heard.body).unwrap();
        let members: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["emittedAt", "encoding", "quality", "type", "videoId"]);
        assert_eq!((body["type"].as_str(), body["videoId"].as_str()), (Some(COMPLETED), Some(video.as_str())));
        assert!(body["emittedAt"].as_str().unwrap().ends_with("+00:00"), "{body}");
        encodings.push((body["encoding"].as_str().unwrap().to_owned(), body["quality"].as_str().unwrap().to_owned()));
    }
    encodings.sort();
    assert_eq!(encodings, [("hls".to_owned(), "240p".to_owned()), ("mp4".to_owned(), "240p".to_owned())]);
    let told = deliveries(&customer, &webhook).await;
    for (told, heard) in told.iter().rev().zip(&heard) {
        assert_eq!(told["eventId"].as_str(), heard.header("webhook-id"));
        assert_eq!(
            (told["type"].as_str(), told["attempts"].as_u64(), told["statusCode"].as_u64()),
            (Some(COMPLETED), Some(1), Some(202))
        );
    }
}

async fn n12_what_is_told_opens_nothing(house: &mut House) {
    let (customer, webhook, video, heard) = told_of_a_film(house).await;
    let token = customer.token(&video).await;
    let secrets = [customer.key.as_str(), &token, webhook["signatureSecret"].as_str().unwrap(), "/token/", "/s/"];
    for heard in &heard {
        for secret in secrets {
            assert!(!heard.head.contains(secret) && !heard.body.contains(secret), "{secret} is told");
        }
        for name in ["authorization", "cookie", "referer"] {
            assert_eq!(heard.header(name), None);
        }
    }
}
