//! Akamai's `EdgeAuth` tokens, by Akamai's own packages for Node and for Python.

use admit_domain::{
    claims::Viewer,
    dialects::Dialect,
    material::KeySecret,
    mint::{Minted, Signer, Wish},
};
use aws_lc_rs::rand::SystemRandom;
use serde_json::{Value, json};

use crate::{
    library::{Library, installed, text},
    request::{MANIFEST, OTHER, VIDEO, assert_only_this_is_read, dialect, now, read, said, shared, shown, wish},
};

const LIBRARIES: [Library; 2] = [Library::Node("akamai.mjs"), Library::Python("akamai_edgeauth.py")];
const KEY: &str = "aabbccddeeff00112233445566778899";
const NEXT_KEY: &str = "00112233445566778899aabbccddeeff";
/// What may be chosen: the dialect, and the same for the packages.
const CHOICES: [(&str, &str, Option<&str>, bool); 4] = [
    ("akamai", "sha256", None, false),
    ("akamai\nalgorithm: sha1", "sha1", None, false),
    ("akamai\nalgorithm: md5\nsalt: pepper", "md5", Some("pepper"), false),
    ("akamai\nsalt: pepper\nescape_early: true", "sha256", Some("pepper"), true),
];

/// What a package is told for one of the choices, with more fields.
fn line(name: &str, choice: usize, more: &Value) -> Value {
    let (_, algorithm, salt, escape) = CHOICES[choice];
    let mut line = json!({ "name": name, "key": KEY, "algorithm": algorithm, "escape": escape });
    if let Some(salt) = salt {
        line["salt"] = json!(salt);
    }
    for (field, value) in more.as_object().expect("fields") {
        line[field] = value.clone();
    }
    line
}

#[test]
fn what_is_signed_here_is_what_others_sign() {
    let Some(installed) = installed() else { return };
    let now = now();
    let all = format!("/vod/{VIDEO}/");
    let mut wishes: Vec<(usize, Wish, Value)> = Vec::new();
    for choice in 0..CHOICES.len() {
        for viewer in [None, Some("sess-1"), Some("ada@shop.example")] {
            let wish = Wish { viewer: viewer.and_then(Viewer::parse), ..wish(now, MANIFEST) };
            let times = json!({ "start": wish.issued_at.as_secs(), "end": wish.expires_at.as_secs() });
            let more = |place: Value| {
                let mut more = times.clone();
                more.as_object_mut().expect("fields").extend(place.as_object().expect("fields").clone());
                if let Some(viewer) = viewer {
                    more["id"] = json!(viewer);
                }
                more
            };
            wishes.push((choice, wish.clone(), more(json!({ "url": MANIFEST }))));
            wishes.push((choice, Wish { path: all.clone(), ..wish }, more(json!({ "acl": format!("{all}*") }))));
        }
    }
    let lines: Vec<Value> = wishes.iter().map(|(choice, _, more)| line(CHOICES[*choice].0, *choice, more)).collect();
    let signer = Signer::Secret(KeySecret::new(KEY.as_bytes()));
    for library in LIBRARIES {
        let answers = library.ask(&installed, "sign", &lines);
        assert_eq!(answers.len(), wishes.len(), "{library:?}");
        for ((choice, wish, _), answer) in wishes.iter().zip(&answers) {
            let minted = dialect(CHOICES[*choice].0).mint(wish, &signer, &SystemRandom::new());
            let theirs = format!("__token__={}", text(answer, "token"));
            assert_eq!(minted, Ok(Minted::Query(theirs.clone())), "{library:?}");
            let key = shared(dialect(CHOICES[*choice].0), KEY.as_bytes());
            let request = shown(&format!("{MANIFEST}?{theirs}"));
            assert_only_this_is_read(&theirs, &key, &request, now);
            assert_eq!(
                read(&key, &request, now).expect("a token").expect("a good one").viewer,
                wish.viewer,
                "{library:?}"
            );
        }
    }
}

