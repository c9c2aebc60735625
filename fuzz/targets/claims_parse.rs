//! Reads claims, as JSON and as CBOR, that are truly signed: what is believed of them stays within its bounds.
#![no_main]

use std::{sync::LazyLock, time::Duration};

use admit_domain::{
    claims::Claims,
    dialects::Dialect,
    json::{self, Bounds},
    limits::{
        MUX_TOKEN_LIFETIME_MAX, TOKEN_CLOCK_SKEW, TOKEN_JSON_DEPTH_MAX, TOKEN_LIFETIME_MAX, TOKEN_SECS_MAX,
        VIEWER_CHARS_MAX,
    },
    mint::Minted,
    time::Timestamp,
};
use admit_fuzz::{
    lay, token,
    world::{self, NOW, Pair, With},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use libfuzzer_sys::fuzz_target;

/// A text grows by six when its letters are escaped.
const BOUNDS: Bounds = Bounds { bytes: 64 * 1024, depth: TOKEN_JSON_DEPTH_MAX };

/// Who signs, and by which names the key's dialect goes: one signature is shown to all of them.
static SIGNERS: LazyLock<Vec<Vec<Pair>>> = LazyLock::new(|| {
    let named = |with: With, dialects: [Dialect; 2]| dialects.map(|dialect| Pair::new(0, dialect, with)).into();
    vec![
        named(With::Secret, [Dialect::Admit, Dialect::Moviie]),
        named(With::Rsa, [Dialect::Mux, Dialect::CloudflareStream]),
    ]
});
static CAT: LazyLock<Pair> = LazyLock::new(|| Pair::new(0, Dialect::Cat, With::Secret));

/// The claims of a minted token of each kind, and some with all that they may demand.
fn seeds() -> Vec<Vec<u8>> {
    let ours = format!(
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
    let minted = SIGNERS.iter().flatten().chain([&*CAT]).filter_map(|pair| match pair.mint("", Some("ada"))? {
        Minted::Token(token) if pair.key.dialect == Dialect::Cat => payload(&URL_SAFE_NO_PAD.decode(token).ok()?),
        Minted::Token(token) => URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok(),
        _ => None,
    });
    let seeds: Vec<Vec<u8>> = minted.chain([ours.into_bytes(), cloudflare.into_bytes()]).collect();
    for seed in &seeds {
        assert!(believed(seed) > 0, "{}", String::from_utf8_lossy(seed));
    }
    seeds
}

/// The claims of a minted CAT: what stands between its headers and its 32 bytes of MAC, which begin with `58 20`.
fn payload(cat: &[u8]) -> Option<Vec<u8>> {
    let kid = cat.windows(3).position(|bytes| bytes == [0xa1, 0x04, 0x58])? + 4;
    let from = kid + usize::from(*cat.get(kid - 1)?) + 2;
    Some(cat.get(from..cat.len() - 34)?.to_vec())
}

/// How many keys believe these claims, once they are signed.
fn believed(claims: &[u8]) -> usize {
    let mut count = usize::from(is_believed(&CAT, &token::cat(CAT.key.id.as_str(), claims)));
    // What is no object of JSON is nobody's claims, and to sign it takes long.
    if json::read(claims, BOUNDS).is_ok_and(|value| value.members().is_some()) {
        for readers in SIGNERS.iter() {
            let Pair { key, signer } = &readers[0];
            let token = token::signed(signer, token::header(key, signer).as_bytes(), claims).expect("a signature");
            count += readers.iter().filter(|reader| is_believed(reader, &token)).count();
        }
    }
    count
}

fn is_believed(pair: &Pair, token: &str) -> bool {
    match Dialect::read(&pair.key, &world::shown_token(token), &world::video(), NOW) {
        None => false,
        Some(Ok(claims)) => {
            assert_bounded(&pair.key.dialect, &claims);
            true
        }
        Some(Err(fault)) => {
            token::assert_brief(&fault);
            false
        }
    }
}

fn assert_bounded(dialect: &Dialect, claims: &Claims) {
    assert_eq!(claims.video, world::video());
    assert!(claims.expires_at > NOW && claims.expires_at <= Timestamp::from_secs(TOKEN_SECS_MAX));
    assert!(claims.issued_at.is_none_or(|issued| issued <= NOW.plus(TOKEN_CLOCK_SKEW)));
    if let (Some(longest), Some(issued)) = (longest(dialect), claims.issued_at) {
        assert!(claims.expires_at.since(issued) <= longest);
    }
    let viewer = claims.viewer.as_ref().map_or("ada", |viewer| viewer.as_str());
    assert!((1..=VIEWER_CHARS_MAX).contains(&viewer.chars().count()) && !viewer.chars().any(char::is_control));
    assert!(claims.once.as_deref() != Some(""));
}

/// The longest life that a dialect believes; a CAT lives as long as its issuer says.
fn longest(dialect: &Dialect) -> Option<Duration> {
    match dialect {
        Dialect::Cat => None,
        Dialect::Mux => Some(MUX_TOKEN_LIFETIME_MAX),
        _ => Some(TOKEN_LIFETIME_MAX),
    }
}

fuzz_target!(init: lay(seeds()), |text: &[u8]| {
    believed(text);
    if let Ok(value) = json::read(text, BOUNDS) {
        assert_eq!(json::read(value.to_string().as_bytes(), BOUNDS), Ok(value));
    }
});
