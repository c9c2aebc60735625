//! Live streams as records: made, filtered, changed, and nobody else's secret told.

use serde_json::{Value, json};

use super::{jpeg, png};
use crate::{
    house::{Answer, House, on_both},
    management::expect_problem,
};

on_both! {
    a_live_stream_is_made_changed_listed_and_deleted,
    faults_of_restreams_are_told_by_their_names,
    no_stream_key_lies_in_the_database,
    a_picture_is_put_served_and_taken_away,
    a_private_live_stream_has_a_token_and_shows_nothing,
}

fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn restream(name: &str) -> Value {
    json!({ "name": name, "serverUrl": "rtmps://video.example/app", "streamKey": format!("key-of-{name}") })
}

async fn a_live_stream_is_made_changed_listed_and_deleted(house: &mut House) {
    let customer = house.customer().await;
    let made = customer.post("/live-streams", &json!({ "name": "First" })).await.expect(200);
    let live = made.json();
    let id = made.text_at("/liveStreamId");
    assert!(id.starts_with("li") && id.len() == 24, "{id}");
    let declared = [
        "assets",
        "broadcasting",
        "createdAt",
        "liveStreamId",
        "name",
        "public",
        "restreams",
        "streamKey",
        "updatedAt",
    ];
    assert_eq!(members(&live), declared, "and nothing that is not declared");
    assert_eq!((&live["public"], &live["broadcasting"], &live["restreams"]), (&json!(true), &json!(false), &json!([])));
    let origin = &customer.origin;
    assert_eq!(live["assets"]["hls"], format!("{origin}/{id}.m3u8"));
    assert_eq!(live["assets"]["player"], format!("{origin}/live/{id}"));
    assert_eq!(live["assets"]["thumbnail"], format!("{origin}/{id}/thumbnail.jpg"));
    let path = format!("/live-streams/{id}");
    assert_eq!(customer.get(&path).await.expect(200).json(), live);

    let player = customer.post("/players", &json!({})).await.expect(201).text_at("/playerId");
    let change = json!({ "name": "Second", "playerId": player, "restreams": [restream("a"), restream("b")] });
    let changed = customer.patch(&path, &change).await.expect(200).json();
    for (name, value) in change.as_object().unwrap() {
        assert_eq!(&changed[name], value, "{name}");
    }
    assert_eq!(changed["streamKey"], live["streamKey"]);
    assert_eq!(customer.patch(&path, &json!({})).await.expect(200).json()["restreams"], change["restreams"]);
    let fewer = customer.patch(&path, &json!({ "restreams": [restream("b")], "playerId": null })).await.expect(200);
    assert_eq!(fewer.json()["restreams"], json!([restream("b")]), "replaced as a whole");
    assert!(fewer.json()["playerId"].is_null());

    let other = customer.post("/live-streams", &json!({ "name": "Third" })).await.expect(200);
    let found = async |query: &str| {
        let list = customer.get(&format!("/live-streams?{query}")).await.expect(200).json();
        list["data"].as_array().unwrap().iter().map(|live| live["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found("sortBy=name&sortOrder=asc").await, ["Second", "Third"]);
    assert_eq!(found("name=HIR").await, ["Third"]);
    assert_eq!(found(&format!("streamKey={}", other.text_at("/streamKey"))).await, ["Third"]);
    assert_eq!(found("streamKey=unknown").await, [] as [&str; 0]);
    expect_problem(customer.get("/live-streams?sortBy=title").await, 400, "invalid-query-parameter");

    let complete = customer.request(http::Method::PUT, &format!("{path}/complete"));
    let complete = Answer::to("PUT complete".to_owned(), complete).await.expect(202);
    assert_eq!((complete.header("content-type"), complete.body.len()), (None, 0));
    customer.delete(&path).await.expect(204);
    for gone in [customer.get(&path).await, customer.delete(&path).await, customer.get("/live-streams/li1").await] {
        assert_eq!(expect_problem(gone, 404, "resource-not-found").text_at("/name"), "liveStreamId");
    }
}

async fn faults_of_restreams_are_told_by_their_names(house: &mut House) {
    let customer = house.customer().await;
    let missing = expect_problem(customer.post("/live-streams", &json!({})).await, 400, "attribute-required");
    assert_eq!(missing.text_at("/name"), "name");
    let with = |member: &str, value: Value| {
        let mut broken = restream("a");
        broken[member] = value;
        json!([restream("whole"), broken])
    };
    let format = "RTMP URL should have the following format: [rtmp|rtmps]://[host]/[app name].";
    let app = "Missing app name: [rtmp|rtmps]://[host]/[app name].";
    for (restreams, name, detail) in [
        (with("name", json!("")), "restreams[1][name]", "This value should not be blank."),
        (with("streamKey", Value::Null), "restreams[1][streamKey]", "This value should not be null."),
        (with("serverUrl", Value::Null), "restreams[1][serverUrl]", "This value should not be null."),
        (with("serverUrl", json!("https://a/b")), "restreams[1][serverUrl]", format),
        (with("serverUrl", json!("rtmp://a")), "restreams[1][serverUrl]", app),
        (json!(vec![restream("a"); 6]), "restreams", "This collection should contain 5 elements or less."),
    ] {
        let body = json!({ "name": "x", "restreams": restreams });
        let refused = expect_problem(customer.post("/live-streams", &body).await, 400, "invalid-attribute");
        assert_eq!((refused.text_at("/name"), refused.text_at("/detail")), (name.into(), detail.into()));
        assert!(refused.json()["problems"].is_null(), "one fault is told once");
    }
    let unknown = json!({ "name": "x", "playerId": "pl1" });
    let refused = expect_problem(customer.post("/live-streams", &unknown).await, 400, "invalid-attribute");
    assert_eq!(refused.text_at("/name"), "playerId");
    assert_eq!(customer.get("/live-streams").await.expect(200).json()["data"], json!([]));
}

/// Neither ours nor the customer's: whoever reads the file of the database can broadcast nowhere.
async fn no_stream_key_lies_in_the_database(house: &mut House) {
    let customer = house.customer().await;
    let body = json!({ "name": "told", "restreams": [restream("elsewhere")] });
    let made = customer.post("/live-streams", &body).await.expect(200);
    let key = made.text_at("/streamKey");
    house.restart().await;
    let customer = house.customer_with(&customer.key);
    let again = customer.get(&format!("/live-streams/{}", made.text_at("/liveStreamId"))).await.expect(200);
    assert_eq!((again.text_at("/streamKey"), &again.json()["restreams"]), (key.clone(), &body["restreams"]));
    house.ask_to_stop();
    house.ended().await;
    for file in ["admit.db", "admit.db-wal"] {
        let bytes = std::fs::read(house.data().join(file)).unwrap_or_default();
        for secret in [key.as_str(), "key-of-elsewhere"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} in {file}");
        }
    }
}

async fn a_picture_is_put_served_and_taken_away(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let id = customer.post("/live-streams", &json!({ "name": "x" })).await.expect(200).text_at("/liveStreamId");
    let (path, shown) = (format!("/live-streams/{id}/thumbnail"), format!("/{id}/thumbnail.jpg"));
    viewer.get(&shown).await.expect_refused(404, "not_found", b"");
    for (picture, kind) in [(png(10, 10), "image/png"), (jpeg(20, 20), "image/jpeg")] {
        customer.send(&path, "a.jpg", &picture).await.expect(201);
        let served = viewer.get(&shown).await.expect(200);
        assert_eq!((served.body.to_vec(), served.header("content-type")), (picture, Some(kind)), "whatever its name");
    }
    assert_eq!(house.stored("live-streams").len(), 1, "what was replaced is gone");
    expect_problem(customer.send(&path, "a.jpg", b"GIF89a").await, 400, "uploaded-file-extension-invalid");
    assert_eq!(customer.delete(&path).await.expect(200).text_at("/liveStreamId"), id);
    viewer.get(&shown).await.expect_refused(404, "not_found", &jpeg(20, 20));
    assert!(house.stored("live-streams").is_empty());
    viewer.get(&format!("/{id}.m3u8")).await.expect_refused(404, "not_found", b"");
    assert_eq!(viewer.get(&format!("/live/{id}")).await.expect(200).header("cache-control"), Some("no-store"));
}

async fn a_private_live_stream_has_a_token_and_shows_nothing(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let made = customer.post("/live-streams", &json!({ "name": "x", "public": false })).await.expect(200);
    let id = made.text_at("/liveStreamId");
    let token_of = |answer: &Answer| answer.text_at("/assets/player").split_once("?token=").unwrap().1.to_owned();
    let read = customer.get(&format!("/live-streams/{id}")).await.expect(200);
    assert_ne!(token_of(&made), token_of(&read), "each read mints another token");
    let (origin, token) = (&customer.origin, token_of(&read));
    assert_eq!(read.json()["assets"]["hls"], format!("{origin}/private/{token}/{id}.m3u8"));
    assert_eq!(read.json()["assets"]["thumbnail"], format!("{origin}/private/{token}/{id}/thumbnail.jpg"));
    customer.send(&format!("/live-streams/{id}/thumbnail"), "a.jpg", &jpeg(1, 1)).await.expect(201);
    viewer.get(&format!("/{id}/thumbnail.jpg")).await.expect_refused(404, "no_handle", &jpeg(1, 1));
    // A video's addresses know nothing of it.
    let video = customer.create_private().await;
    let elsewhere = viewer.get(&format!("/vod/{video}/token/{token}/session")).await;
    elsewhere.expect_refused(404, "unknown_credential", b"");
}
