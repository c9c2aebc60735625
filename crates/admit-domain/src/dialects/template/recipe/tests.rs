//! Which declarations are read, and that each has one spelling.

use super::*;

const GOOD: &str = "hash: md5\nkey: text\nmessage: {path}-{expires}-{rand}-{uid}-{secret}\nencode: hex\n\
                    query: auth_key={expires}-{rand}-{uid}-{sig}\nexpires: seconds\nttl: 1800";

fn changed(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replace(from, to)
}

#[test]
fn a_declaration_is_printed_as_it_was_read() {
    let hmac = "hash: hmac-sha512\nkey: base64\nmessage: {host}{uri}{expires_hex}\nmessage: {ip}|{host}{uri}{expires_hex}\n\
                encode: HEX\nquery: exp={expires}&sig={sig}\nexpires: milliseconds";
    let path = "hash: sha1\nkey: hex\nmessage: {secret}{expires}{path}\nencode: base64url\n\
                path: /{expires}/{sig}{path}\nexpires: minutes-03:30\nttl: 60";
    for text in [GOOD, hmac, path] {
        assert_eq!(Recipe::parse(text).unwrap().to_string(), text);
    }
    assert!(Recipe::parse(GOOD).unwrap().is_weak());
    assert!(!Recipe::parse(hmac).unwrap().is_weak());
}

#[test]
fn errors_name_the_line() {
    let cases = [
        (changed("hash: md5", "hash: md4"), 1),
        (changed("hash: md5", "hash: MD5"), 1),
        (changed("hash: md5\n", ""), 7),
        (changed("key: text", "key: raw"), 2),
        (changed("key: text", "key text"), 2),
        (changed("{secret}", "secret"), 3),
        (changed("{path}-", ""), 3),
        (changed("{path}-", "{path}{dir}-"), 3),
        (changed("-{expires}-{rand}-{uid}-{secret}", "-{rand}-{uid}-{secret}"), 3),
        (changed("-{rand}-{uid}-{secret}", "-{rand}{uid}-{secret}"), 3),
        (changed("-{rand}-{uid}-{secret}", "-{rand}-{secret}"), 3),
        (changed("-{rand}-{uid}-{secret}", "-{rand}-{uid}-{sig}-{secret}"), 3),
        (changed("{path}-", "{path}-{query:auth_key}-"), 3),
        (changed("hash: md5", "hash: hmac-md5"), 3),
        (changed("encode: hex", "encode: base32"), 4),
        (changed("-{sig}", ""), 5),
        (changed("{expires}-{rand}-{uid}-{sig}", "{rand}-{uid}-{sig}"), 5),
        (changed("-{uid}-{sig}", "-{uid}-{uid}-{sig}"), 5),
        (changed("-{rand}-{uid}-{sig}", "-{rand}{uid}-{sig}"), 5),
        (changed("auth_key=", "auth key="), 5),
        (changed("{sig}\n", "{sig}&auth_key=x\n"), 5),
        (changed("-{sig}", "-{sig}-{secret}"), 5),
        (changed("query: auth_key=", "path: "), 5),
        (changed("expires: seconds", "expires: days"), 6),
        (changed("ttl: 1800", "ttl: 0"), 7),
        (changed("ttl: 1800", "ttl: 01800"), 7),
        (changed("ttl: 1800", "ttl: 1800\nttl: 1800"), 8),
        (changed("ttl: 1800", "colour: red"), 7),
    ];
    for (text, line) in cases {
        assert_eq!(Recipe::parse(&text).unwrap_err().line, line, "{text}");
    }
}
