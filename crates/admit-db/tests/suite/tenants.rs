//! What belongs to one project is not there for another: every function that takes a project is asked for
//! another's things, and then everything is looked at again.

use admit_db::{
    DbError, Paging, access_tokens,
    access_tokens::{Kind, NewToken},
    api_keys, audit, copies,
    desk::RedeemDesk,
    edits, jobs, renditions, sessions, source_facts,
    source_facts::SourceSummary,
    transaction, uploads,
    videos::{self, Filter, Order, Sort, SortBy},
    watermarks,
};
use admit_domain::{
    id::ProjectId,
    job::{Lease, Work},
    ladder::Quality,
    limits::JOB_LEASE,
    object_key::Edition,
    session::Redeemed,
    upload::{Progress, StoredPart},
    video::{Description, Ingest, Rendition, RenditionKind, RenditionStatus, Video},
    watermark::Watermark,
};

use crate::{
    edits::marked,
    making::{NOW, about, after, fingerprint, job, key_id, redeem, session_id, video, video_id, watermark_id},
    store::Store,
};

const PAGE: Paging = Paging { page: 1, size: 100 };
const SORT: Sort = Sort { by: SortBy::CreatedAt, order: Order::Ascending };
const LINE: Rendition =
    Rendition { kind: RenditionKind::Hls, quality: Quality::P720, status: RenditionStatus::Waiting, percent: 0 };

fn part(number: u32) -> StoredPart {
    StoredPart { part: number, bytes: 1, sha256: "x".into(), edition: Edition(1) }
}

/// One of everything, in our project.
async fn furnish(store: &Store) -> Lease {
    let (db, ours) = (&store.db, &store.ours);
    let labels = Description { tags: vec!["a".into()], metadata: vec![("k".into(), "v".into())], ..about("ours") };
    let film = Video { about: labels, ..video(ours, 1) };
    let event = audit::Event {
        happened_at: NOW,
        actor: "someone".into(),
        action: "test".into(),
        subject: film.id.to_string(),
        detail: String::new(),
    };
    transaction!(db, |tx| {
        videos::insert(tx, &film).await?;
        api_keys::insert(tx, ours, &key_id(1), "ours", &fingerprint("key"), NOW).await?;
        uploads::insert_part(tx, ours, &film.id, &part(1), Some(2)).await?;
        renditions::replace_plan(tx, ours, &film.id, &[LINE]).await?;
        source_facts::put(tx, ours, &film.id, &SourceSummary::default()).await?;
        videos::set_ingest(tx, ours, &film.id, Ingest::Failed, Some("no_video"), NOW).await?;
        videos::set_poster_at(tx, ours, &film.id, Some(1)).await?;
        jobs::insert(tx, &job(ours, 1, Work::Ingest), NOW).await?;
        watermarks::insert(tx, &Watermark { id: watermark_id(1), project: *ours, created_at: NOW }).await?;
        edits::insert(tx, ours, &film.id, &marked()).await?;
        copies::insert(tx, ours, &film.id, &video_id(9)).await?;
        audit::insert(tx, ours, &event).await
    })
    .expect("furnished");
    let desk = RedeemDesk::open(db.clone());
    desk.redeem(redeem(ours, 1, 1), NOW).await.expect("answers");
    desk.close().await;
    jobs::claim(db, "worker", NOW, JOB_LEASE).await.expect("answers").expect("a job")
}

/// Everything that can be read of a project, in one text.
async fn seen_by(store: &Store, project: &ProjectId) -> String {
    let (db, film, session) = (&store.db, &video_id(1), &session_id(1 << 32 | 1));
    let all = (
        videos::get(db, project, film).await.expect("reads"),
        videos::failure(db, project, film).await.expect("reads"),
        transaction!(db, |tx| videos::poster_at(tx, project, film).await).expect("reads"),
        videos::list(db, project, &Filter::default(), SORT, PAGE).await.expect("reads"),
        uploads::progress(db, project, film).await.expect("reads"),
        renditions::list(db, project, film).await.expect("reads"),
        source_facts::get(db, project, film).await.expect("reads"),
        sessions::get(db, project, session).await.expect("reads"),
        sessions::list(db, project, &sessions::Filter::default(), PAGE).await.expect("reads"),
        api_keys::list(db, project).await.expect("reads"),
        audit::list(db, project, PAGE).await.expect("reads"),
        (
            jobs::counts(db, project).await.expect("reads"),
            edits::get(db, project, film).await.expect("reads"),
            copies::is_one(db, project, film).await.expect("reads"),
            watermarks::get(db, project, &watermark_id(1)).await.expect("reads"),
            watermarks::list(db, project, Order::Ascending, PAGE).await.expect("reads"),
        ),
    );
    format!("{all:#?}")
}

