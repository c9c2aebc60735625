//! A single-use token opens one session, ever: in a crowd, across a crash, on either database (C01–C03, C24).

mod history;

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use tokio::{sync::Semaphore, task::JoinSet};

use self::history::{History, Outcome};
use crate::house::{Answer, House, Viewer, clip, on_both, say, seed::Seed, told, viewer::session_path};

/// Viewers who come at once.
const CROWD: usize = 64;
/// Tokens they come for.
const TOKENS: usize = 200;
/// Tokens of a storm, and connections that ask for them.
const STORM_TOKENS: usize = 150;
const STORM_CONNECTIONS: usize = 32;
const KILLS_DEFAULT: usize = 20;

on_both! {
    of_a_crowd_with_one_token_one_enters,
    a_crowd_with_one_nonce_is_one_viewer,
    no_kill_spends_a_token_twice_or_loses_a_session,
}

async fn of_a_crowd_with_one_token_one_enters(house: &mut House) {
    let customer = house.customer().await;
    let viewers = [house.viewer(), house.viewer_over_http2()];
    let video = customer.create_private().await;
    let mut seed = Seed::new("a crowd");
    let mut winners = Vec::new();
    for _ in 0..TOKENS {
        let token = customer.token(&video).await;
        let wishes: Vec<_> = (0..CROWD).map(|place| wish(&viewers[place % 2], &video, &token, &mut seed)).collect();
        let answers: Vec<_> = join_all(wishes).await.into_iter().map(Result::unwrap).collect();
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!(won.len(), 1, "{won:?}");
        for answer in &lost {
            let status = if answer.asked.starts_with("GET") { 404 } else { 410 };
            answer.expect_refused(status, "credential_spent", b"");
        }
        winners.push(won[0].text_at("/session_token"));
    }
    let listed = customer.sessions().await;
    assert_eq!(listed.len(), TOKENS, "a session for each token, and no more");
    history::expect_listed(house, &video, &winners, &listed);
}

/// One viewer of a crowd, in which chance decides who is a machine without a nonce.
fn wish(
    viewer: &Viewer,
    video: &str,
    token: &str,
    seed: &mut Seed,
) -> impl Future<Output = Result<Answer, reqwest::Error>> + use<> {
    let (asked, request) = if seed.below(2) == 0 {
        let path = session_path(video, token);
        (format!("GET {path}"), viewer.request(http::Method::GET, &path))
    } else {
        viewer.wish(video, token, &seed.nonce())
    };
    Answer::or_error(asked, request)
}

async fn a_crowd_with_one_nonce_is_one_viewer(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let video = customer.create_private().await;
    let mut seed = Seed::new("one nonce");
    for count in 1..=20 {
        let (token, nonce) = (customer.token(&video).await, seed.nonce());
        let answers = join_all((0..CROWD).map(|_| viewer.redeem(&video, &token, &nonce))).await;
        let first = answers[0].clone().expect(200);
        for answer in answers {
            assert_eq!(answer.expect(200).body, first.body, "all get the same session");
        }
        viewer.redeem(&video, &token, &seed.nonce()).await.expect_refused(410, "credential_spent", b"");
        assert_eq!(customer.count_sessions().await, count);
    }
}

async fn no_kill_spends_a_token_twice_or_loses_a_session(house: &mut House) {
    let kills =
        told("ADMIT_TEST_KILLS").map_or(KILLS_DEFAULT, |text| text.parse().expect("ADMIT_TEST_KILLS is a number"));
    let key = house.customer().await.key;
    let video = house.customer_with(&key).private_film(clip::small()).await;
    let (forge, mut seed) = (house.forge(), Seed::new("kills"));
    let mut entered = Vec::new();
    let mut in_the_dark = 0;
    for kill in 1..=kills {
        let tokens: Vec<_> = (0..STORM_TOKENS).map(|_| forge.token(&video, Duration::ZERO, seed.next())).collect();
        let mut history = History::new(tokens, &mut seed);
        storm(house, &video, &mut history, &mut seed).await;
        in_the_dark += history.count(&Outcome::Unknown);

        house.start().await;
        // Whoever got no answer asks again, as players do; then everybody else tries as well.
        history.ask_again(&house.viewer(), &video).await;
        let handles = history.expect_one_viewer_each(kill);
        history::expect_open(&house.viewer(), &video, &handles).await;
        entered.extend(handles);
    }
    let listed = house.customer_with(&key).sessions().await;
    history::expect_listed(house, &video, &entered, &listed);
    assert_eq!(listed.len(), entered.len(), "no session that nobody was told of in the end");
    say(&format!("{kills} kills, {} tokens, {in_the_dark} wishes were without an answer", entered.len()));
    assert!(in_the_dark > 0, "no kill fell into a storm: nothing was shown");
}

/// Two viewers for every token, over many connections, until the program is killed among them.
async fn storm(house: &mut House, video: &str, history: &mut History, seed: &mut Seed) {
    let viewer = house.viewer();
    let seats = Arc::new(Semaphore::new(STORM_CONNECTIONS));
    let mut wishes = JoinSet::new();
    for (place, token, nonce) in history.wishes(seed) {
        let (seats, (asked, request)) = (Arc::clone(&seats), viewer.wish(video, &token, &nonce));
        wishes.spawn(async move {
            let _seat = seats.acquire_owned().await.unwrap();
            (place, Answer::or_error(asked, request).await)
        });
    }
    // By then that many have their answer, and all connections have a wish on its way.
    for _ in 0..seed.below(wishes.len()) {
        let (place, answer) = wishes.join_next().await.unwrap().unwrap();
        history.note(place, answer.ok());
    }
    house.kill().await;
    while let Some(ended) = wishes.join_next().await {
        let (place, answer) = ended.unwrap();
        history.note(place, answer.ok());
    }
}
