//! Moviie's tokens and its playback API, as Moviie's own documentation has them: what is 200, what 401 and what 403.

use std::path::Path;

use admit_domain::{dialects::Dialect, limits::SESSION_TTL_DEFAULT, verdict::Denial};
use http::Method;
use serde_json::{Value, json};

use super::{
    DOORS, Door, POSTER, Scene,
    signer::{Signer, at, claims_but},
};
use crate::{
    house::{Answer, House, clip, command, on_both, say, told},
    management::expect_problem,
};

on_both! {
    the_table_of_moviie,
    whoever_signed_it_it_plays,
    the_playback_api_takes_publishable_keys_alone,
    the_answer_says_until_when,
    a_signing_key_is_judged_when_it_is_made,
}

async fn the_table_of_moviie(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, video, signer, .. } = &scene;
    let other = customer.create_private().await;
    let revoked = Signer::make(customer, "moviie").await;
    customer.delete(&format!("/signing-keys/{}", revoked.id)).await.expect(204);
    let before = customer.count_sessions().await;
    let stranger = Signer { id: signer.id.clone(), secret: "x".repeat(43) };
    let nobody = Signer { id: format!("sk{}", "0".repeat(22)), secret: signer.secret.clone() };
    let refused = [
        ("garbage", "invalid".to_owned(), Denial::InvalidToken),
        ("by a stranger", stranger.token(video), Denial::InvalidToken),
        ("of no key", nobody.token(video), Denial::InvalidToken),
        ("expired", signer.token_for(video, -1), Denial::InvalidToken),
        ("without an end", signer.but(video, "exp", None), Denial::InvalidToken),
        ("without a beginning", signer.but(video, "iat", None), Denial::InvalidToken),
        ("without a video", signer.but(video, "sub", None), Denial::InvalidToken),
        ("of a revoked key", revoked.token(video), Denial::InvalidToken),
        ("for another video", signer.token(&other), Denial::TokenForOtherVideo),
        ("for no video of ours", signer.token(&format!("vi{}", "0".repeat(22))), Denial::TokenForOtherVideo),
    ];
    for (name, token, reason) in &refused {
        for door in DOORS {
            let answer = scene.at(door, Some(token)).await;
            let answer = Answer { asked: format!("{name} at {door:?}"), ..answer };
            scene.expect_refused(door, &answer, *reason);
        }
    }
    // Nothing is shown: at Moviie's address that is as bad as a wrong one; at ours it is said what is missing.
    scene.expect_refused(Door::Playback, &scene.at(Door::Playback, None).await, Denial::InvalidToken);
    scene.expect_refused(Door::Redeem, &scene.at(Door::Redeem, None).await, Denial::NoHandle);
    scene.at(Door::Manifest, None).await.expect_refused(404, "no_handle", b"#EXTM3U");
    assert_eq!(customer.count_sessions().await, before, "no session came of it");
    for door in DOORS {
        scene.expect_plays(door, &scene.at(door, Some(&scene.token())).await).await;
    }
    assert_eq!(customer.count_sessions().await, before + 3);
}

async fn whoever_signed_it_it_plays(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, video, signer, .. } = &scene;
    let mut tokens = vec![
        ("the crate jsonwebtoken".to_owned(), scene.token()),
        ("the house".to_owned(), signer.mint(&Dialect::Moviie, video, None)),
        ("hand".to_owned(), signer.sign(&signer.header(), &claims_but(video, "", None))),
    ];
    tokens.extend(by_python(signer, video).await);
    for (name, token) in &tokens {
        for door in DOORS {
            let answer = scene.at(door, Some(token)).await;
            scene.expect_plays(door, &Answer { asked: format!("by {name} at {door:?}"), ..answer }).await;
        }
    }
    let listed = customer.sessions().await;
    assert_eq!(listed.len(), 3 * tokens.len());
    assert!(listed.iter().all(|session| session["signingKeyId"] == signer.id.as_str()), "{listed:?}");
}

