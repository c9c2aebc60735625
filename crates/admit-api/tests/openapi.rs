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

/// Every route there is, as `routes.sort()` leaves them.
const ROUTES: &[&str] = &[
    "DELETE /api-keys/{apiKeyId}",
    "DELETE /edges/{edgeId}",
    "DELETE /embed-tokens/{embedTokenId}",
    "DELETE /links/{linkId}",
    "DELETE /live-streams/{liveStreamId}",
    "DELETE /live-streams/{liveStreamId}/thumbnail",
    "DELETE /players/{playerId}",
    "DELETE /players/{playerId}/logo",
    "DELETE /publishable-keys/{publishableKeyId}",
    "DELETE /sessions/{sessionId}",
    "DELETE /signing-keys/{signingKeyId}",
    "DELETE /upload-tokens/{uploadToken}",
    "DELETE /videos/{videoId}",
    "DELETE /videos/{videoId}/captions/{language}",
    "DELETE /videos/{videoId}/chapters/{language}",
    "DELETE /watermarks/{watermarkId}",
    "DELETE /webhooks/{webhookId}",
    "GET /access-rules",
    "GET /api-keys",
    "GET /api/v1/embeds/{embedId}/playback (open)",
    "GET /discarded/videos",
    "GET /discarded/videos/{videoId}",
    "GET /edges",
    "GET /embed-tokens",
    "GET /embed-tokens/{embedTokenId}",
    "GET /events",
    "GET /explain/{requestId}",
    "GET /links",
    "GET /live-streams",
    "GET /live-streams/{liveStreamId}",
    "GET /players",
    "GET /players/{playerId}",
    "GET /publishable-keys",
    "GET /sessions",
    "GET /settings",
    "GET /signing-keys",
    "GET /signing-keys/{signingKeyId}",
    "GET /tags",
    "GET /upload-tokens",
    "GET /upload-tokens/{uploadToken}",
    "GET /videos",
    "GET /videos/{videoId}",
    "GET /videos/{videoId}/access-rules",
    "GET /videos/{videoId}/captions",
    "GET /videos/{videoId}/captions/{language}",
    "GET /videos/{videoId}/chapters",
    "GET /videos/{videoId}/chapters/{language}",
    "GET /videos/{videoId}/encryption",
    "GET /videos/{videoId}/status",
    "GET /watermarks",
    "GET /webhooks",
    "GET /webhooks/{webhookId}",
    "GET /webhooks/{webhookId}/deliveries",
    "PATCH /discarded/videos/{videoId}",
    "PATCH /embed-tokens/{embedTokenId}",
    "PATCH /live-streams/{liveStreamId}",
    "PATCH /players/{playerId}",
    "PATCH /settings",
    "PATCH /videos/{videoId}",
    "PATCH /videos/{videoId}/captions/{language}",
    "PATCH /videos/{videoId}/thumbnail",
    "POST /access-rules/replay",
    "POST /api-keys",
    "POST /auth/api-key (open)",
    "POST /auth/refresh (open)",
    "POST /embed-tokens",
    "POST /explain",
    "POST /links",
    "POST /live-streams",
    "POST /live-streams/{liveStreamId}/thumbnail",
    "POST /players",
    "POST /players/{playerId}/logo",
    "POST /publishable-keys",
    "POST /revocations",
    "POST /signed-urls",
    "POST /signing-keys",
    "POST /upload (open)",
    "POST /upload-tokens",
    "POST /videos",
    "POST /videos/{videoId}/access-rules/replay",
    "POST /videos/{videoId}/captions/{language}",
    "POST /videos/{videoId}/chapters/{language}",
    "POST /videos/{videoId}/source",
    "POST /videos/{videoId}/thumbnail",
    "POST /watermarks",
    "POST /webhooks",
    "PUT /access-rules",
    "PUT /live-streams/{liveStreamId}/complete",
    "PUT /videos/{videoId}/access-rules",
    "PUT /videos/{videoId}/encryption",
];

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
    assert_eq!(routes, ROUTES);
}
