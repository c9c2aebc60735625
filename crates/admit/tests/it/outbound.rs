//! What leaves the house on a customer's word, through the doors that lead there: `source` and `/webhooks` (N01–N22).

mod answers;
mod asked;
mod imports;
mod looked_up;
mod receivers;
mod redirects;
mod webhooks;

use serde_json::{Value, json};

use crate::house::{Customer, House, outside::Outside};

/// All that a customer hears of an address that cannot be used.
const UNREACHABLE: &str = "This address could not be reached.";

/// Lets the house call that server, and nobody else on this machine.
pub(crate) async fn may_call(house: &mut House, outside: &Outside, more: &[(&'static str, String)]) -> Customer {
    house.set("ADMIT_OUTBOUND_ALLOW", &format!("{}/32", outside.address.ip()));
    house.set("ADMIT_OUTBOUND_PORTS", &outside.port());
    house.set("ADMIT_OUTBOUND_WAIT_SECONDS", "2");
    for (name, value) in more {
        house.set(name, value);
    }
    house.restart().await;
    house.customer().await
}

/// A video whose source is to be fetched from there.
async fn import(customer: &Customer, source: &str) -> String {
    let body = json!({ "title": "a story", "public": true, "source": source });
    customer.post("/videos", &body).await.expect(202).text_at("/videoId")
}

/// Waits until the import has failed, and says what its customer then sees.
async fn until_failed(customer: &Customer, video: &str) -> Value {
    let has_failed = |status: &Value| status["encoding"]["qualities"][0]["status"] == "failed";
    customer.until_status(video, "the import fails", has_failed).await
}

/// A webhook at that address.
async fn hook(customer: &Customer, url: &str) -> Value {
    let body = json!({ "events": ["video.encoding.quality.completed"], "url": url });
    customer.post("/webhooks", &body).await.expect(201).json()
}

/// What the webhook was told, latest first.
async fn deliveries(customer: &Customer, webhook: &Value) -> Vec<Value> {
    let id = webhook["webhookId"].as_str().unwrap();
    let answer = customer.get(&format!("/webhooks/{id}/deliveries")).await.expect(200).json();
    answer["data"].as_array().unwrap().clone()
}
