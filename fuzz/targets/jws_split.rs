//! Takes tokens apart: what is read of them unverified stands in three parts that have one spelling.
#![no_main]

use std::sync::LazyLock;

use admit_domain::{jose, limits::TOKEN_BYTES_MAX, mint::Minted};
use admit_fuzz::{lay, token, world};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static SEEDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let tokens = world::token_keys().into_iter().filter_map(|pair| match pair.mint("", Some("ada"))? {
        Minted::Token(token) => Some(token),
        _ => None,
    });
    tokens.chain([String::new(), "..".to_owned(), "e30.e30.".to_owned()]).collect()
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { token::mutate(data, size, max_size, seed) });

fuzz_target!(init: lay(SEEDS.iter()), |text: &[u8]| {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let (kid, subject, video) = (jose::peek_kid(text), jose::peek_subject(text), jose::peek_video(text));
    if kid.is_some() || video.is_some() {
        assert!(text.len() <= TOKEN_BYTES_MAX && token::is_canonical(text), "{text}");
    }
    // Whoever routes by the one must come to where the other would.
    assert!(subject.is_none() || subject == video, "{text}");
});
