//! The numbered log.

use admit_db::{revocations, transaction};
use admit_domain::revocation::{Seq, Subject};
use tokio::task::JoinSet;

use crate::{
    making::{NOW, session_id, video_id},
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
                let subject = Subject::Session(session_id(writer * EACH + turn));
                let seq = transaction!(db, |tx| {
                    let seq = revocations::append(tx, &project, &subject, "a test", NOW).await?;
                    tokio::task::yield_now().await;
                    Ok(seq)
                });
                mine.push((seq.expect("appends"), subject));
            }
            mine
        });
    }
    let mut followed = Vec::new();
    let mut seen = Seq::default();
    while seen < Seq(i64::try_from(WRITERS * EACH).expect("small")) {
        for (seq, subject) in revocations::since(&store.db, seen, 7).await.expect("reads") {
            assert_eq!(seq, Seq(seen.0 + 1));
            seen = seq;
            followed.push((seq, subject));
        }
    }
    let mut written = writers.join_all().await.concat();
    written.sort_by_key(|(seq, _)| *seq);
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
