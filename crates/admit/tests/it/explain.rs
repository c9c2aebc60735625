//! What an operator is told of refusals, and how credentials are made: `/explain`, `/events`, `admit sign`,
//! `admit dialect` and `admit explain`.

mod codes;
mod events;
mod provoke;
mod replay;
mod signing;
mod unspent;

use admit_domain::{
    dialects::Dialect,
    material::KeySecret,
    mint::{Minted, Signer, Wish},
    time::Timestamp,
};
use aws_lc_rs::rand::SystemRandom;
use http::Method;
use serde_json::{Value, json};

use crate::house::{Answer, Customer, House, Viewer};

const NONCE: &str = "0123456789abcdef";

/// A customer, and somebody with addresses.
struct Scene<'a> {
    house: &'a House,
    customer: Customer,
    viewer: Viewer,
}

/// A signing key as its customer keeps it.
struct Key {
    id: String,
    secret: String,
}

impl<'a> Scene<'a> {
    async fn set(house: &'a House) -> Self {
        Self { house, customer: house.customer().await, viewer: house.viewer() }
    }

    async fn explain(&self, question: &Value) -> Value {
        let answer = self.customer.post("/explain", question).await.expect(200).json();
        let steps = answer["steps"].as_array().expect("steps");
        let failed = steps.iter().filter(|step| step["passed"] == json!(false)).count();
        let is_allowed = answer["allowed"] == json!(true);
        assert_eq!(failed, usize::from(!is_allowed), "up to the first that failed: {answer}");
        assert_eq!(answer["refusal"].is_null(), is_allowed, "{answer}");
        answer
    }

    /// Asks for a session beside the page, as our player does.
    async fn session(&self, path: &str, nonce: &str, headers: &[(&str, &str)]) -> Answer {
        let request = self.viewer.request(Method::POST, path).json(&json!({ "nonce": nonce }));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Answer::to(format!("POST {path} {headers:?}"), request).await
    }

    async fn key(&self, dialect: &str) -> Key {
        let made = self.customer.post("/signing-keys", &json!({ "name": "story", "dialect": dialect })).await;
        let made = made.expect(201);
        Key { id: made.text_at("/signingKeyId"), secret: made.text_at("/secret") }
    }

    /// An embed token, and the address of its session.
    async fn embed_token(&self, video: &str, rules: &Value) -> (String, String) {
        let made = self.customer.post("/embed-tokens", &json!({ "videoId": video, "rules": rules })).await.expect(201);
        (made.text_at("/embedTokenId"), format!("/embed/{video}/session?token={}", made.text_at("/token")))
    }
}

/// A token of the key, that lives for five minutes from `issued_at`.
fn sign(dialect: &str, key: &Key, video: &str, (viewer, issued_at): (Option<&str>, Timestamp)) -> String {
    let wish = Wish {
        kid: key.id.clone(),
        video: video.parse().unwrap(),
        viewer: viewer.map(|name| admit_domain::claims::Viewer::parse(name).unwrap()),
        issued_at: Timestamp::from_secs(issued_at.as_secs()),
        expires_at: Timestamp::from_secs(issued_at.as_secs() + 300),
        origin: String::new(),
        path: String::new(),
    };
    let signer = Signer::Secret(KeySecret::new(key.secret.as_bytes()));
    match Dialect::parse(dialect).unwrap().mint(&wish, &signer, &SystemRandom::new()).unwrap() {
        Minted::Token(token) => token,
        other => panic!("{dialect} signs no token: {other:?}"),
    }
}