/// Tokens by `PyJWT` and `joserfc`; none, and a word about it, where they are not installed.
async fn by_python(signer: &Signer, video: &str) -> Vec<(String, String)> {
    let Some(folder) = told("ADMIT_TEST_SIGNERS") else {
        say("skipped: ADMIT_TEST_SIGNERS does not name the folder that scripts/signers.sh prints");
        return Vec::new();
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/signers/python/moviie.py");
    let mut python = command(Path::new(&folder).join("python/bin/python"));
    let claims = claims_but(video, "", None);
    let output = python.arg(script).args([&signer.id, &signer.secret, &claims]).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let tokens: Vec<_> = lines.lines().filter_map(|line| line.split_once(' ')).collect();
    assert_eq!(tokens.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["PyJWT", "joserfc"]);
    tokens.into_iter().map(|(name, token)| (name.to_owned(), token.to_owned())).collect()
}

async fn the_playback_api_takes_publishable_keys_alone(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, page_key, .. } = &scene;
    let path = format!("/api/v1/embeds/{video}/playback");
    let token = scene.token();
    let with = async |authorization: Option<&str>| {
        let shown = authorization.map(|value| ("authorization", value));
        let headers: Vec<_> = shown.into_iter().chain([(super::TOKEN_HEADER, token.as_str())]).collect();
        viewer.get_with(&path, &headers).await
    };
    let before = customer.count_sessions().await;
    expect_problem(with(None).await, 401, "publishable-key-missing");
    let access = viewer.request(Method::POST, "/auth/api-key").json(&json!({ "apiKey": customer.key }));
    let access = Answer::to("sign in".to_owned(), access).await.expect(200).text_at("/access_token");
    for wrong in [format!("Bearer {}", customer.key), format!("Bearer {access}"), format!("Basic {page_key}")] {
        expect_problem(with(Some(&wrong)).await, 403, "missing-scope");
    }
    expect_problem(customer.get(&path).await, 403, "missing-scope");
    let (head, tail) = page_key.split_at(page_key.len() - 1);
    let almost = format!("{head}{}", if tail == "0" { "1" } else { "0" });
    for wrong in [almost.as_str(), "adm_pub_", "adm_pub_x", &format!("{page_key}x")] {
        expect_problem(with(Some(&format!("Bearer {wrong}"))).await, 401, "publishable-key-invalid");
    }
    assert_eq!(customer.count_sessions().await, before);
    with(Some(&format!("Bearer {page_key}"))).await.expect(200);

    // What a page shows opens no other address.
    for path in ["/videos", "/signing-keys", "/publishable-keys", "/settings", "/sessions"] {
        let bearer = format!("Bearer {page_key}");
        expect_problem(viewer.get_with(path, &[("authorization", &bearer)]).await, 403, "missing-scope");
        let basic = viewer.request(Method::GET, path).basic_auth(page_key, Some(""));
        expect_problem(Answer::to(path.to_owned(), basic).await, 401, "authentication-invalid-api-key");
    }

    let listed = customer.get("/publishable-keys").await.expect(200).json();
    assert_eq!(listed["data"][0]["key"], page_key.as_str());
    let id = listed["data"][0]["publishableKeyId"].as_str().unwrap().to_owned();
    expect_problem(customer.get("/publishable-keys?pageSize=0").await, 400, "invalid-query-parameter");
    super::expect_names(customer.post("/publishable-keys", &json!({})).await, "attribute-required", "name");
    let long = json!({ "name": "n".repeat(201) });
    super::expect_names(customer.post("/publishable-keys", &long).await, "invalid-attribute", "name");
    expect_problem(customer.post("/publishable-keys", &json!({ "name": 1 })).await, 400, "invalid-payload");
    customer.delete(&format!("/publishable-keys/{id}")).await.expect(204);
    customer.delete(&format!("/publishable-keys/{id}")).await.expect(404);
    expect_problem(with(Some(&format!("Bearer {page_key}"))).await, 401, "publishable-key-invalid");
}

