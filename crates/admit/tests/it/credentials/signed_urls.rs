//! Signed addresses: one MAC over everything that is demanded, and no session behind them (T46, T47).

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::{FILM, MASTER, POSTER, expect_names, named_in, signer::at, viewer_at};
use crate::{
    house::{Answer, Customer, House, clip, forge::now, on_both},
    management::expect_problem,
};

on_both! {
    five_addresses_open_one_video,
    an_address_may_be_bound_to_a_network,
    an_address_may_open_less,
    no_other_spelling_opens_anything,
    a_wrong_wish_is_not_signed,
}

fn instant(seconds: i64) -> String {
    jiff::Timestamp::from_second(at(seconds)).unwrap().to_string()
}

/// The five paths of a fresh wish.
async fn sign(customer: &Customer, video: &str, constraints: Value) -> Value {
    let wish = json!({ "videoId": video, "expiresAt": instant(3_600), "constraints": constraints });
    let answer = customer.post("/signed-urls", &wish).await.expect(201).json();
    let urls = answer["urls"].as_object().unwrap();
    let paths = urls.iter().map(|(name, url)| {
        let path = url.as_str().unwrap().strip_prefix(&customer.origin).unwrap_or_else(|| panic!("{url} is elsewhere"));
        (name.clone(), Value::from(path))
    });
    let paths: serde_json::Map<_, _> = paths.collect();
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["dash", "hls", "mp4", "player", "thumbnail"]);
    Value::Object(paths)
}

fn path(paths: &Value, name: &str) -> String {
    paths[name].as_str().unwrap().to_owned()
}

async fn five_addresses_open_one_video(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.private_film(clip::small()).await;
    let paths = sign(&customer, &video, json!({})).await;
    let hls = viewer.get(&path(&paths, "hls")).await.expect(200);
    assert!(hls.text().starts_with("#EXTM3U") && !hls.text().contains("/s/"), "{}", hls.text());
    assert_eq!(hls.header("set-cookie"), None);
    let folder = path(&paths, "hls").strip_suffix("hls/master.m3u8").unwrap().to_owned();
    for playlist in named_in(hls.text(), ".m3u8") {
        let media = viewer.get(&format!("{folder}{playlist}")).await.expect(200);
        viewer.get(&format!("{folder}{}", named_in(media.text(), ".m4s")[0])).await.expect(200);
    }
    assert!(viewer.get(&path(&paths, "dash")).await.expect(200).text().contains("<MPD"));
    for name in ["mp4", "thumbnail", "player"] {
        let whole = viewer.get(&path(&paths, name)).await.expect(200);
        assert!(!whole.body.is_empty());
        viewer.head(&path(&paths, name)).await.expect(200);
    }
    let part = viewer.get_with(&path(&paths, "mp4"), &[("range", "bytes=0-99")]).await.expect(206);
    assert_eq!(part.body.len(), 100);
    // Another method asks for something else.
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        viewer.send(method, &path(&paths, "hls"), &[]).await.expect_refused(405, "method_not_allowed", b"#EXTM3U");
    }
    assert_eq!(customer.count_sessions().await, 0, "a signed address has no session");

    let over = house.forge().signed(&video, now());
    viewer.get(&format!("/u/{over}/{video}/{MASTER}")).await.expect_refused(401, "signature_expired", b"#EXTM3U");
    let soon = house.forge().signed(&video, now().plus(Duration::from_mins(1)));
    viewer.get(&format!("/u/{soon}/{video}/{MASTER}")).await.expect(200);
    customer.patch("/settings", &json!({ "tokenAccess": false })).await.expect(200);
    viewer.get(&path(&paths, "hls")).await.expect_refused(403, "token_access_off", b"#EXTM3U");
    customer.patch("/settings", &json!({ "tokenAccess": true })).await.expect(200);
    viewer.get(&path(&paths, "hls")).await.expect(200);
    customer.delete(&format!("/videos/{video}")).await.expect(204);
    for name in ["hls", "dash", "mp4", "thumbnail"] {
        viewer.get(&path(&paths, name)).await.expect_refused(410, "video_gone", b"#EXTM3U");
    }
}

