//! Who is kept out by when their credential was issued, and who joins.

use std::time::Duration;

use admit_db::{
    access_cuts::{self, Subject},
    desk::RedeemDesk,
    edge_tokens::{self, Spent},
    edges::{self, Applied, Edge},
    sessions, signing_keys, transaction,
};
use admit_domain::{
    claims::Viewer,
    id::EdgeId,
    revocation::Seq,
    session::{Begun, Redeem, Redeemed, Session, Source},
    time::Timestamp,
};
use tokio::task::JoinSet;

use crate::{
    making::{NOW, after, chance, fingerprint, redeem, session_of, signing_id, signing_key, video_id},
    store::Store,
};

const MINUTE: Duration = Duration::from_mins(1);

async fn begin(store: &Store, session: &Session) -> Begun {
    transaction!(store.db, |tx| sessions::begin(tx, session, None, NOW).await).expect("answers")
}

async fn cut(store: &Store, subject: Subject<'_>, until: Timestamp) {
    transaction!(store.db, |tx| {
        access_cuts::hold(tx).await?;
        access_cuts::cut(tx, &store.ours, subject, until).await
    })
    .expect("cuts");
}

/// For each subject: what was issued until then begins nothing, what was issued after does, and nobody else notices.
pub(crate) async fn who_holds_an_older_credential_begins_nothing(store: Store) {
    let (ours, ada) = (&store.ours, Viewer::parse("ada"));
    let key = signing_keys::Record { created_at: Timestamp::from_secs(1), ..signing_key(ours, 1) };
    transaction!(store.db, |tx| signing_keys::insert(tx, &key, 9).await).expect("stored");
    let source = Source::SigningKey(signing_id(1));
    let (film, all) = (video_id(7), fingerprint("credential 50"));
    let mut number = 1;
    let mut session = |issued_at| {
        number += 1;
        Session { issued_at, video: film, ..session_of(ours, source, 1, number) }
    };
    let (old, new) = (NOW, after(MINUTE));
    let cases = [
        (Subject::Video(&film), Session { viewer: None, ..session(old) }, session(new)),
        (
            Subject::Viewer(ada.as_ref().expect("a viewer")),
            Session { video: video_id(8), viewer: ada.clone(), ..session(old) },
            Session { video: video_id(8), viewer: ada.clone(), ..session(new) },
        ),
        (
            Subject::Credential(&all),
            Session { video: video_id(8), credential: all, ..session(old) },
            Session { video: video_id(8), ..session(old) },
        ),
    ];
    for (subject, barred, free) in &cases {
        let twin = Session { id: session(old).id, ..barred.clone() };
        assert!(matches!(begin(&store, &twin).await, Begun::Session(_)), "{subject:?} before");
        cut(&store, *subject, NOW).await;
        assert_eq!(begin(&store, barred).await, Begun::Cut, "{subject:?}");
        let prolonged = transaction!(store.db, |tx| sessions::prolong(tx, &twin).await).expect("answers");
        assert_eq!(prolonged, Begun::Cut, "{subject:?}");
        assert!(matches!(begin(&store, free).await, Begun::Session(_)), "{subject:?} of another, or issued later");
    }
    // A cut that is ahead of our clock is before whoever comes by it.
    cut(&store, Subject::Video(&film), new).await;
    let newest = session(after(MINUTE * 2));
    let Begun::Session(span) = begin(&store, &newest).await else { panic!("it was issued after") };
    assert_eq!(span.begun_at, new.plus(Duration::from_millis(1)));
    // What says nothing of itself is as old as its key.
    assert_eq!(begin(&store, &session(Timestamp::EPOCH)).await, Begun::Cut);
    let young = signing_keys::Record { created_at: after(MINUTE * 3), ..signing_key(ours, 2) };
    transaction!(store.db, |tx| signing_keys::insert(tx, &young, 9).await).expect("stored");
    let by_young = Session { source: Source::SigningKey(signing_id(2)), ..session(Timestamp::EPOCH) };
    assert!(matches!(begin(&store, &by_young).await, Begun::Session(_)));

    let desk = RedeemDesk::open(store.db.clone());
    let of = |credential, issued_at| {
        let wish = redeem(ours, credential, 1);
        Redeem { session: Session { issued_at, video: film, ..wish.session }, ..wish }
    };
    let (late, in_time) = tokio::join!(desk.redeem(of(61, NOW), NOW), desk.redeem(of(62, after(MINUTE * 2)), NOW));
    assert_eq!(late.expect("answers"), Redeemed::Cut);
    assert!(matches!(in_time.expect("answers"), Redeemed::Session(span) if span.begun_at > new));
    cut(&store, Subject::Project, after(MINUTE * 9)).await;
    assert_eq!(desk.redeem(of(63, after(MINUTE * 8)), NOW).await.expect("answers"), Redeemed::Cut);
    desk.close().await;
}

