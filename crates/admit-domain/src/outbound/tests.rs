//! The spellings by which servers were talked into calling themselves, and that none of them is let through.

use http::Uri;
use proptest::prelude::*;
use url::Url;

use super::*;

fn rules() -> Rules {
    Rules { allow: Vec::new(), ports: vec![80, 443], https_only: false }
}

/// N01: whatever the spelling, an address that is not public is refused before anything is sent.
#[test]
fn n01_addresses_that_are_not_public_are_refused_in_every_spelling() {
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
        "[fe80::1]",
        "[fe80::1%lo]",
        "[fe80::1%25lo]",
        "[fc00::]",
        "[fd12:3456::1]",
        "[ff02::1]",
        "[::7f00:1]",
        "[64:ff9b:1::1]",
        "[100::1]",
        "[2001:db8::1]",
        "[3fff::1]",
        "[fec0::1]",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "a.localhost",
        "１２７.0.0.1",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "0x7f000001",
        "127.0.0.1.",
        "ｌocalhost",
        "[::ffff:a9fe:a9fe]",
    ] {
        for scheme in ["http", "https"] {
            let text = format!("{scheme}://{host}/film.mp4");
            assert!(rules().target(&text).is_err(), "{text} was let through");
        }
    }
}

#[test]
fn public_addresses_pass() {
    for host in [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "[2606:4700:4700::1111]",
        "[2a00:1450:4001::1]",
        "[2001:200::1]",
        "[2003::1]",
        "example.org",
        "EXAMPLE.org.",
        "bücher.example",
    ] {
        let text = format!("https://{host}/film.mp4?a=b#c");
        let target = rules().target(&text).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        assert!(target.is_https() && !target.as_str().contains('#'), "{target:?}");
    }
}

/// N02: one address that may not be called spoils the whole answer.
#[test]
fn n02_a_mixed_set_is_refused() {
    let (public, private) = ("1.1.1.1".parse().unwrap(), "10.0.0.1".parse().unwrap());
    assert_eq!(rules().addresses(&[public]), Ok(()));
    assert_eq!(rules().addresses(&[public, private]), Err(Refused::Address(private)));
    let mapped = "::ffff:1.1.1.1".parse().unwrap();
    assert_eq!(rules().addresses(&[mapped]), Err(Refused::Address(mapped)), "a name has no business with those");
}

/// N03: where an answer sends us is judged as what a customer sends.
#[test]
fn n03_a_redirect_is_judged_anew() {
    let from = rules().target("https://example.org/a/b?c").unwrap();
    for (location, lands) in [
        ("/x", Ok("https://example.org/x")),
        ("x?y", Ok("https://example.org/a/x?y")),
        ("?z", Ok("https://example.org/a/b?z")),
        ("//other.example/x", Ok("https://other.example/x")),
        ("https://other.example/x#y", Ok("https://other.example/x")),
        ("http://example.org/", Err(Refused::Scheme)),
        ("file:///etc/passwd", Err(Refused::Scheme)),
        ("file:/etc/passwd", Err(Refused::Scheme)),
        ("javascript:alert(1)", Err(Refused::Scheme)),
        ("https:/example.org", Err(Refused::Scheme)),
        ("https:example.org", Err(Refused::Scheme)),
        ("//user@example.org/", Err(Refused::Credentials)),
        ("https://user:password@example.org/", Err(Refused::Credentials)),
        ("//127.0.0.1/", Err(Refused::Address("127.0.0.1".parse().unwrap()))),
        ("https://10.0.0.1/", Err(Refused::Address("10.0.0.1".parse().unwrap()))),
        ("//example.org:22/", Err(Refused::Port(22))),
        ("/\\127.0.0.1/", Err(Refused::Spelling)),
        ("\\\\127.0.0.1/", Err(Refused::Spelling)),
        ("/\t/127.0.0.1/", Err(Refused::Spelling)),
        ("///127.0.0.1/", Err(Refused::Spelling)),
    ] {
        let found = rules().redirect(&from, location);
        assert_eq!(found.as_ref().map(Target::as_str), lands.as_ref().copied(), "{location:?}");
    }
}

/// N04: two schemes, or one; in any case of letters, and with nothing before them.
#[test]
fn n04_schemes() {
    for text in [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "data:video/mp4,x",
        "blob:https://example.org/x",
        "jar:https://example.org!/",
        "dict://example.org/",
        "FILE:///etc/passwd",
        "javascript://example.org",
        "",
        "example.org/film",
        "//example.org/",
    ] {
        assert_eq!(rules().target(text), Err(Refused::Scheme), "{text:?}");
    }
    for text in
        [" https://example.org/", "\thttps://example.org/", "\u{0}https://example.org/", "https://example.org/ "]
    {
        assert!(rules().target(text).is_err(), "{text:?}");
    }
    let strict = Rules { https_only: true, ..rules() };
    assert_eq!(strict.target("http://example.org/"), Err(Refused::Scheme));
    assert_eq!(
        strict.target("HtTpS://example.org/").map(|target| target.to_string()),
        Ok("https://example.org".into())
    );
}

