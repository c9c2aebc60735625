//! Keys that sign, keys that pages show, opaque tokens, and the sessions that come of them.

use std::time::Duration;

use admit_db::{
    Db, DbError, Paging,
    embed_tokens::{self, Kind},
    publishable_keys::{self, Film, Record},
    revocations,
    sessions::{self, Filter},
    signing_keys::{self, Signers},
    transaction,
};
use admit_domain::{
    claims::Viewer,
    id::{ProjectId, SessionId},
    revocation::{Seq, Subject},
    session::{Begun, Session, Source, Span},
    time::Timestamp,
};
use tokio::task::JoinSet;

use crate::{
    making::{
        NOW, after, embed_id, embed_token, ended, fingerprint, publishable_key, session_id, session_of, signing_id,
        signing_key, stored_video, video_id,
    },
    store::Store,
};

const PAGE: Paging = Paging { page: 1, size: 100 };
const KEYS_MAX: u32 = 3;

async fn add_key(db: &Db, project: &ProjectId, number: u64) -> bool {
    let key = signing_key(project, number);
    transaction!(db, |tx| signing_keys::insert(tx, &key, KEYS_MAX).await).expect("answers")
}

/// As every session of these tests is begun.
const fn span(ends_at: Timestamp) -> Span {
    Span { begun_at: NOW, ends_at }
}

async fn begin(db: &Db, session: &Session, plays_max: Option<u32>) -> Begun {
    transaction!(db, |tx| sessions::begin(tx, session, plays_max, NOW).await).expect("answers")
}

async fn live(store: &Store) -> Vec<SessionId> {
    let filter = Filter { active_at: Some(NOW), ..Filter::default() };
    let page = sessions::list(&store.db, &store.ours, &filter, PAGE).await.expect("lists");
    page.items.iter().map(|session| session.id).collect()
}

pub(crate) async fn a_project_has_so_many_signing_keys(store: Store) {
    let (db, ours, theirs) = (&store.db, &store.ours, &store.theirs);
    let mut racing = JoinSet::new();
    for number in 1..=12 {
        let (db, ours) = (db.clone(), *ours);
        racing.spawn(async move { add_key(&db, &ours, number).await });
    }
    let added = racing.join_all().await.into_iter().filter(|added| *added).count();
    assert_eq!(added, KEYS_MAX as usize, "however many come at once");
    assert!(add_key(db, theirs, 90).await, "each project counts its own");
    let active = signing_keys::active(db, ours, KEYS_MAX).await.expect("reads");
    let ages: Vec<_> = active.iter().map(|key| key.created_at).collect();
    assert!(ages.is_sorted() && ages.len() == KEYS_MAX as usize, "oldest first: {ages:?}");
    let film = stored_video(&store, 1).await;
    let signers = signing_keys::of_video(db, &film.id, KEYS_MAX).await.expect("reads");
    assert_eq!(signers.expect("a film").keys, active, "of a video they are the same");
    let gone = active[1].id;
    assert!(transaction!(db, |tx| signing_keys::revoke(tx, ours, &gone, NOW).await).expect("answers"));
    assert!(add_key(db, ours, 50).await, "a revoked key leaves its place");
    assert!(!add_key(db, ours, 51).await);
    let listed = signing_keys::list(db, ours, PAGE, NOW).await.expect("lists");
    assert_eq!((listed.total, listed.items[0].key.id), (4, signing_id(50)), "revoked ones too, newest first");
    let second = signing_keys::list(db, ours, Paging { page: 2, size: 1 }, NOW).await.expect("lists");
    assert_eq!(second.items[0].key, listed.items[1].key);
}

