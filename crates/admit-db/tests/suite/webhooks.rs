//! Who wishes to hear of events, and what they were told.

use std::collections::HashSet;

use admit_db::{
    Paging,
    deliveries::{self, Claimed, Ended},
    transaction, webhooks,
};
use admit_domain::{
    id::{EventId, WebhookId},
    limits::{DELIVERIES_PER_PROJECT_MAX, DELIVERY_LEASE, WEBHOOKS_PER_PROJECT_MAX},
    time::Timestamp,
    webhook::{DeliveryState, Event, EventKind, Webhook},
};
use tokio::task::JoinSet;

use crate::{
    making::{NOW, after},
    store::Store,
};

const PAGE: Paging = Paging { page: 1, size: 100 };
const DELIVERED: Ended = Ended { state: DeliveryState::Delivered, status: Some(200), retry_at: None };

pub(crate) fn hook_id(number: u8) -> WebhookId {
    WebhookId::from_random([number; 22])
}

pub(crate) fn webhook(store: &Store, number: u8, events: &[EventKind]) -> Webhook {
    let (id, url) = (hook_id(number), format!("https://example.org/{number}"));
    Webhook { id, project: store.ours, created_at: NOW, url, events: events.to_vec() }
}

pub(crate) fn event(number: u8) -> Event {
    let id = EventId::from_random([number; 22]);
    Event { id, kind: EventKind::QualityCompleted, body: format!("{{\"number\":{number}}}") }
}

async fn insert(store: &Store, webhook: &Webhook) -> bool {
    transaction!(store.db, |tx| webhooks::insert(tx, webhook).await).expect("answers")
}

async fn enqueue(store: &Store, number: u8) -> u64 {
    let event = event(number);
    transaction!(store.db, |tx| deliveries::enqueue(tx, &store.ours, &event, NOW).await).expect("answers")
}

async fn claim(store: &Store, now: Timestamp) -> Option<Claimed> {
    deliveries::claim(&store.db, now).await.expect("answers")
}

async fn end(store: &Store, claimed: &Claimed, ended: Ended) -> bool {
    transaction!(store.db, |tx| deliveries::end(tx, claimed, ended, NOW).await).expect("answers")
}

async fn states(store: &Store, webhook: &Webhook) -> Vec<DeliveryState> {
    let told = deliveries::list(&store.db, &store.ours, &webhook.id, PAGE).await.expect("reads");
    told.items.iter().map(|told| told.state).collect()
}

pub(crate) async fn a_webhook_comes_back_as_it_was_stored(store: Store) {
    let both = webhook(&store, 1, &[EventKind::QualityCompleted, EventKind::BroadcastEnded]);
    let one = webhook(&store, 2, &[EventKind::CaptionGenerated]);
    assert!(insert(&store, &both).await && insert(&store, &one).await);
    let (db, ours) = (&store.db, &store.ours);
    assert_eq!(webhooks::get(db, ours, &both.id).await.expect("reads"), Some(both.clone()));
    let list = async |event| webhooks::list(db, ours, event, PAGE).await.expect("reads").items;
    assert_eq!(list(None).await.len(), 2);
    assert_eq!(list(Some(EventKind::BroadcastEnded)).await, [both]);
    assert_eq!(list(Some(EventKind::CaptionGenerated)).await, [one]);
    assert_eq!(list(Some(EventKind::BroadcastStarted)).await, []);
}

pub(crate) async fn a_project_has_so_many_webhooks(store: Store) {
    let mut inserts = JoinSet::new();
    for number in 0..40 {
        let (db, webhook) = (store.db.clone(), webhook(&store, number, &[EventKind::QualityCompleted]));
        inserts.spawn(async move { transaction!(db, |tx| webhooks::insert(tx, &webhook).await).expect("answers") });
    }
    let made = inserts.join_all().await.into_iter().filter(|made| *made).count();
    assert_eq!(made, WEBHOOKS_PER_PROJECT_MAX as usize);
}

pub(crate) async fn an_event_is_written_for_those_who_wish_to_hear(store: Store) {
    let hears = webhook(&store, 1, &[EventKind::QualityCompleted]);
    let deaf = webhook(&store, 2, &[EventKind::CaptionGenerated]);
    let disabled = webhook(&store, 3, &[EventKind::QualityCompleted]);
    for webhook in [&hears, &deaf, &disabled] {
        assert!(insert(&store, webhook).await);
    }
    assert_eq!(enqueue(&store, 1).await, 2);
    let dropped = transaction!(store.db, |tx| webhooks::disable(tx, &store.ours, &disabled.id, NOW).await);
    assert_eq!(dropped.expect("answers"), 1);
    assert_eq!(enqueue(&store, 2).await, 1);
    assert_eq!(states(&store, &hears).await, [DeliveryState::Waiting; 2]);
    assert_eq!(states(&store, &deaf).await, []);
    assert_eq!(states(&store, &disabled).await, [DeliveryState::Failed]);
}

