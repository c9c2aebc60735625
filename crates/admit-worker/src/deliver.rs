//! Tells webhooks what happened: at least once, each in its own time, and in the way of no other work.

use std::{
    ops::ControlFlow,
    pin::{Pin, pin},
    time::Duration,
};

use admit_db::{
    DbError, Tx,
    deliveries::{self, Claimed, Ended},
    transaction, webhooks,
};
use admit_domain::{
    limits::{DELIVERIES_GIVEN_UP_MAX, DELIVERIES_MAX, DELIVERY_RETRIES},
    secret::hex,
    time::Timestamp,
    webhook::{DeliveryState, SignatureSecret},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures_util::future::join_all;
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use tokio::sync::Mutex;

use crate::{outbound::CallError, worker::Worker};

/// How often the queue is looked at.
const POLL: Duration = Duration::from_secs(1);

/// Delivers until `stop` is ready; what is then under way is told again later.
pub(crate) async fn run<F: Future<Output = ()>>(worker: &Worker, stop: impl Fn() -> F) {
    // Held by whoever looks for the next: one look serves all, and what it counts is true.
    let turn = Mutex::default();
    join_all((0..DELIVERIES_MAX).map(|_| work(worker, &turn, stop()))).await;
}

async fn work(worker: &Worker, turn: &Mutex<()>, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let _turn = turn.lock().await;
            let claimed = deliveries::claim(&worker.db, (worker.now)()).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "look for what is to be told");
                None
            });
            if claimed.is_none() {
                tokio::time::sleep(POLL).await;
            }
            claimed
        };
        let claimed = tokio::select! {
            biased;
            () = &mut stop => return,
            claimed = next => claimed,
        };
        if let Some(claimed) = claimed
            && deliver(worker, &claimed, stop.as_mut()).await.is_break()
        {
            return;
        }
    }
}

/// Breaks when it was told to stop: a future that has ended must not be asked again.
async fn deliver(worker: &Worker, claimed: &Claimed, stop: Pin<&mut impl Future<Output = ()>>) -> ControlFlow<()> {
    let outcome = tokio::select! {
        outcome = send(worker, claimed) => Some(outcome),
        () = stop => None,
    };
    let goes_on = if outcome.is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    let now = (worker.now)();
    let recorded = match outcome {
        Some(outcome) => {
            let ended = judge(claimed.attempt, &outcome, now);
            note(claimed, &outcome, ended.state);
            transaction!(worker.db, |tx| record(tx, claimed, ended, now).await)
        }
        None => transaction!(worker.db, |tx| deliveries::give_back(tx, claimed, now).await).map(drop),
    };
    if let Err(error) = recorded {
        // It will be told again when its lease ends.
        tracing::warn!(%error, "record what was told");
    }
    goes_on
}

/// Two signatures: api.video's, of the body; and the Standard Webhooks', of id, time and body, which cannot be replayed.
async fn send(worker: &Worker, claimed: &Claimed) -> Result<StatusCode, CallError> {
    let Claimed { webhook, event, body, url, .. } = claimed;
    let secret = SignatureSecret::of(&worker.webhook_key, webhook);
    let seconds = (worker.now)().as_secs();
    let standard = secret.sign(format!("{event}.{seconds}.{body}").as_bytes());
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in [
        ("x-api-video-webhookid", webhook.to_string()),
        ("x-api-video-signature", hex(&secret.sign(body.as_bytes()))),
        ("webhook-id", event.to_string()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", format!("v1,{}", STANDARD.encode(standard))),
    ] {
        let value = HeaderValue::try_from(value).unwrap_or_else(|_| unreachable!("ids, digits and base64 are ASCII"));
        headers.insert(HeaderName::from_static(name), value);
    }
    worker.outbound.post(url, headers, Bytes::from(body.clone())).await
}

/// What follows from an attempt. Whatever went wrong, it is tried again: a receiver may be repaired.
fn judge(attempt: u32, outcome: &Result<StatusCode, CallError>, now: Timestamp) -> Ended {
    let status = outcome.as_ref().ok().map(StatusCode::as_u16);
    if outcome.as_ref().is_ok_and(StatusCode::is_success) {
        return Ended { state: DeliveryState::Delivered, status, retry_at: None };
    }
    let pause = DELIVERY_RETRIES.get(attempt.saturating_sub(1) as usize);
    match pause.filter(|_| status != Some(StatusCode::GONE.as_u16())) {
        Some(pause) => Ended { state: DeliveryState::Waiting, status, retry_at: Some(now.plus(*pause)) },
        None => Ended { state: DeliveryState::Failed, status, retry_at: None },
    }
}

async fn record(tx: &mut Tx, claimed: &Claimed, ended: Ended, now: Timestamp) -> Result<(), DbError> {
    let Claimed { webhook, project, .. } = claimed;
    if !deliveries::end(tx, claimed, ended, now).await? {
        return Ok(());
    }
    match ended.state {
        DeliveryState::Delivered => webhooks::heard(tx, project, webhook).await?,
        DeliveryState::Failed => {
            let is_gone = ended.status == Some(StatusCode::GONE.as_u16());
            if webhooks::missed(tx, project, webhook).await? >= DELIVERIES_GIVEN_UP_MAX || is_gone {
                let dropped = webhooks::disable(tx, project, webhook, now).await?;
                tracing::warn!(%webhook, dropped, "the webhook is told nothing any more");
            }
        }
        DeliveryState::Waiting | DeliveryState::Delivering => {}
    }
    deliveries::sweep(tx, project, webhook).await.map(drop)
}

/// For the operator: whoever owns the webhook hears of no cause.
fn note(claimed: &Claimed, outcome: &Result<StatusCode, CallError>, state: DeliveryState) {
    let Claimed { webhook, event, attempt, .. } = claimed;
    let answer = match outcome {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    if state == DeliveryState::Delivered {
        tracing::debug!(%webhook, %event, attempt, answer, "told");
    } else {
        tracing::info!(%webhook, %event, attempt, answer, state = state.as_str(), "not heard");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    #[test]
    fn only_success_ends_it_and_the_rest_is_tried_for_less_than_a_day() {
        let delivered = judge(1, &Ok(StatusCode::ACCEPTED), NOW);
        assert_eq!((delivered.state, delivered.status), (DeliveryState::Delivered, Some(202)));
        let mut waited = Duration::ZERO;
        for attempt in 1..=8 {
            for outcome in [Ok(StatusCode::FOUND), Ok(StatusCode::INTERNAL_SERVER_ERROR), Err(CallError::NoSuchName)] {
                let ended = judge(attempt, &outcome, NOW);
                assert_eq!(ended.state, DeliveryState::Waiting, "{attempt} {outcome:?}");
                assert_eq!(ended.retry_at, Some(NOW.plus(DELIVERY_RETRIES[attempt as usize - 1])));
            }
            waited += DELIVERY_RETRIES[attempt as usize - 1];
        }
        assert!(waited <= Duration::from_hours(24), "{waited:?}");
        assert_eq!(judge(9, &Err(CallError::NoSuchName), NOW).state, DeliveryState::Failed);
        assert_eq!(judge(1, &Ok(StatusCode::GONE), NOW).state, DeliveryState::Failed);
    }
}
