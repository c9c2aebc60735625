//! Access is taken back: from whom it must be and from nobody else, at every edge, and told to whoever asks.

mod edges;
mod feed;
mod processes;
mod questions;
mod subjects;
mod wait;

use serde_json::{Value, json};

use crate::house::{Answer, Customer, House, Viewer};

async fn revoke(customer: &Customer, kind: &str, id: &str) -> Answer {
    customer.post("/revocations", &json!({ "subject": { "type": kind, "id": id }, "reason": "a story" })).await
}

/// An edge in a process of its own, as far as the control plane can tell.
struct Edge {
    viewer: Viewer,
    id: String,
    secret: String,
}

async fn join_token(house: &House) -> String {
    let made = house.run(&["edge-token", "create"]).await;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

async fn join(viewer: &Viewer, token: &str) -> Answer {
    let request = viewer.request(http::Method::POST, "/internal/edge/join");
    Answer::to("join".to_owned(), request.json(&json!({ "joinToken": token, "name": "paris-1" }))).await
}

impl Edge {
    async fn joined(house: &House) -> Self {
        let (viewer, token) = (house.viewer(), join_token(house).await);
        let joined = join(&viewer, &token).await.expect(201);
        Self { viewer, id: joined.text_at("/edgeId"), secret: joined.text_at("/secret") }
    }

    fn request(&self, method: http::Method, path: &str) -> reqwest::RequestBuilder {
        self.viewer.request(method, &format!("/internal/edge/{path}")).bearer_auth(&self.secret)
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = self.request(http::Method::GET, path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Answer::to(format!("GET {path} {headers:?}"), request).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::to(format!("POST {path} {body}"), self.request(http::Method::POST, path).json(body)).await
    }

    async fn applied(&self, seq: i64) -> Answer {
        let said = json!({ "seq": seq, "staleMs": 5, "hits": 3, "misses": 1, "sessions": 2 });
        self.post("applied", &said).await
    }
}