pub(crate) async fn no_function_reaches_into_another_project(store: Store) {
    let nothing = seen_by(&store, &store.theirs).await;
    let lease = furnish(&store).await;
    let before = seen_by(&store, &store.ours).await;
    assert_eq!(seen_by(&store, &store.theirs).await, nothing);
    assert!(!before.contains("None,\n    None"), "there is one of everything: {before}");

    let (db, theirs, film) = (&store.db, &store.theirs, &video_id(1));
    let session = &session_id(1 << 32 | 1);
    let lease = Lease { project: *theirs, ..lease };
    let read = transaction!(db, |tx| {
        Ok((
            videos::hold(tx, theirs, film).await?,
            uploads::progress_in(tx, theirs, film).await?,
            renditions::list_in(tx, theirs, film).await?,
        ))
    });
    assert_eq!(read.expect("answers"), (None, Progress::default(), vec![]));
    let refused = transaction!(db, |tx| {
        source_facts::put(tx, theirs, film, &SourceSummary { width: Some(1), ..SourceSummary::default() }).await?;
        uploads::delete(tx, theirs, film).await?;
        api_keys::touch(tx, theirs, &key_id(1), NOW).await?;
        renditions::replace_plan(tx, theirs, film, &[]).await?;
        Ok([
            videos::update_about(tx, theirs, film, &about("theirs"), NOW).await?,
            videos::set_ingest(tx, theirs, film, Ingest::Uploaded, None, NOW).await?,
            videos::move_ingest(tx, theirs, film, Ingest::Failed, Ingest::Uploaded, NOW).await?,
            videos::publish_presentation(tx, theirs, film, None, Edition(1), NOW).await?,
            videos::set_mp4(tx, theirs, film, None, Some(Edition(1))).await?,
            videos::set_thumbnail(tx, theirs, film, None, Some(Edition(1))).await?,
            videos::set_poster_at(tx, theirs, film, Some(2)).await?,
            videos::delete(tx, theirs, film).await?,
            uploads::set_total(tx, theirs, film, Some(2)).await?,
            uploads::insert_part(tx, theirs, film, &part(2), Some(2)).await?,
            renditions::set(tx, theirs, film, &LINE).await?,
            sessions::end(tx, theirs, session, NOW).await?,
            api_keys::revoke(tx, theirs, &key_id(1), NOW).await?,
            jobs::cancel(tx, theirs, film, NOW).await? > 0,
            jobs::hold(tx, &lease).await?,
            jobs::finish(tx, &lease, NOW).await?,
            jobs::fail(tx, &lease, "", None, NOW).await?,
            jobs::give_back(tx, &lease, NOW).await?,
            watermarks::delete(tx, theirs, &watermark_id(1)).await?,
        ])
    });
    assert_eq!(refused.expect("answers"), [false; 19]);
    assert!(!jobs::renew(db, &lease, after(JOB_LEASE)).await.expect("answers"));
    let desk = RedeemDesk::open(db.clone());
    let redeemed = desk.redeem(redeem(theirs, 1, 1), NOW).await.expect("answers");
    assert_eq!(redeemed, Redeemed::Spent, "our credential opens nothing in their project");
    desk.close().await;
    assert_eq!(seen_by(&store, &store.ours).await, before);
    assert_eq!(seen_by(&store, &store.theirs).await, nothing);
}

/// Where a row would be added rather than found, the schema itself refuses it.
pub(crate) async fn a_child_cannot_hang_below_a_strangers_video(store: Store) {
    furnish(&store).await;
    let (ours, theirs) = (&store.ours, &store.theirs);
    let bare = video(ours, 2);
    let db = &store.db;
    transaction!(db, |tx| videos::insert(tx, &bare).await).expect("stored");
    let before = seen_by(&store, ours).await;
    let new = NewToken {
        project: theirs,
        api_key: &key_id(1),
        kind: Kind::Access,
        token: &fingerprint("token"),
        expires_at: after(JOB_LEASE),
    };
    let conflicts = [
        transaction!(db, |tx| uploads::insert_part(tx, theirs, &bare.id, &part(1), None).await).err(),
        transaction!(db, |tx| renditions::replace_plan(tx, theirs, &bare.id, &[LINE]).await).err(),
        transaction!(db, |tx| source_facts::put(tx, theirs, &bare.id, &SourceSummary::default()).await).err(),
        transaction!(db, |tx| edits::insert(tx, theirs, &bare.id, &marked()).await).err(),
        transaction!(db, |tx| copies::insert(tx, theirs, &bare.id, &video_id(1)).await).err(),
        transaction!(db, |tx| access_tokens::insert(tx, &new, NOW).await).err(),
        transaction!(db, |tx| videos::insert(tx, &Video { project: *theirs, ..bare.clone() }).await).err(),
    ];
    for error in conflicts {
        assert!(matches!(error, Some(DbError::Conflict)), "{error:?}");
    }
    assert_eq!(seen_by(&store, ours).await, before);
}
