//! What covers an address, and what does not.

use super::*;
use crate::verdict::Denial;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

#[test]
fn a_scope_names_one_video_whole() {
    let (one, other) = (VideoId::from_random([1; 22]), VideoId::from_random([2; 22]));
    let denial = |scope: String| judge_scope(&scope, &one, "path").map_err(|fault| fault.denial);
    for scope in [format!("/vod/{one}"), format!("/vod/{one}/*"), format!("/*/{one}/hls/master.m3u8")] {
        assert_eq!(denial(scope.clone()), Ok(()), "{scope}");
    }
    assert_eq!(denial(format!("/vod/{other}/*")), Err(Denial::TokenForOtherVideo));
    let unnamed = [
        String::new(),
        "/".to_owned(),
        "/vod/*".to_owned(),
        format!("/vod/{one}*"),
        format!("/vod/{one}2/"),
        format!("/vod/{}", &one.as_str()[..23]),
        format!("/vod/{one}/{other}/"),
        format!("/vod/{one}/{one}/"),
    ];
    for scope in unnamed {
        assert_eq!(denial(scope.clone()), Err(Denial::InvalidToken), "{scope}");
    }
}

#[test]
fn a_prefix_ends_at_a_slash() {
    for (prefix, path, expected) in [
        ("/vod/vi1", "/vod/vi1", true),
        ("/vod/vi1", "/vod/vi1/a", true),
        ("/vod/vi1/", "/vod/vi1/a", true),
        ("/vod/vi1", "/vod/vi12", false),
        ("/vod/vi1", "/vod/vi12/a", false),
        ("/vod/vi1/", "/vod/vi1", false),
        ("/vod/vi1/a", "/vod/vi1", false),
    ] {
        assert_eq!(covers(prefix, path), expected, "{prefix} {path}");
    }
}

#[test]
fn patterns_match_whole_texts() {
    let cases = [
        ("/a/*", "/a/b/c.ts", true, true),
        ("/a/*", "/a/", true, true),
        ("/a/*", "/a", false, false),
        ("*.ts", "/a.ts/b", false, false),
        ("*/b/*.ts", "/a/b/b/c.ts", true, true),
        ("a?c", "abc", false, true),
        ("a?c", "a?c", true, true),
        ("a?c", "ac", false, false),
        ("", "", true, true),
        ("", "a", false, false),
        ("**", "", true, true),
    ];
    for (pattern, text, star, both) in cases {
        assert_eq!(matches(pattern, text, Wild::Star), star, "{pattern} {text}");
        assert_eq!(matches(pattern, text, Wild::StarAndQuestion), both, "{pattern} {text}");
    }
    // No pattern takes exponential time.
    assert!(!matches(&"*a".repeat(500), &"b".repeat(4_000), Wild::Star));
}

#[test]
fn seconds_have_one_spelling() {
    assert_eq!(seconds("1700000000"), Some(NOW));
    for wrong in [
        "",
        "170000000",
        "17000000000",
        "+700000000",
        "-700000000",
        "0700000000",
        " 700000000",
        "17000000a0",
        "1.70000000",
    ] {
        assert_eq!(seconds(wrong), None, "{wrong:?}");
    }
    assert_eq!(spell_seconds(NOW).as_deref(), Some("1700000000"));
    assert_eq!(spell_seconds(Timestamp::EPOCH), None);
}

#[test]
fn an_end_is_not_past_and_not_too_far() {
    let hour = Duration::from_hours(1);
    assert!(judge_end(NOW, NOW, None, "exp").is_err());
    assert!(judge_end(NOW.plus(hour), NOW, Some(hour), "exp").is_ok());
    assert!(judge_end(NOW.plus(hour + hour), NOW, Some(hour), "exp").is_err());
    assert!(judge_end(NOW.plus(hour + hour), NOW, None, "exp").is_ok());
}

#[test]
fn networks_of_addresses() {
    let network = |ip: &str| network_of(ip.parse().unwrap(), 64).unwrap();
    assert_eq!(network("192.0.2.7"), "192.0.2.7/32".parse().unwrap());
    assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7/32".parse().unwrap());
    assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64".parse().unwrap());
}

#[test]
fn paths_of_ours_are_plain() {
    assert!(is_plain("/vod/vi1/hls/master.m3u8"));
    for wrong in ["", "vod", "/a b", "/a%20b", "/a=b", "/a&b", "/ä", "/a\0"] {
        assert!(!is_plain(wrong), "{wrong:?}");
    }
}
