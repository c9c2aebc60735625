//! Media that is at hand is answered below hyper. A viewer cannot tell, and nobody gets there who would be refused.

mod everybody;
mod visit;

use std::{sync::Arc, time::Duration};

use admit::listener::Limits;
use admit_domain::{
    bound::Bound,
    gate::Gate,
    handle::{BoundValues, Rights},
    revocation::Revoked,
    rules::{Countries, Domains, Rules, Visitor as Caller},
    time::Timestamp,
};
use admit_objects::Keep;
use tokio::time::Instant;

use self::visit::{Answer, House, Visitor, head};
use crate::support::gallery::{ASSETS, Gallery};

/// A condition that no answer meets, so that the request goes the long way to the same answer.
const LONG_WAY: &str = "If-None-Match: \"other\"\r\n";

fn limits() -> Limits {
    Limits { drain: Duration::from_millis(500), ..Limits::new(1_000, 1_000) }
}

async fn house() -> House {
    House::open(limits(), None).await
}

/// Both ways to each asset, by the same visitor.
async fn compare(house: &House, visitor: &mut Visitor) {
    let gallery = &house.gallery;
    for asset in ASSETS {
        for path in [gallery.path(1, asset), gallery.signed_path(asset)] {
            let long = visitor.ask("GET", &path, LONG_WAY).await;
            let taken = house.taken();
            let short = visitor.get(&path).await;
            assert_eq!(house.taken(), taken, "{asset} is at hand");
            assert!(short.header("admit-request-id").is_some_and(|id| id.starts_with("rq")), "{asset}");
            assert_ne!(short.header("admit-request-id"), long.header("admit-request-id"));
            assert!(short.header("date").is_some_and(|date| date.len() == 29 && date.ends_with(" GMT")), "{asset}");
            let (short, long) = (short.common(), long.common());
            assert_eq!((short.status, &short.headers), (200, &long.headers), "{asset}");
            assert!(!long.body.is_empty() && short.body == long.body, "{asset}");

            let (short, long) = (visitor.ask("HEAD", &path, "").await, visitor.ask("HEAD", &path, LONG_WAY).await);
            assert_eq!(house.taken(), taken + 1, "{asset}");
            assert!(short.header("content-length").is_some(), "{asset}");
            assert_eq!(short.common(), long.common(), "{asset}");
        }
    }
}

#[tokio::test]
async fn both_ways_give_the_same_answer() {
    // From files, and, as at an edge that fetches from elsewhere, from memory.
    for files in [true, false] {
        let house = House::keeping(Keep { files, ..Keep::default() }, limits(), None).await;
        let mut visitor = house.visit().await;
        compare(&house, &mut visitor).await;
        house.close().await;
    }
}

#[tokio::test]
async fn what_the_player_is_told_is_asked_for_each_time() {
    let house = house().await;
    let mut visitor = house.visit().await;
    let (player, taken) = (house.gallery.path(1, "player.json"), house.taken());
    for _ in 0..2 {
        assert_eq!(visitor.get(&player).await.status, 200);
    }
    assert_eq!(house.taken(), taken + 2);
    house.close().await;
}

#[tokio::test]
async fn both_ways_give_the_same_answer_over_tls() {
    let made = rcgen::generate_simple_self_signed(["house.example".to_owned()]).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let server = rustls::ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let server = server.unwrap().with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let house = House::open(limits(), Some(Arc::new(server).into())).await;

    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let client = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let client = client.unwrap().with_root_certificates(roots).with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(house.addr).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
    let stream = connector.connect("house.example".try_into().unwrap(), stream).await.unwrap();
    compare(&house, &mut Visitor::on(stream)).await;
    house.close().await;
}

#[tokio::test]
async fn answers_keep_the_order_of_their_requests() {
    let house = house().await;
    let mut visitor = house.visit().await;
    let mut bodies = Vec::new();
    for asset in ASSETS {
        bodies.push(visitor.get(&house.gallery.path(1, asset)).await.body);
    }
    let taken = house.taken();
    let heads = (0..60).map(|number| {
        let long_way = if number % 3 == 1 || number % 7 == 2 { LONG_WAY } else { "" };
        head("GET", &house.gallery.path(1, ASSETS[number % ASSETS.len()]), long_way)
    });
    let heads: String = heads.collect();
    let (long, all) = (heads.matches(LONG_WAY).count(), heads.matches("GET ").count());
    assert!(long > 20 && all - long > 20, "both kinds, {long} of {all}");
    // In one breath, and while answers are being read.
    let (reader, mut writer) = tokio::io::split(visitor.stream);
    let speak = async { tokio::io::AsyncWriteExt::write_all(&mut writer, heads.as_bytes()).await.unwrap() };
    let listen = async move {
        let mut listener = Visitor::on(tokio::io::join(reader, tokio::io::sink()));
        for number in 0..all {
            let answer = listener.hear(false).await;
            assert_eq!(answer.status, 200, "{number}");
            assert!(answer.body == bodies[number % ASSETS.len()], "answer {number} is another's");
        }
    };
    tokio::join!(speak, listen);
    assert_eq!(house.taken(), taken + long);
    house.close().await;
}

