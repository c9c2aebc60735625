//! The vectors that two signers agree on, and what these tokens open.

use super::*;
use crate::dialects::{
    Dialect,
    hash::Algorithm,
    trial::{
        END, NOW, assert_no_byte_can_change, denial, key, opens, other_video, read, shown, signer, target, video, wish,
    },
};
use crate::signing_key::SigningKey;

const SECRET: &[u8] = b"aabbccddeeff00112233445566778899";

fn path() -> String {
    format!("/vod/{}/hls/master.m3u8", video())
}

fn keyed(options: Options) -> SigningKey {
    key(Dialect::Akamai(options), SECRET)
}

fn usual() -> SigningKey {
    keyed(Options::default())
}

fn minted(options: &Options, wished: &str) -> String {
    target(&path(), &mint(options, &wish(wished), &signer(SECRET)).unwrap())
}

/// A token of these fields, signed.
fn token(options: &Options, fields: &str) -> String {
    let url = (!fields.contains("acl=")).then(path);
    format!("{fields}~hmac={}", sign(options, &keys(SECRET).unwrap()[0], fields, url.as_deref()))
}

fn with(fields: &str) -> String {
    format!("{}?hdnts={}", path(), token(&Options::default(), fields))
}

#[test]
fn the_vectors_that_two_signers_agree_on() {
    let key = &keys(SECRET).unwrap()[0];
    let fields = "st=1700000000~exp=1700003600~acl=/v/abc/*!/k/abc/*~id=sess-1";
    let expected = "5564be62d3a4bdb24f677c48e7643d66ed8fbb555b1c832b5182cfd41abe791c";
    assert_eq!(sign(&Options::default(), key, fields, None), expected);
    let options = Options { salt: Some("pepper".to_owned()), escape_early: true, ..Options::default() };
    let expected = "5961ab195f67d90f1b545ea9925e7e5241402a69caadf341d909d66600b985b3";
    assert_eq!(sign(&options, key, "exp=1700003600", Some("/v/abc/master.m3u8")), expected);
}

#[test]
fn an_address_or_a_directory_is_good() {
    let salted = Options { salt: Some("pepper".to_owned()), escape_early: true, ..Options::default() };
    let named = Options { name: Some("auth".to_owned()), algorithm: Algorithm::Sha1, ..Options::default() };
    for options in [Options::default(), salted, named] {
        let key = keyed(options.clone());
        let one = minted(&options, &path());
        assert!(!opens(&key, &one.replace("master", "other")), "{one}");
        assert_no_byte_can_change(&key, &one, "?");
        let all = minted(&options, &format!("/vod/{}/", video()));
        assert!(opens(&key, &all.replacen("master", "other", 1)), "{all}");
        assert_no_byte_can_change(&key, &all, "/hls/master.m3u8");
    }
}

#[test]
fn a_pattern_must_name_the_video() {
    let one = video();
    let other = other_video();
    let cases = [
        (format!("/vod/{one}/*"), None),
        (format!("/*/{one}/*"), None),
        (format!("/vod/{other}/*!/vod/{one}/*"), None),
        (format!("/vod/{one}/hls/*.m3u8"), None),
        (format!("/vod/{one}/mp4/*"), Some(Denial::InvalidToken)),
        (format!("/vod/{other}/*"), Some(Denial::TokenForOtherVideo)),
        ("/*".to_owned(), Some(Denial::InvalidToken)),
        ("/vod/*".to_owned(), Some(Denial::InvalidToken)),
        (format!("/vod/{one}*"), Some(Denial::InvalidToken)),
        (format!("/vod/{}*", &one.as_str()[..23]), Some(Denial::InvalidToken)),
        (String::new(), Some(Denial::InvalidToken)),
    ];
    for (acl, expected) in cases {
        assert_eq!(denial(&usual(), &with(&format!("exp=1700003600~acl={acl}"))), expected, "{acl}");
    }
}

#[test]
fn fields_are_read() {
    let claims = read(&usual(), &with("ip=192.0.2.7~st=1700000000~exp=1700003600~id=u-1~data=x")).unwrap().unwrap();
    assert_eq!((claims.viewer, claims.expires_at), (Viewer::parse("u-1"), END));
    assert_eq!(claims.rules.networks, Some(vec!["192.0.2.7/32".parse().unwrap()].into()));
    let escaping = Options { escape_early: true, ..Options::default() };
    let address = |id: &str| format!("{}?hdnts={}", path(), token(&escaping, &format!("exp=1700003600~id={id}")));
    // Akamai's libraries for Python and for Node.
    for id in ["a%2fb+%c3%a4%28%29", "a%2fb%20%c3%a4()"] {
        let claims = read(&keyed(escaping.clone()), &address(id)).unwrap().unwrap();
        assert_eq!(claims.viewer, Viewer::parse("a/b ä()"), "{id}");
    }
    for id in ["a%2Fb", "a/b", "a+b%20c", "a+()", "%61", "%", "%4", ""] {
        assert_eq!(denial(&keyed(escaping.clone()), &address(id)), Some(Denial::InvalidToken), "{id}");
    }
}

