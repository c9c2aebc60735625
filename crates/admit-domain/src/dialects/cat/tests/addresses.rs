//! `catu`: which addresses it covers, whether it names the video, and how much it opens.

use super::*;
use crate::{
    dialects::cat::claims::{AUD, CATU},
    rights::Rights,
};

const PATH: &str = "/vod/vi7777777777777777777777/hls/manifest.m3u8";

fn catu(component: i64, kind: i64, value: Value<'static>) -> (i64, Value<'static>) {
    (CATU, labelled([(component, labelled([(kind, value)]))]))
}

/// The rights of a token with that `catu`, shown at that address; with the video as its audience, or with none.
fn rights_at(
    shown: &dyn Fn(&str) -> Shown,
    catu: (i64, Value<'static>),
    audience: bool,
) -> Result<Rights, &'static str> {
    let mut claims = claims_with([catu]);
    if !audience {
        claims.remove(&Key::Int(AUD));
    }
    let token = token_of(&claims);
    field(Dialect::read(&key(), &shown(&token), &video(), NOW)).map(|claims| claims.rules.rights)
}

fn rights(catu: (i64, Value<'static>), audience: bool) -> Result<Rights, &'static str> {
    rights_at(&|token| shown(token), catu, audience)
}

#[test]
fn every_component_is_matched() {
    let at = |token: &str| Shown {
        origin: "https://films.example:8443".into(),
        query: format!("b=2&cat={token}&a=1"),
        ..shown(token)
    };
    let cases = [
        (0, "https", "http"),
        (1, "films.example", "films.example:8443"),
        (2, "8443", "443"),
        (3, PATH, "/vod/vi7777777777777777777777/hls"),
        (4, "b=2&a=1", "a=1&b=2"),
        (5, "/vod/vi7777777777777777777777/hls", "/vod/vi7777777777777777777777/hls/"),
        (6, "manifest.m3u8", "manifest"),
        (7, "manifest", "manifest."),
        (8, "m3u8", "mpd"),
        (8, ".m3u8", "..m3u8"),
    ];
    for (component, right, wrong) in cases {
        let judged = |text| rights_at(&at, catu(component, 0, Value::Text(text)), true).map(|_| ());
        assert_eq!(judged(right), Ok(()), "{component} {right}");
        assert_eq!(judged(wrong), Err("catu"), "{component} {wrong}");
    }
    assert_eq!(rights(catu(2, 0, Value::Text("443")), true).map(|_| ()), Ok(()));
    for component in [9, -1, 99] {
        assert_eq!(rights(catu(component, 1, Value::Text("")), true), Err("catu"), "{component}");
    }
}

#[test]
fn every_kind_of_match_is_judged() {
    let sha256 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, PATH.as_bytes());
    let sha512_256 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512_256, PATH.as_bytes());
    let bytes = |digest: &aws_lc_rs::digest::Digest| Value::Bytes(digest.as_ref().to_vec().leak());
    let digits = |digest: &aws_lc_rs::digest::Digest| Value::Text(crate::secret::hex(digest.as_ref()).leak());
    let cut = Value::Bytes(sha256.as_ref()[..31].to_vec().leak());
    let ok = Ok(());
    let cases = [
        (0, Value::Text(PATH), ok),
        (0, Value::Text("/vod/"), Err("catu")),
        (1, Value::Text("/vod/"), ok),
        (1, Value::Text("/VOD/"), Err("catu")),
        (2, Value::Text(".m3u8"), ok),
        (2, Value::Text(".mpd"), Err("catu")),
        (3, Value::Text("/hls/"), ok),
        (3, Value::Text("/dash/"), Err("catu")),
        (4, Value::Array(vec![Value::Text(".*")]), Err("catu regex")),
        (4, Value::Text(".*"), Err("catu regex")),
        (-1, bytes(&sha256), ok),
        (-1, digits(&sha256), ok),
        (-1, cut, Err("catu")),
        (-1, bytes(&sha512_256), Err("catu")),
        (-2, bytes(&sha512_256), ok),
        (-2, digits(&sha512_256), ok),
        (-2, bytes(&sha256), Err("catu")),
        (5, Value::Text(PATH), Err("catu")),
        (-3, Value::Text(PATH), Err("catu")),
        (0, Value::Bytes(PATH.as_bytes()), Err("catu")),
        (0, Value::Array(vec![Value::Text(PATH)]), Err("catu")),
        (0, Value::Null, Err("catu")),
    ];
    for (kind, value, expected) in cases {
        assert_eq!(rights(catu(3, kind, value.clone()), true).map(|_| ()), expected, "{kind} {value:?}");
    }
    let both = labelled([(3, labelled([(1, Value::Text("/vod/")), (2, Value::Text(".mpd"))]))]);
    assert_eq!(rights((CATU, both), true), Err("catu"));
    let nothing = labelled([(3, labelled([]))]);
    assert_eq!(rights((CATU, nothing), true), Err("catu"));
    for wrong in [Value::Text(PATH), Value::Array(vec![]), labelled([(3, Value::Text(PATH))])] {
        assert_eq!(rights((CATU, wrong.clone()), true), Err("catu"), "{wrong:?}");
    }
}