async fn the_answer_says_until_when(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let answer = scene.at(Door::Playback, Some(&scene.token())).await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    assert_eq!((&body["embedId"], &body["title"]), (&json!(video), &json!("a story")));
    assert_eq!((&body["playback"]["contentType"], &body["playback"]["requestHeaders"]), (&json!("hls"), &json!({})));
    let secs = |pointer: &str| {
        body.pointer(pointer).and_then(Value::as_str).unwrap().parse::<jiff::Timestamp>().unwrap().as_second()
    };
    let (ends, refresh) = (secs("/playback/expiresAt"), secs("/playback/refreshAfter"));
    let longest = i64::try_from(SESSION_TTL_DEFAULT.as_secs()).unwrap();
    assert!((at(longest - 60)..=at(longest)).contains(&ends), "{body}");
    assert!((at(0)..ends).contains(&refresh), "{body}");
    let poster = body["posterUrl"].as_str().unwrap().strip_prefix(&viewer.origin).unwrap().to_owned();
    viewer.get(&poster).await.expect(200);
    assert!(poster.ends_with(POSTER));

    let open = customer.create(&json!({ "title": "open", "public": true })).await;
    customer.upload(&open, clip::small()).await.expect(201);
    customer.until_complete(&open).await;
    let answer = scene.playback(&open, &[]).await.expect(200);
    let uri = answer.text_at("/playback/uri");
    assert!(answer.json()["playback"].get("expiresAt").is_none(), "{}", answer.json());
    viewer.get(uri.strip_prefix(&viewer.origin).unwrap()).await.expect(200);
    for unknown in [format!("vi{}", "0".repeat(22)), "nonsense".to_owned()] {
        let refused = expect_problem(scene.playback(&unknown, &[]).await, 404, "resource-not-found");
        assert_eq!(refused.text_at("/name"), "embedId");
    }
}

/// T06 of the making: a secret that is too short makes no key, and every other fault is named.
async fn a_signing_key_is_judged_when_it_is_made(house: &mut House) {
    let customer = house.customer().await;
    let made = |more: Value| {
        let mut body = json!({ "name": "n", "dialect": "moviie" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let wrong = [
        (json!({ "dialect": "moviie" }), "attribute-required", "name"),
        (made(json!({ "name": "n".repeat(201) })), "invalid-attribute", "name"),
        (made(json!({ "name": "a\0b" })), "invalid-attribute", "name"),
        (made(json!({ "secret": "x".repeat(31) })), "invalid-attribute", "secret"),
        (made(json!({ "secret": "" })), "invalid-attribute", "secret"),
        (made(json!({ "secret": "x".repeat(1_025) })), "invalid-attribute", "secret"),
        (made(json!({ "algorithm": "HS512" })), "invalid-attribute", "algorithm"),
        (made(json!({ "algorithm": "none" })), "invalid-attribute", "algorithm"),
        (made(json!({ "publicKey": "nonsense" })), "invalid-attribute", "publicKey"),
        (made(json!({ "jwksUrl": "http://127.0.0.1/keys" })), "invalid-attribute", "jwksUrl"),
        (made(json!({ "secret": "x".repeat(32), "jwksUrl": "https://a.example/" })), "invalid-attribute", "publicKey"),
    ];
    for (body, slug, name) in wrong {
        super::expect_names(customer.post("/signing-keys", &body).await, slug, name);
    }
    for body in [made(json!({ "more": 1 })), made(json!({ "name": 1 })), json!([])] {
        expect_problem(customer.post("/signing-keys", &body).await, 400, "invalid-payload");
    }
    assert_eq!(customer.get("/signing-keys").await.expect(200).json()["pagination"]["itemsTotal"], 0);
    let brought = made(json!({ "secret": "s".repeat(32), "algorithm": "HS256" }));
    let brought = customer.post("/signing-keys", &brought).await.expect(201).json();
    assert!(brought.get("secret").is_none(), "what a customer brought is not repeated: {brought}");
    assert_eq!((&brought["algorithm"], &brought["dialect"]), (&json!("HS256"), &json!("moviie")));
    for id in ["nonsense".to_owned(), format!("sk{}", "0".repeat(22))] {
        customer.get(&format!("/signing-keys/{id}")).await.expect(404);
        customer.delete(&format!("/signing-keys/{id}")).await.expect(404);
    }
    for number in 1..admit_domain::limits::SIGNING_KEYS_MAX {
        customer.post("/signing-keys", &made(json!({ "name": format!("{number}") }))).await.expect(201);
    }
    super::expect_names(customer.post("/signing-keys", &made(json!({}))).await, "invalid-attribute", "name");
}
