//! Servers that send us elsewhere (N03).

use super::{import, may_call, until_failed};
use crate::house::{
    House, clip, on_both,
    outside::{Outside, Reply},
};

on_both! {
    n03_every_hop_is_judged_and_there_are_five,
}

/// `/in/<what>` leads to something forbidden; `/hop/<n>` leads to `/hop/<n - 1>`, and `/hop/0` is a film.
fn script(heard: &crate::house::outside::Heard, port: u16) -> Reply {
    let path = heard.path().to_owned();
    if let Some(status) = path.strip_prefix("/in/status/") {
        return Reply::moved(status.parse().unwrap(), &format!("http://127.0.0.2:{port}/"));
    }
    if let Some(hops) = path.strip_prefix("/hop/").and_then(|hops| hops.parse::<u32>().ok()) {
        // Relative, from the root, and whole, in turn.
        return match (hops, hops % 3) {
            (0, _) => Reply::ok(&std::fs::read(clip::small()).unwrap()),
            (_, 0) => Reply::moved(301, &format!("{}", hops - 1)),
            (_, 1) => Reply::moved(302, &format!("/hop/{}", hops - 1)),
            _ => Reply::moved(308, &format!("//127.0.0.1:{port}/hop/{}", hops - 1)),
        };
    }
    match path.as_str() {
        "/in/file" => Reply::moved(302, "file:///etc/passwd"),
        "/in/other-scheme" => Reply::moved(302, &format!("gopher://127.0.0.1:{port}/")),
        "/in/network" => Reply::moved(302, &format!("//127.0.0.2:{port}/")),
        "/in/number" => Reply::moved(302, &format!("http://2130706434:{port}/")),
        "/in/backslash" => Reply::moved(302, &format!("/\\127.0.0.2:{port}/")),
        "/in/credentials" => Reply::moved(302, &format!("http://user:password@127.0.0.1:{port}/hop/0")),
        "/in/port" => Reply::moved(302, "http://127.0.0.1:6379/"),
        "/in/nowhere" => Reply::status("302 Found"),
        "/loop" => Reply::moved(302, "/loop"),
        _ => Reply::status("404 Not Found"),
    }
}

async fn n03_every_hop_is_judged_and_there_are_five(house: &mut House) {
    // The port is not known before the door is open: the server is told by the request.
    let outside = Outside::open("127.0.0.1:0", |heard, _| {
        let port = heard.header("host").and_then(|host| host.rsplit_once(':')?.1.parse().ok()).unwrap();
        script(heard, port)
    })
    .await;
    let inside = outside.inside().await;
    let customer = may_call(house, &outside, &[]).await;
    let address = |path: &str| format!("http://127.0.0.1:{}{path}", outside.port());
    let statuses = [301, 302, 303, 307, 308].map(|status| format!("/in/status/{status}"));
    let forbidden = [
        "/in/file",
        "/in/other-scheme",
        "/in/network",
        "/in/number",
        "/in/backslash",
        "/in/credentials",
        "/in/port",
        "/in/nowhere",
        "/loop",
        "/hop/6",
        "/hop/20",
    ];
    let mut imports = Vec::new();
    for path in statuses.iter().map(String::as_str).chain(forbidden) {
        imports.push(import(&customer, &address(path)).await);
    }
    for video in &imports {
        until_failed(&customer, video).await;
    }
    assert_eq!(house.stored(""), [""; 0]);
    let heard = outside.heard();
    assert_eq!(heard.iter().filter(|heard| heard.path() == "/loop").count(), 6, "the first, and five hops");
    assert!(heard.iter().all(|heard| heard.path() != "/hop/0"), "neither six nor twenty hops lead to the end");
    let video = import(&customer, &address("/hop/5")).await;
    customer.until_complete(&video).await;
    for heard in outside.heard() {
        for name in ["authorization", "cookie", "referer", "proxy-authorization"] {
            assert_eq!(heard.header(name), None, "{}", heard.head);
        }
    }
    assert_eq!(inside.connections(), 0);
}
