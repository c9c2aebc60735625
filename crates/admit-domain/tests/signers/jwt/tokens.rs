//! Tokens for others to sign: their claims, and what we should say to each.

use admit_domain::{dialects::Dialect, secret::hex};
use serde_json::{Value, json};

use super::pair;
use crate::request::{KID, OTHER, RSA_PUBLIC, VIDEO};

pub(super) const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

/// One token.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) dialect: Dialect,
    /// The algorithm of the key that is registered.
    pub(super) key: &'static str,
    /// The algorithm it is signed with.
    alg: &'static str,
    header: Value,
    claims: Value,
    /// `ok`, the field that is wrong, or `none`.
    pub(super) expect: &'static str,
}

impl Case {
    fn new(dialect: Dialect, alg: &'static str, name: &'static str, claims: Value, expect: &'static str) -> Self {
        Self { name, dialect, key: alg, alg, header: json!({ "kid": KID }), claims, expect }
    }

    fn with_header(self, header: Value) -> Self {
        Self { header, ..self }
    }

    /// What a library is told.
    pub(super) fn line(&self) -> Value {
        let key = match pair(self.alg) {
            // A verifier that lets the token choose its algorithm takes the public key for the secret.
            None if self.key != self.alg && self.key == "RS256" => json!({ "secret": hex(RSA_PUBLIC.as_bytes()) }),
            None => json!({ "secret": hex(SECRET) }),
            Some((private, _)) => json!({ "pem": private }),
        };
        json!({ "name": self.name, "alg": self.alg, "key": key, "header": self.header, "claims": self.claims })
    }
}

