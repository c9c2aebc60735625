//! Reads names of keys, in truly signed headers, among claims, and in key sets.
#![no_main]

use std::sync::LazyLock;

use admit_domain::{
    dialects::Dialect,
    jose,
    json::Value,
    limits::{KID_CHARS_MAX, TOKEN_BYTES_MAX},
    public_key::{read_keys, write_keys},
};
use admit_fuzz::{
    lay, token,
    world::{self, NOW, Pair, With},
};
use libfuzzer_sys::fuzz_target;

static PAIR: LazyLock<Pair> = LazyLock::new(|| Pair::new(0, Dialect::Moviie, With::Secret));
static CLAIMS: LazyLock<String> =
    LazyLock::new(|| format!(r#"{{"sub":"{}","iat":1700000000,"exp":1700003600}}"#, world::video()));

fn seeds() -> Vec<String> {
    let own = world::token_keys().into_iter().map(|pair| token::header(&pair.key, &pair.signer));
    let sets = world::token_keys().into_iter().map(|pair| write_keys(pair.key.material.public()));
    let pem = include_str!("../../crates/admit-domain/tests/vectors/keys/p256.pub.pem");
    let named = read_keys(pem).map(|keys| write_keys(&keys).replace("\"kty\"", "\"kid\":\"theirs\",\"kty\""));
    own.chain(sets).chain([pem.to_owned()]).chain(named).collect()
}

fn is_kid(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=KID_CHARS_MAX).contains(&text.len()) && text.bytes().all(is_letter)
}

/// A token whose header is this text.
fn in_header(text: &str) {
    let Some(token) = token::signed(&PAIR.signer, text.as_bytes(), CLAIMS.as_bytes()) else { return };
    let kid = jose::peek_kid(&token);
    assert!(kid.as_deref().is_none_or(is_kid), "{text}");
    if let Some(Ok(_)) = Dialect::read(&PAIR.key, &world::shown_token(&token), &world::video(), NOW) {
        assert_eq!(kid.as_deref(), Some(PAIR.key.id.as_str()), "{text}");
    }
}

/// A token that has this text as a claim, however it must be escaped.
fn in_claims(text: &str) {
    let claims = Value::Object(vec![("kid".to_owned(), Value::string(text))]).to_string();
    let Some(token) = token::signed(&PAIR.signer, br#"{"alg":"RS256"}"#, claims.as_bytes()) else { return };
    let expected = (token.len() <= TOKEN_BYTES_MAX).then_some(text);
    assert_eq!(jose::peek_kid(&token).as_deref(), expected);
}

fn in_set(text: &str) {
    let Ok(keys) = read_keys(text) else { return };
    assert!(keys.iter().filter_map(|key| key.kid.as_deref()).all(is_kid), "{text}");
    assert_eq!(read_keys(&write_keys(&keys)).as_ref(), Ok(&keys), "{text}");
}

fuzz_target!(init: lay(seeds()), |text: &[u8]| {
    let Ok(text) = std::str::from_utf8(text) else { return };
    in_header(text);
    in_claims(text);
    in_set(text);
});
