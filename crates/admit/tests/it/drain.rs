//! A server that is asked to stop finishes what it has begun, and one that was stopped or killed goes on where it was (C25, C26).

use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpStream;

use crate::house::{
    Customer, House, clip, on_both,
    slow::{Slow, address_of},
    until::until,
};

const PATIENCE: Duration = Duration::from_secs(20);
/// A killed worker's job is given to the next one when its lease is over, half a minute later.
const LEASE_AND_MAKING: Duration = Duration::from_mins(2);

on_both! {
    a_body_that_has_begun_is_finished,
    a_film_half_made_is_finished_after_an_orderly_stop,
    a_film_half_made_is_finished_after_a_kill,
    whoever_says_it_is_ready_can_be_stopped,
}

async fn a_body_that_has_begun_is_finished(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.private_film(clip::heavy()).await;
    let handle = viewer.enter(&video, &customer.token(&video).await).await;
    let path = format!("/s/{handle}/{video}/mp4/source.mp4");
    let truth = viewer.get(&path).await.expect(200).body;
    let (address, slow) = (address_of(house), Slow::get(house, &path).await);

    house.ask_to_stop();
    until(PATIENCE, "nobody new is let in", async || TcpStream::connect(address).await.is_err().then_some(())).await;
    assert!(!house.has_ended(), "it waits for whoever is still reading");
    let (head, body) = slow.rest().await;
    house.ended().await;
    assert!(head.starts_with("http/1.1 200") && head.contains(&format!("content-length: {}", truth.len())), "{head}");
    assert!(body == truth, "{} of {} bytes", body.len(), truth.len());
}

/// A film of which one rung is made and another is in the making.
async fn half_made(customer: &Customer) -> String {
    let video = customer.create_private().await;
    customer.upload(&video, clip::long()).await.expect(201);
    customer
        .until_status(&video, "a rung is in the making", |status| has(status, "encoding") && has(status, "encoded"))
        .await;
    video
}

fn has(status: &Value, word: &str) -> bool {
    status["encoding"]["qualities"].as_array().unwrap().iter().any(|quality| quality["status"] == word)
}

async fn a_film_half_made_is_finished_after_an_orderly_stop(house: &mut House) {
    let key = house.customer().await.key;
    house.set("ADMIT_PRESET", "medium");
    house.restart().await;
    let video = half_made(&house.customer_with(&key)).await;
    house.restart().await;
    let customer = house.customer_with(&key);
    // Long before a lease would be over: the job was given back.
    until(Duration::from_secs(25), "the film is complete", async || is_complete(&customer, &video).await).await;
    expect_whole(house, &customer, &video).await;
}

async fn a_film_half_made_is_finished_after_a_kill(house: &mut House) {
    let key = house.customer().await.key;
    house.set("ADMIT_PRESET", "medium");
    house.restart().await;
    let video = half_made(&house.customer_with(&key)).await;
    house.kill().await;
    let scratch = house.data().join("scratch");
    until(PATIENCE, "no program of the dead works on", async || programs_in(&scratch).is_empty().then_some(())).await;
    house.start().await;
    let customer = house.customer_with(&key);
    // What could be watched before can be watched at once.
    let handle = house.viewer().enter(&video, &customer.token(&video).await).await;
    house.viewer().get(&format!("/s/{handle}/{video}/hls/vsource.m3u8")).await.expect(200);
    until(LEASE_AND_MAKING, "the film is complete", async || is_complete(&customer, &video).await).await;
    expect_whole(house, &customer, &video).await;
}

async fn is_complete(customer: &Customer, video: &str) -> Option<()> {
    let status = customer.status(video).await;
    assert!(!has(&status, "failed"), "{status}");
    crate::house::customer::is_complete(&status).then_some(())
}

/// All rungs are in the master playlist, once each, and nothing is left on the table.
async fn expect_whole(house: &House, customer: &Customer, video: &str) {
    let handle = house.viewer().enter(video, &customer.token(video).await).await;
    let master = house.viewer().get(&format!("/s/{handle}/{video}/hls/master.m3u8")).await.expect(200);
    let mut rungs: Vec<_> = master.text().lines().filter(|line| !line.starts_with('#')).collect();
    rungs.sort_unstable();
    assert_eq!(rungs, ["v240.m3u8", "vsource.m3u8"]);
    let scratch = std::fs::read_dir(house.data().join("scratch")).unwrap();
    assert_eq!(scratch.count(), 0, "nothing is left in the scratch folder");
}

/// Processes whose working folder lies below this one.
fn programs_in(folder: &std::path::Path) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let inside = processes.filter(|process| {
        let working = std::fs::read_link(process.path().join("cwd"));
        working.is_ok_and(|working| working.starts_with(folder))
    });
    inside.map(|process| process.file_name().into_string().unwrap()).collect()
}

/// A supervisor may change its mind the moment it reads the ready line.
async fn whoever_says_it_is_ready_can_be_stopped(house: &mut House) {
    for _ in 0..10 {
        house.restart().await;
    }
}
