//! Which patterns are ones, and which sites pass.

use super::*;

fn list(patterns: &[&str], allow_no_referrer: bool) -> Domains {
    let read = |text: &&str| text.parse().unwrap_or_else(|_| panic!("{text} is a pattern"));
    Domains::new(patterns.iter().map(read).collect(), allow_no_referrer)
}

#[test]
fn a_pattern_has_one_spelling() {
    let long = format!("{}.example", "a".repeat(63));
    for (text, canonical) in [
        ("a.example", "a.example"),
        ("*.a.example", "*.a.example"),
        ("A.Example", "a.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("*.BÜCHER.example", "*.xn--bcher-kva.example"),
        ("localhost", "localhost"),
        ("a_b.example", "a_b.example"),
        ("192.0.2.7", "192.0.2.7"),
        ("[::1]", "[::1]"),
        (&long, &long),
    ] {
        assert_eq!(text.parse::<DomainPattern>().map(|pattern| pattern.to_string()), Ok(canonical.to_owned()));
        assert_eq!(canonical.parse::<DomainPattern>(), text.parse(), "{text}");
    }
}

#[test]
fn what_is_no_pattern_is_refused() {
    let (long, longer) = (format!("{}.example", "a".repeat(64)), "abcdefg.".repeat(32) + "example");
    for wrong in [
        "",
        "*",
        "*.",
        "*.*.a.example",
        "a.*.example",
        "x*.a.example",
        "**.a.example",
        ".a.example",
        "a..example",
        "a.example.",
        "https://a.example",
        "a.example:443",
        "a.example/",
        "a.example/x",
        "u@a.example",
        "a.example?",
        "a example",
        " a.example",
        "a.example\n",
        "%61.example",
        "a%2eexample",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
        "*.0.0.1",
        "*.[::1]",
        "::1",
        "[::1",
        "[0::1]",
        "a,b.example",
        "a.example,b.example",
        "'a'.example",
        "xn--a",
        "a\u{200d}.exa mple",
        &long,
        &longer,
    ] {
        assert_eq!(wrong.parse::<DomainPattern>(), Err(BadDomain), "{wrong:?}");
    }
}

#[test]
fn sites_pass_by_their_origin() {
    let domains = list(&["a.example", "*.b.example", "192.0.2.7", "[2001:db8::1]"], false);
    for origin in [
        "https://a.example",
        "http://a.example",
        "https://a.example:8443",
        "https://x.b.example",
        "https://y.x.b.example",
        "http://192.0.2.7:3000",
        "http://[2001:db8::1]",
        "http://[2001:db8::1]:3000",
    ] {
        assert!(domains.allow(Some(origin), None), "{origin}");
    }
    for origin in [
        "",
        "null",
        "a.example",
        "//a.example",
        "https://",
        "https://b.example",
        "https://x.a.example",
        "https://xb.example",
        "https://.b.example",
        "https://b.example.evil.example",
        "https://a.example.",
        "https://a.example.evil.example",
        "https://a.example/",
        "https://a.example:",
        "https://a.example:x",
        "https://a.example:443:443",
        "https://a.example@evil.example",
        "https://evil.example@a.example",
        "https://evil.example\\.b.example",
        "https://evil.example#.b.example",
        "https://evil.example?.b.example",
        "https://evil.example/.b.example",
        "https://A.example",
        "file://a.example",
        "chrome-extension://a.example",
        "https://a.example https://a.example",
        "https://a.example, https://evil.example",
        "https://[2001:db8::2]",
        "https://[2001:db8::1",
        "https://2001:db8::1]",
        "https://[2001:db8::1]x",
        "https://a.example]:1",
    ] {
        assert!(!domains.allow(Some(origin), None), "{origin}");
    }
}

#[test]
fn a_referrer_counts_where_there_is_no_origin() {
    let domains = list(&["a.example", "*.b.example"], false);
    for referrer in ["https://a.example/", "https://a.example", "https://a.example/x?y#z", "http://x.b.example:8080/?z"]
    {
        assert!(domains.allow(None, Some(referrer)), "{referrer}");
        assert!(!domains.allow(Some("null"), Some(referrer)), "an origin is believed before it");
        assert!(!domains.allow(Some("https://c.example"), Some(referrer)), "an origin is believed before it");
    }
    for referrer in [
        "",
        "/film",
        "about:blank",
        "https://c.example/a.example",
        "https://c.example?https://a.example/",
        "https://c.example#x.b.example",
        "https://a.example@c.example/",
        "https://c.example@a.example/",
        "https://c.example\\.b.example/",
        "android-app://a.example/",
    ] {
        assert!(!domains.allow(None, Some(referrer)), "{referrer}");
    }
}

#[test]
fn to_name_no_site_is_a_choice_of_its_own() {
    assert!(!list(&["a.example"], false).allow(None, None));
    let hidden = list(&["a.example"], true);
    assert!(hidden.allow(None, None) && hidden.allow(Some("https://a.example"), None));
    for (origin, referrer) in
        [(Some("null"), None), (Some(""), None), (None, Some("")), (None, Some("https://b.example"))]
    {
        assert!(!hidden.allow(origin, referrer), "{origin:?} {referrer:?}: that is to name another");
    }
    assert!(!hidden.and(&list(&["a.example"], false)).allow(None, None), "both must choose it");
}

#[test]
fn a_policy_lets_the_same_sites_frame_a_page_over_either_scheme() {
    assert_eq!(list(&["a.example", "*.b.example"], false).sources(), "http://a.example:* http://*.b.example:*");
    assert_eq!(list(&[], true).sources(), "");
}
