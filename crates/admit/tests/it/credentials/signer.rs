//! A customer's backend that signs: by somebody else's library, by the house's own, and by hand.

use admit_domain::{
    claims::Viewer,
    dialects::Dialect,
    material::KeySecret,
    mint::{Minted, Wish},
};
use aws_lc_rs::{hmac, rand::SystemRandom};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::house::{Customer, forge::now};

/// As long as Moviie's own example.
pub(super) const TOKEN_SECONDS: i64 = 300;

/// A signing key and its secret.
#[derive(Clone, Debug)]
pub(crate) struct Signer {
    pub(crate) id: String,
    pub(super) secret: String,
}

impl Signer {
    pub(crate) async fn make(customer: &Customer, dialect: &str) -> Self {
        let made =
            customer.post("/signing-keys", &json!({ "name": "a backend", "dialect": dialect })).await.expect(201);
        Self { id: made.text_at("/signingKeyId"), secret: made.text_at("/secret") }
    }

    /// A good token of Moviie's, by the Rust crate.
    pub(crate) fn token(&self, video: &str) -> String {
        self.token_for(video, TOKEN_SECONDS)
    }

    pub(super) fn token_for(&self, video: &str, seconds: i64) -> String {
        let claims = json!({ "sub": video, "exp": at(seconds), "iat": at(0), "jti": super::nonce() });
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(self.secret.as_bytes())).unwrap()
    }

    /// By the house's own signer.
    pub(crate) fn mint(&self, dialect: &Dialect, video: &str, viewer: Option<&str>) -> String {
        let wish = Wish {
            kid: self.id.clone(),
            video: video.parse().unwrap(),
            viewer: viewer.map(|name| Viewer::parse(name).unwrap()),
            issued_at: now(),
            expires_at: admit_domain::time::Timestamp::from_secs(at(TOKEN_SECONDS)),
            origin: String::new(),
            path: String::new(),
        };
        let secret = admit_domain::mint::Signer::Secret(KeySecret::new(self.secret.as_bytes()));
        match dialect.mint(&wish, &secret, &SystemRandom::new()).unwrap() {
            Minted::Token(token) => token,
            other => panic!("no token: {other:?}"),
        }
    }

    pub(super) fn header(&self) -> String {
        format!(r#"{{"alg":"HS256","kid":"{}"}}"#, self.id)
    }

    /// Any text as header and claims, rightly signed.
    pub(super) fn sign(&self, header: &str, claims: &str) -> String {
        sign_with(self.secret.as_bytes(), header.as_bytes(), claims.as_bytes())
    }

    /// Good claims but for one member, which is spelled like this, or is not there.
    pub(super) fn but(&self, video: &str, name: &str, spelled: Option<&str>) -> String {
        self.sign(&self.header(), &claims_but(video, name, spelled))
    }
}

pub(super) fn sign_with(secret: &[u8], header: &[u8], claims: &[u8]) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
}

/// Seconds of the epoch, so far from now.
pub(super) fn at(seconds: i64) -> i64 {
    now().as_secs() + seconds
}

pub(super) fn claims(video: &str) -> String {
    claims_but(video, "", None)
}

pub(super) fn claims_but(video: &str, name: &str, spelled: Option<&str>) -> String {
    let (exp, iat) = (at(TOKEN_SECONDS).to_string(), at(0).to_string());
    let good = [("sub", Value::from(video).to_string()), ("exp", exp), ("iat", iat)];
    let kept = good.into_iter().filter(|(known, _)| *known != name);
    let changed = spelled.map(|spelled| (name, spelled.to_owned()));
    let members: Vec<_> = kept.chain(changed).map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}
