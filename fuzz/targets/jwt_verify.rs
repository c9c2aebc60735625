//! Verifies tokens: none is believed but those that were minted, whatever is changed in them.
#![no_main]

use std::sync::LazyLock;

use admit_domain::{dialects::Dialect, mint::Minted};
use admit_fuzz::{
    lay, token,
    world::{self, NOW, Pair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

/// Each key, and the tokens that it signed.
static KEYS: LazyLock<Vec<(Pair, Vec<String>)>> = LazyLock::new(|| {
    let signed = |pair: Pair| {
        let minted = [None, Some("ada")].into_iter().filter_map(|viewer| match pair.mint("", viewer)? {
            Minted::Token(token) => Some(token),
            _ => None,
        });
        let tokens: Vec<String> = minted.collect();
        for token in &tokens {
            assert!(opens(&pair, token), "{token} is believed");
        }
        (pair, tokens)
    };
    world::token_keys().into_iter().map(signed).collect()
});

fn opens(pair: &Pair, text: &str) -> bool {
    match Dialect::read(&pair.key, &world::shown_token(text), &world::video(), NOW) {
        None => false,
        Some(Ok(claims)) => claims.video == world::video(),
        Some(Err(fault)) => {
            token::assert_brief(&fault);
            false
        }
    }
}

/// A JSON Web Token has one spelling. Of a CAT, its tags and the name of its key are not signed, and all that follows is.
fn is_same(pair: &Pair, minted: &str, text: &str) -> bool {
    if pair.key.dialect != Dialect::Cat {
        return minted == text;
    }
    let (Ok(minted), Ok(shown)) = (URL_SAFE_NO_PAD.decode(minted), URL_SAFE_NO_PAD.decode(text)) else { return false };
    let kid = pair.key.id.as_str().as_bytes();
    let signed = minted.windows(kid.len()).position(|bytes| bytes == kid).map_or(0, |at| at + kid.len());
    shown.ends_with(&minted[signed..])
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { token::mutate(data, size, max_size, seed) });

fuzz_target!(init: lay(KEYS.iter().flat_map(|(_, tokens)| tokens)), |text: &[u8]| {
    let Ok(text) = std::str::from_utf8(text) else { return };
    for (pair, tokens) in KEYS.iter() {
        if opens(pair, text) {
            assert!(tokens.iter().any(|token| is_same(pair, token, text)), "{} believes {text}", pair.key.dialect);
        }
    }
});
