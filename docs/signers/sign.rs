//! Signs for one video, with the crates `base64`, `hmac`, `serde_json` and `sha2`: copy the functions you need.
//! `Key` holds what `POST /signing-keys` answered, and `now` is seconds since 1970.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

pub(crate) struct Key<'a> {
    pub(crate) id: &'a str,
    pub(crate) secret: &'a str,
}

impl Key<'_> {
    /// Our own token, for `?token=`.
    pub(crate) fn admit(&self, video: &str, now: u64, ttl: u64, viewer: Option<&str>) -> String {
        let mut claims = json!({ "aud": video, "iat": now, "exp": now + ttl });
        if let Some(viewer) = viewer {
            claims["sub"] = json!(viewer);
        }
        self.jwt(&claims)
    }

    /// Moviie's token, for `?token=` or the header `x-moviie-playback-token`.
    pub(crate) fn moviie(&self, video: &str, now: u64, ttl: u64) -> String {
        self.jwt(&json!({ "sub": video, "iat": now, "exp": now + ttl }))
    }

    /// What is put behind the `?` of any address of the video: `/vod/VIDEO/…` or `/embed/VIDEO`.
    pub(crate) fn signed_url(&self, video: &str, now: u64, ttl: u64) -> String {
        let expires = (now + ttl).to_string();
        // Two empty fields: no address and no site that the viewer is bound to.
        let fields = ["admit signed url", "\x01", self.id, "read", &format!("/vod/{video}/"), &expires, "", ""];
        let mut message = Vec::new();
        for field in fields {
            message.extend(u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
            message.extend(field.as_bytes());
        }
        format!("expires={expires}&kid={}&sig={}", self.id, self.mac(&message))
    }

    fn jwt(&self, claims: &Value) -> String {
        let header = json!({ "alg": "HS256", "typ": "JWT", "kid": self.id });
        let spell = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", spell(&header), spell(claims));
        format!("{signed}.{}", self.mac(signed.as_bytes()))
    }

    fn mac(&self, message: &[u8]) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes());
        let mac = mac.unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        URL_SAFE_NO_PAD.encode(mac.chain_update(message).finalize().into_bytes())
    }
}
