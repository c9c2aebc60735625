//! Where credentials are shown: what is right there, and what is almost.

use admit_domain::{limits::READS_PER_MINUTE_DEFAULT, time::Timestamp};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::json;

use super::LOOKS_PER_MINUTE;
use crate::{
    credentials::Scene,
    house::{House, forge::now, seed::Seed},
};

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const NONCE: &str = r#"{"nonce":"00112233445566778899aabbccddeeff"}"#;
const HOUR_SECONDS: i64 = 3_600;
/// Where a credential stands in a request.
const HERE: &str = "%it%";
/// The same as `Authorization: Basic` spells it.
const BASIC: &str = "%basic%";

/// What of a credential is chance: a guess has the rest of it right.
#[derive(Clone, Copy, Debug)]
enum Chance {
    /// That many bytes at its end, in base64url.
    Bytes(usize),
    /// That many letters and digits at its end.
    Letters(usize),
    /// All but the marks of a UUID of version 4.
    Uuid,
}

pub(super) struct Door {
    pub(super) name: &'static str,
    right: String,
    chance: Chance,
    request: String,
    /// How a guess is answered.
    pub(super) refused: u16,
    /// Statements that a guess costs at most: one for each credential that is shown and kept in the store.
    pub(super) statements: u64,
    /// How many are looked at, before whoever guesses is not listened to for the rest of the minute. What a MAC proves costs
    /// no statement, and nobody need be kept from asking.
    pub(super) looks_per_minute: Option<usize>,
}

impl Door {
    /// The request of whoever is let in.
    pub(super) fn right(&self) -> String {
        self.with(&self.right)
    }

    pub(super) fn guess(&self, seed: &mut Seed) -> String {
        self.with(&self.chance.instead_of(&self.right, seed))
    }

    fn with(&self, it: &str) -> String {
        self.request.replace(HERE, it).replace(BASIC, &STANDARD.encode(format!("{it}:")))
    }
}

impl Chance {
    fn instead_of(self, right: &str, seed: &mut Seed) -> String {
        let end = match self {
            Self::Bytes(count) => URL_SAFE_NO_PAD.encode(seed.bytes(count)),
            Self::Letters(count) => (0..count).map(|_| char::from(LETTERS[seed.below(LETTERS.len())])).collect(),
            Self::Uuid => {
                let digits = format!("{:016x}{:016x}", seed.next(), seed.next());
                let part = |from: usize, to: usize| &digits[from..to];
                format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
            }
        };
        format!("{}{end}", &right[..right.len() - end.len()])
    }
}

/// All of them.
pub(super) async fn doors(house: &House, scene: &Scene) -> Vec<Door> {
    let Scene { customer, video, signer, page_key, .. } = scene;
    let about = json!({ "videoId": video });
    let embed = customer.post("/embed-tokens", &about).await.expect(201).text_at("/token");
    let link = customer.post("/links", &about).await.expect(201).text_at("/url");
    let link = link.rsplit('/').next().unwrap().to_owned();
    let open = customer.create(&json!({ "title": "open", "public": true })).await;
    let in_an_hour = Timestamp::from_secs(now().as_secs() + HOUR_SECONDS);
    let (private, handle) = (customer.token(video).await, house.forge().handle(video));
    let (signed, token) = (house.forge().signed(video, in_an_hour), signer.token(video));
    let host = house.origin().strip_prefix("http://").unwrap();
    let ask = |line: String, headers: &str, body: &str| {
        let length = body.len();
        format!("{line} HTTP/1.1\r\nhost: {host}\r\n{headers}content-length: {length}\r\n\r\n{body}")
    };
    let get = |path: String| ask(format!("GET {path}"), "", "");
    let enter = |path: String| ask(format!("POST {path}"), "content-type: application/json\r\n", NONCE);
    let playback = |key: &str, token: &str| {
        let headers = format!("authorization: Bearer {key}\r\nx-moviie-playback-token: {token}\r\n");
        ask(format!("GET /api/v1/embeds/{video}/playback"), &headers, "")
    };
    let upload = customer.post("/upload-tokens", &json!({})).await.expect(200).text_at("/token");
    let delete = ask(format!("DELETE /upload-tokens/{upload}"), &format!("authorization: Basic {BASIC}\r\n"), "");
    let (few, many) = (Some(LOOKS_PER_MINUTE), Some(READS_PER_MINUTE_DEFAULT as usize));
    let (bytes, letters) = (Chance::Bytes, Chance::Letters);
    let by_token = format!("/embed/{video}/session?token={HERE}");
    [
        ("private tokens", private, Chance::Uuid, get(format!("/vod/{video}/token/{HERE}/session")), 404, 0, None),
        ("handles", handle, bytes(15), get(format!("/s/{HERE}/{video}/player.json")), 401, 0, None),
        ("signed addresses", signed, bytes(16), get(format!("/u/{HERE}/{video}/player.json")), 401, 0, None),
        ("video ids", open, letters(22), get(format!("/vod/{HERE}/player.json")), 404, 1, None),
        ("embed tokens", embed, bytes(32), enter(by_token.clone()), 401, 1, few),
        ("share links", link, letters(22), enter(format!("/w/{HERE}/session")), 401, 1, few),
        ("signed tokens", token.clone(), bytes(32), enter(by_token), 401, 1, few),
        ("API keys", customer.key.clone(), bytes(32), delete, 401, 1, few),
        ("tokens beside a page's key", token.clone(), bytes(32), playback(page_key, HERE), 401, 2, few),
        ("a page's keys", page_key.clone(), letters(22), playback(HERE, &token), 401, 1, many),
    ]
    .map(|(name, right, chance, request, refused, statements, looks_per_minute)| Door {
        name,
        right,
        chance,
        request,
        refused,
        statements,
        looks_per_minute,
    })
    .into()
}
