//! The log as server-sent events.

use std::convert::Infallible;

use admit_db::edges;
use admit_domain::{
    id::EdgeId,
    revocation::{Revoked, Seq, Subject},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::caller::EdgeCaller;
use crate::{
    app::App,
    error::ApiError,
    feed::{Follower, Message},
};

/// Proxies in between must pass on each event as it comes.
const HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, "text/event-stream"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("x-accel-buffering"), "no"),
];

pub(super) async fn follow(edge: EdgeCaller, State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok()).map(Seq);
    let follower = app.feed.follow(seen).ok_or_else(ApiError::unavailable)?;
    let keys: Vec<_> =
        app.keys.delivery.iter().map(|key| json!({ "id": key.id, "secret": key.told_to_edges() })).collect();
    let first = event("keys", None, &json!({ "delivery": keys }));
    let rest = stream::unfold((app, edge.id, follower), async |(app, id, mut follower)| {
        let text = next(&app, &id, &mut follower).await?;
        Some((text, (app, id, follower)))
    });
    let events = stream::once(async move { first }).chain(rest);
    let body = Body::from_stream(events.map(|text| Ok::<_, Infallible>(Bytes::from(text))));
    Ok((HEADERS, body).into_response())
}

/// `None` when the feed ends, or the edge was removed.
async fn next(app: &App, id: &EdgeId, follower: &mut Follower) -> Option<String> {
    let messages = follower.next().await?;
    let is_beat = matches!(messages.last(), Some(Message::Heartbeat { .. }));
    // A database that does not answer for a moment removes nobody.
    if is_beat && matches!(edges::exists(&app.db, id).await, Ok(false)) {
        return None;
    }
    Some(messages.iter().map(spell).collect())
}

fn spell(message: &Message) -> String {
    match message {
        Message::Snapshot(revoked) => event("snapshot", Some(revoked.seq), &snapshot(revoked)),
        Message::Entry(entry) => {
            let [kind, id, at] = subject(&entry.subject);
            event("entry", Some(entry.seq), &json!([entry.seq.0, kind, id, at]))
        }
        Message::Heartbeat { seq, at } => event("heartbeat", None, &json!({ "seq": seq.0, "now": at.as_millis() })),
    }
}

fn snapshot(revoked: &Revoked) -> Value {
    let entries: Vec<_> = revoked.subjects().map(|told| subject(&told)).collect();
    json!({ "seq": revoked.seq.0, "entries": entries })
}

fn subject(subject: &Subject) -> [Value; 3] {
    [subject.kind().into(), subject.id().into(), subject.at().as_millis().into()]
}

/// One event of `text/event-stream`; JSON has no line ends of its own.
fn event(name: &str, id: Option<Seq>, data: &Value) -> String {
    let id = id.map(|seq| format!("id: {}\n", seq.0)).unwrap_or_default();
    format!("event: {name}\n{id}data: {data}\n\n")
}