async fn an_address_may_be_bound_to_a_network(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.private_film(clip::small()).await;
    let (here, there) = (viewer_at(house, [127, 0, 0, 1]), viewer_at(house, [127, 0, 0, 2]));
    let bound = path(&sign(&customer, &video, json!({ "ip": "127.0.0.1" })).await, "hls");
    assert!(!bound.contains("127"), "the network is not told: {bound}");
    here.get(&bound).await.expect(200);
    there.get(&bound).await.expect_refused(403, "bound_elsewhere", b"#EXTM3U");
    // Whoever was let in before makes nobody else welcome.
    here.get(&bound).await.expect(200);
    there.get(&bound).await.expect_refused(403, "bound_elsewhere", b"#EXTM3U");
    let wide = path(&sign(&customer, &video, json!({ "ip": "127.0.0.0/8" })).await, "hls");
    let other = path(&sign(&customer, &video, json!({ "ip": "127.0.0.2" })).await, "hls");
    let six = path(&sign(&customer, &video, json!({ "ip": "::1" })).await, "hls");
    let mapped = path(&sign(&customer, &video, json!({ "ip": "::ffff:127.0.0.1" })).await, "hls");
    for (viewer, expected) in [(&here, [200, 403, 403, 200]), (&there, [200, 200, 403, 403])] {
        for (path, status) in [&wide, &other, &six, &mapped].into_iter().zip(expected) {
            assert_eq!(viewer.get(path).await.status, status, "{path}");
        }
    }
    // The demand cannot be cut out of the address.
    let mut parts: Vec<String> = bound.split('/').map(str::to_owned).collect();
    let signature = parts[2].clone();
    let (head, mac) = signature.rsplit_once('.').unwrap();
    let (free, _) = head.split_once('-').unwrap();
    parts[2] = format!("{free}.{mac}");
    here.get(&parts.join("/")).await.expect_refused(401, "forged_signature", b"#EXTM3U");
}

async fn an_address_may_open_less(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.private_film(clip::small()).await;
    for (rights, open) in [("watch", MASTER), ("pictures", POSTER), ("download", FILM)] {
        let paths = sign(&customer, &video, json!({ "rights": [rights] })).await;
        let folder = path(&paths, "hls").strip_suffix(MASTER).unwrap().to_owned();
        for below in [MASTER, POSTER, FILM] {
            let answer = viewer.get(&format!("{folder}{below}")).await;
            if below == open {
                answer.expect(200);
            } else {
                answer.expect_refused(403, "missing_right", b"#EXTM3U");
            }
        }
        let more = folder.replacen("-0", "-8", 1);
        if more != folder {
            assert!(viewer.get(&format!("{more}{MASTER}")).await.status >= 401);
        }
    }
}

