//! Mux's tokens, by Mux's own client.

use admit_domain::{dialects::Dialect, handle::Rights, shown::Shown, time::Timestamp};
use serde_json::{Value, json};

use crate::{
    library::{Library, installed, text},
    request::{KID, MANIFEST, OTHER, RSA, RSA_PUBLIC, VIDEO, assert_only_this_is_read, now, public, read, said, shown},
};

/// A line for the script: what to sign, and with which options.
fn line(name: &str, kid: &str, playback: &str, options: &Value) -> Value {
    json!({ "name": name, "key": { "kid": kid, "pem": RSA }, "playback": playback, "options": options })
}

fn carrying(token: &str) -> Shown {
    shown(&format!("{MANIFEST}?token={token}"))
}

/// What the client signs, and what we say to it: a field that is wrong, or what it lets one have.
fn cases() -> Vec<(Value, Result<Rights, &'static str>)> {
    let film = Rights::WATCH.or(Rights::DOWNLOAD);
    let hour = json!({ "expiration": "1h" });
    vec![
        (line("as it is told nothing, for seven days", KID, VIDEO, &json!({})), Ok(film)),
        (line("by the customer's own name of the key", "theirs", VIDEO, &hour), Ok(film)),
        (
            line(
                "with choices of how it looks",
                KID,
                VIDEO,
                &json!({ "expiration": "2m", "params": {
                "time": 3, "width": 640, "min_resolution": "720p", "rendition_order": "desc", "roku_trick_play": true,
            } }),
            ),
            Ok(film),
        ),
        (line("a thumbnail", KID, VIDEO, &json!({ "type": "thumbnail", "expiration": "1h" })), Ok(Rights::PICTURES)),
        (line("an animated picture", KID, VIDEO, &json!({ "type": "gif", "expiration": "1h" })), Ok(Rights::PICTURES)),
        (line("a storyboard", KID, VIDEO, &json!({ "type": "storyboard", "expiration": "1h" })), Ok(Rights::PICTURES)),
        (line("a licence", KID, VIDEO, &json!({ "type": "drm_license", "expiration": "1h" })), Err("aud")),
        (line("figures", KID, VIDEO, &json!({ "type": "stats", "expiration": "1h" })), Err("aud")),
        (line("eight days", KID, VIDEO, &json!({ "expiration": "8d" })), Err("exp")),
        (line("another video", KID, OTHER, &hour), Err("sub")),
        (line("no video of ours", KID, "DS00Spx1CV902MCtPj5WknGlR102V5HFkDe", &hour), Err("sub")),
        (line("another key", "another", VIDEO, &hour), Err("none")),
        (
            line(
                "a restriction that lives at Mux",
                KID,
                VIDEO,
                &json!({ "params": { "playback_restriction_id": "x" } }),
            ),
            Err("claims"),
        ),
        (line("a clip", KID, VIDEO, &json!({ "params": { "asset_start_time": 3 } })), Err("claims")),
    ]
}

#[test]
fn what_the_client_signs_is_read_or_refused_for_its_reason() {
    let Some(installed) = installed() else { return };
    let cases = cases();
    let lines: Vec<Value> = cases.iter().map(|(line, _)| line.clone()).collect();
    let answers = Library::Node("mux.mjs").ask(&installed, "sign", &lines);
    assert_eq!(answers.len(), cases.len());
    let (key, now) = (public(Dialect::Mux, RSA_PUBLIC), now());
    let stranger = public(Dialect::Mux, include_str!("../vectors/keys/rsa-e3.pub.pem"));
    for ((line, expected), answer) in cases.iter().zip(&answers) {
        let (name, request) = (text(line, "name"), carrying(text(answer, "token")));
        match expected {
            Err(field) => assert_eq!(said(&key, &request, now), *field, "{name}"),
            Ok(rights) => {
                let claims = read(&key, &request, now).expect("a token").expect(name);
                assert_eq!(claims.rules.rights, *rights, "{name}");
                assert_only_this_is_read(name, &key, &request, now);
                assert_ne!(said(&stranger, &request, now), "ok", "{name}");
            }
        }
    }
    let first = carrying(text(&answers[0], "token"));
    assert_eq!(said(&key, &first, Timestamp::from_secs(1_700_000_000)), "exp", "years before it was signed");
}