pub(crate) async fn a_revoked_key_has_no_secret_and_signs_nothing(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let key = signing_key(ours, 1);
    assert!(add_key(db, ours, 1).await);
    let get = async || signing_keys::get(db, ours, &key.id, NOW).await.expect("reads").expect("is there");
    assert_eq!((get().await.key, get().await.live_sessions), (key.clone(), 0), "as it was stored");
    let lately = async |at| signing_keys::was_used_lately(db, ours, &key.id, at).await.expect("reads");
    assert!(!lately(NOW).await, "never");
    for (at, remembered) in
        [(after(Duration::from_hours(1)), after(Duration::from_hours(1))), (NOW, after(Duration::from_hours(1)))]
    {
        transaction!(db, |tx| signing_keys::touch(tx, ours, &key.id, at).await).expect("touches");
        assert_eq!(get().await.key.last_used_at, Some(remembered), "it never moves backwards");
    }
    assert!(lately(after(Duration::from_hours(1) + Duration::from_mins(1))).await);
    assert!(!lately(after(Duration::from_hours(1) + Duration::from_secs(61))).await);

    begin(db, &session_of(ours, Source::SigningKey(key.id), 1, 1), None).await;
    assert_eq!(get().await.live_sessions, 1);
    let counted = signing_keys::get(db, ours, &key.id, after(Duration::from_hours(24))).await.expect("reads");
    assert_eq!(counted.expect("is there").live_sessions, 0, "who has ended does not watch");
    for expected in [true, false] {
        let revoked =
            transaction!(db, |tx| signing_keys::revoke(tx, ours, &key.id, after(Duration::from_secs(9))).await);
        assert_eq!(revoked.expect("answers"), expected);
    }
    let revoked = get().await.key;
    assert_eq!((revoked.secret, revoked.revoked_at), (None, Some(after(Duration::from_secs(9)))));
    assert_eq!(signing_keys::active(db, ours, KEYS_MAX).await.expect("reads"), []);
    let film = stored_video(&store, 1).await;
    let signers = signing_keys::of_video(db, &film.id, KEYS_MAX).await.expect("reads");
    assert_eq!(signers, Some(Signers { project: *ours, token_access: true, keys: Vec::new() }));
    let stored = transaction!(db, |tx| signing_keys::set_public_keys(tx, ours, &key.id, "{}").await);
    assert!(!stored.expect("answers"), "nor does it come back by other keys");
}

pub(crate) async fn public_keys_are_fetched_by_one_at_a_time(store: Store) {
    let (db, ours, every) = (&store.db, &store.ours, Duration::from_mins(5));
    for number in 1..=4 {
        let jwks_url = (number != 4).then(|| format!("https://keys.example/{number}"));
        let key = signing_keys::Record { secret: None, jwks_url, ..signing_key(ours, number) };
        assert!(transaction!(db, |tx| signing_keys::insert(tx, &key, 9).await).expect("answers"));
    }
    assert!(transaction!(db, |tx| signing_keys::revoke(tx, ours, &signing_id(3), NOW).await).expect("answers"));
    let claim = async |at: Timestamp| {
        transaction!(db, |tx| signing_keys::claim_fetch(tx, at.minus(every), at).await).expect("answers")
    };
    let mut racing = JoinSet::new();
    for _ in 0..8 {
        let db = db.clone();
        racing.spawn(async move {
            transaction!(db, |tx| signing_keys::claim_fetch(tx, NOW.minus(every), NOW).await).expect("answers")
        });
    }
    let mut claimed: Vec<_> = racing.join_all().await.into_iter().flatten().map(|key| key.id).collect();
    claimed.sort();
    assert_eq!(claimed, [signing_id(1), signing_id(2)], "each once, and none that has no address or is revoked");
    assert_eq!(claim(after(every)).await, None, "not before its time");
    let (later, fresh) = (after(every + Duration::from_millis(1)), signing_key(ours, 5));
    let fresh = signing_keys::Record { secret: None, jwks_url: Some("https://keys.example/5".into()), ..fresh };
    assert!(transaction!(db, |tx| signing_keys::insert(tx, &fresh, 9).await).expect("answers"));
    assert_eq!(claim(later).await.map(|key| key.id), Some(fresh.id), "what was never fetched comes first");
    assert!(claim(later).await.is_some() && claim(later).await.is_some() && claim(later).await.is_none());
    let set = |project| async move {
        transaction!(db, |tx| signing_keys::set_public_keys(tx, project, &signing_id(1), "{\"keys\":[]}").await)
    };
    assert!(!set(&store.theirs).await.expect("answers") && set(ours).await.expect("answers"));
    let known = signing_keys::get(db, ours, &signing_id(1), NOW).await.expect("reads").expect("is there");
    assert_eq!(known.key.public_keys.as_deref(), Some("{\"keys\":[]}"));
}