/// Eight processes on one database: each event is in one hand, and a webhook hears one at a time.
pub(crate) async fn a_delivery_is_in_one_hand(store: Store) {
    for number in 1..=3 {
        assert!(insert(&store, &webhook(&store, number, &[EventKind::QualityCompleted])).await);
    }
    for number in 1..=5 {
        assert_eq!(enqueue(&store, number).await, 3);
    }
    let mut hands = JoinSet::new();
    for _ in 0..8 {
        let db = store.db.clone();
        hands.spawn(async move {
            let (mut mine, mut nothing) = (Vec::new(), 0);
            while nothing < 20 {
                match deliveries::claim(&db, NOW).await.expect("answers") {
                    Some(claimed) => {
                        assert!(
                            transaction!(db, |tx| deliveries::end(tx, &claimed, DELIVERED, NOW).await).expect("ends")
                        );
                        mine.push((claimed.webhook, claimed.event));
                    }
                    None => nothing += 1,
                }
            }
            mine
        });
    }
    let told = hands.join_all().await.concat();
    assert_eq!((told.len(), told.iter().collect::<HashSet<_>>().len()), (15, 15));
}

pub(crate) async fn a_project_hears_so_much_at_a_time(store: Store) {
    let most = u8::try_from(DELIVERIES_PER_PROJECT_MAX).expect("a few");
    for number in 0..=most {
        assert!(insert(&store, &webhook(&store, number, &[EventKind::QualityCompleted])).await);
    }
    enqueue(&store, 1).await;
    let mut claimed = Vec::new();
    while let Some(one) = claim(&store, NOW).await {
        claimed.push(one);
    }
    assert_eq!(claimed.len(), usize::from(most));
    assert_eq!(claimed.iter().map(|one| one.webhook).collect::<HashSet<_>>().len(), usize::from(most));
    // Whoever was not heard of again has lost what it held.
    let fifth = claim(&store, after(DELIVERY_LEASE)).await.expect("room for the one that waited");
    assert!(claimed.iter().all(|one| one.webhook != fifth.webhook));
    let again = claim(&store, after(DELIVERY_LEASE)).await.expect("another hand");
    assert!(
        claimed.iter().any(|one| (one.webhook, one.event) == (again.webhook, again.event) && one.epoch < again.epoch)
    );
    let late = claimed.iter().find(|one| (one.webhook, one.event) == (again.webhook, again.event)).expect("the first");
    assert!(!end(&store, late, DELIVERED).await, "the first hand comes too late");
    assert!(end(&store, &again, DELIVERED).await);
}

pub(crate) async fn what_is_given_up_too_often_is_counted(store: Store) {
    let hook = webhook(&store, 1, &[EventKind::QualityCompleted]);
    assert!(insert(&store, &hook).await);
    enqueue(&store, 1).await;
    let first = claim(&store, NOW).await.expect("an event");
    assert_eq!(
        (first.attempt, first.url.as_str(), first.body.as_str()),
        (1, "https://example.org/1", "{\"number\":1}")
    );
    let given_back = transaction!(store.db, |tx| deliveries::give_back(tx, &first, NOW).await);
    assert!(given_back.expect("answers"));
    let first = claim(&store, NOW).await.expect("the same");
    assert_eq!(first.attempt, 1, "what was given back does not count");
    let later = after(DELIVERY_LEASE);
    let waits = Ended { state: DeliveryState::Waiting, status: Some(500), retry_at: Some(later) };
    assert!(end(&store, &first, waits).await);
    assert_eq!(claim(&store, NOW).await, None);
    let told = deliveries::list(&store.db, &store.ours, &hook.id, PAGE).await.expect("reads").items;
    assert_eq!((told[0].status, told[0].next_at, told[0].finished_at), (Some(500), Some(later), None));
    assert_eq!(claim(&store, later).await.expect("again").attempt, 2);

    let missed =
        async || transaction!(store.db, |tx| webhooks::missed(tx, &store.ours, &hook.id).await).expect("answers");
    assert_eq!((missed().await, missed().await), (1, 2));
    transaction!(store.db, |tx| webhooks::heard(tx, &store.ours, &hook.id).await).expect("answers");
    assert_eq!(missed().await, 1);
}

pub(crate) async fn the_record_of_a_webhook_is_bounded(store: Store) {
    let hook = webhook(&store, 1, &[EventKind::QualityCompleted]);
    assert!(insert(&store, &hook).await);
    let (webhook, project) = (hook.id, store.ours);
    let rows: Vec<_> = (0..1_005).map(|number| format!(
        "('{webhook}', '{project}', 'ev{number:022}', 'video.encoding.quality.completed', '', '{}', 1, 0, 1, 0)",
        if number == 0 { "waiting" } else { "delivered" }
    )).collect();
    let insert = "INSERT INTO deliveries (webhook_id, project_id, event_id, event, body, state, attempt, claimable_at, lease_epoch, created_at) VALUES ";
    store.raw(&format!("{insert}{}", rows.join(", "))).await;
    let swept = transaction!(store.db, |tx| deliveries::sweep(tx, &store.ours, &hook.id).await);
    assert_eq!(swept.expect("answers"), 4, "the oldest that are over");
    let total = deliveries::list(&store.db, &store.ours, &hook.id, PAGE).await.expect("reads").total;
    assert_eq!(total, 1_001, "a thousand, and what still waits");
}

pub(crate) async fn a_deleted_webhook_takes_what_waits_with_it(store: Store) {
    let hook = webhook(&store, 1, &[EventKind::QualityCompleted]);
    assert!(insert(&store, &hook).await);
    enqueue(&store, 1).await;
    enqueue(&store, 2).await;
    let under_way = claim(&store, NOW).await.expect("an event");
    assert!(transaction!(store.db, |tx| webhooks::delete(tx, &store.ours, &hook.id).await).expect("answers"));
    assert!(!end(&store, &under_way, DELIVERED).await);
    assert_eq!((claim(&store, NOW).await, states(&store, &hook).await), (None, vec![]));
}
