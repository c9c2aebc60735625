//! The numbered log.

use std::time::Duration;

use admit_db::{revocations, transaction};
use admit_domain::revocation::{Entry, Seq, Subject};
use tokio::task::JoinSet;

use crate::{
    making::{NOW, after, ended, session_id, video_id},
    store::Store,
};

/// Eight writers append while a reader follows: whatever the reader has seen, nothing smaller comes later.
pub(crate) async fn the_log_has_no_gaps_and_no_latecomers(store: Store) {
    const WRITERS: u64 = 8;
    const EACH: u64 = 25;
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (db, project) = (store.db.clone(), store.ours);
        writers.spawn(async move {
            let mut mine = Vec::new();
            for turn in 0..EACH {
                let subject = ended(session_id(writer * EACH + turn));
                let seq = transaction!(db, |tx| {
                    let seq = revocations::append(tx, &project, &subject, "a test", NOW).await?;
                    tokio::task::yield_now().await;
                    Ok(seq)
                });
                mine.push(Entry { seq: seq.expect("appends"), subject });
            }
            mine
        });
    }
    let mut followed = Vec::new();
    let mut seen = Seq::default();
    while seen < Seq(i64::try_from(WRITERS * EACH).expect("small")) {
        for entry in revocations::since(&store.db, seen, 7).await.expect("reads") {
            assert_eq!(entry.seq, seen.next());
            seen = entry.seq;
            followed.push(entry);
        }
    }
    let mut written = writers.join_all().await.concat();
    written.sort_by_key(|entry| entry.seq);
    assert_eq!(followed, written);
    assert_eq!(revocations::head(&store.db).await.expect("reads"), seen);

    let film = Subject::Video(video_id(1));
    let undone: admit_db::Result<()> = transaction!(store.db, |tx| {
        revocations::append(tx, &store.ours, &film, "undone", NOW).await?;
        Err(admit_db::DbError::Conflict)
    });
    assert!(undone.is_err());
    let next = transaction!(store.db, |tx| revocations::append(tx, &store.ours, &film, "done", NOW).await);
    assert_eq!(next.expect("appends"), Seq(seen.0 + 1), "what was undone leaves no hole");
}

/// Only what is over, only so much at a time, and the last number is never lost.
pub(crate) async fn what_says_nothing_any_more_is_deleted(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let later = after(Duration::from_hours(2));
    let access = Subject::VideoAccess { id: video_id(1), until: NOW };
    let last = transaction!(db, |tx| {
        revocations::append(tx, ours, &ended(session_id(1)), "over", NOW).await?;
        revocations::append(tx, ours, &Subject::Session { id: session_id(2), until: later }, "goes on", NOW).await?;
        revocations::append(tx, ours, &access, "stays", NOW).await?;
        revocations::changed(tx, ours, video_id(1), NOW).await?;
        revocations::append_all(tx, ours, &[], "nothing", NOW).await
    });
    assert_eq!(last.expect("appends"), Seq(4));
    let kept = async || {
        revocations::since(db, Seq(0), 9).await.expect("reads").iter().map(|entry| entry.seq.0).collect::<Vec<_>>()
    };
    let prune =
        async |before, limit| transaction!(db, |tx| revocations::prune(tx, before, limit).await).expect("prunes");
    assert_eq!(prune(NOW.minus(Duration::from_millis(1)), 9).await, 0);
    assert_eq!(prune(after(Duration::from_hours(1)), 1).await, 1);
    assert_eq!(kept().await, [2, 3, 4]);
    assert_eq!(prune(after(Duration::from_hours(1)), 9).await, 1);
    assert_eq!(kept().await, [2, 3]);
    assert_eq!(revocations::head(db).await.expect("reads"), Seq(4));
}