pub(crate) async fn a_page_key_is_found_until_it_is_revoked(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let (key, other) = (publishable_key(ours, 1), publishable_key(&store.theirs, 2));
    transaction!(db, |tx| {
        publishable_keys::insert(tx, &key).await?;
        publishable_keys::insert(tx, &other).await
    })
    .expect("stored");
    let twice = transaction!(db, |tx| publishable_keys::insert(tx, &key).await);
    assert!(matches!(twice, Err(DbError::Conflict)), "{twice:?}");
    let film = stored_video(&store, 1).await;
    let find = async |key: &Record, film: &str| publishable_keys::find(db, &key.id, film).await.expect("reads");
    let shown = Film { title: film.about.title.clone(), visibility: film.about.visibility };
    assert_eq!(find(&key, film.id.as_str()).await, Some((key.clone(), Some(shown))));
    assert_eq!(find(&key, "nonsense").await, Some((key.clone(), None)));
    assert_eq!(find(&other, film.id.as_str()).await, Some((other.clone(), None)), "others' films are none");
    let listed = publishable_keys::list(db, ours, PAGE).await.expect("lists");
    assert_eq!((listed.items, listed.total), (vec![key.clone()], 1));
    for (project, expected) in [(&store.theirs, false), (ours, true), (ours, false)] {
        let revoked = transaction!(db, |tx| publishable_keys::revoke(tx, project, &key.id, NOW).await);
        assert_eq!(revoked.expect("answers"), expected);
    }
    assert_eq!(find(&key, film.id.as_str()).await, None);
    assert_eq!(publishable_keys::list(db, ours, PAGE).await.expect("lists").total, 0);
}

pub(crate) async fn an_embed_token_is_found_by_its_secret_and_its_kind(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    stored_video(&store, 1).await;
    let (token, link) = (embed_token(ours, 1), embed_token(ours, 2));
    let (secret, code) = (fingerprint("secret"), fingerprint("code"));
    transaction!(db, |tx| {
        embed_tokens::insert(tx, Kind::Embed, &token, &secret).await?;
        embed_tokens::insert(tx, Kind::Link, &link, &code).await
    })
    .expect("stored");
    let find = async |kind, secret| embed_tokens::find(db, kind, secret).await.expect("reads");
    assert_eq!(find(Kind::Embed, &secret).await, Some(token.clone()));
    assert_eq!(find(Kind::Link, &code).await, Some(link.clone()));
    assert_eq!((find(Kind::Link, &secret).await, find(Kind::Embed, &code).await), (None, None));
    let twice = transaction!(db, |tx| embed_tokens::insert(tx, Kind::Link, &embed_token(ours, 3), &secret).await);
    assert!(matches!(twice, Err(DbError::Conflict)), "{twice:?}");
    let nowhere = embed_tokens::Record { video: video_id(9), ..embed_token(ours, 4) };
    let nowhere = transaction!(db, |tx| embed_tokens::insert(tx, Kind::Link, &nowhere, &fingerprint("x")).await);
    assert!(matches!(nowhere, Err(DbError::Conflict)), "{nowhere:?}");

    let changed = embed_tokens::Record {
        name: "changed".into(),
        rules: "{\"maxPlays\":1}".into(),
        expires_at: Some(after(Duration::from_hours(1))),
        ..token.clone()
    };
    for (kind, expected) in [(Kind::Link, false), (Kind::Embed, true)] {
        let updated = transaction!(db, |tx| embed_tokens::update(tx, kind, &changed).await);
        assert_eq!(updated.expect("answers"), expected);
    }
    assert_eq!(embed_tokens::get(db, Kind::Embed, ours, &token.id).await.expect("reads"), Some(changed));
    assert_eq!(embed_tokens::get(db, Kind::Link, ours, &token.id).await.expect("reads"), None);
    let list = async |kind, video| embed_tokens::list(db, kind, ours, video, PAGE).await.expect("lists");
    assert_eq!(list(Kind::Link, None).await.items, [link]);
    let (film, other) = (video_id(1), video_id(2));
    assert_eq!(list(Kind::Embed, Some(&film)).await.total, 1);
    assert_eq!(list(Kind::Embed, Some(&other)).await.total, 0);
    for (kind, expected) in [(Kind::Link, false), (Kind::Embed, true), (Kind::Embed, false)] {
        let deleted = transaction!(db, |tx| embed_tokens::delete(tx, kind, ours, &token.id).await);
        assert_eq!(deleted.expect("answers"), expected);
    }
    let gone = transaction!(db, |tx| admit_db::videos::delete(tx, ours, &video_id(1)).await);
    assert!(gone.expect("answers"));
    assert_eq!(find(Kind::Link, &code).await, None, "it goes with its video");
}

