//! One conversation with one control plane, from the request to whatever ends it.

use admit_domain::{limits::FEED_SILENCE_MAX, revocation::Seq, view::Conversation};
use http::{StatusCode, header};
use reqwest::Method;
use tokio::time::timeout;

use super::{
    event::{NotUnderstood, Said},
    known::Known,
    sse::{Events, NoEvent},
};
use crate::{edge::Now, remote::Upstream, told::told};

const LAST_EVENT_ID: &str = "last-event-id";

/// Why a conversation is over.
#[derive(Debug)]
pub(super) enum End {
    /// The line is dead, or the other side went away.
    Lost(String),
    /// Something is missing between what is known and what was said: only a snapshot helps.
    Missed,
    /// Something was said that is beyond this release.
    NotUnderstood(&'static str),
    /// The control plane knows no such edge.
    NotKnown,
}

/// Goes on from what is known, or, without `resume`, asks for all of it.
pub(super) async fn converse(known: &Known, which: usize, upstream: &Upstream, resume: bool, now: &Now) -> End {
    let seq = known.seq();
    let mut request = upstream.request(Method::GET, "feed").header(header::ACCEPT, "text/event-stream");
    if resume && seq > Seq::default() {
        request = request.header(LAST_EVENT_ID, seq.0.to_string());
    }
    let mut talk = Conversation::asked(now());
    let response = match timeout(FEED_SILENCE_MAX, request.send()).await {
        Err(_) => return End::Lost("no answer in time".to_owned()),
        Ok(Err(error)) => return End::Lost(told(&error)),
        Ok(Ok(response)) => response,
    };
    match response.status() {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED => return End::NotKnown,
        status => return End::Lost(format!("the answer was {status}")),
    }
    let mut events = Events::new(Box::pin(response.bytes_stream()));
    loop {
        let event = match timeout(FEED_SILENCE_MAX, events.next()).await {
            Err(_) => return End::Lost("nothing was said for too long".to_owned()),
            Ok(Err(NoEvent::Ended)) => return End::Lost("the stream ended".to_owned()),
            Ok(Err(NoEvent::Unreadable)) => return End::Lost("what was said cannot be read".to_owned()),
            Ok(Ok(event)) => event,
        };
        let said = match Said::read(&event) {
            Ok(said) => said,
            Err(NotUnderstood(what)) => return End::NotUnderstood(what),
        };
        let heard = match said {
            Said::Keys(keys) => {
                known.keys(keys);
                Ok(())
            }
            Said::Snapshot(told) => {
                if !known.snapshot(which, told, now()) {
                    return End::Lost("it is behind another control plane".to_owned());
                }
                Ok(())
            }
            Said::Entry(entry) => known.entry(entry),
            Said::Heartbeat { seq, now: theirs } => known.heartbeat((which, &mut talk), seq, (theirs, now())),
            Said::Other => Ok(()),
        };
        if heard.is_err() {
            return End::Missed;
        }
    }
}
