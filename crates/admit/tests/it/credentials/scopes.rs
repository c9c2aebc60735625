//! What an API key may do: for every operation of the API the one scope it takes, without which all others are nothing.

use admit_domain::scope::Scope;
use http::Method;
use serde_json::{Value, json};

use super::{Scene, expect_names};
use crate::{
    house::{Answer, Customer, House, on_both},
    management::{
        expect_problem,
        inventory::{filled, operations_of},
    },
};

on_both! {
    every_operation_takes_its_scope,
    a_key_without_a_right_to_hand_out_access_gets_none,
    a_key_cannot_make_itself_another,
    a_bearer_may_what_its_key_may,
}

/// Operations that no key of ours opens.
const OF_OTHERS: [&str; 3] = ["/auth/", "/upload", "/api/v1/embeds/"];

/// What the first part of an address is about, and what is taken to read and to change it.
const TAKEN: [(&str, Option<&str>, Option<&str>); 21] = [
    ("videos", Some("videos:read"), Some("videos:write")),
    ("discarded", Some("videos:read"), Some("videos:write")),
    ("tags", Some("videos:read"), Some("videos:write")),
    ("live-streams", Some("videos:read"), Some("videos:write")),
    ("players", Some("videos:read"), Some("videos:write")),
    ("watermarks", Some("videos:read"), Some("videos:write")),
    ("upload-tokens", Some("videos:write"), Some("videos:write")),
    ("webhooks", Some("webhooks:write"), Some("webhooks:write")),
    ("sessions", Some("sessions:read"), Some("sessions:write")),
    ("settings", Some("settings:write"), Some("settings:write")),
    ("access-rules", Some("settings:write"), Some("settings:write")),
    ("signing-keys", Some("keys:write"), Some("keys:write")),
    ("publishable-keys", Some("keys:write"), Some("keys:write")),
    ("embed-tokens", Some("access:mint"), Some("access:mint")),
    ("links", Some("access:mint"), Some("access:mint")),
    ("signed-urls", Some("access:mint"), Some("access:mint")),
    ("explain", Some("audit:read"), Some("audit:read")),
    ("events", Some("audit:read"), Some("audit:read")),
    ("revocations", Some("sessions:write"), Some("sessions:write")),
    // Keys that make keys have everything.
    ("api-keys", None, None),
    // Edges serve whole installations.
    ("edges", None, None),
];

fn taken(method: &Method, template: &str) -> Option<&'static str> {
    if template.ends_with("/access-rules") || template.ends_with("/access-rules/replay") {
        return Some("settings:write");
    }
    let first = template.trim_start_matches('/').split('/').next().unwrap();
    let known = TAKEN.iter().find(|(name, ..)| *name == first);
    let (_, to_read, to_change) = known.unwrap_or_else(|| panic!("which scope does {template} take?"));
    if *method == Method::GET { *to_read } else { *to_change }
}

async fn key_with(house: &House, customer: &Customer, scopes: &[&str]) -> Customer {
    let made = customer.post("/api-keys", &json!({ "name": "narrow", "scopes": scopes })).await.expect(201);
    assert_eq!(made.json()["scopes"], json!(scopes));
    house.customer_with(&made.text_at("/key"))
}

async fn every_operation_takes_its_scope(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, viewer, page_key, .. } = &scene;
    let words: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let mut keys = Vec::new();
    for word in &words {
        let others: Vec<_> = words.iter().copied().filter(|other| other != word).collect();
        keys.push((*word, key_with(house, customer, &[word]).await, key_with(house, customer, &others).await));
    }
    let all = key_with(house, customer, &words).await;
    let operations = operations_of(&viewer.get("/openapi.json").await.expect(200).json());
    let mut asked = 0;
    // Nothing of what is named exists, so whoever is let in is told so, or what is wrong with the body.
    let (video, session) = (format!("vi{}", "0".repeat(22)), format!("se{}", "0".repeat(24)));
    for (method, template) in &operations {
        if OF_OTHERS.iter().any(|other| template.starts_with(other)) && !template.starts_with("/upload-tokens") {
            continue;
        }
        let path = filled(template, &video, &session);
        let ask = async |customer: &Customer, who: &str| {
            let request = customer.request(method.clone(), &path).header("connection", "close").json(&json!({}));
            Answer::to(format!("{method} {path} {who}"), request).await
        };
        let wanted = taken(method, template);
        for (word, only, but) in &keys {
            let (only, but) = (ask(only, word).await, ask(but, &format!("all but {word}")).await);
            let (refused, let_in) = if wanted == Some(*word) { (but, Some(only)) } else { (only, None) };
            expect_problem(refused, 403, "missing-scope");
            if let Some(let_in) = let_in {
                assert!(!matches!(let_in.status, 401 | 403), "{}: {}", let_in.asked, let_in.status);
            }
            asked += 2;
        }
        if wanted.is_none() {
            expect_problem(ask(&all, "all that have a name").await, 403, "missing-scope");
        }
        let full = ask(customer, "everything").await;
        assert!(!matches!(full.status, 401 | 403), "{}: {}", full.asked, full.status);
        let bearer = viewer.request(method.clone(), &path).bearer_auth(page_key).header("connection", "close");
        expect_problem(Answer::to(format!("{method} {path} by a page"), bearer).await, 403, "missing-scope");
    }
    assert!(asked >= 500, "{asked}");
}

