//! Pictures to burn into films.

use std::time::Duration;

use admit_db::{DbError, Paging, transaction, videos::Order, watermarks};
use admit_domain::watermark::Watermark;

use crate::{
    making::{NOW, after, watermark_id},
    store::Store,
};

pub(crate) async fn watermarks_are_kept_listed_and_forgotten(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let made = |number: u64| {
        let created_at = if number == 3 { after(Duration::from_secs(1)) } else { NOW };
        Watermark { id: watermark_id(number), project: *ours, created_at }
    };
    for number in 1..=3 {
        transaction!(db, |tx| watermarks::insert(tx, &made(number)).await).expect("stored");
    }
    let again = transaction!(db, |tx| watermarks::insert(tx, &made(1)).await);
    assert!(matches!(again, Err(DbError::Conflict)), "{again:?}");
    assert_eq!(watermarks::get(db, ours, &watermark_id(2)).await.expect("reads"), Some(made(2)));
    let list = async |order, page| {
        let found = watermarks::list(db, ours, order, Paging { page, size: 2 }).await.expect("reads");
        assert_eq!(found.total, 3);
        found.items
    };
    assert_eq!(list(Order::Ascending, 1).await, [made(1), made(2)]);
    assert_eq!(list(Order::Ascending, 2).await, [made(3)]);
    assert_eq!(list(Order::Descending, 1).await, [made(3), made(2)]);
    let delete = async || transaction!(db, |tx| watermarks::delete(tx, ours, &watermark_id(2)).await).expect("answers");
    assert!(delete().await && !delete().await);
    assert_eq!(watermarks::get(db, ours, &watermark_id(2)).await.expect("reads"), None);
}
