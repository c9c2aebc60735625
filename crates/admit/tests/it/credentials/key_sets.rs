//! Customers who keep their public keys at an address: those are fetched by the one way out, and what they sign opens.

use std::time::Duration;

use admit_domain::{
    dialects::Dialect,
    mint::{Minted, Signer, Wish},
    private_key::PrivateKey,
    public_key::{read_keys, write_keys},
    time::Timestamp,
};
use aws_lc_rs::rand::SystemRandom;
use serde_json::json;

use super::signer::at;
use crate::{
    house::{
        House, clip,
        forge::now,
        on_both,
        outside::{Outside, Reply},
        until::until,
    },
    outbound::may_call,
};

on_both! {
    a_key_set_is_fetched_from_where_its_customer_keeps_it,
}

const PRIVATE: &str = include_str!("../../../../admit-domain/tests/vectors/keys/rsa.pem");
const PUBLIC: &str = include_str!("../../../../admit-domain/tests/vectors/keys/rsa.pub.pem");
const FETCH_MAX: Duration = Duration::from_mins(1);

async fn a_key_set_is_fetched_from_where_its_customer_keeps_it(house: &mut House) {
    let outside = Outside::open("127.0.0.1:0", |heard, _| match heard.path() {
        "/keys.json" => Reply::ok(write_keys(&read_keys(PUBLIC).unwrap()).as_bytes()),
        _ => Reply::ok(b"no keys at all"),
    })
    .await;
    let inside = outside.inside().await;
    let customer = may_call(house, &outside, &[]).await;
    let video = customer.private_film(clip::small()).await;
    let keyed = async |address: String| {
        let body = json!({ "name": "keys elsewhere", "dialect": "mux", "algorithm": "RS256", "jwksUrl": address });
        customer.post("/signing-keys", &body).await.expect(201).text_at("/signingKeyId")
    };
    let other = keyed(format!("http://{}/nothing", outside.address)).await;
    let key = keyed(format!("http://{}/keys.json", outside.address)).await;
    let entered = async |kid: &str| {
        let wish = Wish {
            kid: kid.to_owned(),
            video: video.parse().unwrap(),
            viewer: None,
            issued_at: now(),
            expires_at: Timestamp::from_secs(at(300)),
            origin: String::new(),
            path: String::new(),
        };
        let signer = Signer::Private(PrivateKey::parse(PRIVATE).unwrap());
        let Minted::Token(token) = Dialect::Mux.mint(&wish, &signer, &SystemRandom::new()).unwrap() else {
            panic!("no token");
        };
        house.viewer().get(&format!("/{video}.m3u8?token={token}")).await
    };
    until(FETCH_MAX, "the keys are fetched", async || (entered(&key).await.status == 200).then_some(())).await;
    until(FETCH_MAX, "both addresses were asked", async || {
        outside.heard().iter().any(|heard| heard.path() == "/nothing").then_some(())
    })
    .await;
    entered(&other).await.expect_refused(401, "invalid_token", b"#EXTM3U");
    assert_eq!(customer.get(&format!("/signing-keys/{key}")).await.expect(200).text_at("/algorithm"), "RS256");
    let body = json!({ "name": "inside", "dialect": "mux", "jwksUrl": format!("http://{}/keys.json", inside.address) });
    customer.post("/signing-keys", &body).await.expect(400);
    assert_eq!(inside.connections(), 0);
}
