//! Sources that are fetched: the way of an import that goes well, and of one that is interrupted.

use std::time::Duration;

use http::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use super::{import, may_call, until_failed};
use crate::house::{
    Answer, House, clip, on_both,
    outside::{Outside, Reply},
    until::until,
};

on_both! {
    an_import_becomes_a_film,
    an_import_survives_its_worker,
    a_deleted_import_leaves_nothing,
    n14_no_proxy_of_the_environment_is_used,
    n15_a_film_of_our_own_is_fetched_like_any_other,
    n16_only_what_the_operator_allows_is_called,
}

fn film() -> Vec<u8> {
    std::fs::read(clip::small()).unwrap()
}

async fn an_import_becomes_a_film(house: &mut House) {
    let outside = Outside::open("127.0.0.1:0", |_, turn| match turn {
        0 => Reply::status("503 Service Unavailable"),
        _ => Reply::ok(&film()),
    })
    .await;
    let customer = may_call(house, &outside, &[]).await;
    let source = format!("http://127.0.0.1:{}/film.mp4?signature=canary", outside.port());
    let body = json!({ "title": "fetched", "public": false, "source": source });
    let created = customer.post("/videos", &body).await.expect(202).json();
    let video = created["videoId"].as_str().unwrap().to_owned();
    let uri = format!("/videos/{video}/source");
    assert_eq!(created["source"], json!({ "type": "upload", "uri": uri }));
    let status = customer.status(&video).await;
    assert_eq!(
        status,
        json!({ "ingest": { "status": "ingesting", "receivedBytes": [] }, "encoding": { "playable": false, "qualities": [] } })
    );
    let refused = |when: &'static str| {
        let form = Form::new().part("file", Part::bytes(b"a film".to_vec()).file_name("film.mp4"));
        let request = customer.request(Method::POST, &uri).header("connection", "close").multipart(form);
        async move {
            let refused = Answer::to(when.to_owned(), request).await.expect(400);
            assert!(
                refused.text_at("/type").ends_with("/video-source-already-downloaded"),
                "{when}: {}",
                refused.text()
            );
        }
    };
    refused("while it is fetched").await;
    customer.until_complete(&video).await;
    let status = customer.status(&video).await;
    assert_eq!(
        (status["ingest"]["status"].as_str(), status["ingest"]["filesize"].as_u64()),
        (Some("ingested"), Some(film().len() as u64))
    );
    refused("when it is there").await;
    assert_eq!(outside.heard().len(), 2, "one that failed, and one that did not");
    let stored = std::fs::read(house.data().join("objects").join("videos").join(&video).join("source")).unwrap();
    assert_eq!(stored, film());
    assert!(!house.log().contains("canary"), "what lies beyond an origin is not logged");
}

async fn an_import_survives_its_worker(house: &mut House) {
    let outside = Outside::open("127.0.0.1:0", |_, turn| match turn {
        0 => Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nthe beginning".to_vec()),
        _ => Reply::ok(&film()),
    })
    .await;
    let customer = may_call(house, &outside, &[("ADMIT_OUTBOUND_WAIT_SECONDS", "60".to_owned())]).await;
    let video = import(&customer, &format!("http://127.0.0.1:{}/film.mp4", outside.port())).await;
    until(Duration::from_secs(20), "it has begun", async || (outside.heard().len() == 1).then_some(())).await;
    house.restart().await;
    let customer = house.customer_with(&customer.key);
    customer.until_complete(&video).await;
    assert_eq!(outside.heard().len(), 2);
}

async fn a_deleted_import_leaves_nothing(house: &mut House) {
    let outside =
        Outside::open("127.0.0.1:0", |_, _| Reply::Hang(b"HTTP/1.1 200 OK\r\n\r\nthe beginning".to_vec())).await;
    let customer = may_call(house, &outside, &[("ADMIT_OUTBOUND_WAIT_SECONDS", "60".to_owned())]).await;
    let video = import(&customer, &format!("http://127.0.0.1:{}/film.mp4", outside.port())).await;
    until(Duration::from_secs(20), "it has begun", async || (outside.heard().len() == 1).then_some(())).await;
    customer.delete(&format!("/videos/{video}")).await.expect(204);
    until(Duration::from_secs(20), "the call is broken off", async || (outside.open_now() == 0).then_some(())).await;
    assert_eq!(house.stored(""), [""; 0]);
}

async fn n14_no_proxy_of_the_environment_is_used(house: &mut House) {
    let outside = Outside::open("127.0.0.1:0", |_, _| Reply::ok(&film())).await;
    let proxy = Outside::open("127.0.0.1:0", |_, _| Reply::ok(&film())).await;
    let address = format!("http://{}", proxy.address);
    let variables = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let customer = may_call(house, &outside, &variables.map(|name| (name, address.clone()))).await;
    let video = import(&customer, &format!("http://127.0.0.1:{}/film.mp4", outside.port())).await;
    customer.until_complete(&video).await;
    assert_eq!((outside.connections(), proxy.connections()), (1, 0));
}

/// By default it is refused, for we are not the public internet; where the operator allows it, it is one more viewer.
async fn n15_a_film_of_our_own_is_fetched_like_any_other(house: &mut House) {
    let customer = house.customer().await;
    let ours = customer.create(&json!({ "title": "ours", "public": true })).await;
    customer.upload(&ours, clip::small()).await.expect(201);
    customer.until_complete(&ours).await;
    let address = |house: &House| format!("{}/vod/{ours}/mp4/source.mp4", house.origin());
    customer.post("/videos", &json!({ "title": "a copy", "source": address(house) })).await.expect(400);
    house.set("ADMIT_OUTBOUND_ALLOW", "127.0.0.1/32");
    // Which port we will listen on is the system's choice.
    let ports: Vec<_> = (1_024..=u16::MAX).map(|port| port.to_string()).collect();
    let text = format!("[outbound]\nports = [{}]\n", ports.join(", "));
    std::fs::write(house.data().join("admit.toml"), text).unwrap();
    house.restart().await;
    let customer = house.customer_with(&customer.key);
    let copy = import(&customer, &address(house)).await;
    customer.until_complete(&copy).await;
    assert_eq!(
        customer.get("/videos").await.json()["pagination"]["itemsTotal"],
        2,
        "one copy, and no copy of the copy"
    );
}

async fn n16_only_what_the_operator_allows_is_called(house: &mut House) {
    let outside = Outside::open("127.0.0.1:0", |_, _| Reply::ok(&film())).await;
    let inside = outside.inside().await;
    let customer = may_call(house, &outside, &[]).await;
    let source = json!({ "title": "a", "source": format!("http://127.0.0.2:{}/film.mp4", inside.port()) });
    customer.post("/videos", &source).await.expect(400);
    let video = import(&customer, &format!("http://127.0.0.1:{}/film.mp4", outside.port())).await;
    customer.until_complete(&video).await;
    assert_eq!((outside.connections(), inside.connections()), (1, 0));
    house.set("ADMIT_OUTBOUND_ALLOW", "127.0.0.2/32");
    house.restart().await;
    let customer = house.customer_with(&customer.key);
    let text = import(&customer, &format!("http://127.0.0.2:{}/film.mp4", inside.port())).await;
    until_failed(&customer, &text).await;
    assert_eq!((outside.connections(), inside.connections()), (1, 1));
}
