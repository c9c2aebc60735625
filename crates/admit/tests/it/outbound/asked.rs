//! Addresses that are refused when they are asked for, before anything leaves the house.

use http::Method;
use serde_json::json;

use super::UNREACHABLE;
use crate::house::{
    Customer, House, on_both,
    outside::{Outside, Reply},
};

on_both! {
    n01_no_spelling_of_this_machine_is_called,
    n04_no_other_scheme_is_called,
    n06_no_other_port_is_called,
    n13_no_customer_says_where_things_are_stored,
    n19_an_address_holds_no_password,
}

/// Neither a source nor a webhook; nothing is made, and the customer hears one sentence.
async fn expect_refused(customer: &Customer, address: &str) {
    let source = json!({ "title": "a story", "source": address });
    let webhook = json!({ "events": ["video.encoding.quality.completed"], "url": address });
    for (path, name, body) in [("/videos", "source", source), ("/webhooks", "url", webhook)] {
        let refused = customer.post(path, &body).await.expect(400);
        assert_eq!(refused.text_at("/name"), name, "{address}");
        assert_eq!(refused.text_at("/detail"), UNREACHABLE, "{address}");
        assert!(refused.text_at("/type").ends_with("/invalid-attribute"), "{address}");
    }
}

async fn expect_nothing_made(customer: &Customer) {
    for path in ["/videos", "/webhooks"] {
        assert_eq!(customer.get(path).await.expect(200).json()["pagination"]["itemsTotal"], 0, "{path}");
    }
}

async fn n01_no_spelling_of_this_machine_is_called(house: &mut House) {
    let server = Outside::open("127.0.0.1:0", |_, _| Reply::ok(b"a secret")).await;
    house.set("ADMIT_OUTBOUND_PORTS", &server.port());
    house.restart().await;
    let customer = house.customer().await;
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1%lo]",
        "[fc00::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "１２７.0.0.1",
        "①②⑦.0.0.1",
        "a.localhost",
    ] {
        expect_refused(&customer, &format!("http://{host}:{}/film.mp4", server.port())).await;
    }
    expect_nothing_made(&customer).await;
    assert_eq!(server.connections(), 0);
}

async fn n04_no_other_scheme_is_called(house: &mut House) {
    let customer = house.customer().await;
    for address in [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "ftp://example.org/a",
        "gopher://example.org/",
        "data:video/mp4,a",
        "blob:https://example.org/a",
        "jar:https://example.org!/a",
        "dict://example.org/",
        "",
        " https://example.org/",
        "\u{1}https://example.org/",
        "https:example.org",
        "https:/example.org",
        "//example.org/a",
        "example.org/a",
        "http://a\\@b/",
        "http://a\tb/",
        "http://[::1]x/",
        "http://a%2eb/",
    ] {
        expect_refused(&customer, address).await;
    }
    house.set("ADMIT_OUTBOUND_HTTPS_ONLY", "true");
    house.restart().await;
    let customer = house.customer_with(&customer.key);
    expect_refused(&customer, "http://example.org/film.mp4").await;
    expect_nothing_made(&customer).await;
}

async fn n06_no_other_port_is_called(house: &mut House) {
    let customer = house.customer().await;
    let own = house.origin().rsplit_once(':').unwrap().1.to_owned();
    for port in ["22", "25", "6379", "5432", "0", &own] {
        expect_refused(&customer, &format!("http://example.org:{port}/film.mp4")).await;
    }
    expect_nothing_made(&customer).await;
}

/// Only the operator's configuration does; no address of the API has a word for it.
async fn n13_no_customer_says_where_things_are_stored(house: &mut House) {
    let document = house.viewer().get("/openapi.json").await.expect(200).text().to_lowercase();
    for word in ["bucket", "endpoint", "s3", "region"] {
        assert!(!document.contains(&format!("\"{word}\"")), "{word}");
    }
}

async fn n19_an_address_holds_no_password(house: &mut House) {
    let customer = house.customer().await;
    for address in ["https://user:password@example.org/", "https://user@example.org/", "https://@example.org/"] {
        expect_refused(&customer, address).await;
    }
    expect_nothing_made(&customer).await;
    let request = customer.request(Method::POST, "/webhooks").body("{}");
    let missing = crate::house::Answer::to("nothing said".to_owned(), request).await.expect(400).json();
    let names: Vec<_> = missing["problems"].as_array().unwrap().iter().map(|problem| &problem["name"]).collect();
    assert_eq!(names, ["events", "url"]);
}
