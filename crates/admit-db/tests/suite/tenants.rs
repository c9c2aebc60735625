//! What belongs to one project is not there for another: every function that takes a project is asked for
//! another's things, and then everything is looked at again.

use admit_db::{
    DbError, Paging, Tx, access_tokens,
    access_tokens::{Kind, NewToken},
    api_keys, audit, copies, deliveries,
    desk::RedeemDesk,
    edits, embed_tokens, imports, jobs, live_streams, players, projects, publishable_keys, renditions, sessions,
    signing_keys, source_facts,
    source_facts::SourceSummary,
    timed_texts, transaction, uploads,
    videos::{self, Filter, Order, Sort, SortBy},
    watermarks, webhooks,
};
use admit_domain::{
    id::{ProjectId, VideoId},
    job::{Lease, Work},
    ladder::Quality,
    limits::JOB_LEASE,
    object_key::Edition,
    player::Theme,
    session::{Begun, Redeemed, Source},
    timed_text::{TextKind, TimedText},
    upload::{Progress, StoredPart, Total},
    video::{Description, Ingest, Rendition, RenditionKind, RenditionStatus, Video},
    watermark::Watermark,
    webhook::EventKind,
};

use crate::{
    edits::marked,
    making::{
        NOW, about, after, embed_token, fingerprint, job, key_id, live_id, live_stream, player, player_id,
        publishable_key, redeem, session_id, session_of, signing_id, signing_key, video, video_id, watermark_id,
    },
    store::Store,
    webhooks::{event as happening, hook_id, webhook},
};

const KIND: embed_tokens::Kind = embed_tokens::Kind::Embed;
const PAGE: Paging = Paging { page: 1, size: 100 };
const SORT: Sort = Sort { by: SortBy::CreatedAt, order: Order::Ascending };
const LINE: Rendition =
    Rendition { kind: RenditionKind::Hls, quality: Quality::P720, status: RenditionStatus::Waiting, percent: 0 };

fn part(number: u32) -> StoredPart {
    StoredPart { place: number.into(), bytes: 1, sha256: "x".into(), edition: Edition(1) }
}

fn captions() -> TimedText {
    let language = "fr".parse().expect("a language");
    TimedText { kind: TextKind::Captions, language, edition: Edition(1), is_default: true }
}