/// Sessions begin while all access to their video ends: each that began is ended, or begins after.
pub(crate) async fn nothing_begins_between_an_end_and_a_cut(store: Store) {
    let (ours, film) = (store.ours, video_id(1));
    transaction!(store.db, |tx| signing_keys::insert(tx, &signing_key(&ours, 1), 9).await).expect("stored");
    for round in 1..=8_u64 {
        let mut racing = JoinSet::new();
        let issued_at = after(MINUTE * u32::try_from(round).expect("small"));
        for number in 0..16 {
            let session = session_of(&ours, Source::SigningKey(signing_id(1)), round + 100, number);
            let session = Session { issued_at, ..session };
            let db = store.db.clone();
            racing.spawn(async move {
                transaction!(db, |tx| sessions::begin(tx, &session, None, NOW).await).expect("answers") == Begun::Cut
            });
        }
        transaction!(store.db, |tx| {
            access_cuts::hold(tx).await?;
            sessions::end_all_for(tx, &ours, &film, NOW).await?;
            access_cuts::cut(tx, &ours, Subject::Video(&film), issued_at).await
        })
        .expect("ends");
        racing.join_all().await;
        let active = sessions::Filter { active_at: Some(NOW), ..sessions::Filter::default() };
        let paging = admit_db::Paging { page: 1, size: 100 };
        let left = sessions::list(&store.db, &ours, &active, paging).await.expect("lists");
        assert_eq!(left.total, 0, "round {round}: {:?}", left.items);
    }
}

pub(crate) async fn a_join_token_is_spent_once(store: Store) {
    let (token, ours) = (fingerprint("join"), store.ours);
    transaction!(store.db, |tx| edge_tokens::insert(tx, &ours, &token, NOW).await).expect("stored");
    let mut racing = JoinSet::new();
    for _ in 0..16 {
        let db = store.db.clone();
        racing.spawn(async move { transaction!(db, |tx| edge_tokens::spend(tx, &token, NOW).await).expect("answers") });
    }
    let spent = racing.join_all().await;
    assert_eq!(spent.iter().filter(|spent| **spent == Spent::For(ours)).count(), 1);
    assert_eq!(spent.iter().filter(|spent| **spent == Spent::Before).count(), 15);
    let late = fingerprint("late");
    let outcomes = transaction!(store.db, |tx| {
        edge_tokens::insert(tx, &ours, &late, NOW).await?;
        let over = edge_tokens::spend(tx, &late, after(Duration::from_hours(24))).await?;
        Ok((over, edge_tokens::spend(tx, &fingerprint("none"), NOW).await?))
    });
    assert_eq!(outcomes.expect("answers"), (Spent::Before, Spent::Unknown));
}

pub(crate) async fn what_edges_say_only_moves_on(store: Store) {
    let (db, ours) = (&store.db, store.ours);
    let edge = |number| Edge {
        id: EdgeId::from_random(chance(number)),
        project: ours,
        name: format!("edge {number}"),
        joined_at: after(Duration::from_secs(number)),
        heard: None,
    };
    let (one, two) = (edge(1), edge(2));
    let applied = |seq| Applied { seq: Seq(seq), stale_ms: 3, hits: 5, misses: 1 };
    transaction!(db, |tx| {
        edges::insert(tx, &one, &fingerprint("one")).await?;
        edges::insert(tx, &two, &fingerprint("two")).await?;
        edges::hear(tx, &[(one.id, applied(7), after(MINUTE)), (edge(3).id, applied(1), NOW)]).await?;
        edges::hear(tx, &[(one.id, applied(6), NOW)]).await
    })
    .expect("hears");
    let one = Edge { heard: Some((applied(7), after(MINUTE))), ..one };
    assert_eq!(edges::list(db, &ours).await.expect("lists"), [one.clone(), two.clone()]);
    assert_eq!(edges::list(db, &store.theirs).await.expect("lists"), []);
    assert_eq!(edges::heard_since(db, NOW).await.expect("lists"), std::slice::from_ref(&one));
    assert_eq!(edges::find(db, &fingerprint("one")).await.expect("finds"), Some(one.clone()));
    for (project, expected) in [(store.theirs, false), (ours, true), (ours, false)] {
        let deleted = transaction!(db, |tx| edges::delete(tx, &project, &one.id).await);
        assert_eq!(deleted.expect("answers"), expected);
    }
    assert_eq!(edges::find(db, &fingerprint("one")).await.expect("finds"), None);
    assert!(!edges::exists(db, &one.id).await.expect("answers"));
    assert!(edges::exists(db, &two.id).await.expect("answers"));
}
