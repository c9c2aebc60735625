//! Names whose owners answer what they like: what was judged is what is connected to, and nothing else is.

use std::time::Duration;

use super::{UNREACHABLE, deliveries, hook, import, may_call, until_failed};
use crate::house::{
    House, clip,
    names::{Names, Zone},
    on_both,
    outside::{Outside, Reply},
    say,
    until::until,
};

on_both! {
    n02_names_that_lead_inside_are_not_called,
    n02_a_name_that_turns_is_called_where_it_was_judged,
    n08_no_failure_tells_more_than_another,
    n09_a_webhooks_name_is_judged_by_the_same_engine,
    n17_a_name_may_have_ipv6_alone,
    n18_a_name_in_any_script_is_looked_up_in_ascii,
}

const ZONE: Zone = &[
    ("film.test", &[&["127.0.0.1"]]),
    ("inside.test", &[&["127.0.0.2"]]),
    ("six.test", &[&["127.0.0.1", "::1"]]),
    ("mixed.test", &[&["127.0.0.1", "127.0.0.2"]]),
    ("mixed-again.test", &[&["10.0.0.1", "127.0.0.1"]]),
    ("alias.test", &[&["alias-of-alias.test"]]),
    ("alias-of-alias.test", &[&["inside.test"]]),
    ("mapped.test", &[&["::ffff:127.0.0.1"]]),
    ("turning.test", &[&["127.0.0.1"], &["127.0.0.2"]]),
    ("turning-soon.test", &[&["127.0.0.1"], &["127.0.0.2"]]),
    ("loop.test", &[&["loop.test"]]),
    ("only-six.test", &[&["::1"]]),
    ("xn--bcher-kva.test", &[&["127.0.0.1"]]),
];

fn film() -> Reply {
    Reply::ok(&std::fs::read(clip::small()).unwrap())
}

async fn n02_names_that_lead_inside_are_not_called(house: &mut House) {
    let (outside, names) = (Outside::open("127.0.0.1:0", |_, _| film()).await, Names::open(ZONE).await);
    let inside = outside.inside().await;
    let customer = may_call(house, &outside, &[("ADMIT_OUTBOUND_DNS", names.address.to_string())]).await;
    let mut imports = Vec::new();
    for name in ["inside", "six", "mixed", "mixed-again", "alias", "mapped", "loop", "nowhere"] {
        imports.push(import(&customer, &format!("http://{name}.test:{}/film.mp4", outside.port())).await);
    }
    for video in imports {
        until_failed(&customer, &video).await;
        assert_eq!(house.stored(""), [""; 0]);
    }
    assert_eq!((inside.connections(), outside.connections()), (0, 0));
    let video = import(&customer, &format!("http://film.test:{}/film.mp4", outside.port())).await;
    customer.until_complete(&video).await;
    assert_eq!((inside.connections(), outside.connections(), names.asked_for("film.test")), (0, 1, 1));
}

/// Public when it is judged, private when it is looked up again: it is not looked up again.
async fn n02_a_name_that_turns_is_called_where_it_was_judged(house: &mut House) {
    let names = Names::open(ZONE).await;
    let outside = Outside::open("127.0.0.1:0", |heard, _| match heard.path() {
        "/film.mp4" => film(),
        _ => Reply::status("503 Service Unavailable"),
    })
    .await;
    let inside = outside.inside().await;
    let customer = may_call(house, &outside, &[("ADMIT_OUTBOUND_DNS", names.address.to_string())]).await;
    let video = import(&customer, &format!("http://turning.test:{}/film.mp4", outside.port())).await;
    customer.until_complete(&video).await;
    assert_eq!((names.asked_for("turning.test"), outside.connections(), inside.connections()), (1, 1, 0));
    // A call of its own is judged on its own: the second attempt finds that the name has turned.
    let video = import(&customer, &format!("http://turning-soon.test:{}/later.mp4", outside.port())).await;
    until_failed(&customer, &video).await;
    assert_eq!((names.asked_for("turning-soon.test"), outside.connections(), inside.connections()), (2, 2, 0));
}

