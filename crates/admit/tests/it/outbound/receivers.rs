//! Receivers that fail in every way (N11): each event is told at least once, under one name, and nobody else waits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use tokio::time::Instant;

use super::{deliveries, hook, may_call};
use crate::house::{
    House, clip, on_both,
    outside::{Outside, Reply},
    until::until,
};

on_both! {
    n11_what_was_not_heard_is_told_again,
    n11_what_is_to_be_told_survives_a_crash,
    n11_what_is_being_told_survives_a_stop,
}

/// A receiver is up after one attempt, and the next comes after five seconds.
const RETRY_MAX: Duration = Duration::from_mins(1);
/// A management call while others wait for dead receivers.
const ANSWER_MAX: Duration = Duration::from_secs(3);

async fn n11_what_was_not_heard_is_told_again(house: &mut House) {
    let outside = Outside::open("127.0.0.1:0", |heard, _| match heard.path() {
        "/gone" => Reply::status("410 Gone"),
        "/dead" => Reply::Hang(Vec::new()),
        path if path.starts_with("/ok") => Reply::status("200 OK"),
        _ => Reply::status("500 Internal Server Error"),
    })
    .await;
    let healing = Outside::open("127.0.0.1:0", |_, turn| match turn {
        0 => Reply::status("500 Internal Server Error"),
        1 => Reply::Reset,
        2 => Reply::Hang(b"HTTP/1.1 200 ".to_vec()),
        _ => Reply::status("204 No Content"),
    })
    .await;
    let ports = ("ADMIT_OUTBOUND_PORTS", format!("{},{}", outside.port(), healing.port()));
    let customer = may_call(house, &outside, &[ports]).await;
    let mut hooks = Vec::new();
    for path in ["gone", "dead", "dead", "dead", "broken", "ok"] {
        hooks.push(hook(&customer, &format!("http://{}/{path}", outside.address)).await);
    }
    let slow_to_heal = hook(&customer, &format!("http://{}/heal", healing.address)).await;
    let video = customer.private_film(clip::small()).await;
    let begun = Instant::now();
    customer.get(&format!("/videos/{video}")).await.expect(200);
    assert!(begun.elapsed() < ANSWER_MAX, "dead receivers keep nobody waiting");

    let all_are = |told: &[Value], state: &str| told.len() == 2 && told.iter().all(|told| told["state"] == state);
    until(RETRY_MAX, "the healthy one has heard all", async || {
        all_are(&deliveries(&customer, &hooks[5]).await, "delivered").then_some(())
    })
    .await;
    // 410 means never again: what waits is given up, and what comes later is not written down.
    until(RETRY_MAX, "the one that is gone is left alone", async || {
        let told = deliveries(&customer, &hooks[0]).await;
        (!told.is_empty() && told.iter().all(|told| told["state"] == "failed")).then_some(())
    })
    .await;
    until(RETRY_MAX * 2, "the broken one is tried again", async || {
        deliveries(&customer, &hooks[4]).await.iter().any(|told| told["attempts"].as_u64() >= Some(2)).then_some(())
    })
    .await;
    let broken = deliveries(&customer, &hooks[4]).await;
    assert!(broken.iter().all(|told| told["statusCode"] == 500 && told.get("error").is_none()), "{broken:?}");
    until(RETRY_MAX * 2, "the healing one has heard all", async || {
        all_are(&deliveries(&customer, &slow_to_heal).await, "delivered").then_some(())
    })
    .await;
    let mut names: Vec<_> =
        healing.heard().iter().filter_map(|heard| heard.header("webhook-id").map(str::to_owned)).collect();
    assert_eq!(names.len(), 5, "three that went wrong, and two that went well");
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 2, "an event has one name, however often it is told");
    assert_eq!(outside.heard().iter().filter(|heard| heard.path() == "/gone").count(), 1);
}

async fn n11_what_is_to_be_told_survives_a_crash(house: &mut House) {
    let is_up = Arc::new(AtomicBool::new(false));
    let outside = Outside::open("127.0.0.1:0", {
        let is_up = Arc::clone(&is_up);
        move |_, _| if is_up.load(Ordering::SeqCst) { Reply::status("200 OK") } else { Reply::Reset }
    })
    .await;
    let customer = may_call(house, &outside, &[]).await;
    let webhook = hook(&customer, &format!("http://{}/hook", outside.address)).await;
    customer.private_film(clip::small()).await;
    until(RETRY_MAX, "both were tried", async || {
        let told = deliveries(&customer, &webhook).await;
        (told.len() == 2 && told.iter().all(|told| told["state"] == "waiting" && told["attempts"] != 0)).then_some(())
    })
    .await;
    house.kill().await;
    is_up.store(true, Ordering::SeqCst);
    house.start().await;
    let customer = house.customer_with(&customer.key);
    until(RETRY_MAX, "both are told", async || {
        deliveries(&customer, &webhook).await.iter().all(|told| told["state"] == "delivered").then_some(())
    })
    .await;
}

async fn n11_what_is_being_told_survives_a_stop(house: &mut House) {
    let outside = Outside::open("127.0.0.1:0", |_, turn| match turn {
        0 => Reply::Hang(Vec::new()),
        _ => Reply::status("200 OK"),
    })
    .await;
    let customer = may_call(house, &outside, &[]).await;
    let webhook = hook(&customer, &format!("http://{}/hook", outside.address)).await;
    customer.private_film(clip::small()).await;
    until(RETRY_MAX, "it is being told", async || (!outside.heard().is_empty()).then_some(())).await;
    house.restart().await;
    let customer = house.customer_with(&customer.key);
    let told = until(RETRY_MAX, "both are told", async || {
        let told = deliveries(&customer, &webhook).await;
        told.iter().all(|told| told["state"] == "delivered").then_some(told)
    })
    .await;
    assert!(told.iter().all(|told| told["attempts"] == 1), "what we broke off ourselves does not count: {told:?}");
}
