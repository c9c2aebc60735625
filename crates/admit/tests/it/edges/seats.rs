//! Three tabs and two seats: who watches, who does not, and when there is room again, wherever the tabs are served.

use std::time::Duration;

use admit_domain::seats::SEAT_GRACE;
use serde_json::{Value, json};

use super::{FILM, MASTER, REVOKED_MAX, Scene};
use crate::{
    credentials::redeem,
    house::{House, Viewer, forge::now, outpost::Outpost, until::until},
};

/// A seat is lent from the middle of a question on; what a busy machine adds.
const LATE_MAX: Duration = Duration::from_secs(15);

/// A film of which two may watch at once, an edge beside the scene's, and a token that opens it for anyone.
struct Cinema {
    scene: Scene,
    second: Outpost,
    token: String,
}

impl Cinema {
    async fn open(house: &House, seats: Value) -> Self {
        let scene = Scene::set(house).await;
        let second = Outpost::open(house, &[]).await;
        let rules = json!({ "seats": seats });
        let body = json!({ "videoId": scene.video, "rules": rules });
        let made = scene.customer.post("/embed-tokens", &body).await.expect(201);
        Self { scene, second, token: made.text_at("/token") }
    }

    /// A tab: a session of its own, as our page begins it.
    async fn tab(&self) -> String {
        let path = format!("/embed/{}/session?token={}", self.scene.video, self.token);
        redeem(&self.scene.here, &path, &[]).await.expect(200).text_at("/session_token")
    }

    fn doors(&self) -> [Viewer; 2] {
        [self.scene.outpost.viewer(), self.second.viewer()]
    }

    async fn plays_at(&self, viewer: &Viewer, tab: &str) -> bool {
        viewer.get(&self.scene.path(tab, FILM)).await.status == 200
    }

    async fn expect_refused(&self, tab: &str, code: &str) {
        for viewer in &self.doors() {
            viewer.get(&self.scene.path(tab, FILM)).await.expect_refused(403, code, b"ftyp");
        }
    }

    /// The session is over at every edge.
    async fn expect_ended(&self, tab: &str) {
        for viewer in &self.doors() {
            until(REVOKED_MAX, "the edge refuses whose seat was taken", async || {
                (viewer.get(&self.scene.path(tab, MASTER)).await.status == 410).then_some(())
            })
            .await;
        }
    }
}

pub(super) async fn one_more_than_may_does_not_watch(house: &mut House) {
    let cinema = Cinema::open(house, json!({ "max": 2 })).await;
    let [one, two] = cinema.doors();
    let (first, second, third) = (cinema.tab().await, cinema.tab().await, cinema.tab().await);
    assert!(cinema.plays_at(&one, &first).await && cinema.plays_at(&two, &second).await);
    cinema.expect_refused(&third, "seats_taken").await;
    // What is not the film takes no seat.
    one.get(&cinema.scene.path(&third, MASTER)).await.expect(200);
    one.get(&cinema.scene.path(&third, "thumbnail.jpg")).await.expect(200);
    // The same tab elsewhere, reloaded or cast, is no second one; nobody may take what is not to be had.
    for tab in [&first, &second] {
        assert!(cinema.plays_at(&one, tab).await && cinema.plays_at(&two, tab).await);
    }
    two.send(http::Method::POST, &cinema.scene.path(&third, "seat"), &[]).await.expect(403);
    cinema.expect_refused(&third, "seats_taken").await;
    // Another token's tabs are counted by themselves.
    let other = cinema.scene.enter().await;
    assert!(cinema.plays_at(&one, &other).await);
}

pub(super) async fn one_more_than_may_ends_the_oldest(house: &mut House) {
    let cinema = Cinema::open(house, json!({ "max": 2, "whenFull": "endOldest" })).await;
    let [one, two] = cinema.doors();
    let (first, second, third) = (cinema.tab().await, cinema.tab().await, cinema.tab().await);
    assert!(cinema.plays_at(&one, &first).await && cinema.plays_at(&two, &second).await);
    assert!(cinema.plays_at(&two, &third).await);
    cinema.expect_ended(&first).await;
    for tab in [&second, &third] {
        assert!(cinema.plays_at(&one, tab).await && cinema.plays_at(&two, tab).await, "the others go on");
    }
}

