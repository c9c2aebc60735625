//! Upload tokens, and uploads whose pieces name no video.

use std::time::Duration;

use admit_db::{
    Paging,
    projects::{self, Settings},
    token_uploads::{self, Sender},
    transaction,
    upload_tokens::{self, SortBy, UploadToken},
    uploads,
    videos::{self, Order},
};
use admit_domain::{
    object_key::Edition,
    upload::{StoredPart, Total},
    upload_token::UploadTokenId,
    video::{Ingest, OnStale, Visibility},
};

use crate::{
    making::{NOW, after, stored_video},
    store::Store,
};

const PAGE: Paging = Paging { page: 1, size: 10 };

fn token(store: &Store, number: u8, ttl_seconds: u32) -> UploadToken {
    UploadToken {
        id: UploadTokenId::from_random([number; 10]),
        project: store.ours,
        ttl_seconds,
        created_at: after(Duration::from_secs(number.into())),
        expires_at: (ttl_seconds > 0).then(|| after(Duration::from_secs(ttl_seconds.into()))),
        visibility: (number > 1).then_some(Visibility::Private),
    }
}

pub(crate) async fn a_token_counts_until_it_expires_or_is_deleted(store: Store) {
    let (db, ours, theirs) = (&store.db, &store.ours, &store.theirs);
    let (endless, short) = (token(&store, 1, 0), token(&store, 2, 60));
    for token in [&endless, &short] {
        transaction!(db, |tx| upload_tokens::insert(tx, token).await).expect("stores");
    }
    let late = after(Duration::from_mins(1));
    assert_eq!(upload_tokens::find(db, &short.id, NOW).await.expect("reads"), Some(short));
    assert_eq!(upload_tokens::find(db, &short.id, late).await.expect("reads"), None, "at its very end");
    assert_eq!(upload_tokens::find(db, &endless.id, late).await.expect("reads"), Some(endless));
    let list = async |project, sort, now| upload_tokens::list(db, project, sort, PAGE, now).await.expect("lists").items;
    assert_eq!(list(ours, (SortBy::CreatedAt, Order::Descending), NOW).await, [short, endless]);
    assert_eq!(list(ours, (SortBy::CreatedAt, Order::Ascending), NOW).await, [endless, short]);
    assert_eq!(list(ours, (SortBy::Ttl, Order::Descending), NOW).await, [short, endless]);
    assert_eq!(list(ours, (SortBy::Ttl, Order::Ascending), NOW).await, [endless, short]);
    assert_eq!(list(ours, (SortBy::Ttl, Order::Ascending), late).await, [endless]);
    assert_eq!(list(theirs, (SortBy::Ttl, Order::Ascending), NOW).await, []);
    let delete = async |project| transaction!(db, |tx| upload_tokens::delete(tx, project, &endless.id).await);
    assert!(!delete(theirs).await.expect("answers"));
    assert!(delete(ours).await.expect("answers"));
    assert_eq!(upload_tokens::find(db, &endless.id, NOW).await.expect("reads"), None);
}

pub(crate) async fn a_piece_is_recognised_by_its_sender(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let sender = Sender { token: UploadTokenId::from_random([1; 10]), file_name: "a".into(), client: "b".into() };
    let begin = async |number, total| {
        let video = stored_video(&store, number).await.id;
        let part = StoredPart { place: 1, bytes: 9, sha256: "s".into(), edition: Edition(1) };
        transaction!(db, |tx| {
            token_uploads::insert(tx, ours, &video, &sender, NOW).await?;
            videos::set_ingest(tx, ours, &video, Ingest::Uploading, None, NOW).await?;
            uploads::insert_part(tx, ours, &video, &part, total).await
        })
        .expect("stores");
        video
    };
    let before = NOW.minus(Duration::from_millis(1));
    let lacking = async |sender: &Sender, place, total, since| {
        token_uploads::lacking(db, ours, sender, (place, total), since).await.expect("reads")
    };
    let film = begin(1, Total::Parts(Some(3))).await;
    assert_eq!(lacking(&sender, 2, Some(3), before).await, [film]);
    assert_eq!(lacking(&sender, 2, None, before).await, [film]);
    assert_eq!(lacking(&sender, 2, Some(4), before).await, [], "another total");
    assert_eq!(lacking(&sender, 1, Some(3), before).await, [], "it has that one");
    assert_eq!(lacking(&sender, 2, Some(3), NOW).await, [], "too long ago");
    for stranger in [
        Sender { token: UploadTokenId::from_random([2; 10]), ..sender.clone() },
        Sender { file_name: "c".into(), ..sender.clone() },
        Sender { client: "c".into(), ..sender.clone() },
    ] {
        assert_eq!(lacking(&stranger, 2, Some(3), before).await, [], "{stranger:?}");
    }
    begin(2, Total::Bytes(99)).await;
    assert_eq!(lacking(&sender, 2, Some(3), before).await, [film], "byte ranges have no parts");
    let other = begin(3, Total::Parts(None)).await;
    assert_eq!(lacking(&sender, 2, Some(3), before).await.len(), 2, "there is a choice");
    transaction!(db, |tx| videos::set_ingest(tx, ours, &film, Ingest::Uploaded, None, NOW).await).expect("moves on");
    assert_eq!(lacking(&sender, 2, Some(3), before).await, [other], "what is whole lacks nothing");
}

pub(crate) async fn a_project_keeps_its_settings(store: Store) {
    let (db, ours, theirs) = (&store.db, &store.ours, &store.theirs);
    let settings = Settings {
        default_visibility: Some(Visibility::Private),
        discarded_days: 30,
        token_access: false,
        session_seconds: Some(600),
        on_stale: OnStale::Open,
    };
    transaction!(db, |tx| projects::set_settings(tx, ours, &settings).await).expect("stores");
    assert_eq!(projects::settings(db, ours).await.expect("reads"), settings);
    let unsaid = Settings {
        default_visibility: None,
        discarded_days: 0,
        token_access: true,
        session_seconds: None,
        on_stale: OnStale::Closed,
    };
    assert_eq!(projects::settings(db, theirs).await.expect("reads"), unsaid);
}
