//! Player themes are kept, sorted and taken from what had them.

use std::time::Duration;

use admit_db::{
    DbError, Paging,
    players::{self, SortBy},
    transaction,
    videos::{self, Order},
};
use admit_domain::{
    object_key::Edition,
    player::{Logo, Player, Screen, Theme},
    video::{Description, Video},
};

use crate::{
    making::{about, after, player, player_id, video},
    store::Store,
};

async fn stored(store: &Store, player: &Player) {
    transaction!(store.db, |tx| players::insert(tx, player).await).expect("stored");
}

pub(crate) async fn a_theme_comes_back_as_it_was_stored(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let mut made = player(ours, 1);
    made.theme = Theme {
        name: "Ünï \"quoted\"".into(),
        colours: std::array::from_fn(|part| format!("rgba({part}, 0, 0, .5)")),
        enable_api: false,
        enable_controls: true,
        force_autoplay: true,
        hide_title: false,
        force_loop: true,
    };
    stored(&store, &made).await;
    let read = async || players::get(db, ours, &made.id).await.expect("reads");
    assert_eq!(read().await, Some(made.clone()));
    let again = transaction!(db, |tx| players::insert(tx, &made).await);
    assert!(matches!(again, Err(DbError::Conflict)), "{again:?}");

    let later = after(Duration::from_secs(1));
    let logo = Logo { edition: Edition(7), link: Some("https://example.org".into()) };
    let changed = transaction!(db, |tx| Ok((
        players::update_theme(tx, ours, &made.id, &Theme::default(), later).await?,
        players::set_logo(tx, ours, &made.id, Some(&logo), later).await?,
        players::hold(tx, ours, &made.id).await?,
    )));
    let expected = Player { theme: Theme::default(), logo: Some(logo), updated_at: later, ..made.clone() };
    assert_eq!(changed.expect("changed"), (true, true, Some(expected)));
    assert_eq!(players::logo(db, &made.id).await.expect("reads"), Some(Edition(7)));
    transaction!(db, |tx| players::set_logo(tx, ours, &made.id, None, later).await).expect("changed");
    assert_eq!(players::logo(db, &made.id).await.expect("reads"), None);
    assert_eq!(read().await.expect("a theme").logo, None);
}

pub(crate) async fn themes_are_sorted_alike_on_both(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    for (number, name, created, updated) in [(1, "b", 3, 3), (2, "A", 1, 4), (3, "É", 1, 5), (4, "a", 2, 2)] {
        let (created_at, updated_at) = (after(Duration::from_secs(created)), after(Duration::from_secs(updated)));
        let made = player(ours, number);
        let theme = Theme { name: name.into(), ..made.theme };
        stored(&store, &Player { theme, created_at, updated_at, ..made }).await;
    }
    let cases = [(SortBy::Name, [2, 4, 1, 3]), (SortBy::CreatedAt, [2, 3, 4, 1]), (SortBy::UpdatedAt, [4, 1, 2, 3])];
    for (by, ascending) in cases {
        let list = async |order| {
            let found = players::list(db, ours, (by, order), Paging { page: 1, size: 100 }).await.expect("reads");
            assert_eq!(found.total, 4);
            found.items.iter().map(|player| player.id).collect::<Vec<_>>()
        };
        let ids = ascending.map(player_id);
        assert_eq!(list(Order::Ascending).await, ids, "{by:?}");
        assert!(list(Order::Descending).await.iter().eq(ids.iter().rev()), "{by:?}");
    }
    let second = players::list(db, ours, (SortBy::Name, Order::Ascending), Paging { page: 2, size: 3 }).await;
    assert_eq!(second.expect("reads").items.len(), 1);
}

pub(crate) async fn what_had_a_deleted_theme_has_none(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let made = player(ours, 1);
    stored(&store, &made).await;
    let film = video(ours, 1);
    let film = Video { about: Description { player_id: Some(made.id), ..about("a film") }, ..film };
    transaction!(db, |tx| videos::insert(tx, &film).await).expect("stored");
    assert_eq!(videos::get(db, ours, &film.id).await.expect("reads"), Some(film.clone()));
    let screen = async || players::screen(db, &film.id).await.expect("reads");
    let shown = Screen { title: "a film".into(), panoramic: false, player: Some(made.clone()) };
    assert_eq!(screen().await, Some(shown.clone()));

    let delete = async || transaction!(db, |tx| players::delete(tx, ours, &made.id).await).expect("answers");
    assert!(delete().await && !delete().await);
    assert_eq!(screen().await, Some(Screen { player: None, ..shown }));
    assert_eq!(videos::get(db, ours, &film.id).await.expect("reads").expect("a film").about.player_id, None);
    transaction!(db, |tx| videos::delete(tx, ours, &film.id).await).expect("deleted");
    assert_eq!((screen().await, players::get(db, ours, &made.id).await.expect("reads")), (None, None));
}
