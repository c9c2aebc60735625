//! The queue of work.

use std::{collections::HashSet, time::Duration};

use admit_db::{
    DbError,
    jobs::{self, Counts},
    transaction, videos,
};
use admit_domain::{
    job::{Lease, NewJob, Work},
    ladder::Quality,
    limits::{JOB_ATTEMPTS_MAX, JOB_LEASE},
    object_key::Edition,
    time::Timestamp,
};
use tokio::task::JoinSet;

use crate::{
    making::{NOW, after, job, job_id, stored_video},
    store::Store,
};

async fn queue(store: &Store, job: &NewJob) -> bool {
    transaction!(store.db, |tx| jobs::insert(tx, job, NOW).await).expect("answers")
}

async fn claim(store: &Store, now: Timestamp) -> Option<Lease> {
    jobs::claim(&store.db, "worker", now, JOB_LEASE).await.expect("answers")
}

async fn finish(store: &Store, lease: &Lease) -> bool {
    transaction!(store.db, |tx| jobs::finish(tx, lease, NOW).await).expect("answers")
}

async fn counts(store: &Store) -> Counts {
    jobs::counts(&store.db, &store.ours).await.expect("counts")
}

pub(crate) async fn eight_workers_claim_every_job_once(store: Store) {
    for number in 0..40 {
        assert!(queue(&store, &job(&store.ours, number, Work::Ingest)).await);
    }
    let mut workers = JoinSet::new();
    for worker in 0..8 {
        let db = store.db.clone();
        workers.spawn(async move {
            let (mut mine, mut nothing) = (Vec::new(), 0);
            while nothing < 3 {
                match jobs::claim(&db, &format!("worker {worker}"), NOW, JOB_LEASE).await.expect("answers") {
                    Some(lease) => mine.push(lease),
                    None => nothing += 1,
                }
            }
            mine
        });
    }
    let claimed = workers.join_all().await.concat();
    assert_eq!(claimed.len(), 40);
    assert_eq!(claimed.iter().map(|lease| lease.id).collect::<HashSet<_>>().len(), 40);
    assert!(claimed.iter().all(|lease| (lease.attempt, lease.epoch) == (1, 1)));
    assert_eq!(counts(&store).await, Counts { leased: 40, ..Counts::default() });
}

pub(crate) async fn the_first_in_line_is_claimed_first(store: Store) {
    let late = Work::Rung(Quality::P1080);
    for (number, work, priority) in [(5, late, 7), (9, Work::Ingest, 0), (2, Work::Mp4, 7), (7, Work::Pictures, 0)] {
        assert!(queue(&store, &NewJob { priority, ..job(&store.ours, number, work) }).await);
    }
    let mut order = Vec::new();
    while let Some(lease) = claim(&store, NOW).await {
        order.push((lease.id, lease.work));
    }
    let expected = [(9, Work::Ingest), (7, Work::Pictures), (5, late), (2, Work::Mp4)];
    assert_eq!(order, expected.map(|(number, work)| (job_id(number), work)));
}

pub(crate) async fn the_same_work_is_not_queued_twice(store: Store) {
    let first = job(&store.ours, 1, Work::Ingest);
    let same = NewJob { id: job_id(2), ..first };
    let other = NewJob { id: job_id(3), work: Work::Rung(Quality::P480), ..first };
    let another = NewJob { id: job_id(4), work: Work::Rung(Quality::P720), ..first };
    assert!(queue(&store, &first).await);
    assert!(!queue(&store, &same).await, "it waits already");
    assert!(queue(&store, &other).await);
    assert!(queue(&store, &another).await);
    let lease = claim(&store, NOW).await.expect("the first");
    assert!(!queue(&store, &same).await, "it is being worked on");
    assert!(finish(&store, &lease).await);
    assert!(queue(&store, &same).await, "it was done, and there is new work of the kind");
}

/// The worker that stalled wakes up when another has its job: whatever it tries is refused, and what it wanted
/// to publish is undone with it.
pub(crate) async fn a_worker_that_lost_its_lease_changes_nothing(store: Store) {
    let film = stored_video(&store, 1).await.id;
    queue(&store, &job(&store.ours, 1, Work::Ingest)).await;
    let zombie = claim(&store, NOW).await.expect("a job");
    assert_eq!(
        claim(&store, after(JOB_LEASE.saturating_sub(Duration::from_millis(1)))).await,
        None,
        "the lease still holds"
    );
    let heir = claim(&store, after(JOB_LEASE)).await.expect("the lease has run out");
    assert_eq!((heir.id, heir.attempt, heir.epoch), (zombie.id, 2, 2));

    let publish = async |lease: &Lease, edition| {
        transaction!(store.db, |tx| {
            videos::publish_presentation(tx, &store.ours, &film, None, Edition(edition), NOW).await?;
            if jobs::finish(tx, lease, NOW).await? { Ok(()) } else { Err(DbError::Conflict) }
        })
    };
    assert!(matches!(publish(&zombie, 1).await, Err(DbError::Conflict)));
    assert!(!jobs::renew(&store.db, &zombie, after(2 * JOB_LEASE)).await.expect("answers"));
    let tries = transaction!(store.db, |tx| {
        let held = jobs::hold(tx, &zombie).await?;
        let failed = jobs::fail(tx, &zombie, "late", None, NOW).await?;
        let given_back = jobs::give_back(tx, &zombie, NOW).await?;
        Ok([held, failed, given_back, jobs::hold(tx, &heir).await?])
    });
    assert_eq!(tries.expect("answers"), [false, false, false, true]);
    publish(&heir, 2).await.expect("the heir publishes");
    let shelf = videos::published(&store.db, &film).await.expect("reads").expect("is there").shelf;
    assert_eq!(shelf.presentation, Some(Edition(2)));
    assert!(!finish(&store, &heir).await, "once is enough");
    let late = transaction!(store.db, |tx| {
        let held = jobs::hold(tx, &heir).await?;
        Ok([held, jobs::fail(tx, &heir, "late", None, NOW).await?, jobs::give_back(tx, &heir, NOW).await?])
    });
    assert_eq!(late.expect("answers"), [false; 3], "what is done is in nobody's hands");
    assert!(!jobs::renew(&store.db, &heir, after(2 * JOB_LEASE)).await.expect("answers"));
    assert_eq!(counts(&store).await, Counts { done: 1, ..Counts::default() });
}