#[tokio::test]
async fn a_head_may_come_in_two_at_every_byte() {
    let house = house().await;
    let mut visitor = house.having("captions/fr.vtt").await;
    let head = head("GET", &house.gallery.path(1, "captions/fr.vtt"), "User-Agent: a\r\n");
    let taken = house.taken();
    for at in 1..head.len() {
        visitor.say(&head[..at]).await;
        // sleep: long enough for the first half to be read by itself, now and then; no outcome depends on it
        tokio::time::sleep(Duration::from_micros(200)).await;
        visitor.say(&head[at..]).await;
        assert_eq!(visitor.hear(false).await.status, 200, "cut at {at}");
    }
    assert_eq!(house.taken(), taken);
    house.close().await;
}

#[tokio::test]
async fn half_a_head_and_then_silence_is_told_off() {
    let header_read = Duration::from_millis(200);
    let house = House::open(Limits { header_read, ..limits() }, None).await;
    let mut visitor = house.having("captions/fr.vtt").await;
    let path = house.gallery.path(1, "captions/fr.vtt");
    assert_eq!(visitor.get(&path).await.status, 200);
    let asked = Instant::now();
    visitor.say(&head("GET", &path, "")[..40]).await;
    let heard = String::from_utf8(visitor.hear_out().await).unwrap();
    assert!(heard.starts_with("HTTP/1.1 408"), "{heard}");
    assert!(asked.elapsed() >= header_read, "{:?}", asked.elapsed());
    house.close().await;
}

#[tokio::test]
async fn who_keeps_asking_is_not_idle_and_who_stops_is() {
    let keep_alive_idle = Duration::from_millis(500);
    let house = House::open(Limits { keep_alive_idle, ..limits() }, None).await;
    let mut visitor = house.having("captions/fr.vtt").await;
    let (path, begun) = (house.gallery.path(1, "captions/fr.vtt"), Instant::now());
    while begun.elapsed() < keep_alive_idle * 3 {
        assert_eq!(visitor.get(&path).await.status, 200);
        // sleep: a visitor who asks now and then, well within the limit
        tokio::time::sleep(keep_alive_idle / 10).await;
    }
    let last = Instant::now();
    assert_eq!(visitor.get(&path).await.status, 200);
    assert!(visitor.hear_out().await.is_empty(), "closed without a word");
    assert!(last.elapsed() >= keep_alive_idle, "{:?}", last.elapsed());
    house.close().await;
}

#[tokio::test]
async fn an_idle_visitor_does_not_hold_up_the_end() {
    let house = House::open(Limits { drain: Duration::from_secs(20), ..limits() }, None).await;
    let visitor = house.having("captions/fr.vtt").await;
    let asked = Instant::now();
    house.close().await;
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    assert!(visitor.hear_out().await.is_empty());
}

#[tokio::test]
async fn a_session_that_ended_gets_nothing_more() {
    let house = house().await;
    let mut visitor = house.having("media/v720/0.m4s").await;
    let path = house.gallery.path(1, "media/v720/0.m4s");
    assert_eq!(visitor.get(&path).await.status, 200);
    house.gallery.end(1);
    let refused = visitor.get(&path).await;
    assert_eq!((refused.status, refused.header("admit-reason")), (410, Some("session_ended")));
    assert_eq!(visitor.get(&house.gallery.path(2, "media/v720/0.m4s")).await.status, 200, "another's goes on");
    house.close().await;
}

#[tokio::test]
async fn a_long_body_is_cut_when_its_session_ends() {
    for (ends, files, what) in [
        (false, true, "control, from a file"),
        (true, true, "cut, from a file"),
        (false, false, "control, from memory"),
        (true, false, "cut, from memory"),
    ] {
        let house = House::keeping(Keep { files, ..Keep::default() }, limits(), None).await;
        let mut visitor = house.having("mp4/source.mp4").await;
        let taken = house.taken();
        visitor.say(&head("GET", &house.gallery.path(1, "mp4/source.mp4"), "Accept: */*\r\n")).await;
        assert!(visitor.read().await > 0, "it has begun");
        if ends {
            house.gallery.end(1);
        }
        visitor.say(&head("GET", &house.gallery.path(2, "captions/fr.vtt"), "Connection: close\r\n")).await;
        let heard = visitor.hear_out().await.len();
        let whole = house.gallery.mp4_bytes;
        assert_eq!(heard > whole, !ends, "{what}: {heard} of {whole}");
        assert_eq!(house.taken(), taken + usize::from(!ends), "{what}");
        house.close().await;
    }
}