/// One of everything, in our project.
async fn furnish(store: &Store) -> Lease {
    let (db, ours) = (&store.db, &store.ours);
    let labels = Description { tags: vec!["a".into()], metadata: vec![("k".into(), "v".into())], ..about("ours") };
    let film = Video { about: labels, ..video(ours, 1) };
    let entry = audit::Event {
        happened_at: NOW,
        actor: "someone".into(),
        action: "test".into(),
        subject: film.id.to_string(),
        detail: String::new(),
    };
    let (hook, told) = (webhook(store, 1, &[EventKind::QualityCompleted]), happening(1));
    transaction!(db, |tx| {
        videos::insert(tx, &film).await?;
        api_keys::insert(tx, ours, &key_id(1), ("ours", ""), &fingerprint("key"), NOW).await?;
        uploads::insert_part(tx, ours, &film.id, &part(1), Total::Parts(Some(2))).await?;
        renditions::replace_plan(tx, ours, &film.id, &[LINE]).await?;
        source_facts::put(tx, ours, &film.id, &SourceSummary::default()).await?;
        videos::set_ingest(tx, ours, &film.id, Ingest::Failed, Some("no_video"), NOW).await?;
        videos::set_poster_at(tx, ours, &film.id, Some(1)).await?;
        jobs::insert(tx, &job(ours, 1, Work::Ingest), NOW).await?;
        imports::insert(tx, ours, &film.id, "https://example.org").await?;
        webhooks::insert(tx, &hook).await?;
        deliveries::enqueue(tx, ours, &told, NOW).await?;
        timed_texts::put(tx, ours, &film.id, &captions()).await?;
        live_streams::insert(tx, &live_stream(ours, 1), &fingerprint("stream")).await?;
        players::insert(tx, &player(ours, 1)).await?;
        watermarks::insert(tx, &Watermark { id: watermark_id(1), project: *ours, created_at: NOW }).await?;
        edits::insert(tx, ours, &film.id, &marked()).await?;
        copies::insert(tx, ours, &film.id, &video_id(9)).await?;
        signing_keys::insert(tx, &signing_key(ours, 1), 9).await?;
        publishable_keys::insert(tx, &publishable_key(ours, 1)).await?;
        embed_tokens::insert(tx, KIND, &embed_token(ours, 1), &fingerprint("embed")).await?;
        projects::set_rules(tx, ours, "{}").await?;
        sessions::begin(tx, &session_of(ours, Source::SigningKey(signing_id(1)), 5, 1), None, NOW).await?;
        audit::insert(tx, ours, &entry).await
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
    let by_name = (players::SortBy::Name, Order::Ascending);
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
        audit::list(db, project, &audit::Filter::default(), PAGE).await.expect("reads"),
        (
            jobs::counts(db, project).await.expect("reads"),
            timed_texts::get(db, project, film, TextKind::Captions, &captions().language).await.expect("reads"),
            timed_texts::list(db, project, film, TextKind::Captions, PAGE).await.expect("reads"),
            live_streams::get(db, project, &live_id(1)).await.expect("reads"),
            live_streams::list(db, project, &live_streams::Filter::default(), by_name, PAGE).await.expect("reads"),
            players::get(db, project, &player_id(1)).await.expect("reads"),
            players::list(db, project, by_name, PAGE).await.expect("reads"),
            edits::get(db, project, film).await.expect("reads"),
            copies::is_one(db, project, film).await.expect("reads"),
            watermarks::get(db, project, &watermark_id(1)).await.expect("reads"),
            watermarks::list(db, project, Order::Ascending, PAGE).await.expect("reads"),
        ),
    );
    let credentials = (
        signing_keys::get(db, project, &signing_id(1), NOW).await.expect("reads"),
        signing_keys::list(db, project, PAGE, NOW).await.expect("reads"),
        signing_keys::active(db, project, 9).await.expect("reads"),
        signing_keys::was_used_lately(db, project, &signing_id(1), NOW).await.expect("reads"),
        publishable_keys::list(db, project, PAGE).await.expect("reads"),
        embed_tokens::get(db, KIND, project, &embed_token(project, 1).id).await.expect("reads"),
        embed_tokens::list(db, KIND, project, None, PAGE).await.expect("reads"),
        videos::rules(db, project, film).await.expect("reads"),
        projects::rules(db, project).await.expect("reads"),
        projects::settings(db, project).await.expect("reads"),
    );
    let outbound = (
        imports::get(db, project, film).await.expect("reads").map(|import| import.url),
        webhooks::list(db, project, None, PAGE).await.expect("reads"),
        deliveries::list(db, project, &hook_id(1), PAGE).await.expect("reads"),
    );
    format!("{all:#?}{credentials:#?}{outbound:#?}")
}

pub(crate) async fn no_function_reaches_into_another_project(store: Store) {
    let nothing = seen_by(&store, &store.theirs).await;
    let lease = furnish(&store).await;
    let before = seen_by(&store, &store.ours).await;
    assert_eq!(seen_by(&store, &store.theirs).await, nothing);
    assert!(!before.contains("None,\n    None"), "there is one of everything: {before}");

    let (db, ours, theirs, film) = (&store.db, &store.ours, &store.theirs, &video_id(1));
    let (session, hook) = (&session_id(1 << 32 | 1), hook_id(1));
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
        webhooks::heard(tx, theirs, &hook).await?;
        renditions::replace_plan(tx, theirs, film, &[]).await?;
        timed_texts::clear_default(tx, theirs, film, TextKind::Captions).await?;
        Ok([
            videos::update_about(tx, theirs, film, &about("theirs"), NOW).await?,
            videos::set_ingest(tx, theirs, film, Ingest::Uploaded, None, NOW).await?,
            videos::move_ingest(tx, theirs, film, Ingest::Failed, Ingest::Uploaded, NOW).await?,
            videos::publish_presentation(tx, theirs, film, None, Edition(1), NOW).await?,
            videos::set_mp4(tx, theirs, film, None, Some(Edition(1))).await?,
            videos::set_thumbnail(tx, theirs, film, None, Some(Edition(1))).await?,
            videos::set_poster_at(tx, theirs, film, Some(2)).await?,
            videos::delete(tx, theirs, film).await?,
            uploads::set_total(tx, theirs, film, Total::Parts(Some(2))).await?,
            uploads::insert_part(tx, theirs, film, &part(2), Total::Parts(Some(2))).await?,
            imports::forget_address(tx, theirs, film).await?,
            webhooks::delete(tx, theirs, &hook).await?,
            webhooks::missed(tx, theirs, &hook).await? > 0,
            webhooks::disable(tx, theirs, &hook, NOW).await? > 0,
            deliveries::enqueue(tx, theirs, &happening(2), NOW).await? > 0,
            deliveries::sweep(tx, theirs, &hook).await? > 0,
            renditions::set(tx, theirs, film, &LINE).await?,
            sessions::end(tx, theirs, session, NOW).await?.is_some(),
            api_keys::revoke(tx, theirs, &key_id(1), NOW).await?,
            jobs::cancel(tx, theirs, film, NOW).await? > 0,
            jobs::hold(tx, &lease).await?,
            jobs::finish(tx, &lease, NOW).await?,
            jobs::fail(tx, &lease, "", None, NOW).await?,
            jobs::give_back(tx, &lease, NOW).await?,
        ])
    });
    assert_eq!(refused.expect("answers"), [false; 24]);
    let refused = transaction!(db, |tx| records_reached(tx, ours, theirs, film).await);
    assert_eq!(refused.expect("answers"), [false; 14]);
    let refused = transaction!(db, |tx| credentials_reached(tx, theirs).await);
    assert_eq!(refused.expect("answers"), [false; 8]);
    assert!(!jobs::renew(db, &lease, after(JOB_LEASE)).await.expect("answers"));
    let desk = RedeemDesk::open(db.clone());
    let redeemed = desk.redeem(redeem(theirs, 1, 1), NOW).await.expect("answers");
    assert_eq!(redeemed, Redeemed::Spent, "our credential opens nothing in their project");
    desk.close().await;
    assert_eq!(seen_by(&store, &store.ours).await, before);
    assert_eq!(seen_by(&store, &store.theirs).await, nothing);
}

