//! The desk where redeems wait for one commit.

use std::{collections::HashMap, sync::Arc};

use admit_db::{DbError, Paging, desk::RedeemDesk, sessions, transaction};
use admit_domain::{
    limits::{REDEEM_BATCH_MAX, REDEEM_QUEUE_MAX},
    session::{Redeemed, Session, Span},
};
use tokio::task::JoinSet;

use crate::{
    making::{NOW, redeem},
    store::{self, Store},
};

const EVERYTHING: Paging = Paging { page: 1, size: 10_000 };

async fn sessions_opened(store: &Store) -> usize {
    let page = sessions::list(&store.db, &store.ours, &sessions::Filter::default(), EVERYTHING).await.expect("lists");
    assert_eq!(page.items.len() as u64, page.total);
    page.items.len()
}

/// 64 viewers each want all of 50 credentials: each credential lets exactly one of them in.
pub(crate) async fn of_many_redeems_of_a_credential_one_wins(store: Store) {
    let desk = Arc::new(RedeemDesk::open(store.db.clone()));
    let mut viewers = JoinSet::new();
    for viewer in 0..64 {
        let (desk, project) = (Arc::clone(&desk), store.ours);
        viewers.spawn(async move {
            let mut won = Vec::new();
            for turn in 0..50 {
                let credential = (turn + viewer) % 50;
                match desk.redeem(redeem(&project, credential, viewer), NOW).await.expect("answers") {
                    Redeemed::Session { .. } => won.push(credential),
                    Redeemed::Spent | Redeemed::Cut => {}
                }
            }
            won
        });
    }
    let mut winners = HashMap::new();
    for credential in viewers.join_all().await.concat() {
        *winners.entry(credential).or_insert(0) += 1;
    }
    assert_eq!(winners, (0..50).map(|credential| (credential, 1)).collect());
    assert_eq!(sessions_opened(&store).await, 50);
    desk.close().await;
}

pub(crate) async fn the_same_nonce_gets_the_same_session(store: Store) {
    let desk = Arc::new(RedeemDesk::open(store.db.clone()));
    let mut tries = JoinSet::new();
    for _ in 0..64 {
        let (desk, wish) = (Arc::clone(&desk), redeem(&store.ours, 1, 1));
        tries.spawn(async move { desk.redeem(wish, NOW).await.expect("answers") });
    }
    let Session { created_at: begun_at, ends_at, .. } = redeem(&store.ours, 1, 1).session;
    let same = Redeemed::Session(Span { begun_at, ends_at });
    assert!(tries.join_all().await.into_iter().all(|redeemed| redeemed == same));
    assert_eq!(sessions_opened(&store).await, 1);
    desk.close().await;
}

pub(crate) async fn a_batch_that_fails_claims_nothing(store: Store) {
    let desk = Arc::new(RedeemDesk::open(store.db.clone()));
    store.raw("ALTER TABLE audit RENAME TO audit_away").await;
    let mut tries = JoinSet::new();
    for credential in 0..20 {
        let (desk, wish) = (Arc::clone(&desk), redeem(&store.ours, credential, 1));
        tries.spawn(async move { desk.redeem(wish, NOW).await });
    }
    for answer in tries.join_all().await {
        assert!(matches!(answer, Err(DbError::Refused(_))), "{answer:?}");
    }
    assert_eq!(sessions_opened(&store).await, 0);
    store.raw("ALTER TABLE audit_away RENAME TO audit").await;
    for credential in 0..20 {
        let redeemed = desk.redeem(redeem(&store.ours, credential, 2), NOW).await.expect("answers");
        assert!(matches!(redeemed, Redeemed::Session { .. }), "nothing was spent by the failure");
    }
    desk.close().await;
}

pub(crate) async fn closing_answers_all_who_wait(store: Store) {
    let desk = Arc::new(RedeemDesk::open(store.db.clone()));
    let mut tries = JoinSet::new();
    for credential in 0..500 {
        let (desk, wish) = (Arc::clone(&desk), redeem(&store.ours, credential, 1));
        tries.spawn(async move { desk.redeem(wish, NOW).await });
    }
    tokio::task::yield_now().await;
    desk.close().await;
    let answers = tries.join_all().await;
    let granted = answers.iter().filter(|answer| matches!(answer, Ok(Redeemed::Session { .. }))).count();
    let refused = answers.iter().filter(|answer| matches!(answer, Err(DbError::Overloaded))).count();
    assert_eq!(granted + refused, 500);
    assert_eq!(sessions_opened(&store).await, granted, "who was refused has spent nothing");
    let late = desk.redeem(redeem(&store.ours, 1_000, 1), NOW).await;
    assert!(matches!(late, Err(DbError::Overloaded)));
    desk.close().await;
}

/// While another writer holds the file, only so many may wait; the rest are told at once to come again.
#[tokio::test(flavor = "multi_thread")]
async fn the_queue_has_an_end() {
    store::on_sqlite(async |store: Store| {
        let desk = Arc::new(RedeemDesk::open(store.db.clone()));
        let held = store.db.begin().await.expect("holds the writer");
        let mut tries = JoinSet::new();
        for credential in 0..2 * (REDEEM_QUEUE_MAX + REDEEM_BATCH_MAX) as u64 {
            let (desk, wish) = (Arc::clone(&desk), redeem(&store.ours, credential, 1));
            tries.spawn(async move { desk.redeem(wish, NOW).await });
        }
        let first = tries.join_next().await.expect("one").expect("joins");
        assert!(matches!(first, Err(DbError::Overloaded)), "{first:?}");
        drop(held);
        let granted = tries.join_all().await.iter().filter(|answer| answer.is_ok()).count();
        assert!((REDEEM_QUEUE_MAX..2 * (REDEEM_QUEUE_MAX + REDEEM_BATCH_MAX)).contains(&granted), "{granted}");
        assert_eq!(sessions_opened(&store).await, granted);
        desk.close().await;
        transaction!(store.db, |_tx| Ok(())).expect("the writer is free");
    })
    .await;
}