pub(crate) async fn a_session_is_begun_once_and_counted(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    assert!(add_key(db, ours, 1).await);
    let of = |credential, number| session_of(ours, Source::SigningKey(signing_id(1)), credential, number);
    let (one, two, three) = (of(1, 1), of(1, 2), of(1, 3));
    assert_eq!(begin(db, &one, Some(2)).await, Begun::Session(span(one.ends_at)));
    let later = Session { ends_at: after(Duration::from_hours(99)), ..one.clone() };
    assert_eq!(begin(db, &later, Some(2)).await, Begun::Session(span(one.ends_at)), "as it was begun");
    assert!(matches!(begin(db, &two, Some(2)).await, Begun::Session { .. }));
    assert_eq!(begin(db, &three, Some(2)).await, Begun::Exhausted);
    assert!(matches!(begin(db, &one, Some(2)).await, Begun::Session { .. }), "who is in may ask again");
    assert!(matches!(begin(db, &of(2, 1), Some(2)).await, Begun::Session { .. }), "another credential has its own");
    assert!(transaction!(db, |tx| sessions::end(tx, ours, &two.id, NOW).await).expect("answers").is_some());
    assert_eq!(begin(db, &two, Some(2)).await, Begun::Ended);
    assert_eq!(begin(db, &three, Some(2)).await, Begun::Exhausted, "what was ended was begun");
    let of_theirs = Session { project: store.theirs, ..of(3, 1) };
    assert_eq!(begin(db, &of_theirs, None).await, Begun::Revoked, "our key signs nothing of theirs");
    let trail = admit_db::audit::list(db, ours, &admit_db::audit::Filter::default(), PAGE).await.expect("lists");
    assert_eq!(trail.total, 3, "each beginning is recorded once");
}

/// 32 at once, of which three may.
pub(crate) async fn of_many_that_begin_as_many_as_may_do(store: Store) {
    const MANY: u64 = 32;
    stored_video(&store, 1).await;
    assert!(add_key(&store.db, &store.ours, 1).await);
    let token = embed_token(&store.ours, 1);
    transaction!(store.db, |tx| embed_tokens::insert(tx, Kind::Embed, &token, &fingerprint("t")).await)
        .expect("stored");
    for (credential, source) in [(1, Source::SigningKey(signing_id(1))), (2, Source::EmbedToken(embed_id(1)))] {
        let before = live(&store).await.len();
        let mut racing = JoinSet::new();
        for number in 0..MANY {
            let (db, session) = (store.db.clone(), session_of(&store.ours, source, credential, number));
            racing.spawn(async move { begin(&db, &session, Some(3)).await });
        }
        let begun = racing.join_all().await;
        let in_time = begun.iter().filter(|begun| matches!(begun, Begun::Session { .. })).count();
        assert_eq!(in_time, 3, "{begun:?}");
        assert!(begun.iter().all(|begun| matches!(begun, Begun::Session { .. } | Begun::Exhausted)), "{begun:?}");
        assert_eq!(live(&store).await.len(), before + 3);
    }
}

