//! Request smuggling at our own door: one answer at most for what is malformed, then a close, and no canary (U12–U17).

use super::payloads;
use crate::support::{
    door::{Door, short},
    raw::say,
};

#[tokio::test]
async fn no_payload_smuggles_a_request() {
    let door = Door::open(short(), None).await;
    let payloads = payloads::all();
    assert!(payloads.len() >= 71, "{}", payloads.len());
    for payload in &payloads {
        let name = payload.name;
        let heard = say(door.addr, &payload.bytes).await;
        let statuses = heard.statuses();
        assert!(matches!(statuses[..], [400..=499 | 505]), "{name}: {heard:?}");
        assert!(heard.has("\r\nconnection: close\r\n"), "{name}: {heard:?}");
    }
    let seen = door.seen();
    assert!(!seen.iter().any(|seen| seen.contains("canary")), "{seen:?}");
    door.close().await;
}

/// The control: the same canary in its own right is seen, so its absence above says something.
#[tokio::test]
async fn a_canary_in_its_own_right_is_seen() {
    let door = Door::open(short(), None).await;
    let one =
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /canary HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_eq!(say(door.addr, one.as_bytes()).await.statuses(), [200, 200]);
    assert_eq!(door.seen(), ["POST /p", "GET /canary"]);
    door.close().await;
}

#[tokio::test]
async fn a_wish_for_another_protocol_changes_nothing() {
    let door = Door::open(short(), None).await;
    let upgrades = ["h2c", "websocket", "HTTP/2.0", "TLS/1.0", "h2c, websocket"];
    for upgrade in upgrades {
        let request = format!(
            "GET /p HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: {upgrade}\r\n\
             HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n"
        );
        let heard = say(door.addr, request.as_bytes()).await;
        // The next bytes are the next HTTP/1 request: no switch took place.
        assert_eq!(heard.statuses(), [200, 200], "{upgrade}: {heard:?}");
        assert!(!heard.has("\r\nupgrade:"), "{upgrade}: {heard:?}");
    }
    assert_eq!(door.seen().len(), 2 * upgrades.len());
    door.close().await;
}
