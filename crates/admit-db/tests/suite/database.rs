//! Opening, transactions, and databases that are not fit or not there.

use std::{
    os::unix::fs::PermissionsExt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use admit_db::{Db, DbError, transaction, videos};
use admit_domain::video::Ingest;
use tokio::{sync::Barrier, task::JoinSet};

use crate::{
    making::{NOW, stored_video, video, video_id},
    store::{self, Store},
};

pub(crate) async fn what_was_not_committed_never_was(store: Store) {
    let db = &store.db;
    let film = video(&store.ours, 1);
    let undone: Result<(), DbError> = transaction!(db, |tx| {
        videos::insert(tx, &film).await?;
        Err(DbError::Conflict)
    });
    assert!(matches!(undone, Err(DbError::Conflict)));
    let mut dropped = db.begin().await.expect("begins");
    videos::insert(&mut dropped, &film).await.expect("inserts");
    drop(dropped);
    assert_eq!(videos::get(db, &store.ours, &film.id).await.expect("reads"), None);

    transaction!(db, |tx| videos::insert(tx, &film).await).expect("the database still works");
    let twice = transaction!(db, |tx| videos::insert(tx, &film).await);
    assert!(matches!(twice, Err(DbError::Conflict)), "{twice:?}");
}

pub(crate) async fn it_opens_twice_and_answers(store: Store) {
    let film = stored_video(&store, 1).await;
    store.db.check().await.expect("answers");
    let again = Db::open(&store.url).await.expect("opens again");
    assert_eq!(videos::get(&again, &store.ours, &film.id).await.expect("reads"), Some(film));
    again.close().await;
    let closed = again.check().await;
    assert!(matches!(closed, Err(DbError::Unavailable(_))), "{closed:?}");
    store.db.check().await.expect("answers still");
}

/// It holds who watched what: nobody but the server's own account reads it.
#[tokio::test]
async fn the_file_is_its_owners_alone() {
    store::on_sqlite(async |store: Store| {
        let path = store.url.strip_prefix("sqlite://").expect("a path");
        for name in [path.to_owned(), format!("{path}-wal"), format!("{path}-shm")] {
            let mode = std::fs::metadata(&name).expect(&name).permissions().mode();
            assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_may_open_a_new_file_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().expect("a folder");
        open_at_once(&format!("sqlite://{}", folder.path().join("admit.db").display())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_may_open_a_new_database_at_once() {
    let Some(server) = store::postgres_server() else { return };
    let name = store::fresh_name();
    store::run(&server, &format!("CREATE DATABASE {name}")).await;
    open_at_once(&store::in_database(&server, &name)).await;
    store::run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn open_at_once(url: &str) {
    let mut opening = JoinSet::new();
    for _ in 0..6 {
        let url = url.to_owned();
        opening.spawn(async move { Db::open(&url).await });
    }
    for opened in opening.join_all().await {
        opened.expect("opens").close().await;
    }
}

#[tokio::test]
async fn an_unknown_scheme_is_refused() {
    let opened = Db::open("mysql://localhost/admit").await;
    assert!(matches!(opened, Err(DbError::UnknownScheme)));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let opened = Db::open("postgres://nobody@127.0.0.1:1/admit").await;
    assert!(matches!(opened, Err(DbError::Unavailable(_))), "{opened:?}");
}

#[tokio::test]
async fn a_file_that_was_replaced_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("admit.db");
    let db = Db::open(&format!("sqlite://{}", path.display())).await.expect("opens");
    db.check().await.expect("the file is there");
    std::fs::rename(&path, folder.path().join("old.db")).expect("renames");
    assert!(matches!(db.check().await, Err(DbError::Replaced)));
    std::fs::write(&path, b"a backup").expect("writes");
    assert!(matches!(db.check().await, Err(DbError::Replaced)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_of_another_process_is_waited_for_but_not_for_ever() {
    store::on_sqlite(async |store: Store| {
        let other = Db::open(&store.url).await.expect("opens");
        let held = other.begin().await.expect("holds the file");
        let refused = transaction!(store.db, |tx| videos::hold(tx, &store.ours, &video_id(1)).await);
        assert!(matches!(refused, Err(DbError::Unavailable(_))), "{refused:?}");
        let mut waiting = JoinSet::new();
        let db = store.db.clone();
        waiting.spawn(async move { transaction!(db, |tx| videos::hold(tx, &store.ours, &video_id(1)).await) });
        // sleep: long enough that a caller who did not wait would have been refused by now
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(held);
        let waited = waiting.join_next().await.expect("one").expect("joins");
        assert_eq!(waited.expect("gets its turn"), None);
        other.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_does_not_wait_for_the_disk_is_refused() {
    let Some(server) = store::postgres_server() else { return };
    let name = store::fresh_name();
    store::run(&server, &format!("CREATE DATABASE {name}")).await;
    store::run(&server, &format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
    match Db::open(&store::in_database(&server, &name)).await {
        Err(DbError::Unsafe { setting, found }) => assert_eq!((setting, found.as_str()), ("synchronous_commit", "off")),
        other => panic!("{other:?}"),
    }
    store::run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

/// Two transactions take the same two rows crosswise; the database undoes one, and it is done again.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_is_survived() {
    store::on_postgres(async |store: Store| {
        let films = [stored_video(&store, 1).await.id, stored_video(&store, 2).await.id];
        let (meet, attempts) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
        let mut tasks = JoinSet::new();
        for order in [[films[0], films[1]], [films[1], films[0]]] {
            let (db, project) = (store.db.clone(), store.ours);
            let (meet, attempts) = (Arc::clone(&meet), Arc::clone(&attempts));
            tasks.spawn(async move {
                transaction!(db, |tx| {
                    videos::set_ingest(tx, &project, &order[0], Ingest::Uploading, None, NOW).await?;
                    if attempts.fetch_add(1, Ordering::SeqCst) < 2 {
                        meet.wait().await;
                    }
                    videos::set_ingest(tx, &project, &order[1], Ingest::Uploading, None, NOW).await
                })
            });
        }
        for outcome in tasks.join_all().await {
            assert!(outcome.expect("both succeed"));
        }
        assert_eq!(attempts.load(Ordering::SeqCst), 3, "one was begun again");
    })
    .await;
}