/// Sessions begin while their key is revoked: whatever the order, none of them is left alive.
pub(crate) async fn nothing_lives_by_a_key_that_was_revoked(store: Store) {
    let mut begun_in_all = 0;
    for round in 1..=8 {
        assert!(add_key(&store.db, &store.ours, round).await);
        let source = Source::SigningKey(signing_id(round));
        let mut racing = JoinSet::new();
        for number in 0..16 {
            let (db, session) = (store.db.clone(), session_of(&store.ours, source, round, number));
            let plays_max = (number % 2 == 0).then_some(99);
            racing.spawn(
                async move { u32::from(matches!(begin(&db, &session, plays_max).await, Begun::Session { .. })) },
            );
            if number == round * 2 - 1 {
                let (db, ours) = (store.db.clone(), store.ours);
                racing.spawn(async move {
                    let revoked = transaction!(db, |tx| {
                        assert!(signing_keys::revoke(tx, &ours, &signing_id(round), NOW).await?);
                        let ended = sessions::end_all_of(tx, &ours, &source, NOW).await?;
                        revocations::append_all(tx, &ours, &ended, "a test", NOW).await
                    });
                    revoked.expect("revokes");
                    0
                });
            }
        }
        begun_in_all += racing.join_all().await.into_iter().sum::<u32>();
        assert_eq!(live(&store).await, [], "round {round}");
    }
    let told = revocations::since(&store.db, Seq(0), 1_000).await.expect("reads").len();
    assert_eq!(u32::try_from(told).expect("few"), begun_in_all, "the edges are told of each that had begun");
}

pub(crate) async fn all_of_a_source_end_together(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    for number in [1, 2] {
        assert!(add_key(db, ours, number).await);
        for session in 0..3 {
            begin(db, &session_of(ours, Source::SigningKey(signing_id(number)), number, session), None).await;
        }
    }
    let ended_before = session_id(1 << 32);
    assert!(transaction!(db, |tx| sessions::end(tx, ours, &ended_before, NOW).await).expect("answers").is_some());
    let end = async |project, source: Source| {
        let ended = transaction!(db, |tx| sessions::end_all_of(tx, project, &source, NOW).await).expect("answers");
        let mut ended: Vec<_> = ended.iter().map(Subject::id).collect();
        ended.sort();
        ended
    };
    let source = Source::SigningKey(signing_id(1));
    assert_eq!(end(&store.theirs, source).await, Vec::<String>::new());
    assert_eq!(
        end(ours, Source::PrivateToken).await,
        Vec::<String>::new(),
        "private tokens have no source that could be taken back"
    );
    assert_eq!(end(ours, source).await, [1, 2].map(|number| session_id(1 << 32 | number).to_string()));
    assert_eq!(end(ours, source).await, Vec::<String>::new(), "once");
    assert_eq!(live(&store).await.len(), 3, "the other key's go on");
}

