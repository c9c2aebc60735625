//! The documented signature, and how policies are read.

use super::*;
use crate::{
    dialects::{
        Dialect,
        template::Template,
        trial::{denial, key, read, video},
    },
    signing_key::SigningKey,
    verdict::Denial,
};

const SECRET: &[u8] = b"0123456789abcdef";

fn keyed() -> SigningKey {
    key(Dialect::Template(Box::new(Template::SignedPolicy)), SECRET)
}

fn signed(policy: &str) -> String {
    let path = format!("/vod/{}/hls/master.m3u8", video());
    let query = format!("policy={}", URL_SAFE_NO_PAD.encode(policy));
    let signature = sign(SECRET, "https://video.example:443", &path, &query);
    format!("{path}?{query}&signature={signature}")
}

#[test]
fn the_documented_vector() {
    let query = "policy=eyJ1cmxfZXhwaXJlIjoxMzk5NzIxNTgxfQ";
    let signature = sign(b"1kU^b6", "ws://192.168.0.100:3333", "/app/stream", query);
    assert_eq!(signature, "dvVdBpoxAeCPl94Kt5RoiqLI0YE");
}

#[test]
fn ports_are_signed_though_nobody_writes_them() {
    for (origin, expected) in [
        ("https://a.example", Some("https://a.example:443")),
        ("http://a.example", Some("http://a.example:80")),
        ("https://a.example:8443", Some("https://a.example:8443")),
        ("https://[2001:db8::1]", Some("https://[2001:db8::1]:443")),
        ("rtmp://a.example", None),
        ("a.example", None),
    ] {
        assert_eq!(with_port(origin).as_deref(), expected, "{origin}");
    }
}

#[test]
fn policies_are_read() {
    let policy = r#"{"url_activate":1699999999000,"url_expire":1700003600000,"stream_expire":1700007200000,"allow_ip":"192.0.2.0/24"}"#;
    let claims = read(&keyed(), &signed(policy)).unwrap().unwrap();
    assert_eq!(claims.expires_at, Timestamp::from_secs(1_700_003_600));
    assert_eq!(claims.rules.networks, Some(vec!["192.0.2.0/24".parse().unwrap()].into()));
    assert_eq!(claims.rules.valid_until, Some(Timestamp::from_secs(1_700_007_200)));
    let refused = [
        r#"{"url_expire":1700000000000}"#,
        r#"{"url_expire":1700003600}"#,
        r#"{"url_expire":"1700003600000"}"#,
        r#"{"url_expire":1700003600000.5}"#,
        r#"{"url_expire":1700003600000,"url_activate":1700000000001}"#,
        r#"{"url_expire":1700003600000,"url_expire":1800003600000}"#,
        r#"{"url_expire":1700003600000,"allow_country":"DE"}"#,
        r#"{"url_expire":1700003600000,"allow_ip":"nowhere"}"#,
        r#"{"url_expire":999999999999999999}"#,
        r#"{"stream_expire":1700003600000}"#,
        "{}",
        "[]",
        "",
    ];
    for policy in refused {
        assert_eq!(denial(&keyed(), &signed(policy)), Some(Denial::InvalidToken), "{policy}");
    }
    let good = signed(r#"{"url_expire":1700003600000}"#);
    for added in ["&x=1", "&policy=x", "&signature=x"] {
        assert_eq!(denial(&keyed(), &format!("{good}{added}")), Some(Denial::InvalidToken), "{added}");
    }
    assert_eq!(denial(&keyed(), &format!("{good}&_HLS_msn=1")), None);
    assert_eq!(read(&keyed(), "/vod/x?policy=x"), None);
}
