//! Captions and chapters beside their video.

use admit_db::{Paging, timed_texts, transaction, videos};
use admit_domain::{
    object_key::Edition,
    timed_text::{TextKind, TimedText},
};

use crate::{making::stored_video, store::Store};

fn text(kind: TextKind, language: &str, edition: i64, is_default: bool) -> TimedText {
    TimedText { kind, language: language.parse().expect("a language"), edition: Edition(edition), is_default }
}

pub(crate) async fn a_language_is_the_same_in_any_case(store: Store) {
    use TextKind::{Captions, Chapters};
    let (db, ours) = (&store.db, &store.ours);
    let film = stored_video(&store, 1).await.id;
    let put = async |new: TimedText| {
        transaction!(db, |tx| timed_texts::put(tx, ours, &film, &new).await).expect("stored");
    };
    for new in [text(Captions, "fr-BE", 1, true), text(Captions, "en", 2, false), text(Chapters, "fr-BE", 3, false)] {
        put(new).await;
    }
    put(text(Captions, "FR-be", 4, true)).await;
    let again = text(Captions, "FR-be", 4, true);
    let found = timed_texts::get(db, ours, &film, Captions, &text(Captions, "fr-be", 0, false).language).await;
    assert_eq!(found.expect("reads"), Some(again));
    let list = async |kind, page| {
        let found = timed_texts::list(db, ours, &film, kind, Paging { page, size: 1 }).await.expect("reads");
        (found.items, found.total)
    };
    assert_eq!(list(Captions, 1).await, (vec![text(Captions, "en", 2, false)], 2));
    assert_eq!(list(Captions, 2).await, (vec![again], 2));
    assert_eq!(list(Chapters, 1).await, (vec![text(Chapters, "fr-BE", 3, false)], 1));
    let counts = transaction!(db, |tx| Ok((
        timed_texts::count(tx, ours, &film, Captions).await?,
        timed_texts::get_in(tx, ours, &film, Captions, &again.language).await?
    )));
    assert_eq!(counts.expect("reads"), (2, Some(again)));

    transaction!(db, |tx| timed_texts::clear_default(tx, ours, &film, Captions).await).expect("changed");
    assert_eq!(list(Captions, 2).await.0, [text(Captions, "FR-be", 4, false)]);
    let delete = async |language: &str| {
        let language = text(Captions, language, 0, false).language;
        transaction!(db, |tx| timed_texts::delete(tx, ours, &film, Captions, &language).await).expect("answers")
    };
    assert!(delete("fr-be").await && !delete("fr-BE").await);
    assert_eq!((list(Captions, 1).await.1, list(Chapters, 1).await.1), (1, 1));
}

pub(crate) async fn what_an_edge_is_told_has_all_texts(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let (film, other) = (stored_video(&store, 1).await.id, stored_video(&store, 2).await.id);
    let texts = [
        text(TextKind::Captions, "en", 1, false),
        text(TextKind::Captions, "fr", 2, true),
        text(TextKind::Chapters, "en", 3, false),
    ];
    for new in texts.iter().rev() {
        transaction!(db, |tx| timed_texts::put(tx, ours, &film, new).await).expect("stored");
    }
    let told = async |video| videos::published(db, &video).await.expect("reads").expect("a video").texts;
    assert_eq!(told(film).await, texts);
    assert_eq!(told(other).await, []);
    assert!(transaction!(db, |tx| videos::delete(tx, ours, &film).await).expect("answers"));
    let left = timed_texts::list(db, ours, &film, TextKind::Captions, Paging { page: 1, size: 1 }).await;
    assert_eq!(left.expect("reads").total, 0, "they go with their video");
}
