//! Those who want to watch: twenty viewers in four homes, one attacker who has seen every credential there is, and the
//! office that takes access back.

use std::{rc::Rc, time::Duration};

use serde_json::json;
use tokio::{task::spawn_local, time::sleep};

use super::{
    run::{EXPIRY, FAULTS_END},
    truth::{EDGES, Truth, VIDEOS, now, video_id},
    wire,
};

pub(super) const VIEWERS: u64 = 20;
pub(super) const HOMES: u64 = 4;
/// Viewers from this one on have a signed address, not a one-time token.
pub(super) const FIRST_SIGNED: u64 = 16;
/// The attacker knows the tokens from this one on, and may be first.
const FIRST_LEAKED: u64 = 13;
/// The office takes back sessions of the viewers up to this one.
const UNLUCKY: u64 = 10;

pub(super) fn video_of(viewer: u64) -> u8 {
    u8::try_from(viewer).unwrap_or(0) % VIDEOS
}

/// Whom the control plane knows a viewer's browser by.
pub(super) const fn nonce_of(viewer: u64) -> u64 {
    viewer + 1_000
}

pub(super) async fn home(number: u64, truth: Rc<Truth>) -> turmoil::Result {
    for viewer in (0..VIEWERS).filter(|viewer| viewer % HOMES == number) {
        spawn_local(watch(viewer, truth.clone()));
    }
    std::future::pending().await
}

async fn pause(truth: &Truth, millis: u64) {
    // sleep: simulated time only
    sleep(Duration::from_millis(millis + truth.chance.below(millis))).await;
}

async fn watch(viewer: u64, truth: Rc<Truth>) {
    let video = video_of(viewer);
    let mut path = truth.signed_of(viewer).map(|signed| format!("/u/{signed}"));
    loop {
        pause(&truth, 300).await;
        let Some(credential) = &path else {
            path = redeem(viewer, nonce_of(viewer), video).await.map(|handle| format!("/s/{handle}"));
            continue;
        };
        if get(&truth, credential, video).await == Some(200) {
            truth.plays(viewer);
        }
    }
}

async fn redeem(token: u64, nonce: u64, video: u8) -> Option<String> {
    let body = json!({"token": token, "nonce": nonce, "video": video}).to_string();
    let (status, handle) = wire::ask("control", "POST", "/session", &body).await.ok()?;
    (status == 201).then_some(handle)
}

async fn get(truth: &Truth, credential: &str, video: u8) -> Option<u16> {
    let edge = truth.chance.index(EDGES);
    let path = format!("{credential}/{}/hls/master.m3u8", video_id(video).as_str());
    wire::ask(&format!("edge-{edge}"), "GET", &path, "").await.ok().map(|(status, _)| status)
}

/// Shows what has expired, what was taken back, what is for other videos and what is no credential; and races for tokens.
pub(super) async fn attack(truth: Rc<Truth>) -> turmoil::Result {
    let expiring = [
        format!("/s/{}", truth.handle(0, admit_domain::id::SessionId::from_bytes([77; 12]), now(), EXPIRY)),
        format!("/u/{}", truth.signed(0, now(), EXPIRY)),
    ];
    loop {
        pause(&truth, 100).await;
        let known = truth.any_grant();
        let video = u8::try_from(truth.chance.below(VIDEOS.into())).unwrap_or(0);
        match truth.chance.below(5) {
            0 => get(&truth, &expiring[truth.chance.index(2)], 0).await,
            1 => get(&truth, &known.0, video).await,
            2 => get(&truth, &altered(&truth, &known.0), known.1).await,
            3 => get(&truth, &known.0, known.1).await,
            _ => {
                let token = FIRST_LEAKED + truth.chance.below(FIRST_SIGNED - FIRST_LEAKED);
                redeem(token, truth.chance.below(1_000), video_of(token)).await.map(|_| 201)
            }
        };
    }
}

/// One letter is another.
fn altered(truth: &Truth, credential: &str) -> String {
    let at = 3 + truth.chance.index(credential.len() - 3);
    let letter = if credential.as_bytes().get(at) == Some(&b'A') { "B" } else { "A" };
    let mut text = credential.to_owned();
    text.replace_range(at..=at, letter);
    text
}

/// Takes back now a session, now all of a video or a project; asks until it hears that it is done.
pub(super) async fn office(truth: Rc<Truth>) -> turmoil::Result {
    while now() < FAULTS_END {
        pause(&truth, 3_000).await;
        let body = match truth.chance.below(40) {
            0 => json!({"type": "video", "id": truth.chance.below(VIDEOS.into())}),
            1 => json!({"type": "project", "id": truth.chance.below(VIDEOS.into())}),
            _ => json!({"type": "session", "id": truth.chance.below(UNLUCKY)}),
        };
        for _ in 0..10 {
            if wire::ask("control", "POST", "/revocations", &body.to_string()).await.is_ok() {
                break;
            }
        }
    }
    std::future::pending().await
}
