//! Sources that arrive in parts.

use admit_db::{DbError, jobs, transaction, uploads, videos};
use admit_domain::{
    job::Work,
    object_key::Edition,
    upload::{Progress, StoredPart, Total},
    video::Ingest,
};
use tokio::task::JoinSet;

use crate::{
    making::{NOW, job, stored_video},
    store::Store,
};

fn part(number: u32) -> StoredPart {
    StoredPart {
        place: number.into(),
        bytes: u64::from(number) << 32,
        sha256: format!("{number}"),
        edition: Edition(7),
    }
}

pub(crate) async fn parts_are_recorded_once(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let film = stored_video(&store, 1).await.id;
    assert_eq!(uploads::progress(db, ours, &film).await.expect("reads"), Progress::default());
    let add = async |stored: StoredPart, total| {
        transaction!(db, |tx| uploads::insert_part(tx, ours, &film, &stored, Total::Parts(total)).await)
            .expect("answers")
    };
    assert!(add(part(3), None).await);
    assert!(add(part(1), Some(3)).await);
    assert!(!add(StoredPart { sha256: "other".into(), ..part(1) }, Some(3)).await, "that number is taken");
    assert!(!add(part(2), Some(4)).await, "another total was announced");
    assert!(add(part(2), None).await);
    let expected = Progress { total: Total::Parts(Some(3)), parts: vec![part(1), part(2), part(3)] };
    assert_eq!(uploads::progress(db, ours, &film).await.expect("reads"), expected);
    let in_tx = transaction!(db, |tx| uploads::progress_in(tx, ours, &film).await).expect("reads");
    assert_eq!(in_tx, expected);

    let announce =
        async |total| transaction!(db, |tx| uploads::set_total(tx, ours, &film, total).await).expect("answers");
    assert!(announce(Total::Parts(Some(3))).await && announce(Total::Parts(None)).await);
    assert!(!announce(Total::Parts(Some(2))).await && !announce(Total::Bytes(3)).await);
    transaction!(db, |tx| uploads::delete(tx, ours, &film).await).expect("deletes");
    assert_eq!(uploads::progress(db, ours, &film).await.expect("reads"), Progress::default());
}

/// An upload by byte ranges has one total from its first piece on.
pub(crate) async fn byte_ranges_are_recorded_under_their_first_byte(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let film = stored_video(&store, 1).await.id;
    let far = StoredPart { place: 52_428_799_999, ..part(1) };
    let add = async |stored: StoredPart, total| {
        transaction!(db, |tx| uploads::insert_part(tx, ours, &film, &stored, total).await).expect("answers")
    };
    assert!(add(far.clone(), Total::Bytes(52_428_800_000)).await);
    assert!(!add(part(2), Total::Bytes(52_428_799_999)).await, "another total");
    assert!(!add(part(2), Total::Parts(None)).await, "the other grammar");
    assert!(add(StoredPart { place: 0, ..part(2) }, Total::Bytes(52_428_800_000)).await);
    let known = uploads::progress(db, ours, &film).await.expect("reads");
    let parts = vec![StoredPart { place: 0, ..part(2) }, far];
    assert_eq!(known, Progress { total: Total::Bytes(52_428_800_000), parts });
}

/// Sixteen parts come at once; whoever finds the upload complete moves the video on and queues the work.
pub(crate) async fn one_of_many_last_parts_sees_the_upload_complete(store: Store) {
    let film = stored_video(&store, 1).await.id;
    let mut senders = JoinSet::new();
    for number in 1..=16 {
        let (db, ours) = (store.db.clone(), store.ours);
        senders.spawn(async move {
            transaction!(db, |tx| {
                if !uploads::insert_part(tx, &ours, &film, &part(number), Total::Parts(Some(16))).await? {
                    return Err(DbError::Conflict);
                }
                if !uploads::progress_in(tx, &ours, &film).await?.is_complete() {
                    return Ok(0);
                }
                let moved = videos::move_ingest(tx, &ours, &film, Ingest::Empty, Ingest::Uploaded, NOW).await?;
                let queued = jobs::insert(tx, &job(&ours, 1, Work::Ingest), NOW).await?;
                assert!(moved && queued);
                Ok(1)
            })
            .expect("a part is recorded")
        });
    }
    assert_eq!(senders.join_all().await.into_iter().sum::<u32>(), 1);
    assert_eq!(jobs::counts(&store.db, &store.ours).await.expect("counts").queued, 1);
}