/// What of our records that project can read or change: nothing.
async fn records_reached(
    tx: &mut Tx,
    ours: &ProjectId,
    theirs: &ProjectId,
    film: &VideoId,
) -> admit_db::Result<[bool; 14]> {
    Ok([
        videos::discard(tx, theirs, film, NOW, NOW).await?,
        videos::restore(tx, theirs, film, NOW).await?,
        timed_texts::get_in(tx, theirs, film, TextKind::Captions, &captions().language).await?.is_some(),
        timed_texts::count(tx, theirs, film, TextKind::Captions).await? > 0,
        timed_texts::delete(tx, theirs, film, TextKind::Captions, &captions().language).await?,
        live_streams::hold(tx, theirs, &live_id(1)).await?.is_some(),
        live_streams::update_about(tx, theirs, &live_id(1), &live_stream(ours, 2).about, NOW).await?,
        live_streams::set_thumbnail(tx, theirs, &live_id(1), Some(Edition(1)), NOW).await?,
        live_streams::delete(tx, theirs, &live_id(1)).await?,
        players::hold(tx, theirs, &player_id(1)).await?.is_some(),
        players::update_theme(tx, theirs, &player_id(1), &Theme::default(), NOW).await?,
        players::set_logo(tx, theirs, &player_id(1), None, NOW).await?,
        players::delete(tx, theirs, &player_id(1)).await?,
        watermarks::delete(tx, theirs, &watermark_id(1)).await?,
    ])
}

/// What of our credentials that project can use, change or end: nothing.
async fn credentials_reached(tx: &mut Tx, theirs: &ProjectId) -> admit_db::Result<[bool; 8]> {
    let source = Source::SigningKey(signing_id(1));
    let session = session_of(theirs, source, 5, 1);
    signing_keys::touch(tx, theirs, &signing_id(1), NOW).await?;
    Ok([
        signing_keys::revoke(tx, theirs, &signing_id(1), NOW).await?,
        signing_keys::set_public_keys(tx, theirs, &signing_id(1), "{}").await?,
        publishable_keys::revoke(tx, theirs, &publishable_key(theirs, 1).id, NOW).await?,
        embed_tokens::update(tx, KIND, &embed_token(theirs, 1)).await?,
        embed_tokens::delete(tx, KIND, theirs, &embed_token(theirs, 1).id).await?,
        sessions::begin(tx, &session, None, NOW).await? != Begun::Revoked,
        sessions::prolong(tx, &session).await? != Begun::Revoked,
        !sessions::end_all_of(tx, theirs, &source, NOW).await?.is_empty(),
    ])
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
        transaction!(db, |tx| uploads::insert_part(tx, theirs, &bare.id, &part(1), Total::Parts(None)).await).err(),
        transaction!(db, |tx| renditions::replace_plan(tx, theirs, &bare.id, &[LINE]).await).err(),
        transaction!(db, |tx| source_facts::put(tx, theirs, &bare.id, &SourceSummary::default()).await).err(),
        transaction!(db, |tx| timed_texts::put(tx, theirs, &bare.id, &captions()).await).err(),
        transaction!(db, |tx| edits::insert(tx, theirs, &bare.id, &marked()).await).err(),
        transaction!(db, |tx| copies::insert(tx, theirs, &bare.id, &video_id(1)).await).err(),
        transaction!(db, |tx| access_tokens::insert(tx, &new, NOW).await).err(),
        transaction!(db, |tx| embed_tokens::insert(tx, KIND, &embed_token(theirs, 9), &fingerprint("x")).await).err(),
        transaction!(db, |tx| imports::insert(tx, theirs, &bare.id, "https://example.org").await).err(),
        transaction!(db, |tx| videos::insert(tx, &Video { project: *theirs, ..bare.clone() }).await).err(),
    ];
    for error in conflicts {
        assert!(matches!(error, Some(DbError::Conflict)), "{error:?}");
    }
    assert_eq!(seen_by(&store, ours).await, before);
}