async fn no_other_spelling_opens_anything(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let (video, other) = (customer.private_film(clip::small()).await, customer.private_film(clip::small()).await);
    let address = path(&sign(&customer, &video, json!({ "rights": ["watch"], "ip": "127.0.0.0/8" })).await, "hls");
    let plain = path(&sign(&customer, &video, json!({})).await, "hls");
    let truth = viewer.get(&address).await.expect(200).body;
    let refused = async |path: &str| -> Answer {
        let answer = viewer.get(path).await;
        assert!((400..=404).contains(&answer.status), "{path}: {}", answer.status);
        assert!(answer.body.len() < 400 && !answer.text().contains("#EXTM3U"), "{path}");
        answer
    };
    for address in [&address, &plain] {
        let signature = address.split('/').nth(2).unwrap();
        // Each letter in the place of each other one of its kind, and every letter left out.
        for (place, letter) in signature.char_indices() {
            let mut spellings = vec![String::new(), format!("{letter}{letter}")];
            let others = if letter.is_ascii_digit() { "0123456789" } else { "aAzZ-_.~" };
            spellings.extend(others.chars().filter(|other| *other != letter).map(String::from));
            for spelled in spellings {
                let changed = format!("{}{spelled}{}", &signature[..place], &signature[place + 1..]);
                refused(&format!("/u/{changed}/{video}/{MASTER}")).await;
            }
        }
        let (expiry, rest) = signature.split_once('.').unwrap();
        for spelled in ["0", "+", "%20", "-", "0x"] {
            refused(&format!("/u/{spelled}{expiry}.{rest}/{video}/{MASTER}")).await;
        }
        for spelled in [format!("{signature}="), format!("{signature}%3D"), format!("{signature}.x"), rest.to_owned()] {
            refused(&format!("/u/{spelled}/{video}/{MASTER}")).await;
        }
        // The boundary between two fields is signed, too.
        let (one, two) = (expiry.split_at(expiry.len() - 1), rest);
        refused(&format!("/u/{}.{}{two}/{video}/{MASTER}", one.0, one.1)).await;
        refused(&format!("/u/{signature}/{other}/{MASTER}")).await;
        refused(&format!("/u/{signature}/{video}x/{MASTER}")).await;
        refused(&format!("/s/{signature}/{video}/{MASTER}")).await;
    }
    viewer.get(&address).await.expect(200);
    // What stands behind the path demands nothing and allows nothing.
    assert_eq!(viewer.get(&format!("{address}?expires=1&rights=all")).await.expect(200).body, truth);
    let elsewhere = house.forge().signed(&other, now().plus(Duration::from_mins(1)));
    viewer.get(&format!("/u/{elsewhere}/{video}/{MASTER}")).await.expect_refused(401, "forged_signature", &truth);
    let next_door = crate::house::forge::Forge::next_door().signed(&video, now().plus(Duration::from_mins(1)));
    viewer.get(&format!("/u/{next_door}/{video}/{MASTER}")).await.expect_refused(401, "forged_signature", &truth);
    let unknown = crate::house::forge::Forge::of_an_unknown_key().signed(&video, now().plus(Duration::from_mins(1)));
    viewer.get(&format!("/u/{unknown}/{video}/{MASTER}")).await.expect_refused(401, "unknown_delivery_key", &truth);
}

async fn a_wrong_wish_is_not_signed(house: &mut House) {
    let customer = house.customer().await;
    let video = customer.create_private().await;
    let with = |more: Value| {
        let mut body = json!({ "videoId": video, "expiresAt": instant(60) });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let wrong = [
        (json!({}), "attribute-required", "videoId"),
        (json!({ "videoId": video }), "attribute-required", "expiresAt"),
        (with(json!({ "expiresAt": "soon" })), "invalid-attribute", "expiresAt"),
        (with(json!({ "expiresAt": instant(-1) })), "invalid-attribute", "expiresAt"),
        (with(json!({ "constraints": { "ip": "here" } })), "invalid-attribute", "constraints.ip"),
        (with(json!({ "constraints": { "ip": "10.0.0.0/33" } })), "invalid-attribute", "constraints.ip"),
        (with(json!({ "constraints": { "ip": "10.0.0.1/8" } })), "invalid-attribute", "constraints.ip"),
        (with(json!({ "constraints": { "rights": ["everything"] } })), "invalid-attribute", "constraints.rights"),
        (with(json!({ "constraints": { "rights": [] } })), "invalid-attribute", "constraints.rights"),
    ];
    for (body, slug, name) in wrong {
        expect_names(customer.post("/signed-urls", &body).await, slug, name);
    }
    for body in [json!([]), with(json!({ "more": 1 })), with(json!({ "constraints": { "more": 1 } }))] {
        expect_problem(customer.post("/signed-urls", &body).await, 400, "invalid-payload");
    }
    for unknown in ["nonsense".to_owned(), format!("vi{}", "0".repeat(22))] {
        let refused = customer.post("/signed-urls", &with(json!({ "videoId": unknown }))).await;
        expect_problem(refused, 404, "resource-not-found");
    }
}