pub(super) async fn a_viewer_is_asked_whether_to_end_the_oldest(house: &mut House) {
    let cinema = Cinema::open(house, json!({ "max": 2, "whenFull": "ask" })).await;
    let [one, two] = cinema.doors();
    let (first, second, third) = (cinema.tab().await, cinema.tab().await, cinema.tab().await);
    assert!(cinema.plays_at(&one, &first).await && cinema.plays_at(&two, &second).await);
    cinema.expect_refused(&third, "seat_takeover").await;
    assert!(cinema.plays_at(&one, &first).await, "a question ends nothing");
    let seat = cinema.scene.path(&third, "seat");
    two.get(&seat).await.expect(405);
    two.send(http::Method::POST, &seat, &[("purpose", "prefetch")]).await.expect(503);
    assert!(cinema.plays_at(&one, &first).await, "nor does what nobody meant");
    two.send(http::Method::POST, &seat, &[]).await.expect(204);
    cinema.expect_ended(&first).await;
    // Where the third was just refused it is so for a second more.
    until(REVOKED_MAX, "the other edge seats it too", async || cinema.plays_at(&one, &third).await.then_some(())).await;
    for tab in [&second, &third] {
        assert!(cinema.plays_at(&one, tab).await && cinema.plays_at(&two, tab).await);
    }
}

pub(super) async fn a_closed_tab_frees_its_seat_within_the_grace(house: &mut House) {
    let cinema = Cinema::open(house, json!({ "max": 2 })).await;
    let [one, two] = cinema.doors();
    let (first, second, third) = (cinema.tab().await, cinema.tab().await, cinema.tab().await);
    assert!(cinema.plays_at(&one, &first).await && cinema.plays_at(&two, &second).await);
    let closed = now();
    cinema.expect_refused(&third, "seats_taken").await;
    let seated = until(SEAT_GRACE + LATE_MAX, "the third tab finds a seat", async || {
        assert!(cinema.plays_at(&two, &second).await, "who goes on watching keeps the seat");
        cinema.plays_at(&one, &third).await.then(now)
    })
    .await;
    assert!(seated.since(closed) >= SEAT_GRACE / 2, "the seat was held for a while");
    // Whoever comes back from a pause is one too many now.
    cinema.expect_refused(&first, "seats_taken").await;
}

pub(super) async fn an_address_that_cannot_be_counted_is_refused(house: &mut House) {
    let scene = Scene::set(house).await;
    let body = json!({ "videoId": scene.video, "expiresAt": "2099-01-01T00:00:00Z" });
    let made = scene.customer.post("/signed-urls", &body).await.expect(201).json();
    let path = made["urls"]["mp4"].as_str().unwrap().replacen(&scene.here.origin, "", 1);
    let edge = scene.outpost.viewer();
    edge.get(&path).await.expect(200);
    let rules = format!("/videos/{}/access-rules", scene.video);
    let seats = json!({ "max": 5, "whenFull": "ask" });
    let set = scene.customer.put(&rules, &json!({ "seats": seats })).await.expect(200).json();
    assert_eq!(
        (&set["seats"], &set["words"]),
        (&seats, &json!("Anyone may watch, at most 5 at once (one more may end the oldest)."))
    );
    until(REVOKED_MAX, "the edge heeds the rule", async || (edge.get(&path).await.status != 200).then_some(())).await;
    edge.get(&path).await.expect_refused(401, "no_handle", b"ftyp");
    for wrong in
        [json!({}), json!({ "max": 0 }), json!({ "max": 1001 }), json!({ "max": 2, "whenFull": "perhaps" }), json!(2)]
    {
        scene.customer.put(&rules, &json!({ "seats": wrong })).await.expect(400);
    }
}
