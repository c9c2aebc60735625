//! The same payloads through other people's proxies (U16): what reaches us is what they let through, and no more.

use std::{collections::BTreeMap, time::Duration};

use futures_util::{StreamExt as _, stream};

use super::{KNOCKING, payloads};
use crate::{
    house::say,
    support::{
        door::{Door, short},
        front::{Front, PASSED_ON},
        raw,
    },
};

#[tokio::test]
async fn behind_nginx_nothing_is_smuggled() {
    let door = open().await;
    if let Some(front) = Front::nginx(door.addr, PASSED_ON).await {
        compare("nginx", &door, front).await;
    }
    door.close().await;
}

#[tokio::test]
async fn behind_haproxy_nothing_is_smuggled() {
    let door = open().await;
    if let Some(front) = Front::haproxy(door.addr).await {
        compare("HAProxy", &door, front).await;
    }
    door.close().await;
}

/// Proxies keep connections to us, on which a smuggled request would be the next one's.
async fn open() -> Door {
    Door::open(admit::listener::Limits { keep_alive_idle: Duration::from_secs(5), ..short() }, None).await
}

async fn compare(name: &str, door: &Door, front: Front) {
    let payloads = payloads::all();
    let address = front.addr;
    let before = raw::say(address, b"GET /before HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(before.statuses(), [200], "{name} passes requests on: {before:?}");
    let asked = stream::iter(&payloads).map(|payload| raw::say(address, &payload.bytes));
    let heard: Vec<_> = asked.buffer_unordered(KNOCKING).collect().await;
    assert_eq!(heard.len(), payloads.len());
    let after = raw::say(address, b"GET /after HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(after.statuses(), [200], "{name} passes requests on still: {after:?}");

    let (told, seen) = (front.end().await, door.seen());
    let theirs = counted(told.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (method, target) = (words.next()?, words.next()?);
        Some(format!("{method} {}", path_of(target)))
    }));
    let ours = counted(seen.iter().cloned());
    assert!(theirs.get("GET /after").is_some_and(|count| *count == 1), "{name} tells what it was asked: {told}");
    for (request, count) in &ours {
        let let_through = theirs.get(request).copied().unwrap_or(0);
        assert!(let_through >= *count, "{name} let {let_through} of {request} through, and we saw {count}");
    }
    let canaries = |counted: &BTreeMap<String, usize>| counted.keys().filter(|key| key.contains("canary")).count();
    let (let_through, seen) = (canaries(&theirs), canaries(&ours));
    say(&format!(
        "{} payloads: {name} read {let_through} of their second requests as such, we saw {seen}",
        payloads.len()
    ));
}

/// As it reaches us: without an absolute address's host.
fn path_of(target: &str) -> &str {
    let after = target.strip_prefix("http://").and_then(|rest| rest.find('/').map(|at| &rest[at..]));
    after.unwrap_or(target)
}

fn counted(requests: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in requests {
        *counts.entry(request).or_default() += 1;
    }
    counts
}
