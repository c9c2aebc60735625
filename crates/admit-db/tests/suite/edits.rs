//! What is to be done to a film, and whose source it has.

use admit_db::{DbError, copies, edits, transaction};
use admit_domain::{
    edit::{Clip, Edit, Mark},
    placement::{Extent, Length, Opacity, Placement},
    timecode::Timecode,
};

use crate::{
    making::{stored_video, video_id, watermark_id},
    store::Store,
};

fn clip(start: &str, end: &str) -> Clip {
    Clip { start: Timecode::parse(start), end: Timecode::parse(end) }
}

pub(crate) fn marked() -> Edit {
    let place = Placement {
        top: Length::parse("0px"),
        left: Length::parse("12.5%"),
        bottom: Length::parse("8192px"),
        right: Length::parse("100%"),
        width: Extent::parse("initial"),
        height: Extent::parse("0.07%"),
        opacity: Opacity::parse("70%").expect("an opacity"),
    };
    Edit { clip: Some(clip("00:00:01:15", "00:01:02.007")), mark: Some(Mark { watermark: watermark_id(1), place }) }
}

pub(crate) async fn an_edit_is_kept_as_it_was_wished(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let bare = Edit { clip: None, mark: Some(Mark { watermark: watermark_id(1), place: Placement::default() }) };
    let all = [
        marked(),
        bare,
        Edit { clip: Some(clip("9999999", "")), mark: None },
        Edit { clip: Some(clip("", "3")), mark: None },
    ];
    for (number, edit) in (1..).zip(&all) {
        let video = stored_video(&store, number).await.id;
        assert_eq!(edits::get(db, ours, &video).await.expect("reads"), Edit::default());
        transaction!(db, |tx| edits::insert(tx, ours, &video, edit).await).expect("stored");
        assert_eq!(edits::get(db, ours, &video).await.expect("reads"), *edit);
    }
    let again = transaction!(db, |tx| edits::insert(tx, ours, &video_id(1), &all[2]).await);
    assert!(matches!(again, Err(DbError::Conflict)), "an edit is never changed: {again:?}");
}

pub(crate) async fn a_copy_is_one_whatever_becomes_of_the_other(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let (copy, other) = (stored_video(&store, 1).await.id, stored_video(&store, 2).await.id);
    transaction!(db, |tx| copies::insert(tx, ours, &copy, &other).await).expect("stored");
    transaction!(db, |tx| admit_db::videos::delete(tx, ours, &other).await).expect("deleted");
    assert!(copies::is_one(db, ours, &copy).await.expect("reads"));
    assert!(!copies::is_one(db, ours, &other).await.expect("reads"));
}
