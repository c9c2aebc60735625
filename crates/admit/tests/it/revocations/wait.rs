//! Whoever asks is told which edges judge by what was taken back, and which may not.

use serde_json::{Value, json};

use super::Edge;
use crate::house::{Customer, House, on_both};

on_both! {
    edges_are_waited_for_and_named,
}

async fn revoke(customer: &Customer, timeout_ms: u32) -> Value {
    let body = json!({ "subject": { "type": "viewer", "id": "ada" } });
    customer.post(&format!("/revocations?wait=edges&timeoutMs={timeout_ms}"), &body).await.expect(201).json()
}

fn names(answer: &Value) -> Vec<&str> {
    answer["edges"].as_array().unwrap().iter().map(|edge| edge["edgeId"].as_str().unwrap()).collect()
}

async fn edges_are_waited_for_and_named(house: &mut House) {
    let customer = house.customer().await;
    let alone = revoke(&customer, 5_000).await;
    assert_eq!((names(&alone), &alone["missing"]), (vec!["local"], &json!([])));
    let (near, far) = (Edge::joined(house).await, Edge::joined(house).await);
    let silent = revoke(&customer, 0).await;
    assert_eq!((names(&silent), &silent["missing"]), (vec!["local"], &json!([])), "who was never heard serves nobody");

    near.applied(0).await.expect(204);
    far.applied(1_000_000).await.expect(204);
    let video = customer.create_private().await;
    let body = json!({ "subject": { "type": "video", "id": video } });
    let late = customer.post("/revocations?wait=edges&timeoutMs=300", &body).await.expect(201).json();
    assert_eq!(late["missing"], json!([near.id]));
    assert_eq!(names(&late).len(), 2);

    let seq = late["seq"].as_i64().unwrap();
    let waiting = async { customer.post("/revocations?wait=edges&timeoutMs=10000", &body).await.expect(201).json() };
    let applying = async {
        // Until the next entry is there, the edge says what it has.
        near.applied(seq).await.expect(204);
        near.applied(seq + 1).await.expect(204);
    };
    let (answer, ()) = tokio::join!(waiting, applying);
    assert_eq!(answer["missing"], json!([]), "{answer}");
    assert_eq!(names(&answer).len(), 3);

    let list = customer.get("/edges").await.expect(200).json();
    let listed: Vec<_> = list["data"].as_array().unwrap().iter().collect();
    assert_eq!((listed.len(), listed[0]["edgeId"].as_str()), (3, Some("local")));
    let of_near = listed.iter().find(|edge| edge["edgeId"] == json!(near.id)).unwrap();
    assert_eq!((&of_near["seq"], &of_near["hitRatio"]), (&json!(seq + 1), &json!(0.75)));
    assert_eq!((&of_near["live"], &of_near["name"]), (&json!(true), &json!("paris-1")));
    customer.delete(&format!("/edges/{}", near.id)).await.expect(204);
    customer.delete(&format!("/edges/{}", near.id)).await.expect(404);
    assert_eq!(names(&revoke(&customer, 0).await).len(), 2, "who was removed is not waited for");
}
