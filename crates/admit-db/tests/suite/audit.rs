//! Who did what.

use admit_db::{
    Page, Paging,
    audit::{self, Event, Filter},
    transaction,
};
use admit_domain::claims::Viewer;

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
        let listed =
            audit::list(&store.db, &store.ours, &Filter::default(), Paging { page, size: 2 }).await.expect("lists");
        assert_eq!(listed, Page { items: expected, total: 5 });
    }
    let viewed = Event { actor: "viewer ana".into(), action: "session.opened".into(), ..event(6) };
    transaction!(store.db, |tx| audit::insert(tx, &store.ours, &viewed).await).expect("inserts");
    let text = |text: &str| Some(text.to_owned());
    for (filter, expected) in [
        (Filter { viewer: Viewer::parse("ana"), ..Filter::default() }, vec![viewed.clone()]),
        (Filter { viewer: Viewer::parse("an"), ..Filter::default() }, vec![]),
        (Filter { action: text("session.opened"), ..Filter::default() }, vec![viewed.clone()]),
        (Filter { subject: text("subject 3"), ..Filter::default() }, vec![event(3)]),
        (Filter { subject: text("subject 3"), action: text("session.opened"), ..Filter::default() }, vec![]),
        (Filter { subject: text("subject 3\0"), ..Filter::default() }, vec![]),
    ] {
        let listed = audit::list(&store.db, &store.ours, &filter, Paging { page: 1, size: 9 }).await.expect("lists");
        let total = u64::try_from(expected.len()).unwrap_or_default();
        assert_eq!(listed, Page { items: expected, total }, "{filter:?}");
    }
}