/// Fields, and what we should say to them.
fn cases(now: i64) -> Vec<(&'static str, usize, Value, &'static str)> {
    let end = now + 600;
    let acl = |patterns: Value| json!({ "end": end, "acl": patterns });
    vec![
        ("several patterns", 0, acl(json!(format!("/vod/{OTHER}/*!/vod/{VIDEO}/*"))), "ok"),
        ("a pattern in the middle", 0, acl(json!(format!("/*/{VIDEO}/hls/*.m3u8"))), "ok"),
        ("data, which says nothing", 0, json!({ "end": end, "acl": format!("/vod/{VIDEO}/*"), "data": "x=1" }), "ok"),
        ("an address", 0, json!({ "end": end, "acl": format!("/vod/{VIDEO}/*"), "ip": "10.0.0.1" }), "ok"),
        ("escaped IPv6", 3, json!({ "end": end, "url": MANIFEST, "ip": "2001:db8::1" }), "ok"),
        ("a viewer with a blank", 3, json!({ "end": end, "url": MANIFEST, "id": "Ada (née Byron) 50%" }), "ok"),
        ("everything", 0, acl(json!("/*")), "acl"),
        ("every video", 0, acl(json!("/vod/*")), "acl"),
        ("videos that begin so", 0, acl(json!(format!("/vod/{VIDEO}*"))), "acl"),
        ("another video", 0, acl(json!(format!("/vod/{OTHER}/*"))), "acl"),
        ("another address", 0, json!({ "end": end, "url": format!("/vod/{VIDEO}/hls/other.m3u8") }), "hmac"),
        ("over", 0, json!({ "start": now - 60, "end": now - 1, "url": MANIFEST }), "exp"),
        ("not yet", 0, json!({ "start": now + 300, "end": end, "url": MANIFEST }), "st"),
        ("another salt", 2, json!({ "end": end, "url": MANIFEST, "salt": "salt" }), "hmac"),
        ("another algorithm", 0, json!({ "end": end, "url": MANIFEST, "algorithm": "sha1" }), "hmac"),
        ("another key", 0, json!({ "end": end, "url": MANIFEST, "key": NEXT_KEY }), "hmac"),
    ]
}

#[test]
fn what_others_sign_is_read_or_refused_for_its_reason() {
    let Some(installed) = installed() else { return };
    let now = now();
    let cases = cases(now.as_secs());
    let lines: Vec<Value> = cases.iter().map(|(name, choice, more, _)| line(name, *choice, more)).collect();
    for library in LIBRARIES {
        let answers = library.ask(&installed, "sign", &lines);
        assert_eq!(answers.len(), cases.len(), "{library:?}");
        for ((name, choice, more, expect), answer) in cases.iter().zip(&answers) {
            let dialect = dialect(CHOICES[*choice].0);
            let request = shown(&format!("{MANIFEST}?hdnts={}", text(answer, "token")));
            assert_eq!(
                said(&shared(dialect.clone(), KEY.as_bytes()), &request, now),
                *expect,
                "{library:?} {name} {answer}"
            );
            // While a key is being replaced, what either signed is good.
            let both = shared(dialect, format!("{KEY},{NEXT_KEY}").as_bytes());
            let of_next = more["key"].is_string();
            assert_eq!(said(&both, &request, now), if of_next { "ok" } else { *expect }, "{library:?} {name}");
        }
    }
}

#[test]
fn a_token_is_taken_from_a_cookie_too() {
    let Some(installed) = installed() else { return };
    let now = now();
    let line = line("cookie", 0, &json!({ "end": now.as_secs() + 600, "acl": format!("/vod/{VIDEO}/*") }));
    let answers = LIBRARIES[0].ask(&installed, "sign", std::slice::from_ref(&line));
    let cookies = vec![("hdnea".to_owned(), text(&answers[0], "token").to_owned())];
    let mut request = shown(MANIFEST);
    request.cookies = cookies;
    let key = shared(Dialect::parse("akamai").expect("a dialect"), KEY.as_bytes());
    assert_only_this_is_read("cookie", &key, &request, now);
    request.query = format!("hdnea={}", text(&answers[0], "token"));
    assert_eq!(said(&key, &request, now), "token", "in two places");
}
