//! Videos, and what hangs below them.

use std::time::Duration;

use admit_db::{
    desk::RedeemDesk,
    jobs, renditions, sessions,
    source_facts::{self, SourceSummary},
    transaction, uploads, videos,
};
use admit_domain::{
    job::Work,
    ladder::Quality,
    object_key::Edition,
    time::Timestamp,
    upload::{Progress, StoredPart, Total},
    video::{Description, Ingest, Rendition, RenditionKind, RenditionStatus, Shelf, Video, Visibility},
};

use crate::{
    making::{NOW, about, after, job, redeem, stored_video, video, video_id},
    store::Store,
};

fn told(title: &str) -> Description {
    Description {
        title: title.into(),
        description: "zwölf ' \" \\ % ☃ \u{1f600}".into(),
        visibility: Visibility::Public,
        panoramic: true,
        mp4_support: false,
        player_id: Some("pt1".into()),
        language: Some("de".into()),
        tags: vec!["z".into(), "a".into(), "ü\"\\".into()],
        metadata: vec![("k2".into(), "v".into()), ("k1".into(), String::new()), ("k2".into(), "w".into())],
    }
}

pub(crate) async fn a_video_comes_back_as_it_was_stored(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let full = Video {
        about: told("full"),
        published_at: Some(after(Duration::from_secs(1))),
        updated_at: Timestamp::from_millis(-1),
        ingest: Ingest::Failed,
        shelf: Shelf { presentation: Some(Edition(i64::MAX)), mp4: Some(Edition(0)), thumbnail: Some(Edition(-1)) },
        ..video(ours, 2)
    };
    let bare = stored_video(&store, 1).await;
    transaction!(db, |tx| videos::insert(tx, &full).await).expect("stored");
    for film in [&bare, &full] {
        assert_eq!(videos::get(db, ours, &film.id).await.expect("reads").as_ref(), Some(film));
        let held = transaction!(db, |tx| videos::hold(tx, ours, &film.id).await).expect("reads");
        assert_eq!(held.as_ref(), Some(film));
        let edge = videos::published(db, &film.id).await.expect("reads").expect("is there");
        assert_eq!((edge.project, edge.visibility), (*ours, film.about.visibility));
        assert_eq!((edge.mp4_support, edge.ingest, edge.shelf), (film.about.mp4_support, film.ingest, film.shelf));
    }
    assert_eq!(videos::get(db, ours, &video_id(3)).await.expect("reads"), None);
    assert_eq!(videos::published(db, &video_id(3)).await.expect("reads"), None);
}

pub(crate) async fn a_description_is_replaced_as_a_whole(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let film = stored_video(&store, 1).await;
    for (second, description) in [(1, told("told")), (2, about("bare"))] {
        let now = after(Duration::from_secs(second));
        let updated = transaction!(db, |tx| videos::update_about(tx, ours, &film.id, &description, now).await);
        assert!(updated.expect("updates"));
        let expected = Video { about: description, updated_at: now, ..film.clone() };
        assert_eq!(videos::get(db, ours, &film.id).await.expect("reads"), Some(expected));
    }
    let missing = transaction!(db, |tx| videos::update_about(tx, ours, &video_id(9), &told(""), NOW).await);
    assert!(!missing.expect("answers"));
}

pub(crate) async fn an_edition_is_replaced_only_by_who_knows_the_one_before(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let film = stored_video(&store, 1).await.id;
    let publish = async |old: Option<i64>, new, second| {
        let now = after(Duration::from_secs(second));
        let (old, new) = (old.map(Edition), Edition(new));
        transaction!(db, |tx| videos::publish_presentation(tx, ours, &film, old, new, now).await).expect("answers")
    };
    assert!(!publish(Some(1), 2, 1).await, "there is none to replace");
    assert!(publish(None, 2, 2).await);
    assert!(!publish(None, 3, 3).await, "another was first");
    assert!(!publish(Some(1), 3, 3).await, "it knows an older one");
    assert!(publish(Some(2), 3, 4).await);
    let (two, three) = (Some(Edition(2)), Some(Edition(3)));
    let rest = transaction!(db, |tx| {
        Ok([
            videos::set_mp4(tx, ours, &film, None, two).await?,
            videos::set_mp4(tx, ours, &film, None, three).await?,
            videos::set_thumbnail(tx, ours, &film, None, three).await?,
            videos::set_thumbnail(tx, ours, &film, two, None).await?,
            videos::set_thumbnail(tx, ours, &film, three, None).await?,
        ])
    });
    assert_eq!(rest.expect("answers"), [true, false, true, false, true]);
    let stored = videos::get(db, ours, &film).await.expect("reads").expect("is there");
    assert_eq!(stored.shelf, Shelf { presentation: three, mp4: two, thumbnail: None });
    assert_eq!(stored.published_at, Some(after(Duration::from_secs(2))), "when it could first be watched");
}

pub(crate) async fn a_wish_for_a_poster_is_remembered(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let film = stored_video(&store, 1).await;
    for wish in [Some(0), None, Some(9_999_999_000)] {
        let kept = transaction!(db, |tx| {
            let is_set = videos::set_poster_at(tx, ours, &film.id, wish).await?;
            Ok((is_set, videos::poster_at(tx, ours, &film.id).await?))
        });
        assert_eq!(kept.expect("answers"), (true, wish));
    }
    assert_eq!(videos::get(db, ours, &film.id).await.expect("reads"), Some(film), "nothing else was changed");
    let missing = transaction!(db, |tx| {
        let is_set = videos::set_poster_at(tx, ours, &video_id(9), Some(1)).await?;
        Ok((is_set, videos::poster_at(tx, ours, &video_id(9)).await?))
    });
    assert_eq!(missing.expect("answers"), (false, None));
}

