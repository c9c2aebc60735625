//! API keys, and the bearer tokens they are exchanged for.

use std::time::Duration;

use admit_db::{
    access_tokens::{self, Holder, Kind, NewToken},
    api_keys, projects, transaction,
};
use admit_domain::{id::ApiKeyId, secret::Fingerprint, time::Timestamp};
use tokio::task::JoinSet;

use crate::{
    making::{NOW, after, fingerprint, key_id},
    store::Store,
};

const HOUR: Duration = Duration::from_hours(1);

async fn add_key(store: &Store, number: u64) -> (ApiKeyId, Fingerprint) {
    let (id, secret) = (key_id(number), fingerprint(&format!("key {number}")));
    transaction!(store.db, |tx| api_keys::insert(tx, &store.ours, &id, ("a key", ""), &secret, NOW).await)
        .expect("stored");
    (id, secret)
}

async fn add_token(store: &Store, api_key: &ApiKeyId, kind: Kind, name: &str, expires_at: Timestamp) -> Fingerprint {
    let token = fingerprint(name);
    let new = NewToken { project: &store.ours, api_key, kind, token: &token, expires_at };
    transaction!(store.db, |tx| access_tokens::insert(tx, &new, NOW).await).expect("stored");
    token
}

pub(crate) async fn an_api_key_is_found_until_it_is_revoked(store: Store) {
    let db = &store.db;
    assert_eq!(projects::first(db).await.expect("reads").expect("one").id, store.ours);
    let (id, secret) = add_key(&store, 1).await;
    let found = api_keys::find(db, &secret).await.expect("reads").expect("is there");
    assert_eq!((found.id, found.project, found.last_used_at), (id, store.ours, None));
    assert_eq!(api_keys::find(db, &fingerprint("another")).await.expect("reads"), None);

    for (at, remembered) in [(after(HOUR), after(HOUR)), (NOW, after(HOUR))] {
        transaction!(db, |tx| api_keys::touch(tx, &store.ours, &id, at).await).expect("touches");
        let listed = api_keys::list(db, &store.ours).await.expect("lists");
        assert_eq!(listed.iter().map(|key| key.last_used_at).collect::<Vec<_>>(), [Some(remembered)]);
    }

    for expected in [true, false] {
        let revoked = transaction!(db, |tx| api_keys::revoke(tx, &store.ours, &id, NOW).await).expect("revokes");
        assert_eq!(revoked, expected);
    }
    assert_eq!(api_keys::find(db, &secret).await.expect("reads"), None);
    assert_eq!(api_keys::list(db, &store.ours).await.expect("lists"), []);
}

pub(crate) async fn a_bearer_token_lives_as_long_as_its_key(store: Store) {
    let db = &store.db;
    let (key, _) = add_key(&store, 1).await;
    let token = add_token(&store, &key, Kind::Access, "token", after(HOUR)).await;
    let find = async |kind, now| access_tokens::find(db, kind, &token, now).await.expect("reads");
    assert_eq!(find(Kind::Access, NOW).await, Some(Holder { project: store.ours, key, scopes: String::new() }));
    assert_eq!(find(Kind::Refresh, NOW).await, None, "one kind is not the other");
    assert_eq!(find(Kind::Access, after(HOUR)).await, None, "it has expired");
    transaction!(db, |tx| api_keys::revoke(tx, &store.ours, &key, NOW).await).expect("revokes");
    assert_eq!(find(Kind::Access, NOW).await, None, "its key was revoked");
}

pub(crate) async fn a_refresh_token_is_used_once(store: Store) {
    let (key, _) = add_key(&store, 1).await;
    let token = add_token(&store, &key, Kind::Refresh, "refresh", after(HOUR)).await;
    let mut tries = JoinSet::new();
    for _ in 0..16 {
        let db = store.db.clone();
        tries.spawn(async move {
            transaction!(db, |tx| access_tokens::consume_refresh(tx, &token, NOW).await).expect("answers")
        });
    }
    let winners: Vec<_> = tries.join_all().await.into_iter().flatten().collect();
    assert_eq!(winners, [(store.ours, key)]);

    let access = add_token(&store, &key, Kind::Access, "access", after(HOUR)).await;
    let late = add_token(&store, &key, Kind::Refresh, "late", after(HOUR)).await;
    let orphan = add_token(&store, &key, Kind::Refresh, "orphan", after(HOUR)).await;
    let consume = async |token: &Fingerprint, now| {
        transaction!(store.db, |tx| access_tokens::consume_refresh(tx, token, now).await).expect("answers")
    };
    assert_eq!(consume(&late, after(HOUR)).await, None, "it has expired");
    assert_eq!(consume(&access, NOW).await, None, "one kind is not the other");
    transaction!(store.db, |tx| api_keys::revoke(tx, &store.ours, &key, NOW).await).expect("revokes");
    assert_eq!(consume(&orphan, NOW).await, None, "its key was revoked");
}

pub(crate) async fn expired_tokens_are_forgotten_a_few_at_a_time(store: Store) {
    let (key, _) = add_key(&store, 1).await;
    for number in 0..5 {
        add_token(&store, &key, Kind::Access, &format!("old {number}"), NOW).await;
    }
    let fresh = add_token(&store, &key, Kind::Access, "fresh", after(HOUR)).await;
    for expected in [3, 2, 0] {
        let gone = transaction!(store.db, |tx| access_tokens::delete_expired(tx, NOW, 3).await).expect("deletes");
        assert_eq!(gone, expected);
    }
    assert!(access_tokens::find(&store.db, Kind::Access, &fresh, NOW).await.expect("reads").is_some());
}