/// `base` with some claims more, or with others; null takes one away.
fn with(base: &Value, more: &Value) -> Value {
    let mut claims = base.clone();
    for (name, value) in more.as_object().expect("claims") {
        if value.is_null() {
            claims.as_object_mut().expect("claims").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

pub(super) fn cases(now: i64) -> Vec<Case> {
    [ours(now), headers(now), moviie(now), cloudflare(now)].into_iter().flatten().collect()
}

fn ours(now: i64) -> Vec<Case> {
    let base = json!({ "sub": "ada", "aud": VIDEO, "iat": now, "exp": now + 600 });
    let token = |name, more: Value, expect| Case::new(Dialect::Admit, "HS256", name, with(&base, &more), expect);
    let restricted = json!({
        "iss": "https://shop.example", "nbf": now, "jti": "0b71", "once": true, "max_plays": 2, "ip": ["10.0.0.0/8", "192.0.2.7"],
        "domain": ["a.example", "*.a.example"], "countries": "SE", "rights": ["watch", "pictures"],
    });
    let mut cases: Vec<Case> = ["HS256", "RS256", "PS256", "ES256", "ES384", "EdDSA"]
        .into_iter()
        .map(|alg| Case::new(Dialect::Admit, alg, alg, base.clone(), "ok"))
        .collect();
    cases.extend([
        token("every restriction there is", restricted, "ok"),
        token("several videos", json!({ "aud": ["vi9999999999999999999999", VIDEO] }), "ok"),
        token("nobody", json!({ "sub": null }), "ok"),
        token("a day", json!({ "exp": now + 86_400 }), "ok"),
        token("a day and a second", json!({ "exp": now + 86_401 }), "exp"),
        token("no end", json!({ "exp": null }), "exp"),
        token("over", json!({ "iat": now - 60, "exp": now - 1 }), "exp"),
        token("exp is no integer", json!({ "exp": (now + 600).to_string() }), "exp"),
        token("no beginning", json!({ "iat": null }), "iat"),
        token("issued tomorrow", json!({ "iat": now + 86_400, "exp": now + 86_500 }), "iat"),
        token("not yet", json!({ "nbf": now + 300 }), "nbf"),
        token("another video", json!({ "aud": OTHER }), "aud"),
        token("no video", json!({ "aud": null }), "aud"),
        token("sub is a number", json!({ "sub": 7 }), "sub"),
        token("once, and without a name", json!({ "once": true }), "jti"),
        token("a claim of somebody's own", json!({ "plan": "gold" }), "claims"),
        token("rights that nobody has", json!({ "rights": ["all"] }), "rights"),
        token("a network that is none", json!({ "ip": "10.0.0.7/8" }), "ip"),
    ]);
    cases
}

fn headers(now: i64) -> Vec<Case> {
    let base = json!({ "sub": "ada", "aud": VIDEO, "iat": now, "exp": now + 600 });
    let token = |name, expect| Case::new(Dialect::Admit, "HS256", name, base.clone(), expect);
    vec![
        token("another key", "none").with_header(json!({ "kid": "sk9999999999999999999999" })),
        token("no key", "kid").with_header(json!({})),
        token("no token of this type", "typ").with_header(json!({ "kid": KID, "typ": "at+jwt" })),
        token("a header of somebody's own", "header").with_header(json!({ "kid": KID, "realm": "x" })),
        Case { alg: "HS512", ..token("HS512", "alg") },
        Case { key: "RS256", ..token("a public key as the secret", "alg") },
        Case { alg: "ES256", key: "RS256", ..token("a key of another kind", "alg") },
        Case { key: "RS256", alg: "PS256", ..token("PSS with a key that pins nothing", "alg") },
    ]
}

fn moviie(now: i64) -> Vec<Case> {
    let base = json!({ "sub": VIDEO, "iat": now, "exp": now + 300 });
    let token = |name, more: Value, expect| Case::new(Dialect::Moviie, "HS256", name, with(&base, &more), expect);
    vec![
        token("five minutes", json!({}), "ok"),
        token("what says nothing", json!({ "nbf": now, "iss": "shop", "jti": "0b71" }), "ok"),
        token("no end of Moviie's", json!({ "exp": null }), "exp"),
        token("no beginning of Moviie's", json!({ "iat": null }), "iat"),
        token("no video of Moviie's", json!({ "sub": null }), "sub"),
        token("another video of Moviie's", json!({ "sub": OTHER }), "sub"),
        token("an audience", json!({ "aud": VIDEO }), "claims"),
        Case { key: "HS256", alg: "RS256", ..token("a private key", json!({}), "alg") },
    ]
}

fn cloudflare(now: i64) -> Vec<Case> {
    let base = json!({ "sub": VIDEO, "kid": KID, "exp": now + 3_600 });
    let token =
        |name, more: Value, expect| Case::new(Dialect::CloudflareStream, "RS256", name, with(&base, &more), expect);
    let from_home = json!([
        { "type": "ip.src", "action": "allow", "ip": ["10.0.0.0/8"] },
        { "type": "any", "action": "block" },
    ]);
    vec![
        token("kid in both places", json!({}), "ok"),
        token("kid in the claims", json!({}), "ok").with_header(json!({})),
        token("kid in the header", json!({ "kid": null }), "ok"),
        token("kid that differs", json!({ "kid": "theirs" }), "kid"),
        token("by the customer's own name", json!({ "kid": "theirs" }), "ok").with_header(json!({ "kid": "theirs" })),
        token("digits for times", json!({ "exp": (now + 3_600).to_string(), "nbf": (now - 5).to_string() }), "ok"),
        token("downloadable", json!({ "downloadable": true, "nbf": now }), "ok"),
        token("from some addresses", json!({ "accessRules": from_home }), "ok"),
        token(
            "six rules",
            json!({ "accessRules": vec![json!({ "type": "any", "action": "allow" }); 6] }),
            "accessRules",
        ),
        token(
            "a rule that is not known",
            json!({ "accessRules": [{ "type": "moon", "action": "allow" }] }),
            "accessRules",
        ),
        token("no video of Cloudflare's", json!({ "sub": null }), "sub"),
        token("a day and more", json!({ "exp": now + 90_000 }), "exp"),
        token("no end of Cloudflare's", json!({ "exp": null }), "exp"),
    ]
}