pub(crate) async fn ingest_moves_on_once(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let film = stored_video(&store, 1).await.id;
    let step = async |from, to| {
        transaction!(db, |tx| videos::move_ingest(tx, ours, &film, from, to, NOW).await).expect("answers")
    };
    assert!(step(Ingest::Empty, Ingest::Uploading).await);
    assert!(!step(Ingest::Empty, Ingest::Uploading).await);
    assert!(step(Ingest::Uploading, Ingest::Uploaded).await);
    assert_eq!(videos::failure(db, ours, &film).await.expect("reads"), None);
    let set = transaction!(db, |tx| videos::set_ingest(tx, ours, &film, Ingest::Failed, Some("no_video"), NOW).await);
    assert!(set.expect("sets"));
    assert_eq!(videos::failure(db, ours, &film).await.expect("reads").as_deref(), Some("no_video"));
    assert!(step(Ingest::Failed, Ingest::Uploading).await);
    assert_eq!(videos::failure(db, ours, &film).await.expect("reads"), None, "a new source begins anew");
}

fn line(kind: RenditionKind, quality: Quality, status: RenditionStatus, percent: u8) -> Rendition {
    Rendition { kind, quality, status, percent }
}

pub(crate) async fn what_a_source_holds_and_what_is_made_of_it(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let film = stored_video(&store, 1).await.id;
    let full = SourceSummary {
        bytes: Some(1 << 40),
        duration_ms: Some(7_200_000),
        width: Some(3_840),
        height: Some(2_160),
        bits_per_second: Some(20_000_000),
        frame_rate: Some(25),
        sample_rate: Some(48_000),
        video_codec: Some("h264".into()),
        audio_codec: Some("aac".into()),
        aspect_ratio: Some("16/9".into()),
    };
    assert_eq!(source_facts::get(db, ours, &film).await.expect("reads"), None);
    for facts in [full, SourceSummary::default()] {
        transaction!(db, |tx| source_facts::put(tx, ours, &film, &facts).await).expect("puts");
        assert_eq!(source_facts::get(db, ours, &film).await.expect("reads"), Some(facts));
    }

    let waiting = line(RenditionKind::Hls, Quality::P240, RenditionStatus::Waiting, 0);
    let mut plan = vec![
        line(RenditionKind::Hls, Quality::P720, RenditionStatus::Encoded, 100),
        waiting,
        line(RenditionKind::Mp4, Quality::P720, RenditionStatus::Waiting, 0),
    ];
    for _ in 0..2 {
        transaction!(db, |tx| renditions::replace_plan(tx, ours, &film, &plan).await).expect("replaces");
        assert_eq!(renditions::list(db, ours, &film).await.expect("lists"), plan);
    }
    let half = Rendition { status: RenditionStatus::Encoding, percent: 50, ..waiting };
    let unplanned = Rendition { quality: Quality::P1080, ..waiting };
    let set = transaction!(db, |tx| {
        let set = renditions::set(tx, ours, &film, &half).await?;
        Ok((set, renditions::set(tx, ours, &film, &unplanned).await?, renditions::list_in(tx, ours, &film).await?))
    });
    plan[1] = half;
    assert_eq!(set.expect("sets"), (true, false, plan));
}

pub(crate) async fn deleting_a_video_takes_its_parts_and_leaves_the_record(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let film = Video { about: told("gone soon"), ..video(ours, 1) };
    let part = StoredPart { place: 1, bytes: 1, sha256: "x".into(), edition: Edition(1) };
    let plan = [line(RenditionKind::Hls, Quality::P720, RenditionStatus::Waiting, 0)];
    transaction!(db, |tx| {
        videos::insert(tx, &film).await?;
        uploads::insert_part(tx, ours, &film.id, &part, Total::Parts(None)).await?;
        renditions::replace_plan(tx, ours, &film.id, &plan).await?;
        source_facts::put(tx, ours, &film.id, &SourceSummary::default()).await?;
        jobs::insert(tx, &job(ours, 1, Work::Purge), NOW).await
    })
    .expect("stored");
    let desk = RedeemDesk::open(db.clone());
    let wish = redeem(ours, 1, 1);
    desk.redeem(wish.clone(), NOW).await.expect("answers");
    desk.close().await;

    for expected in [true, false] {
        let deleted = transaction!(db, |tx| videos::delete(tx, ours, &film.id).await);
        assert_eq!(deleted.expect("deletes"), expected);
    }
    assert_eq!(videos::get(db, ours, &film.id).await.expect("reads"), None);
    assert_eq!(uploads::progress(db, ours, &film.id).await.expect("reads"), Progress::default());
    assert_eq!(renditions::list(db, ours, &film.id).await.expect("reads"), []);
    assert_eq!(source_facts::get(db, ours, &film.id).await.expect("reads"), None);
    assert_eq!(jobs::counts(db, ours).await.expect("counts").queued, 1);
    assert!(sessions::get(db, ours, &wish.session.id).await.expect("reads").is_some());
    transaction!(db, |tx| videos::insert(tx, &Video { about: about("anew"), ..film.clone() }).await).expect("stored");
    let anew = videos::get(db, ours, &film.id).await.expect("reads").expect("is there");
    assert_eq!((anew.about.tags, anew.about.metadata), (vec![], vec![]), "no label was left behind");
}