/// Whoever only looks after videos sees them, and watches none.
async fn a_key_without_a_right_to_hand_out_access_gets_none(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let caption = "WEBVTT\n\n00:00.000 --> 00:05.000\nBonjour\n";
    customer.send(&format!("/videos/{video}/captions/fr"), "a.vtt", caption.as_bytes()).await.expect(200);
    let live = customer.post("/live-streams", &json!({ "name": "l", "public": false })).await.expect(200);
    let live = live.text_at("/liveStreamId");
    let narrow = key_with(house, customer, &["videos:read", "videos:write"]).await;
    let minting = key_with(house, customer, &["videos:read", "videos:write", "access:mint"]).await;
    let reads = [
        format!("/videos/{video}"),
        "/videos".to_owned(),
        format!("/videos/{video}/captions"),
        format!("/videos/{video}/captions/fr"),
        format!("/live-streams/{live}"),
        "/live-streams".to_owned(),
    ];
    let holds_token = |answer: &Answer| {
        answer.text().contains("/token/") || answer.text().contains("token=") || answer.text().contains("/private/")
    };
    for path in &reads {
        assert!(!holds_token(&narrow.get(path).await.expect(200)), "{path}");
        assert!(holds_token(&minting.get(path).await.expect(200)), "{path}");
        assert!(holds_token(&customer.get(path).await.expect(200)), "{path}");
    }
    let changed = narrow.patch(&format!("/videos/{video}"), &json!({ "title": "other" })).await.expect(200);
    let made = narrow.post("/videos", &json!({ "title": "new", "public": false })).await.expect(201);
    assert!(!holds_token(&changed) && !holds_token(&made));
    let picked = narrow.patch(&format!("/videos/{video}/thumbnail"), &json!({ "timecode": "00:00:01:00" })).await;
    assert!(!holds_token(&picked.expect(200)));
    // What it is told leads to the video, and into it only with a credential.
    let assets = narrow.get(&format!("/videos/{video}")).await.json()["assets"].clone();
    let hls = assets["hls"].as_str().unwrap().strip_prefix(&viewer.origin).unwrap().to_owned();
    viewer.get(&hls).await.expect_refused(404, "no_handle", b"#EXTM3U");
    viewer.get(&format!("{hls}?token={}", scene.token())).await.expect(200);
    assert_eq!(customer.count_sessions().await, 1);
}

async fn a_key_cannot_make_itself_another(house: &mut House) {
    let customer = house.customer().await;
    let narrow = key_with(house, &customer, &["keys:write"]).await;
    for scopes in [json!(null), json!(["keys:write"]), json!(["videos:read"])] {
        let wish = json!({ "name": "more", "scopes": scopes });
        expect_problem(narrow.post("/api-keys", &wish).await, 403, "missing-scope");
    }
    for (body, slug, name) in [
        (json!({}), "attribute-required", "name"),
        (json!({ "name": "n".repeat(201) }), "invalid-attribute", "name"),
        (json!({ "name": "n", "scopes": [] }), "invalid-attribute", "scopes"),
        (json!({ "name": "n", "scopes": ["videos"] }), "invalid-attribute", "scopes"),
        (json!({ "name": "n", "scopes": ["videos:read", "*"] }), "invalid-attribute", "scopes"),
    ] {
        expect_names(customer.post("/api-keys", &body).await, slug, name);
    }
    let listed = customer.get("/api-keys").await.expect(200).json();
    let named = |listed: &Value, name: &str| {
        listed["data"].as_array().unwrap().iter().find(|key| key["name"] == name).cloned().unwrap()
    };
    assert_eq!(named(&listed, "narrow")["scopes"], json!(["keys:write"]));
    assert_eq!(named(&listed, "story")["scopes"], json!([]));
    let id = named(&listed, "narrow")["apiKeyId"].as_str().unwrap().to_owned();
    narrow.get("/signing-keys").await.expect(200);
    customer.delete(&format!("/api-keys/{id}")).await.expect(204);
    customer.delete(&format!("/api-keys/{id}")).await.expect(404);
    expect_problem(narrow.get("/signing-keys").await, 401, "authentication-invalid-api-key");
}

async fn a_bearer_may_what_its_key_may(house: &mut House) {
    let customer = house.customer().await;
    let narrow = key_with(house, &customer, &["sessions:read"]).await;
    let viewer = house.viewer();
    let sign_in = async |path: &str, body: Value| {
        Answer::to(path.to_owned(), viewer.request(Method::POST, path).json(&body)).await.expect(200)
    };
    let first = sign_in("/auth/api-key", json!({ "apiKey": narrow.key })).await;
    let next = sign_in("/auth/refresh", json!({ "refreshToken": first.text_at("/refresh_token") })).await;
    for pair in [&first, &next] {
        let bearer = format!("Bearer {}", pair.text_at("/access_token"));
        let with = [("authorization", bearer.as_str())];
        viewer.get_with("/sessions", &with).await.expect(200);
        for path in ["/videos", "/signing-keys", "/api-keys", "/settings"] {
            expect_problem(viewer.get_with(path, &with).await, 403, "missing-scope");
        }
    }
}