#[tokio::test]
async fn rules_hold_for_what_is_at_hand() {
    let house = house().await;
    let mut visitor = house.having("hls/master.m3u8").await;
    let gallery = &house.gallery;
    let path = gallery.path(1, "hls/master.m3u8");
    let reason = |answer: &Answer| answer.header("admit-reason").map(str::to_owned);

    // Only those from one country, on one site; the facts are asked for again, and the answer is at hand under the new ones.
    gallery.change(|facts| {
        facts.rules.countries = Some(Countries::only(["FR".parse().unwrap()]));
        facts.rules.domains = Some(Domains::new(vec!["shop.example".parse().unwrap()], false));
    });
    assert_eq!(visitor.get(&path).await.status, 200);
    let taken = house.taken();
    assert_eq!(visitor.ask("GET", &path, "Origin: https://shop.example\r\n").await.status, 200);
    assert_eq!(visitor.ask("GET", &path, "Origin: http://house.example\r\n").await.status, 200, "our own page");
    assert_eq!(house.taken(), taken);
    let refused = visitor.ask("GET", &path, "Origin: https://other.example\r\n").await;
    assert_eq!(reason(&refused).as_deref(), Some("domain_not_allowed"));
    gallery.change(|facts| facts.rules.countries = Some(Countries::only(["US".parse().unwrap()])));
    assert_eq!(reason(&visitor.get(&path).await).as_deref(), Some("country_not_allowed"));
    gallery.change(|facts| facts.rules = Rules::default());

    // Bound to a program.
    let caller = Caller {
        ip: "127.0.0.1".parse().ok(),
        origin: None,
        referrer: None,
        agent: "Mozilla/5.0 Firefox/130.0",
        country_of: &|_| None,
    };
    let bound = Bound { agent: true, ..Bound::default() };
    let handle = gallery.handle(3, Rights::ALL, bound, &bound.values(&caller).unwrap());
    let bound = format!("/s/{handle}/{}/hls/master.m3u8", gallery.video);
    let as_agent = |agent: &str| format!("User-Agent: {agent}\r\n");
    assert_eq!(visitor.ask("GET", &bound, &as_agent(caller.agent)).await.status, 200);
    let taken = house.taken();
    assert_eq!(visitor.ask("GET", &bound, &as_agent(caller.agent)).await.status, 200);
    assert_eq!(house.taken(), taken, "at hand for the same program");
    let refused = visitor.ask("GET", &bound, &as_agent("curl/8")).await;
    assert_eq!(reason(&refused).as_deref(), Some("bound_elsewhere"));

    // Rights: what others may fetch is at hand, and not for those who may not.
    let watch = gallery.handle(4, Rights::WATCH, Bound::default(), &BoundValues::default());
    assert_eq!(visitor.get(&gallery.path(1, "thumbnail.jpg")).await.status, 200);
    let refused = visitor.get(&format!("/s/{watch}/{}/thumbnail.jpg", gallery.video)).await;
    assert_eq!(reason(&refused).as_deref(), Some("missing_right"));
    let forged = path.replacen("/s/A", "/s/B", 1);
    assert_ne!(forged, path);
    assert_ne!(visitor.get(&forged).await.status, 200);
    house.close().await;
}

#[tokio::test]
async fn whoever_has_heard_nothing_for_too_long_gives_nothing() {
    let house = house().await;
    let mut visitor = house.having("hls/master.m3u8").await;
    let path = house.gallery.path(1, "hls/master.m3u8");
    let fresh = house.gallery.gate.load_full();
    house.gallery.gate.store(Arc::new(fresh.fresh_until(Timestamp::EPOCH)));
    assert_eq!(visitor.get(&path).await.status, 503);
    house.gallery.gate.store(fresh);
    assert_eq!(visitor.get(&path).await.status, 200);
    let other_keys = Gate::new(Gallery::other_keys(), Revoked::default()).fresh_until(house.gallery.ends);
    house.gallery.gate.store(Arc::new(other_keys));
    assert_eq!(visitor.get(&path).await.status, 401, "its key is no more");
    house.close().await;
}

#[tokio::test]
async fn what_changed_is_not_given_from_memory() {
    let house = house().await;
    let mut visitor = house.having("captions/fr.vtt").await;
    let path = house.gallery.path(1, "captions/fr.vtt");
    let asked = house.gallery.asked();
    assert_eq!(visitor.get(&path).await.status, 200);
    assert_eq!(house.gallery.asked(), asked, "nobody is asked for what is at hand");
    let texts = house.gallery.knowledge.facts.lock().unwrap().texts.clone();
    house.gallery.change(|facts| facts.texts.clear());
    assert_eq!(visitor.get(&path).await.status, 404);
    // Back as they were: equal, and still not the facts that the old answer was given under.
    house.gallery.change(|facts| facts.texts = texts);
    let taken = house.taken();
    assert_eq!(visitor.get(&path).await.status, 200);
    assert_eq!(house.taken(), taken + 1);
    assert_eq!(visitor.get(&path).await.status, 200);
    house.gallery.edge.forget_all();
    assert_eq!(visitor.get(&path).await.status, 200);
    assert_eq!(house.taken(), taken + 2);
    house.gallery.change(|facts| facts.token_access = false);
    assert_eq!(visitor.get(&path).await.status, 200);
    assert_ne!(visitor.get(&house.gallery.signed_path("captions/fr.vtt")).await.status, 200, "signed, and not allowed");
    house.close().await;
}
