//! Reads claims, as JSON and as CBOR, that are truly signed: what is believed of them stays within its bounds.
#![no_main]

use std::sync::LazyLock;

use admit_domain::{
    claims::Claims,
    dialects::Dialect,
    json::{self, Bounds},
    limits::{MUX_TOKEN_LIFETIME_MAX, TOKEN_CLOCK_SKEW, TOKEN_JSON_DEPTH_MAX, TOKEN_SECS_MAX, VIEWER_CHARS_MAX},
    mint::Minted,
    time::Timestamp,
};
use admit_fuzz::{
    lay, token,
    world::{self, NOW, Pair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use libfuzzer_sys::fuzz_target;

/// A text grows by six when its letters are escaped.
const BOUNDS: Bounds = Bounds { bytes: 64 * 1024, depth: TOKEN_JSON_DEPTH_MAX };

static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(world::token_keys);

/// The claims of a minted token of each kind, and one with all that our own may demand.
fn seeds() -> Vec<Vec<u8>> {
    let claims = PAIRS.iter().filter_map(|pair| match pair.mint("", Some("ada"))? {
        Minted::Token(token) if pair.key.dialect == Dialect::Cat => payload(&URL_SAFE_NO_PAD.decode(token).ok()?),
        Minted::Token(token) => URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok(),
        _ => None,
    });
    let all = format!(
        r#"{{"aud":["{}"],"iat":1700000000,"nbf":1700000000,"exp":1700003600,"sub":"ada","iss":"shop","jti":"one",
        "once":true,"max_plays":2,"ip":["192.0.2.0/24","2001:db8::1"],"domain":["*.a.example"],"countries":["FR"],
        "rights":["watch","pictures"]}}"#,
        world::video()
    );
    let cloudflare = format!(
        r#"{{"sub":"{}","exp":"1700003600","downloadable":true,"accessRules":[{{"type":"ip.geoip.country",
        "country":["FR"],"action":"allow"}},{{"type":"any","action":"block"}}]}}"#,
        world::video()
    );
    claims.chain([all.into_bytes(), cloudflare.into_bytes()]).collect()
}

/// The claims of a minted CAT: what stands between its headers and its 32 bytes of MAC, which begin with `58 20`.
fn payload(cat: &[u8]) -> Option<Vec<u8>> {
    let kid = cat.windows(3).position(|bytes| bytes == [0xa1, 0x04, 0x58])? + 4;
    let from = kid + usize::from(*cat.get(kid - 1)?) + 2;
    Some(cat.get(from..cat.len() - 34)?.to_vec())
}

fn judge(pair: &Pair, token: &str) {
    match Dialect::read(&pair.key, &world::shown_token(token), &world::video(), NOW) {
        None => {}
        Some(Ok(claims)) => assert_bounded(&claims),
        Some(Err(fault)) => token::assert_brief(&fault),
    }
}

fn assert_bounded(claims: &Claims) {
    assert_eq!(claims.video, world::video());
    assert!(claims.expires_at > NOW && claims.expires_at <= Timestamp::from_secs(TOKEN_SECS_MAX));
    let longest = MUX_TOKEN_LIFETIME_MAX + TOKEN_CLOCK_SKEW;
    assert!(claims.issued_at.is_none_or(|issued| issued <= NOW.plus(TOKEN_CLOCK_SKEW)));
    assert!(claims.issued_at.is_none_or(|issued| claims.expires_at.since(issued) <= longest));
    let viewer = claims.viewer.as_ref().map_or("ada", |viewer| viewer.as_str());
    assert!((1..=VIEWER_CHARS_MAX).contains(&viewer.chars().count()) && !viewer.chars().any(char::is_control));
    assert!(claims.once.as_deref() != Some(""));
}

fuzz_target!(init: lay(seeds()), |text: &[u8]| {
    let value = json::read(text, BOUNDS).ok();
    for pair in PAIRS.iter() {
        if pair.key.dialect == Dialect::Cat {
            judge(pair, &token::cat(pair.key.id.as_str(), text));
        } else if value.is_some() {
            // What is no JSON is nobody's claims, and to sign it takes long.
            let header = token::header(&pair.key, &pair.signer);
            token::signed(&pair.signer, header.as_bytes(), text).into_iter().for_each(|token| judge(pair, &token));
        }
    }
    if let Some(value) = value {
        assert_eq!(json::read(value.to_string().as_bytes(), BOUNDS), Ok(value));
    }
});