#[test]
fn what_is_not_as_it_should_be_is_refused() {
    let signed = [
        "exp=1700000000",
        "exp=1699999999",
        "exp=+1700003600",
        "exp=17000036000",
        "st=1700000001~exp=1700003600",
        "st=0~exp=1700003600",
        "exp=1700003600~exp=1700003600",
        "exp=1700003600~st=1700000000",
        "exp=1700003600~scope=x",
        "exp=1700003600~url=/x",
        "exp=1700003600~",
        "acl=/vod/*",
        "id=x",
        "ip=nowhere~exp=1700003600",
        "ip=~exp=1700003600",
    ];
    for fields in signed {
        assert_eq!(denial(&usual(), &with(fields)), Some(Denial::InvalidToken), "{fields}");
    }
    let good = token(&Options::default(), "exp=1700003600");
    let upper = good.replace("hmac=", "HMAC=");
    for token in ["", "x", "hmac=", "~hmac=", &upper, &format!("{good}~data=x"), &good[..good.len() - 1]] {
        assert_eq!(denial(&usual(), &format!("{}?hdnts={token}", path())), Some(Denial::InvalidToken), "{token}");
    }
}

#[test]
fn a_token_stands_in_one_place() {
    let good = token(&Options::default(), "exp=1700003600");
    let named = |name: &str| vec![(name.to_owned(), good.clone())];
    for name in USUAL_NAMES {
        assert!(opens(&usual(), &format!("{}?{name}={good}", path())), "{name}");
        for shown in
            [Shown { cookies: named(name), ..shown(&path()) }, Shown { headers: named(name), ..shown(&path()) }]
        {
            assert!(matches!(Dialect::read(&usual(), &shown, &video(), NOW), Some(Ok(_))), "{name}");
            let twice = Shown { query: format!("hdnea={good}"), ..shown };
            let read = Dialect::read(&usual(), &twice, &video(), NOW).unwrap();
            assert_eq!(read.unwrap_err().denial, Denial::AmbiguousToken);
        }
    }
    assert_eq!(denial(&usual(), &format!("{}?hdnea={good}&hdnts={good}", path())), Some(Denial::AmbiguousToken));
    assert_eq!(read(&usual(), &path()), None);
    let own = keyed(Options { name: Some("auth".to_owned()), ..Options::default() });
    assert_eq!(read(&own, &format!("{}?hdnts={good}", path())), None);
}

#[test]
fn a_transition_key_is_tried_second() {
    let good = with("exp=1700003600");
    let next = "00112233445566778899aabbccddeeff";
    let secret = |text: String| key(Dialect::Akamai(Options::default()), text.as_bytes());
    let old = std::str::from_utf8(SECRET).unwrap();
    assert!(opens(&secret(format!("{next},{old}")), &good));
    assert!(opens(&secret(format!("{old},{next}")), &good));
    for bad in
        [next.to_owned(), String::new(), format!("{old},"), format!("{old}aa"), "xyz".to_owned(), "abc".to_owned()]
    {
        assert_eq!(denial(&secret(bad.clone()), &good), Some(Denial::InvalidToken), "{bad}");
    }
    let rotated = mint(&Options::default(), &wish(&path()), &signer(format!("{next},{old}").as_bytes())).unwrap();
    assert!(opens(&secret(next.to_owned()), &target(&path(), &rotated)));
}

#[test]
fn options_have_one_spelling() {
    let lines = "name: hdnts\nalgorithm: md5\nsalt: pepper: hot\nescape_early: true";
    for text in ["", "name: auth", "algorithm: sha1", "escape_early: true", &lines.replace(": hot", "")] {
        let options = Options::parse(text).unwrap();
        assert_eq!(options.to_string().trim_start_matches('\n'), text);
    }
    for (text, line) in [
        ("name: a b", 1),
        ("name: a\nname: b", 2),
        ("algorithm: sha512", 1),
        ("algorithm: SHA256", 1),
        ("escape_early: false", 1),
        ("salt: a~b", 1),
        ("name: a\ncolour: red", 2),
    ] {
        assert_eq!(Options::parse(text).unwrap_err().line, line, "{text}");
    }
    let options = Options { salt: Some("pepper".to_owned()), ..Options::default() };
    assert!(!format!("{options:?}").contains("pepper"));
}