#[test]
fn a_path_names_the_video_and_opens_no_more_than_it_says() {
    // Kind of match, text, rights with the video as audience, and rights with no audience.
    let (all, watch) = (Ok(Rights::ALL), Ok(Rights::WATCH));
    let cases = [
        (1, "/vod/vi7777777777777777777777/", all, all),
        (1, "/vod/vi7777777777777777777777", all, all),
        (1, "/vod/vi7777777777777777777777/hls/", watch, watch),
        (1, "/vod/vi77777777777777777777", all, Err("catu")),
        (1, "/vod/", all, Err("catu")),
        (1, "", all, Err("catu")),
        (0, PATH, watch, watch),
        (3, "/vi7777777777777777777777/", all, all),
        (3, "vi7777777777777777777777", all, all),
        (3, "d/vi7777777777777777777777", all, all),
        (3, "7777777777777777777777/", watch, Err("catu")),
        (2, "/vi7777777777777777777777/hls/manifest.m3u8", watch, Err("catu")),
        (2, ".m3u8", watch, Err("catu")),
    ];
    for (kind, text, with_audience, without) in cases {
        assert_eq!(rights(catu(3, kind, Value::Text(text)), true), with_audience, "{kind} {text}");
        assert_eq!(rights(catu(3, kind, Value::Text(text)), false), without, "{kind} {text}, no audience");
    }
    assert_eq!(rights((CATU, labelled([])), true), all);
    assert_eq!(rights((CATU, labelled([])), false), Err("catu"));
    assert_eq!(rights(catu(8, 0, Value::Text("m3u8")), true), watch);
    assert_eq!(rights(catu(1, 0, Value::Text("films.example")), true), all);
}

#[test]
fn a_token_for_one_file_opens_that_kind_of_file() {
    let cases = [
        ("thumbnail.jpg", Ok(Rights::PICTURES)),
        ("storyboard.vtt", Ok(Rights::PICTURES)),
        ("storyboard/3.jpg", Ok(Rights::PICTURES)),
        ("mp4/source.mp4", Ok(Rights::DOWNLOAD)),
        ("hls/manifest.m3u8", Ok(Rights::WATCH)),
        ("dash/manifest.mpd", Ok(Rights::WATCH)),
        ("player.json", Err("catu")),
        ("captions/fr.vtt", Err("catu")),
    ];
    for (below, expected) in cases {
        let path = format!("/vod/{VIDEO}/{below}");
        let at = |token: &str| Shown { path: path.clone(), ..shown(token) };
        let exact = catu(3, 0, Value::Text(path.clone().leak()));
        assert_eq!(rights_at(&at, exact, false), expected, "{below}");
    }
}

#[test]
fn a_file_of_two_dots_has_no_stem_that_all_agree_upon() {
    let at = |token: &str| Shown { path: format!("/vod/{VIDEO}/a.tar.mp4"), ..shown(token) };
    for (component, text) in [(7, "a"), (7, "a.tar"), (8, "mp4"), (8, "tar.mp4")] {
        assert_eq!(rights_at(&at, catu(component, 0, Value::Text(text)), true), Err("catu"), "{component} {text}");
    }
    assert_eq!(rights_at(&at, catu(6, 0, Value::Text("a.tar.mp4")), true), Ok(Rights::DOWNLOAD));
}

#[test]
fn an_address_that_is_none_is_covered_by_nothing() {
    for origin in ["", "films.example", "null"] {
        let at = |token: &str| Shown { origin: origin.into(), ..shown(token) };
        assert_eq!(rights_at(&at, catu(1, 1, Value::Text("")), true), Err("catu"), "{origin:?}");
    }
}
