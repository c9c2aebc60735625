//! Sources that are fetched from elsewhere.

use admit_db::{imports, jobs, transaction};
use admit_domain::{
    job::Work,
    limits::{IMPORTS_PER_PROJECT_MAX, JOB_LEASE},
};

use crate::{
    making::{NOW, after, job, stored_video},
    store::Store,
};

pub(crate) async fn an_address_is_forgotten_and_the_import_is_not(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let film = stored_video(&store, 1).await.id;
    let read = async || imports::get(db, ours, &film).await.expect("reads").map(|import| import.url);
    assert_eq!(read().await, None);
    transaction!(db, |tx| imports::insert(tx, ours, &film, "https://example.org/?key=secret").await).expect("stored");
    assert_eq!(read().await, Some(Some("https://example.org/?key=secret".to_owned())));
    assert!(transaction!(db, |tx| imports::forget_address(tx, ours, &film).await).expect("answers"));
    assert_eq!(read().await, Some(None));
}

pub(crate) async fn a_project_imports_so_much_at_a_time(store: Store) {
    let most = u64::from(IMPORTS_PER_PROJECT_MAX);
    for number in 0..=most {
        let import = job(&store.ours, number, Work::Import);
        assert!(transaction!(store.db, |tx| jobs::insert(tx, &import, NOW).await).expect("queued"));
    }
    let claim = async |now| jobs::claim_import(&store.db, "import", now, JOB_LEASE).await.expect("answers");
    assert_eq!(
        jobs::claim(&store.db, "hand", NOW, JOB_LEASE).await.expect("answers"),
        None,
        "they have hands of their own"
    );
    let mut claimed = Vec::new();
    while let Some(lease) = claim(NOW).await {
        claimed.push(lease);
    }
    assert_eq!(claimed.len() as u64, most);
    assert!(transaction!(store.db, |tx| jobs::finish(tx, &claimed[0], NOW).await).expect("answers"));
    assert!(claim(NOW).await.is_some_and(|lease| lease.work == Work::Import));
    let other = job(&store.theirs, 99, Work::Import);
    assert!(transaction!(store.db, |tx| jobs::insert(tx, &other, NOW).await).expect("queued"));
    assert!(claim(NOW).await.is_some_and(|lease| lease.project == store.theirs), "another project has its own fill");
    assert!(claim(after(JOB_LEASE)).await.is_some(), "who was not heard of again holds no place");
}
