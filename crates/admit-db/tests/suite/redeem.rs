//! Repeating a redeem, and what is recorded of one.

use std::time::Duration;

use admit_db::{Paging, audit, desk::RedeemDesk, sessions, transaction};
use admit_domain::{
    limits::REDEEM_REPLAY_WINDOW,
    session::{Redeem, Redeemed},
    time::Timestamp,
};

use crate::{
    making::{NOW, after, redeem, session_id},
    store::Store,
};

async fn granted(desk: &RedeemDesk, wish: &Redeem, now: Timestamp) -> bool {
    matches!(desk.redeem(wish.clone(), now).await.expect("answers"), Redeemed::Session { .. })
}

pub(crate) async fn a_lost_answer_may_be_asked_for_again_for_a_minute(store: Store) {
    let desk = RedeemDesk::open(store.db.clone());
    let (mine, another) = (redeem(&store.ours, 1, 1), redeem(&store.ours, 1, 2));
    assert!(granted(&desk, &mine, NOW).await);
    assert!(!granted(&desk, &another, NOW).await, "another nonce is another viewer");
    assert!(granted(&desk, &mine, after(REDEEM_REPLAY_WINDOW)).await, "the last moment of the minute");
    assert!(granted(&desk, &mine, Timestamp::from_secs(0)).await, "a clock set back opens nothing new");
    assert!(!granted(&desk, &mine, after(REDEEM_REPLAY_WINDOW + Duration::from_millis(1))).await);

    let mut stranger = mine.clone();
    stranger.session.id = session_id(99);
    assert!(!granted(&desk, &stranger, NOW).await, "the nonce is right, but that session is not stored");
    let mut guess = another;
    guess.session.id = mine.session.id;
    assert!(!granted(&desk, &guess, NOW).await, "the session is right, but the nonce is not");
    let theirs = redeem(&store.theirs, 1, 1);
    assert!(!granted(&desk, &theirs, NOW).await, "the credential was redeemed in another project");
    desk.close().await;
}

pub(crate) async fn a_session_that_was_ended_is_not_handed_out_again(store: Store) {
    let desk = RedeemDesk::open(store.db.clone());
    let wish = redeem(&store.ours, 1, 1);
    assert!(granted(&desk, &wish, NOW).await);
    let ended = transaction!(store.db, |tx| sessions::end(tx, &store.ours, &wish.session.id, NOW).await);
    assert!(ended.expect("ends").is_some());
    assert!(!granted(&desk, &wish, NOW).await);
    desk.close().await;
}

pub(crate) async fn a_redeem_is_recorded(store: Store) {
    let desk = RedeemDesk::open(store.db.clone());
    let mut wish = redeem(&store.ours, 1, 1);
    wish.session.client.agent = "strange \0 ü \"'\\ browser".into();
    assert!(granted(&desk, &wish, NOW).await);
    assert!(granted(&desk, &wish, NOW).await);
    assert!(!granted(&desk, &redeem(&store.ours, 1, 2), NOW).await);
    desk.close().await;

    let session = sessions::get(&store.db, &store.ours, &wish.session.id).await.expect("reads").expect("is there");
    assert_eq!((session.video, session.created_at, session.ends_at), (wish.session.video, NOW, wish.session.ends_at));
    assert_eq!(session.client.agent, "strange \u{fffd} ü \"'\\ browser");
    let page = audit::list(&store.db, &store.ours, &audit::Filter::default(), Paging { page: 1, size: 10 })
        .await
        .expect("lists");
    assert_eq!(page.total, 1, "once, however often it was asked for");
    let event = &page.items[0];
    assert_eq!((event.actor.as_str(), event.action.as_str()), ("viewer", "session.opened"));
    assert_eq!((event.subject.as_str(), event.happened_at), (wish.session.id.to_string().as_str(), NOW));
    assert_eq!(event.detail, wish.session.video.as_str());
}
