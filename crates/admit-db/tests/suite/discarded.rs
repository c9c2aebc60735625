//! Videos that are away and can be had back, what waits for their end, and tags.

use std::time::Duration;

use admit_db::{
    Paging, jobs, transaction,
    videos::{self, Filter, Order, Sort, SortBy, Tag, TagSort},
};
use admit_domain::{
    job::Work,
    limits::JOB_LEASE,
    video::{Discarded, Video},
};

use crate::{
    making::{NOW, after, job, stored_video, video},
    store::Store,
};

const PAGE: Paging = Paging { page: 1, size: 10 };
const SORT: Sort = Sort { by: SortBy::CreatedAt, order: Order::Ascending };
const DAY: Duration = Duration::from_hours(24);

pub(crate) async fn a_discarded_video_is_in_one_list_alone(store: Store) {
    let (db, ours, theirs) = (&store.db, &store.ours, &store.theirs);
    let (film, other) = (stored_video(&store, 1).await, stored_video(&store, 2).await);
    let discard = async |project| {
        transaction!(db, |tx| videos::discard(tx, project, &film.id, NOW, after(DAY)).await).expect("answers")
    };
    assert!(!discard(theirs).await);
    assert!(discard(ours).await && !discard(ours).await, "once");
    let away = Video { discarded: Some(Discarded { at: NOW, deletes_at: after(DAY) }), ..film.clone() };
    let list = async |discarded| {
        let filter = Filter { discarded, ..Filter::default() };
        videos::list(db, ours, &filter, SORT, PAGE).await.expect("lists")
    };
    assert_eq!((list(true).await.items, list(true).await.total), (vec![away.clone()], 1));
    assert_eq!((list(false).await.items, list(false).await.total), (vec![other.clone()], 1));
    assert_eq!(videos::get(db, ours, &film.id).await.expect("reads"), None);
    assert_eq!(videos::get_discarded(db, ours, &film.id).await.expect("reads"), Some(away.clone()));
    assert_eq!(videos::get_discarded(db, ours, &other.id).await.expect("reads"), None);
    assert_eq!(videos::get_discarded(db, theirs, &film.id).await.expect("reads"), None);
    assert_eq!(videos::published(db, &film.id).await.expect("reads"), None, "no viewer sees it");
    assert!(videos::exists(db, &film.id).await.expect("reads"), "but it is there");
    let held = transaction!(db, |tx| videos::hold(tx, ours, &film.id).await).expect("reads");
    assert_eq!(held, Some(away));
    let restore = async |project| {
        transaction!(db, |tx| videos::restore(tx, project, &film.id, after(DAY)).await).expect("answers")
    };
    assert!(!restore(theirs).await);
    assert!(restore(ours).await && !restore(ours).await, "once");
    let back = Video { updated_at: after(DAY), ..film };
    assert_eq!(videos::get(db, ours, &back.id).await.expect("reads"), Some(back));
}

pub(crate) async fn work_waits_for_its_day_unless_it_is_called_off(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let purge = job(ours, 1, Work::Purge);
    let queue = async || transaction!(db, |tx| jobs::insert_for(tx, &purge, after(DAY), NOW).await).expect("queues");
    let claim = async |now| jobs::claim(db, "hand", now, JOB_LEASE).await.expect("claims");
    assert!(queue().await);
    assert_eq!(claim(after(DAY).minus(Duration::from_millis(1))).await, None);
    transaction!(db, |tx| jobs::call_off(tx, ours, &purge.video, Work::Ingest, NOW).await).expect("answers");
    assert!(!queue().await, "other work is not called off");
    transaction!(db, |tx| jobs::call_off(tx, ours, &purge.video, Work::Purge, NOW).await).expect("calls off");
    assert_eq!(claim(after(DAY)).await, None);

    let ingest = job(ours, 3, Work::Ingest);
    let (ingest, mine) = (admit_domain::job::NewJob { video: purge.video, ..ingest }, job(ours, 2, Work::Purge));
    let mine = admit_domain::job::NewJob { video: purge.video, ..mine };
    transaction!(db, |tx| jobs::insert(tx, &mine, NOW).await).expect("queues");
    let lease = claim(NOW).await.expect("there is work");
    transaction!(db, |tx| jobs::insert(tx, &ingest, NOW).await).expect("queues");
    let cancelled = transaction!(db, |tx| jobs::cancel_others(tx, &lease, NOW).await).expect("cancels");
    assert_eq!(cancelled, 1);
    assert!(transaction!(db, |tx| jobs::finish(tx, &lease, NOW).await).expect("finishes"), "but not its own");
    assert_eq!(claim(after(DAY)).await, None);
}

pub(crate) async fn tags_are_counted_by_video(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let tagged = async |number, tags: &[&str]| {
        let mut film = video(ours, number);
        film.about.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        transaction!(db, |tx| videos::insert(tx, &film).await).expect("stores");
        film
    };
    tagged(1, &["b", "\u{c9}t\u{e9}", "b"]).await;
    tagged(2, &["b", "C_%"]).await;
    let gone = tagged(3, &["away", "b"]).await;
    transaction!(db, |tx| videos::discard(tx, ours, &gone.id, NOW, NOW).await).expect("discards");
    let list = async |part: Option<&str>, by, order| {
        let page = videos::tags(db, ours, part, (by, order), PAGE).await.expect("lists");
        assert_eq!(page.total, page.items.len() as u64);
        page.items
    };
    let tag = |value: &str, videos| Tag { value: value.to_owned(), videos };
    let (b, summer, odd) = (tag("b", 2), tag("\u{c9}t\u{e9}", 1), tag("C_%", 1));
    let all = [b.clone(), odd.clone(), summer.clone()];
    assert_eq!(list(None, TagSort::Value, Order::Ascending).await, all);
    assert_eq!(list(None, TagSort::VideoCount, Order::Descending).await, all);
    assert_eq!(list(None, TagSort::VideoCount, Order::Ascending).await, [odd.clone(), summer.clone(), b]);
    for part in ["ET", "\u{e9}T", "e\u{301}te"] {
        assert_eq!(list(Some(part), TagSort::Value, Order::Ascending).await, std::slice::from_ref(&summer), "{part}");
    }
    assert_eq!(list(Some("_%"), TagSort::Value, Order::Descending).await, [odd]);
    let theirs = videos::tags(db, &store.theirs, None, (TagSort::Value, Order::Ascending), PAGE).await.expect("lists");
    assert_eq!((theirs.items, theirs.total), (vec![], 0));
}