pub(crate) async fn a_session_goes_on_for_its_viewer(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    assert!(add_key(db, ours, 1).await && add_key(db, ours, 2).await);
    let viewer = |name| Viewer::parse(name);
    let (old, new) = (Source::SigningKey(signing_id(1)), Source::SigningKey(signing_id(2)));
    let first =
        Session { viewer: viewer("ada"), ends_at: after(Duration::from_mins(5)), ..session_of(ours, old, 1, 1) };
    begin(db, &first, None).await;
    let prolong =
        async |session: Session| transaction!(db, |tx| sessions::prolong(tx, &session).await).expect("answers");
    let later = |source, name| Session {
        source,
        viewer: viewer(name),
        credential: fingerprint("fresh"),
        ends_at: after(Duration::from_mins(9)),
        ..first.clone()
    };
    assert_eq!(prolong(later(new, "eve")).await, Begun::Ended);
    assert_eq!(prolong(Session { viewer: None, ..later(new, "ada") }).await, Begun::Ended);
    assert_eq!(prolong(Session { project: store.theirs, ..later(new, "ada") }).await, Begun::Revoked);
    assert_eq!(prolong(Session { id: session_id(77), ..later(new, "ada") }).await, Begun::Ended);
    let known = async || sessions::get(db, ours, &first.id).await.expect("reads").expect("is there");
    assert_eq!((known().await.ends_at, known().await.source), (first.ends_at, old), "nobody else moves its end");
    let shorter = Session { ends_at: after(Duration::from_mins(4)), ..later(new, "ada") };
    assert_eq!(prolong(shorter).await, Begun::Session(span(first.ends_at)), "never shorter");
    let longer = after(Duration::from_mins(9));
    assert_eq!(prolong(later(new, "ada")).await, Begun::Session(span(longer)));
    assert_eq!((known().await.ends_at, known().await.source), (longer, new), "it stands on the fresh one");
    assert_eq!(transaction!(db, |tx| sessions::end_all_of(tx, ours, &old, NOW).await).expect("answers"), []);
    assert!(transaction!(db, |tx| signing_keys::revoke(tx, ours, &signing_id(1), NOW).await).expect("answers"));
    assert_eq!(prolong(later(old, "ada")).await, Begun::Revoked, "a revoked key prolongs nothing");
    assert!(transaction!(db, |tx| sessions::end(tx, ours, &first.id, NOW).await).expect("answers").is_some());
    assert_eq!(prolong(later(new, "ada")).await, Begun::Ended, "what was ended does not go on");
}

pub(crate) async fn what_ends_together_is_numbered_without_a_gap(store: Store) {
    let (db, ours) = (&store.db, &store.ours);
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let (db, ours) = (db.clone(), *ours);
        writers.spawn(async move {
            let subjects: Vec<_> = (0..writer * 3).map(|number| ended(session_id(writer << 8 | number))).collect();
            transaction!(db, |tx| {
                revocations::append_all(tx, &ours, &subjects, "together", NOW).await?;
                tokio::task::yield_now().await;
                revocations::append(tx, &ours, &Subject::Video(video_id(writer)), "alone", NOW).await
            })
            .expect("appends")
        });
    }
    writers.join_all().await;
    let told = revocations::since(db, Seq(0), 1_000).await.expect("reads");
    assert_eq!(told.len(), 3 * 28 + 8);
    assert!(told.iter().zip(1..).all(|(entry, number)| entry.seq == Seq(number)), "{told:?}");
    // Those of one transaction stand together, in their order.
    let mut rest = told.as_slice();
    while let Some(place) = rest.iter().position(|entry| matches!(entry.subject, Subject::Video(_))) {
        let (together, after) = rest.split_at(place);
        let Subject::Video(video) = after[0].subject else { panic!("a video") };
        let writer = (0..8).find(|writer| video_id(*writer) == video).expect("a writer");
        let expected: Vec<_> = (0..writer * 3).map(|number| ended(session_id(writer << 8 | number))).collect();
        assert_eq!(together.iter().map(|entry| entry.subject).collect::<Vec<_>>(), expected);
        rest = &after[1..];
    }
    assert_eq!((rest, revocations::head(db).await.expect("reads")), (&[][..], Seq(92)));
    let undone: admit_db::Result<()> = transaction!(db, |tx| {
        revocations::append_all(tx, ours, &[Subject::Video(video_id(1))], "undone", NOW).await?;
        Err(DbError::Conflict)
    });
    assert!(undone.is_err());
    transaction!(db, |tx| revocations::append_all(tx, ours, &[], "nothing", NOW).await).expect("appends nothing");
    assert_eq!(revocations::head(db).await.expect("reads"), Seq(92));
}
