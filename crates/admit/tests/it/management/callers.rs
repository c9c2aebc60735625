//! Keys, bearer tokens, and everything that is neither.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::{Value, json};

use super::expect_problem;
use crate::house::{Answer, House, Viewer, on_both, viewer::session_path};

on_both! {
    a_key_signs_in_and_its_refresh_works_once,
    only_a_right_header_is_a_caller,
    a_revoked_key_is_nobodys_at_once,
    a_viewers_secret_is_no_callers,
}

async fn sign_in(viewer: &Viewer, path: &str, body: &Value) -> Answer {
    // As the browser uploader sends it: JSON under another name.
    let request =
        viewer.request(Method::POST, path).header("content-type", "text/plain;charset=UTF-8").body(body.to_string());
    Answer::to(format!("POST {path} {body}"), request).await
}

async fn list_with(viewer: &Viewer, authorization: &str) -> Answer {
    viewer.get_with("/videos", &[("authorization", authorization)]).await
}

async fn a_key_signs_in_and_its_refresh_works_once(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let pair = sign_in(&viewer, "/auth/api-key", &json!({ "apiKey": customer.key })).await.expect(200);
    assert_eq!(
        (pair.header("content-type"), pair.header("cache-control")),
        (Some("application/json"), Some("no-store"))
    );
    let members: Vec<_> = pair.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["access_token", "expires_in", "refresh_token", "token_type"]);
    assert_eq!((&pair.json()["token_type"], &pair.json()["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let (access, refresh) = (pair.text_at("/access_token"), pair.text_at("/refresh_token"));
    for scheme in ["Bearer", "bearer", "BEARER"] {
        list_with(&viewer, &format!("{scheme} {access}")).await.expect(200);
    }
    let next = sign_in(&viewer, "/auth/refresh", &json!({ "refreshToken": refresh })).await.expect(200);
    assert_ne!(next.text_at("/access_token"), access);
    list_with(&viewer, &format!("Bearer {}", next.text_at("/access_token"))).await.expect(200);
    let invalid = "authentication-invalid-refresh-token";
    for wrong in [refresh.as_str(), access.as_str(), customer.key.as_str(), "", "x"] {
        expect_problem(sign_in(&viewer, "/auth/refresh", &json!({ "refreshToken": wrong })).await, 401, invalid);
    }
    for wrong in [refresh.as_str(), access.as_str(), "", "x"] {
        let refused = sign_in(&viewer, "/auth/api-key", &json!({ "apiKey": wrong })).await;
        expect_problem(refused, 401, "authentication-invalid-api-key");
    }
    for (path, name) in [("/auth/api-key", "apiKey"), ("/auth/refresh", "refreshToken")] {
        let missing = expect_problem(sign_in(&viewer, path, &json!({})).await, 400, "attribute-required");
        assert_eq!(missing.text_at("/name"), name);
        let request = viewer.request(Method::POST, path).body("{");
        expect_problem(Answer::to(format!("POST {path} cut off"), request).await, 400, "invalid-payload");
        expect_problem(viewer.get(path).await, 405, "method-not-allowed");
    }
}

async fn only_a_right_header_is_a_caller(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let key = &customer.key;
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    list_with(&viewer, &basic(&format!("{key}:"))).await.expect(200);
    list_with(&viewer, &basic(&format!("{key}:")).replace("Basic", "basic")).await.expect(200);
    let (malformed, key_invalid, token_invalid) = (
        "authentication-invalid-authorization-header-value",
        "authentication-invalid-api-key",
        "authentication-invalid-access-token",
    );
    let wrong = [
        (basic(&format!("{key}:x")), malformed),
        (basic(key), malformed),
        (basic(":"), malformed),
        (basic(&format!(":{key}")), malformed),
        ("Basic".to_owned(), malformed),
        ("Basic ".to_owned(), malformed),
        ("Basic ***".to_owned(), malformed),
        (key.clone(), malformed),
        (format!("Digest {key}"), malformed),
        (format!("Bearer {key}, Bearer {key}"), malformed),
        (format!("Bearer {}", "a".repeat(600)), malformed),
        (format!("Bearer {key}"), token_invalid),
        ("Bearer null".to_owned(), token_invalid),
        (basic(&format!("{}:", &key[..key.len() - 1])), key_invalid),
        (basic(&format!("{key}0:")), key_invalid),
        (basic(&format!("{}:", key.to_uppercase())), key_invalid),
        (basic("adm_live_:"), key_invalid),
        (basic("' OR 1=1 --:"), key_invalid),
    ];
    for (authorization, slug) in &wrong {
        let refused = expect_problem(list_with(&viewer, authorization).await, 401, slug);
        assert_eq!(refused.text_at("/name"), "", "{authorization}");
        assert!(refused.header("www-authenticate").is_some(), "{authorization}");
        assert!(!refused.text().contains(key.as_str()), "a key is not repeated");
    }
    expect_problem(viewer.get("/videos").await, 401, "authentication-missing-authorization-header");
    let twice = [("authorization", basic(&format!("{key}:"))), ("authorization", "Bearer x".to_owned())];
    let twice: Vec<_> = twice.iter().map(|(name, value)| (*name, value.as_str())).collect();
    expect_problem(viewer.get_with("/videos", &twice).await, 401, malformed);
    for query in [format!("apiKey={key}"), format!("access_token={key}"), format!("token={key}")] {
        viewer.get(&format!("/videos?{query}")).await.expect(401);
    }
}

async fn a_revoked_key_is_nobodys_at_once(house: &mut House) {
    let (kept, revoked, viewer) = (house.customer().await, house.customer().await, house.viewer());
    let video = revoked.create_private().await;
    let access = sign_in(&viewer, "/auth/api-key", &json!({ "apiKey": revoked.key })).await.expect(200);
    let (bearer, refresh) = (format!("Bearer {}", access.text_at("/access_token")), access.text_at("/refresh_token"));
    list_with(&viewer, &bearer).await.expect(200);

    let listed = house.run(&["api-key", "list"]).await;
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(!listed.contains(&revoked.key) && !listed.contains(&kept.key), "a key is shown once");
    // The command line does not say which line is whose, so a key of that name alone is made and revoked.
    let made = house.run(&["api-key", "create", "--name", "to-be-revoked"]).await;
    let third = house.customer_with(String::from_utf8(made.stdout).unwrap().trim());
    third.get("/videos").await.expect(200);
    let listed = String::from_utf8(house.run(&["api-key", "list"]).await.stdout).unwrap();
    let id_of = |name: &str| {
        let line =
            listed.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{name} is not in {listed}"));
        line.split_whitespace().find(|word| word.starts_with("ak")).unwrap().to_owned()
    };
    assert!(house.run(&["api-key", "revoke", &id_of("to-be-revoked")]).await.status.success());
    expect_problem(third.get("/videos").await, 401, "authentication-invalid-api-key");
    kept.get("/videos").await.expect(200);

    for line in listed.lines().filter(|line| line.contains("story")) {
        let id = line.split_whitespace().find(|word| word.starts_with("ak")).unwrap();
        assert!(house.run(&["api-key", "revoke", id]).await.status.success());
        assert!(!house.run(&["api-key", "revoke", id]).await.status.success(), "once");
    }
    for customer in [&kept, &revoked] {
        expect_problem(customer.get("/videos").await, 401, "authentication-invalid-api-key");
        expect_problem(customer.delete(&format!("/videos/{video}")).await, 401, "authentication-invalid-api-key");
    }
    expect_problem(list_with(&viewer, &bearer).await, 401, "authentication-invalid-access-token");
    let again = sign_in(&viewer, "/auth/refresh", &json!({ "refreshToken": refresh })).await;
    expect_problem(again, 401, "authentication-invalid-refresh-token");
    house.customer().await.get(&format!("/videos/{video}")).await.expect(200);
}

/// A secret of one kind is a stranger where another is asked for (A14).
async fn a_viewers_secret_is_no_callers(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create_private().await;
    let token = customer.token(&video).await;
    let handle = viewer.enter(&video, &customer.token(&video).await).await;
    let session = house.forge().session_of(&handle, &video);
    for secret in [token.as_str(), handle.as_str(), session.as_str(), video.as_str()] {
        let caller = house.customer_with(secret);
        expect_problem(caller.get("/videos").await, 401, "authentication-invalid-api-key");
        expect_problem(caller.delete(&format!("/sessions/{session}")).await, 401, "authentication-invalid-api-key");
        let bearer = list_with(&viewer, &format!("Bearer {secret}")).await;
        expect_problem(bearer, 401, "authentication-invalid-access-token");
        let refused = sign_in(&viewer, "/auth/api-key", &json!({ "apiKey": secret })).await;
        expect_problem(refused, 401, "authentication-invalid-api-key");
    }
    let listed = customer.sessions().await;
    assert_eq!(listed.len(), 1);
    assert!(listed[0]["endedAt"].is_null(), "nobody ended it: {listed:?}");
    viewer.get(&session_path(&video, &token)).await.expect(200);
}
