//! The log as an edge follows it, byte for byte.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::{Edge, revoke};
use crate::house::{House, on_both, until::within};

on_both! {
    an_edge_follows_and_goes_on_where_it_was,
    a_removed_edge_hears_nothing_more,
}

const SOON: Duration = Duration::from_secs(10);

/// One event: its name, its number and its data.
type Event = (String, Option<String>, Value);

struct Stream {
    response: reqwest::Response,
    text: String,
}

impl Stream {
    async fn open(edge: &Edge, last: Option<&str>) -> Self {
        let request = edge.request(Method::GET, "feed");
        let request = last.into_iter().fold(request, |request, last| request.header("last-event-id", last));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("content-type").as_deref(), Some("text/event-stream"));
        assert_eq!(header("cache-control").as_deref(), Some("no-store"));
        assert_eq!(header("x-accel-buffering").as_deref(), Some("no"));
        Self { response, text: String::new() }
    }

    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        let text = within(SOON, "the next event", async {
            loop {
                if let Some(end) = self.text.find("\n\n") {
                    let rest = self.text.split_off(end + 2);
                    return Some(std::mem::replace(&mut self.text, rest));
                }
                let chunk = self.response.chunk().await.unwrap()?;
                self.text.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        })
        .await?;
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        let data = serde_json::from_str(&field("data: ").unwrap()).unwrap();
        Some((field("event: ").unwrap(), field("id: "), data))
    }

    /// The next that is no heartbeat.
    async fn news(&mut self) -> Event {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.0 != "heartbeat" {
                return event;
            }
        }
    }

    /// The next heartbeat, and that nothing else comes before it.
    async fn beat(&mut self) -> Value {
        let (name, id, data) = self.next().await.expect("the stream goes on");
        assert_eq!((name.as_str(), id), ("heartbeat", None), "{data}");
        data
    }
}

async fn an_edge_follows_and_goes_on_where_it_was(house: &mut House) {
    let (customer, edge) = (house.customer().await, Edge::joined(house).await);
    let video = customer.create_private().await;
    let handle = house.viewer().enter(&video, &customer.token(&video).await).await;
    let session = house.forge().session_of(&handle, &video);

    let mut stream = Stream::open(&edge, None).await;
    let (name, _, keys) = stream.news().await;
    assert_eq!((name.as_str(), &keys["delivery"][0]["id"]), ("keys", &json!(1)));
    assert_eq!(keys["delivery"][0]["secret"].as_str().unwrap().len(), 43);
    let (name, id, before) = stream.news().await;
    assert_eq!((name.as_str(), &before["entries"]), ("snapshot", &json!([])));
    let before_seq = before["seq"].as_i64().unwrap();
    assert_eq!(id, Some(before_seq.to_string()));
    let (first, second) = (stream.beat().await, stream.beat().await);
    assert_eq!(first["seq"], json!(before_seq));
    let between = second["now"].as_i64().unwrap() - first["now"].as_i64().unwrap();
    assert!((300..3_000).contains(&between), "{between} ms between two heartbeats");

    let seq = revoke(&customer, "session", &session).await.expect(201).json()["seq"].as_i64().unwrap();
    let (name, id, entry) = stream.news().await;
    assert_eq!((name.as_str(), id), ("entry", Some(seq.to_string())));
    assert_eq!((&entry[0], &entry[1], &entry[2]), (&json!(seq), &json!("session"), &json!(session)));
    customer.patch(&format!("/videos/{video}"), &json!({ "title": "another" })).await.expect(200);
    let (_, _, entry) = stream.news().await;
    assert_eq!(entry, json!([seq + 1, "video-changed", video, 0]));
    assert_eq!(stream.beat().await["seq"], json!(seq + 1));
    drop(stream);

    let mut resumed = Stream::open(&edge, Some(&seq.to_string())).await;
    assert_eq!(resumed.news().await.0, "keys");
    assert_eq!(resumed.news().await.2, json!([seq + 1, "video-changed", video, 0]));
    resumed.beat().await;
    for unknown in [(seq + 99).to_string(), "x".to_owned(), "-1".to_owned()] {
        let mut stream = Stream::open(&edge, Some(&unknown)).await;
        assert_eq!(stream.news().await.0, "keys");
        let (name, _, told) = stream.news().await;
        assert_eq!((name.as_str(), &told["seq"]), ("snapshot", &json!(seq + 1)), "after {unknown}");
        assert_eq!(told["entries"][0][1], json!(session), "{told}");
    }
    house.ask_to_stop();
    while resumed.next().await.is_some() {}
    house.ended().await;
    house.start().await;
    let edge = Edge { viewer: house.viewer(), ..edge };
    let mut stream = Stream::open(&edge, Some(&seq.to_string())).await;
    assert_eq!(stream.news().await.0, "keys");
    assert_eq!(stream.news().await.0, "entry", "what is in the log is remembered");
}

async fn a_removed_edge_hears_nothing_more(house: &mut House) {
    let (customer, edge) = (house.customer().await, Edge::joined(house).await);
    let mut stream = Stream::open(&edge, None).await;
    stream.news().await;
    customer.delete(&format!("/edges/{}", edge.id)).await.expect(204);
    within(SOON, "the stream ends", async { while stream.next().await.is_some() {} }).await;
    edge.get("feed", &[]).await.expect(401);
}
