//! Sessions as their owner sees them.

use std::time::Duration;

use admit_db::{
    Paging,
    desk::RedeemDesk,
    sessions::{self, Filter},
    transaction,
};
use admit_domain::revocation::Subject;

use crate::{
    making::{NOW, after, redeem, session_id, video_id},
    store::Store,
};

pub(crate) async fn are_listed_filtered_and_ended(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let desk = RedeemDesk::open(db.clone());
    let mut ids = Vec::new();
    for number in 1..=5 {
        let mut wish = redeem(ours, number, 1);
        wish.session.video = video_id(number % 2);
        wish.session.created_at = after(Duration::from_secs(number));
        wish.session.ends_at = after(Duration::from_secs(100 * number));
        ids.push(wish.session.id);
        desk.redeem(wish, NOW).await.expect("answers");
    }
    desk.close().await;
    let listed = async |filter: Filter, page, size| {
        let page = sessions::list(db, ours, &filter, Paging { page, size }).await.expect("lists");
        (page.items.iter().map(|session| session.id).collect::<Vec<_>>(), page.total)
    };
    let everything = Filter::default();
    assert_eq!(listed(everything.clone(), 1, 2).await, (vec![ids[4], ids[3]], 5));
    assert_eq!(listed(everything, 3, 2).await, (vec![ids[0]], 5));
    let even = Filter { video: Some(video_id(0)), ..Filter::default() };
    assert_eq!(listed(even, 1, 9).await, (vec![ids[3], ids[1]], 2));
    let active = Filter { active_at: Some(after(Duration::from_mins(5))), ..Filter::default() };
    assert_eq!(listed(active.clone(), 1, 9).await, (vec![ids[4], ids[3]], 2), "who ends at 300 s has ended");

    let end = async |id| transaction!(db, |tx| sessions::end(tx, ours, &id, after(Duration::from_secs(7))).await);
    let until = after(Duration::from_secs(500));
    assert_eq!(end(ids[4]).await.expect("ends"), Some(Subject::Session { id: ids[4], until }));
    assert_eq!(end(ids[4]).await.expect("answers"), None, "it was ended before");
    assert_eq!(end(session_id(99)).await.expect("answers"), None);
    assert_eq!(listed(active, 1, 9).await, (vec![ids[3]], 1));
    let ended = sessions::get(db, ours, &ids[4]).await.expect("reads").expect("is there");
    assert_eq!(ended.ended_at, Some(after(Duration::from_secs(7))));
    assert_eq!(sessions::get(db, ours, &session_id(99)).await.expect("reads"), None);
}
