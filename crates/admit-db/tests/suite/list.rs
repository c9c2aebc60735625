//! Lists of videos.

use std::time::Duration;

use admit_db::{
    Paging, transaction,
    videos::{self, Filter, Order, Sort, SortBy},
};
use admit_domain::video::{Description, Video};

use crate::{
    making::{about, after, video, video_id},
    store::Store,
};

const ALL: Paging = Paging { page: 1, size: 100 };
const OLDEST_FIRST: Sort = Sort { by: SortBy::CreatedAt, order: Order::Ascending };

async fn store_all(store: &Store, films: impl IntoIterator<Item = Video>) {
    for film in films {
        transaction!(store.db, |tx| videos::insert(tx, &film).await).expect("stored");
    }
}

async fn titled(store: &Store, titles: &[&str]) {
    let film = |(at, title): (usize, &&str)| Video { about: about(title), ..video(&store.ours, at as u64) };
    store_all(store, titles.iter().enumerate().map(film)).await;
}

async fn titles(store: &Store, filter: &Filter, sort: Sort) -> Vec<String> {
    let page = videos::list(&store.db, &store.ours, filter, sort, ALL).await.expect("lists");
    assert_eq!(page.total, page.items.len() as u64);
    page.items.into_iter().map(|film| film.about.title).collect()
}

pub(crate) async fn filters_all_hold_at_once(store: Store) {
    let film = |number: u64, title: &str, description: &str, tags: &[&str], metadata: &[(&str, &str)]| Video {
        about: Description {
            description: description.into(),
            tags: tags.iter().map(|&tag| tag.into()).collect(),
            metadata: metadata.iter().map(|&(key, value)| (key.into(), value.into())).collect(),
            ..about(title)
        },
        ..video(&store.ours, number)
    };
    let films = [
        film(0, "Ärzte ohne Grenzen", "A FILM", &["a", "b"], &[("lang", "de"), ("year", "2026")]),
        film(1, "ärzte", "no", &["b"], &[("lang", "de")]),
        film(2, "Grenzen", "film", &["a", "b", "c"], &[("lang", "en"), ("year", "2026")]),
    ];
    store_all(&store, films.clone()).await;
    let strings = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let pairs = |list: &[(&str, &str)]| list.iter().map(|&(key, value)| (key.into(), value.into())).collect::<Vec<_>>();
    let title = |text: &str| Filter { title: Some(text.into()), ..Filter::default() };
    let tags = |list: &[&str]| Filter { tags: strings(list), ..Filter::default() };
    let metadata = |list: &[(&str, &str)]| Filter { metadata: pairs(list), ..Filter::default() };
    let cases: Vec<(Filter, &[u64])> = vec![
        (Filter::default(), &[0, 1, 2]),
        (title(""), &[0, 1, 2]),
        (title("ÄRZTE"), &[0, 1]),
        (title("ohne grenzen"), &[0]),
        (Filter { description: Some("Film".into()), ..Filter::default() }, &[0, 2]),
        (tags(&["b"]), &[0, 1, 2]),
        (tags(&["b", "a"]), &[0, 2]),
        (tags(&["b", "b"]), &[0, 1, 2]),
        (tags(&["A"]), &[]),
        (metadata(&[("lang", "de")]), &[0, 1]),
        (metadata(&[("lang", "de"), ("year", "2026")]), &[0]),
        (metadata(&[("lang", "2026")]), &[]),
        (Filter { title: Some("grenz".into()), metadata: pairs(&[("lang", "en")]), ..tags(&["c"]) }, &[2]),
        (Filter { title: Some("ärzte".into()), ..tags(&["c"]) }, &[]),
    ];
    for (filter, expected) in cases {
        let page = videos::list(&store.db, &store.ours, &filter, OLDEST_FIRST, ALL).await.expect("lists");
        let expected: Vec<_> = expected.iter().map(|&at| films[usize::try_from(at).expect("small")].clone()).collect();
        assert_eq!(page.items, expected, "{filter:?}");
        assert_eq!(page.total, expected.len() as u64);
    }
}

pub(crate) async fn every_character_of_a_filter_stands_for_itself(store: Store) {
    titled(&store, &["100% sure", "100 percent", "a_b", "aXb", "wow!", "back\\slash", "it's \"so\""]).await;
    for (part, expected) in [
        ("%", vec!["100% sure"]),
        ("0% S", vec!["100% sure"]),
        ("_", vec!["a_b"]),
        ("A_B", vec!["a_b"]),
        ("!", vec!["wow!"]),
        ("\\", vec!["back\\slash"]),
        ("'s \"", vec!["it's \"so\""]),
        ("%%", vec![]),
        ("a%b", vec![]),
    ] {
        let filter = Filter { title: Some(part.into()), ..Filter::default() };
        assert_eq!(titles(&store, &filter, OLDEST_FIRST).await, expected, "{part:?}");
    }
}

pub(crate) async fn sorting_is_stable_across_pages(store: Store) {
    let film = |number: u64| {
        let at = after(Duration::from_secs(number / 3));
        let published_at = number.is_multiple_of(2).then_some(at);
        let about = about(&format!("title {}", number / 4));
        Video { about, created_at: at, updated_at: at, published_at, ..video(&store.ours, number) }
    };
    store_all(&store, (0..10).rev().map(film)).await;
    for by in [SortBy::Title, SortBy::CreatedAt, SortBy::PublishedAt, SortBy::UpdatedAt] {
        for order in [Order::Ascending, Order::Descending] {
            let mut seen = Vec::new();
            for page in 1..=4 {
                let paging = Paging { page, size: 3 };
                let found = videos::list(&store.db, &store.ours, &Filter::default(), Sort { by, order }, paging).await;
                let found = found.expect("lists");
                assert_eq!(found.total, 10);
                seen.extend(found.items);
            }
            let mut expected: Vec<_> = (0..10).map(video_id).collect();
            if order == Order::Descending {
                expected.reverse();
            }
            if by == SortBy::PublishedAt {
                let (published, not): (Vec<_>, Vec<_>) =
                    expected.into_iter().partition(|id| (0..10).step_by(2).any(|even| *id == video_id(even)));
                expected = [published, not].concat();
            }
            assert_eq!(seen.iter().map(|film| film.id).collect::<Vec<_>>(), expected, "{by:?} {order:?}");
        }
    }
    let beyond = Paging { page: u32::MAX, size: 100 };
    let page = videos::list(&store.db, &store.ours, &Filter::default(), OLDEST_FIRST, beyond).await.expect("lists");
    assert_eq!((page.items, page.total), (vec![], 10));
}

pub(crate) async fn letters_sort_alike_on_both(store: Store) {
    titled(&store, &["b", "B a", "a", "Zebra", "_", "élan", "a b", "A", "10", "9"]).await;
    let sort = Sort { by: SortBy::Title, order: Order::Ascending };
    let expected = ["10", "9", "_", "a", "A", "a b", "b", "B a", "Zebra", "élan"];
    assert_eq!(titles(&store, &Filter::default(), sort).await, expected);
}
