//! Every address the API describes asks who is calling before it does anything (U03); a new one is asked without a word here.

use http::Method;
use serde_json::{Value, json};

use super::expect_problem;
use crate::house::{Answer, House, on_both};

/// Addresses that exist to make somebody a caller.
const FOR_EVERYBODY: &str = "/auth/";
/// The address where an upload token stands in for a key.
const FOR_UPLOADERS: &str = "/upload";
/// The address that takes the keys of pages alone.
const FOR_PAGES: &str = "/api/v1/embeds/";
/// Who is not let in does not learn that there is none.
const NO_WEBHOOK: &str = "webhook_0000000000000000000000";
/// What the API describes today; it can only grow.
const OPERATIONS_MIN: usize = 40;

on_both! {
    every_operation_asks_who_is_calling,
    health_is_told_to_everybody_and_nothing_else,
}

async fn every_operation_asks_who_is_calling(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create_private().await;
    let handle = viewer.enter(&video, &customer.token(&video).await).await;
    let session = house.forge().session_of(&handle, &video);
    let document = viewer.get("/openapi.json").await.expect(200);
    assert_eq!(document.header("content-type"), Some("application/json"));
    let operations = operations_of(&document.json());
    assert!(operations.len() >= OPERATIONS_MIN, "{operations:?}");
    let before = (customer.get("/videos").await.json()["pagination"].clone(), customer.sessions().await);
    for (method, template) in &operations {
        let path = filled(template, &video, &session);
        if template.starts_with(FOR_EVERYBODY) {
            let answer =
                Answer::to(format!("{method} {path}"), viewer.request(method.clone(), &path).json(&json!({}))).await;
            assert_eq!(answer.status, 400, "{path} wants a key or a token in its body");
            continue;
        }
        if template == FOR_UPLOADERS {
            let answer = viewer.send(method.clone(), &path, &[]).await;
            expect_problem(answer, 401, "authentication-missing-upload-token");
            continue;
        }
        if template.starts_with(FOR_PAGES) {
            expect_problem(viewer.send(method.clone(), &path, &[]).await, 401, "publishable-key-missing");
            expect_problem(customer.get(&path).await, 403, "missing-scope");
            continue;
        }
        let bare =
            || viewer.request(method.clone(), &path).json(&json!({ "title": "x" })).header("connection", "close");
        let wrong = "authentication-invalid-api-key";
        let asked = |who: &str| format!("{method} {path} {who}");
        let anonymous = Answer::to(asked("anonymous"), bare()).await;
        expect_problem(anonymous, 401, "authentication-missing-authorization-header");
        expect_problem(Answer::to(asked("stranger"), bare().basic_auth("adm_live_0", Some(""))).await, 401, wrong);
        expect_problem(Answer::to(asked("viewer"), bare().basic_auth(&handle, Some(""))).await, 401, wrong);
    }
    let after = (customer.get("/videos").await.json()["pagination"].clone(), customer.sessions().await);
    assert_eq!(after, before, "nobody changed anything");
    customer.get(&format!("/videos/{video}")).await.expect(200);
}

pub(crate) fn operations_of(document: &Value) -> Vec<(Method, String)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "delete", "patch", "options", "head"] {
            if item.get(method).is_some() {
                operations.push((method.to_uppercase().parse().unwrap(), path.clone()));
            }
        }
    }
    operations
}

/// The things that exist stand in for the names; a name nobody knows here must be taught.
pub(crate) fn filled(template: &str, video: &str, session: &str) -> String {
    let path = template.replace("{videoId}", video).replace("{sessionId}", session);
    let path = path.replace("{uploadToken}", "to0000000000000000000000").replace("{webhookId}", NO_WEBHOOK);
    // Whoever is not known learns nothing of what exists, so these need not exist.
    let nothing = "0".repeat(22);
    let path = path.replace("{watermarkId}", &format!("watermark_{nothing}")).replace("{language}", "fr");
    let named = [("signingKeyId", "sk"), ("publishableKeyId", "pk"), ("apiKeyId", "ak"), ("embedTokenId", "et")];
    let named =
        [named.as_slice(), &[("linkId", "et"), ("embedId", "vi"), ("edgeId", "ed"), ("requestId", "rq")]].concat();
    let fill = |path: String, (name, prefix): &(&str, &str)| {
        path.replace(&format!("{{{name}}}"), &format!("{prefix}{nothing}"))
    };
    let path = named.iter().fold(path, fill);
    let path = path.replace("{playerId}", &format!("pl{nothing}")).replace("{liveStreamId}", &format!("li{nothing}"));
    assert!(!path.contains('{'), "which thing stands for the name in {template}?");
    path
}

async fn health_is_told_to_everybody_and_nothing_else(house: &mut House) {
    let viewer = house.viewer();
    for path in ["/livez", "/readyz"] {
        let healthy = viewer.get(path).await.expect(204);
        assert_eq!((healthy.header("content-type"), healthy.body.len()), (None, 0));
    }
    for path in ["/metrics", "/healthz", "/debug", "/dashboard", "/api-keys", "/settings", "/events"] {
        let answer = viewer.get(path).await;
        assert!(matches!(answer.status, 401 | 404), "{path}: {}", answer.status);
    }
}