/// N05, by hand: what readers of addresses disagree about is no address.
#[test]
fn n05_confusing_spellings_are_refused() {
    for text in [
        "http://a@b/",
        "http://@b/",
        "http://a:b@c/",
        "http://a\\@b/",
        "http://a%2eb/",
        "http://[::1]x/",
        "http://a\tb/",
        "http://a\nb/",
        "http://a b/",
        "http:///a/",
        "http://",
        "http://:80/",
        "http://a:b/",
        "http://a:99999/",
        "http://a..b/",
        "http://.a/",
        "http://..",
        "http://a\u{ad}\u{0}b/",
        "http://a<b/",
        "http://a^b/",
        "http://1.2.3.4.5/",
        "http://1.1.1.256/",
        "http://[1.1.1.1]/",
        "http://[::1/",
    ] {
        assert!(rules().target(text).is_err(), "{text:?} was let through");
    }
    // A fragment ends the host for every reader.
    assert_eq!(
        rules().target("http://a.example#@b/").map(|target| target.as_str().to_owned()),
        Ok("http://a.example/".into())
    );
    let long = format!("https://example.org/{}", "a".repeat(2_048));
    assert_eq!(rules().target(&long), Err(Refused::Spelling));
}

/// N06: the ports of mail, databases and our own are nobody's to call.
#[test]
fn n06_ports() {
    for port in [22, 25, 5_432, 6_379, 8_080, 0] {
        assert_eq!(rules().target(&format!("https://example.org:{port}/")), Err(Refused::Port(port)), "{port}");
    }
    assert_eq!(rules().target("http://example.org:443/").map(|target| target.port()), Ok(443));
}

/// N16: what the operator names may be called, and nothing beside it.
#[test]
fn n16_the_operators_networks_may_be_called() {
    let allow = ["10.1.0.0/16", "127.0.0.1/32", "fd00::/8"].map(|text| text.parse().unwrap());
    let rules = Rules { allow: allow.to_vec(), ..rules() };
    for (host, passes) in [
        ("10.1.2.3", true),
        ("10.2.0.0", false),
        ("127.0.0.1", true),
        ("127.0.0.2", false),
        ("[fd12::1]", true),
        ("[fc00::1]", false),
        ("[::ffff:10.1.2.3]", false),
        ("2130706433", true),
        ("1.1.1.1", true),
    ] {
        assert_eq!(rules.target(&format!("http://{host}/")).is_ok(), passes, "{host}");
    }
    for wrong in ["10.1.0.0", "10.1.0.0/33", "10.1.0.1/16", "::/129", "a/8", "10.0.0.0/-1", "10.0.0.0/8 "] {
        assert!(wrong.parse::<Network>().is_err(), "{wrong:?}");
    }
    let everything: Network = "0.0.0.0/0".parse().unwrap();
    assert!(everything.contains("255.1.2.3".parse().unwrap()) && !everything.contains("::1".parse().unwrap()));
}

#[test]
fn only_the_origin_is_printed() {
    let target = rules().target("https://example.org/secret?signature=secret").unwrap();
    assert_eq!(format!("{target} {target:?}"), "https://example.org Target(https://example.org/…)");
}

/// Pieces that addresses are confused with.
fn confusing() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z0-9.]{1,6}",
        prop::sample::select(vec![
            "http://",
            "https://",
            "//",
            "/",
            "\\",
            "@",
            "#",
            "?",
            ":",
            "%",
            "%2e",
            "%40",
            "[",
            "]",
            "[::1]",
            "127.0.0.1",
            "::",
            "\t",
            "\n",
            " ",
            "localhost",
            "1.1.1.1",
            "ⓔ",
            "。",
            "．",
            "\u{200d}",
            "ß",
            "xn--",
            "0x7f",
            "..",
            "ａ",
            "80",
            "443",
            "\u{0}",
            "\u{ad}",
            "é",
        ])
        .prop_map(str::to_owned),
    ];
    (prop::sample::select(vec!["http://", "https://", "HTTP://", ""]), prop::collection::vec(piece, 1..7))
        .prop_map(|(scheme, pieces)| format!("{scheme}{}", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100_000, max_shrink_iters: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// N05: the host that is checked is the host that a client connects to, whose reader of addresses is another.
    #[test]
    fn n05_check_and_connect_see_the_same_host(text in confusing()) {
        if let Ok(target) = rules().target(&text) {
            let again = Url::parse(target.as_str()).unwrap();
            prop_assert_eq!(again.as_str(), target.as_str());
            let connected: Uri = target.as_str().parse().unwrap();
            let host = connected.host().unwrap();
            match target.host() {
                Host::Name(name) => prop_assert_eq!(host, name),
                Host::Address(address) => {
                    prop_assert_eq!(host.trim_matches(['[', ']']).parse(), Ok(address));
                    prop_assert!(public::is_public(address));
                }
            }
            let port = connected.port_u16().unwrap_or(if target.is_https() { 443 } else { 80 });
            prop_assert_eq!(port, target.port());
            prop_assert!(connected.authority().is_some_and(|authority| !authority.as_str().contains('@')));
        }
    }
}