pub(crate) async fn a_renewed_lease_is_kept(store: Store) {
    queue(&store, &job(&store.ours, 1, Work::Purge)).await;
    let lease = claim(&store, NOW).await.expect("a job");
    assert!(jobs::renew(&store.db, &lease, after(2 * JOB_LEASE)).await.expect("answers"));
    assert_eq!(claim(&store, after(JOB_LEASE)).await, None);
    assert!(claim(&store, after(2 * JOB_LEASE)).await.is_some());
}

pub(crate) async fn what_was_given_back_is_as_if_it_had_waited(store: Store) {
    queue(&store, &job(&store.ours, 1, Work::First)).await;
    for epoch in 1..=i64::from(JOB_ATTEMPTS_MAX) + 1 {
        let lease = claim(&store, NOW).await.expect("it can be had at once");
        assert_eq!((lease.attempt, lease.epoch), (1, epoch), "the attempt does not count");
        let given_back = transaction!(store.db, |tx| jobs::give_back(tx, &lease, NOW).await);
        assert!(given_back.expect("answers"));
        assert!(!finish(&store, &lease).await, "it is in nobody's hands");
    }
    let lost = transaction!(store.db, |tx| jobs::give_up(tx, after(JOB_LEASE)).await);
    assert_eq!(lost.expect("answers"), [], "it was not tried often enough");
}

pub(crate) async fn what_failed_is_tried_again_but_not_for_ever(store: Store) {
    queue(&store, &job(&store.ours, 1, Work::Mp4)).await;
    let long = format!("{}ü", "x".repeat(2_047));
    let minute = |number: u32| after(Duration::from_mins(1) * number);
    for attempt in 1..=JOB_ATTEMPTS_MAX {
        let lease = claim(&store, minute(attempt)).await.expect("it is its time");
        assert_eq!((lease.attempt, lease.epoch), (attempt, i64::from(attempt)));
        let failed = transaction!(store.db, |tx| {
            jobs::fail(tx, &lease, &long, Some(minute(attempt + 1)), minute(attempt)).await
        });
        assert!(failed.expect("answers"));
        assert_eq!(claim(&store, minute(attempt)).await, None, "not yet");
    }
    let later = minute(JOB_ATTEMPTS_MAX + 1);
    assert_eq!(claim(&store, later).await, None, "often enough");
    let give_up = async || transaction!(store.db, |tx| jobs::give_up(tx, later).await).expect("answers");
    let lost = give_up().await;
    assert_eq!(lost.iter().map(|lease| (lease.id, lease.work)).collect::<Vec<_>>(), [(job_id(1), Work::Mp4)]);
    assert_eq!(give_up().await, []);

    queue(&store, &job(&store.ours, 2, Work::Mp4)).await;
    let lease = claim(&store, NOW).await.expect("a job");
    assert!(transaction!(store.db, |tx| jobs::fail(tx, &lease, "hopeless", None, NOW).await).expect("answers"));
    assert_eq!(claim(&store, later).await, None);
    assert_eq!(counts(&store).await, Counts { failed: 2, ..Counts::default() });
}

pub(crate) async fn what_was_cancelled_is_over(store: Store) {
    let running = job(&store.ours, 1, Work::Ingest);
    queue(&store, &running).await;
    let lease = claim(&store, NOW).await.expect("a job");
    queue(&store, &NewJob { id: job_id(2), work: Work::Mp4, ..running }).await;
    queue(&store, &job(&store.ours, 3, Work::Mp4)).await;
    let cancelled = transaction!(store.db, |tx| jobs::cancel(tx, &store.ours, &running.video, NOW).await);
    assert_eq!(cancelled.expect("cancels"), 2);
    assert!(!finish(&store, &lease).await);
    assert_eq!(counts(&store).await, Counts { cancelled: 2, queued: 1, ..Counts::default() });
    assert_eq!(claim(&store, after(JOB_LEASE)).await.map(|lease| lease.id), Some(job_id(3)));
}
