//! Who did what.

use admit_db::{
    Page, Paging,
    audit::{self, Event},
    transaction,
};

use crate::{making::NOW, store::Store};

/// All at one instant: what was written later is later.
pub(crate) async fn events_are_listed_latest_first(store: Store) {
    let event = |number: u32| Event {
        happened_at: NOW,
        actor: "an operator".into(),
        action: "test".into(),
        subject: format!("subject {number}"),
        detail: "\" \\ ü".into(),
    };
    for number in 1..=5 {
        transaction!(store.db, |tx| audit::insert(tx, &store.ours, &event(number)).await).expect("inserts");
    }
    for (page, expected) in [(1, vec![event(5), event(4)]), (3, vec![event(1)]), (4, vec![])] {
        let listed = audit::list(&store.db, &store.ours, Paging { page, size: 2 }).await.expect("lists");
        assert_eq!(listed, Page { items: expected, total: 5 });
    }
}