/// Inside, closed, and nowhere; and whatever it was that answered from within.
async fn n08_no_failure_tells_more_than_another(house: &mut House) {
    let (outside, names) = (Outside::open("127.0.0.1:0", |_, _| film()).await, Names::open(ZONE).await);
    let inside = outside.inside().await;
    let closed = Outside::open("127.0.0.1:0", |_, _| film()).await.port();
    let ports = format!("{},{closed}", outside.port());
    let dns = ("ADMIT_OUTBOUND_DNS", names.address.to_string());
    let customer = may_call(house, &outside, &[dns, ("ADMIT_OUTBOUND_PORTS", ports)]).await;
    let failing = [
        format!("http://inside.test:{}/", inside.port()),
        format!("http://film.test:{closed}/"),
        format!("http://nowhere.test:{}/", outside.port()),
    ];
    let mut hooks = Vec::new();
    for url in &failing {
        hooks.push(hook(&customer, url).await);
    }
    let mut seen = Vec::new();
    for url in &failing {
        let video = import(&customer, url).await;
        seen.push(until_failed(&customer, &video).await);
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:#?}");
    let film = import(&customer, &format!("http://film.test:{}/film.mp4", outside.port())).await;
    customer.until_complete(&film).await;
    for hook in &hooks {
        let tried = until(Duration::from_secs(30), "the webhook is tried", async || {
            let told = deliveries(&customer, hook).await;
            told.last().filter(|told| told["state"] == "waiting" && told["attempts"] != 0).cloned()
        })
        .await;
        assert_eq!((tried["error"].as_str(), tried.get("statusCode")), (Some(UNREACHABLE), None), "{tried}");
    }
    assert_eq!(inside.connections(), 0);
}

async fn n09_a_webhooks_name_is_judged_by_the_same_engine(house: &mut House) {
    let names = Names::open(ZONE).await;
    let outside = Outside::open("127.0.0.1:0", |heard, _| match heard.path() {
        "/film.mp4" => film(),
        _ => Reply::moved(307, "/followed"),
    })
    .await;
    let inside = outside.inside().await;
    let customer = may_call(house, &outside, &[("ADMIT_OUTBOUND_DNS", names.address.to_string())]).await;
    let mut hooks = Vec::new();
    for name in ["inside", "six", "mixed", "alias", "film"] {
        hooks.push(hook(&customer, &format!("http://{name}.test:{}/hook", outside.port())).await);
    }
    let video = import(&customer, &format!("http://film.test:{}/film.mp4", outside.port())).await;
    customer.until_complete(&video).await;
    for hook in &hooks {
        until(Duration::from_secs(30), "the webhook is tried", async || {
            deliveries(&customer, hook)
                .await
                .iter()
                .any(|told| told["state"] == "waiting" && told["attempts"] != 0)
                .then_some(())
        })
        .await;
    }
    let moved = deliveries(&customer, &hooks[4]).await;
    assert!(
        moved.iter().any(|told| told["statusCode"] == 307),
        "a redirect is an answer, and is not followed: {moved:?}"
    );
    assert!(outside.heard().iter().all(|heard| heard.path() != "/followed"));
    assert_eq!(inside.connections(), 0);
}

async fn n17_a_name_may_have_ipv6_alone(house: &mut House) {
    if tokio::net::TcpListener::bind("[::1]:0").await.is_err() {
        say("skipped: this machine has no IPv6");
        return;
    }
    let (outside, names) = (Outside::open("[::1]:0", |_, _| film()).await, Names::open(ZONE).await);
    let dns = ("ADMIT_OUTBOUND_DNS", names.address.to_string());
    let customer = may_call(house, &outside, &[dns, ("ADMIT_OUTBOUND_ALLOW", "::1/128".to_owned())]).await;
    let by_name = import(&customer, &format!("http://only-six.test:{}/film.mp4", outside.port())).await;
    let by_address = import(&customer, &format!("http://[::1]:{}/film.mp4", outside.port())).await;
    for video in [by_name, by_address] {
        customer.until_complete(&video).await;
    }
    assert_eq!(outside.connections(), 2);
}

async fn n18_a_name_in_any_script_is_looked_up_in_ascii(house: &mut House) {
    let (outside, names) = (Outside::open("127.0.0.1:0", |_, _| film()).await, Names::open(ZONE).await);
    let customer = may_call(house, &outside, &[("ADMIT_OUTBOUND_DNS", names.address.to_string())]).await;
    let video = import(&customer, &format!("http://BÜCHER.test:{}/film.mp4", outside.port())).await;
    customer.until_complete(&video).await;
    assert_eq!(names.asked_for("xn--bcher-kva.test"), 1);
    let host = format!("xn--bcher-kva.test:{}", outside.port());
    assert_eq!(outside.heard()[0].header("host"), Some(host.as_str()));
}
