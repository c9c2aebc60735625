//! The OpenAPI document that is checked in is the one that is served. `ADMIT_UPDATE=1` writes it anew.

use std::path::Path;

const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api.openapi.json");

#[test]
fn the_checked_in_document_is_the_served_one() {
    let served = admit_api::openapi().to_pretty_json().unwrap() + "\n";
    #[expect(clippy::disallowed_methods, reason = "a developer asks for a new snapshot")]
    if std::env::var_os("ADMIT_UPDATE").is_some() {
        std::fs::write(CHECKED_IN, &served).unwrap();
    }
    let checked_in = std::fs::read_to_string(Path::new(CHECKED_IN)).unwrap_or_default();
    assert!(
        checked_in == served,
        "docs/api.openapi.json is out of date: run this test with ADMIT_UPDATE=1 and read the difference"
    );
}

/// The table a reviewer reads: a route that appears or vanishes is seen here.
#[test]
fn every_route_is_known() {
    let document = admit_api::openapi();
    let mut routes = Vec::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ] {
            let Some(operation) = operation else { continue };
            let open = operation.security.as_ref().is_some_and(|ways| !ways.is_empty());
            routes.push(format!("{method} {path}{}", if open { " (open)" } else { "" }));
        }
    }
    routes.sort();
    assert_eq!(
        routes,
        [
            "DELETE /sessions/{sessionId}",
            "DELETE /videos/{videoId}",
            "DELETE /watermarks/{watermarkId}",
            "DELETE /webhooks/{webhookId}",
            "GET /sessions",
            "GET /videos",
            "GET /videos/{videoId}",
            "GET /videos/{videoId}/status",
            "GET /watermarks",
            "GET /webhooks",
            "GET /webhooks/{webhookId}",
            "GET /webhooks/{webhookId}/deliveries",
            "PATCH /videos/{videoId}",
            "PATCH /videos/{videoId}/thumbnail",
            "POST /auth/api-key (open)",
            "POST /auth/refresh (open)",
            "POST /videos",
            "POST /videos/{videoId}/source",
            "POST /videos/{videoId}/thumbnail",
            "POST /watermarks",
            "POST /webhooks",
        ]
    );
}
