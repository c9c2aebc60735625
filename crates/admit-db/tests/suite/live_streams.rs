//! Live streams as records.

use std::time::Duration;

use admit_db::{
    Paging,
    live_streams::{self, Filter},
    players::SortBy,
    transaction,
    videos::Order,
};
use admit_domain::{
    live_stream::{LiveDescription, LiveStream},
    object_key::Edition,
    video::Visibility,
};

use crate::{
    making::{after, fingerprint, live_id, live_stream, player_id},
    store::Store,
};

async fn stored(store: &Store, live: &LiveStream) {
    let key = fingerprint(&live.about.name);
    transaction!(store.db, |tx| live_streams::insert(tx, live, &key).await).expect("stored");
}

pub(crate) async fn a_live_stream_is_kept_changed_and_forgotten(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let made = live_stream(ours, 1);
    stored(&store, &made).await;
    let read = async || live_streams::get(db, ours, &made.id).await.expect("reads");
    assert_eq!(read().await, Some(made.clone()));
    assert_eq!(live_streams::thumbnail(db, &made.id).await.expect("reads"), Some((Visibility::Private, None)));

    let later = after(Duration::from_secs(1));
    let about = LiveDescription {
        name: "another".into(),
        visibility: Visibility::Public,
        player_id: Some(player_id(1)),
        restreams: Vec::new(),
    };
    let changed = transaction!(db, |tx| Ok((
        live_streams::update_about(tx, ours, &made.id, &about, later).await?,
        live_streams::set_thumbnail(tx, ours, &made.id, Some(Edition(3)), later).await?,
        live_streams::hold(tx, ours, &made.id).await?,
    )));
    let expected = LiveStream { about, thumbnail: Some(Edition(3)), updated_at: later, ..made.clone() };
    assert_eq!(changed.expect("changed"), (true, true, Some(expected)));
    let shown = live_streams::thumbnail(db, &made.id).await.expect("reads");
    assert_eq!(shown, Some((Visibility::Public, Some(Edition(3)))));
    let delete = async || transaction!(db, |tx| live_streams::delete(tx, ours, &made.id).await).expect("answers");
    assert!(delete().await && !delete().await);
    assert_eq!((read().await, live_streams::thumbnail(db, &made.id).await.expect("reads")), (None, None));
}

pub(crate) async fn live_streams_are_filtered_and_sorted(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    for (number, name) in [(1, "b 100%"), (2, "A"), (3, "B_c")] {
        let mut made = live_stream(ours, number);
        made.about.name = name.into();
        made.updated_at = after(Duration::from_secs(10 - number));
        stored(&store, &made).await;
    }
    let list = async |filter: Filter, by, order| {
        let found = live_streams::list(db, ours, &filter, (by, order), Paging { page: 1, size: 100 }).await;
        let found = found.expect("reads");
        assert_eq!(found.total, found.items.len() as u64);
        found.items.iter().map(|live| live.id).collect::<Vec<_>>()
    };
    let all = Filter::default;
    let named = |name: &str| Filter { name: Some(name.into()), ..Filter::default() };
    assert_eq!(list(all(), SortBy::Name, Order::Ascending).await, [2, 1, 3].map(live_id));
    assert_eq!(list(all(), SortBy::Name, Order::Descending).await, [3, 1, 2].map(live_id));
    assert_eq!(list(all(), SortBy::CreatedAt, Order::Ascending).await, [1, 2, 3].map(live_id));
    assert_eq!(list(all(), SortBy::UpdatedAt, Order::Descending).await, [1, 2, 3].map(live_id));
    assert_eq!(list(named("B"), SortBy::Name, Order::Ascending).await, [1, 3].map(live_id));
    assert_eq!(list(named("%"), SortBy::Name, Order::Ascending).await, [1].map(live_id));
    let keyed = |key: &str| Filter { stream_key: Some(fingerprint(key)), ..Filter::default() };
    assert_eq!(list(keyed("A"), SortBy::Name, Order::Ascending).await, [2].map(live_id));
    assert_eq!(list(keyed("a"), SortBy::Name, Order::Ascending).await, []);
}
