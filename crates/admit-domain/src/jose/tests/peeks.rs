//! What is read of a token before anybody knows whether it is true: whom to ask, and nothing that could be believed.

use super::support::*;
use crate::{
    id::VideoId,
    jose::{peek_kid, peek_subject, peek_video},
};

/// What a token of these claims is taken to be about: by its subject alone, and by its audience too.
fn about(claims: &str) -> (Option<VideoId>, Option<VideoId>) {
    let token = signed_with(b"anybody", header(), claims);
    (peek_subject(&token), peek_video(&token))
}

#[test]
fn the_video_stands_in_the_subject_or_the_audience() {
    let (one, other) = (video(1), video(2));
    let cases = [
        (format!(r#"{{"sub":"{one}"}}"#), (Some(one), Some(one))),
        (format!(r#"{{"sub":"{one}","aud":"{other}"}}"#), (Some(one), Some(one))),
        (format!(r#"{{"sub":"user-42","aud":"{other}"}}"#), (None, Some(other))),
        (format!(r#"{{"aud":"{other}"}}"#), (None, Some(other))),
        (format!(r#"{{"aud":["https://shop.example",7,"{other}","{one}"]}}"#), (None, Some(other))),
        (format!(r#"{{"aud":{{"id":"{other}"}}}}"#), (None, None)),
        (r#"{"sub":7,"aud":[]}"#.to_owned(), (None, None)),
        ("{}".to_owned(), (None, None)),
        (format!(r#"["{one}"]"#), (None, None)),
    ];
    for (claims, expected) in cases {
        assert_eq!(about(&claims), expected, "{claims}");
    }
    for text in ["", "a.b.c", "no token"] {
        assert_eq!((peek_subject(text), peek_video(text), peek_kid(text)), (None, None, None), "{text}");
    }
}

#[test]
fn the_key_stands_in_the_header_or_among_the_claims() {
    let (named, bare) = (header(), r#"{"alg":"HS256"}"#.to_owned());
    let (ours, spring) = (Some(kid(1).to_string()), Some("spring".to_owned()));
    let cases = [
        (&named, "{}", ours.clone()),
        (&named, r#"{"kid":"spring"}"#, ours),
        (&bare, r#"{"kid":"spring"}"#, spring),
        (&bare, r#"{"kid":7}"#, None),
        (&bare, "{}", None),
    ];
    for (header, claims, expected) in cases {
        assert_eq!(peek_kid(&signed_with(b"anybody", header, claims)), expected, "{header} {claims}");
    }
}
