//! What an edge refused, told to its control planes: it is them that an operator asks.

use admit_domain::{
    decision::{Newcomer, Refused},
    id::{ProjectId, RequestId, VideoId},
    limits::{EDGE_ASK, EDGE_REFUSAL_CHARS_MAX, EDGE_REFUSALS_TOLD_MAX, EDGE_REFUSALS_WAITING_MAX, EDGE_REPORT_EVERY},
};
use reqwest::Method;
use serde::Serialize;
use tokio::{
    sync::broadcast::{self, error::TryRecvError},
    time::MissedTickBehavior,
};

use super::{
    upstreams::{Upstream, Upstreams},
    wire::AskerBody,
};
use crate::{edge::Refusals, told::told};

/// Takes refusals down, and tells every control plane of them once a second. Nobody waits for that: where too many come,
/// or nobody listens, the oldest are forgotten.
pub fn refusals(upstreams: &Upstreams) -> (Refusals, impl Future<Output = ()> + use<>) {
    let (sender, _) = broadcast::channel(EDGE_REFUSALS_WAITING_MAX);
    let telling = upstreams.all().iter().map(|upstream| tell(upstream.clone(), sender.subscribe()));
    let telling = futures_util::future::join_all(telling.collect::<Vec<_>>());
    let refusals: Refusals = std::sync::Arc::new(move |refused| drop(sender.send(refused)));
    (refusals, async move { drop(telling.await) })
}

async fn tell(upstream: Upstream, mut taken_down: broadcast::Receiver<Refused>) {
    let mut tick = tokio::time::interval(EDGE_REPORT_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        loop {
            let refused = waiting(&mut taken_down);
            if refused.is_empty() {
                break;
            }
            let body = RefusalsBody { refusals: refused.iter().map(RefusedBody::of).collect() };
            let sent = upstream.request(Method::POST, "refusals").json(&body).timeout(EDGE_ASK).send().await;
            match sent {
                Ok(answer) if answer.status().is_success() => {}
                Ok(answer) => tracing::warn!(origin = upstream.origin(), status = %answer.status(), "tell of refusals"),
                Err(error) => tracing::debug!(origin = upstream.origin(), error = %told(&error), "tell of refusals"),
            }
        }
    }
}

/// What is to be told, oldest first. Those that gave way are not waited for.
fn waiting(taken_down: &mut broadcast::Receiver<Refused>) -> Vec<Refused> {
    let mut waiting = Vec::new();
    while waiting.len() < EDGE_REFUSALS_TOLD_MAX {
        match taken_down.try_recv() {
            Ok(refused) => waiting.push(refused),
            Err(TryRecvError::Lagged(_)) => {}
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
    waiting
}

#[derive(Serialize)]
struct RefusalsBody<'a> {
    refusals: Vec<RefusedBody<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefusedBody<'a> {
    request_id: &'a str,
    at: i64,
    seq: i64,
    video_id: Option<&'a str>,
    code: &'static str,
    field: &'static str,
    wanted: String,
    newcomer: Option<NewcomerBody<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewcomerBody<'a> {
    project_id: &'a str,
    #[serde(flatten)]
    asker: AskerBody<'a>,
}

impl<'a> RefusedBody<'a> {
    fn of(refused: &'a Refused) -> Self {
        let Refused { request, at, seq, video, fault, newcomer } = refused;
        let newcomer = newcomer.as_ref().map(|Newcomer { project, asker }| NewcomerBody {
            project_id: ProjectId::as_str(project),
            asker: AskerBody::of(asker),
        });
        Self {
            request_id: RequestId::as_str(request),
            at: at.as_millis(),
            seq: seq.0,
            video_id: video.as_ref().map(VideoId::as_str),
            code: fault.denial.code(),
            field: fault.field,
            wanted: fault.wanted.chars().take(EDGE_REFUSAL_CHARS_MAX).collect(),
            newcomer,
        }
    }
}
