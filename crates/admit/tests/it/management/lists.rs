//! Lists: pages, filters and orders, in every spelling that clients use.

use serde_json::{Value, json};

use super::expect_problem;
use crate::house::{Customer, House, on_both, viewer::session_path};

on_both! {
    pages_hold_everything_once,
    filters_must_all_hold,
    orders_are_the_ones_asked_for,
    sessions_are_listed_by_video_and_by_life,
}

async fn titles(customer: &Customer, query: &str) -> Vec<String> {
    let list = customer.get(&format!("/videos?{query}")).await.expect(200).json();
    titles_of(&list)
}

fn titles_of(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|video| video["title"].as_str().unwrap().to_owned()).collect()
}

fn rels_of(list: &Value) -> Vec<(String, String)> {
    let text = |link: &Value, name: &str| link[name].as_str().unwrap().to_owned();
    list["pagination"]["links"].as_array().unwrap().iter().map(|link| (text(link, "rel"), text(link, "uri"))).collect()
}

async fn pages_hold_everything_once(house: &mut House) {
    let customer = house.customer().await;
    let empty = customer.get("/videos").await.expect(200);
    assert_eq!(empty.header("content-type"), Some("application/json"));
    let pagination = &empty.json()["pagination"];
    let expected = json!({ "currentPage": 1, "pageSize": 25, "pagesTotal": 1, "itemsTotal": 0, "currentPageItems": 0,
        "links": pagination["links"] });
    assert_eq!((&empty.json()["data"], pagination), (&json!([]), &expected));

    for number in 0..7 {
        customer.create(&json!({ "title": format!("v{number}") })).await;
    }
    let mut seen = Vec::new();
    let mut path = "/videos?currentPage=1&pageSize=3".to_owned();
    loop {
        let list = customer.get(&path).await.expect(200).json();
        seen.extend(titles_of(&list));
        assert_eq!(list["pagination"]["itemsTotal"], 7);
        let links = rels_of(&list);
        assert!(links.contains(&("first".to_owned(), "/videos?currentPage=1&pageSize=3".to_owned())), "{links:?}");
        assert!(links.contains(&("last".to_owned(), "/videos?currentPage=3&pageSize=3".to_owned())), "{links:?}");
        let Some((_, next)) = links.into_iter().find(|(rel, _)| rel == "next") else { break };
        path = next;
    }
    assert_eq!(seen.len(), 7);
    seen.sort();
    assert_eq!(seen, ["v0", "v1", "v2", "v3", "v4", "v5", "v6"], "each once, over all pages");
    assert_eq!(customer.get("/videos?currentPage=9&pageSize=3").await.expect(200).json()["data"], json!([]));

    let ranges = [
        ("currentPage=0", "currentPage"),
        ("currentPage=-1", "currentPage"),
        ("pageSize=0", "pageSize"),
        ("pageSize=101", "pageSize"),
    ];
    for (query, name) in ranges {
        let refused = expect_problem(customer.get(&format!("/videos?{query}")).await, 400, "invalid-query-parameter");
        assert_eq!(refused.text_at("/name"), name);
        assert_eq!(refused.json()["range"]["min"], 1, "{query}");
    }
    for query in ["currentPage=x", "pageSize=1.5", "pageSize=", "sortBy=password", "sortBy=title;drop", "sortOrder=up"]
    {
        expect_problem(customer.get(&format!("/videos?{query}")).await, 400, "invalid-query-parameter");
    }
}

async fn filters_must_all_hold(house: &mut House) {
    let customer = house.customer().await;
    for (title, description, tags, metadata) in [
        ("Red Fox", "a fox", json!(["animal", "red"]), json!([{ "key": "place", "value": "wood" }])),
        (
            "Red Car",
            "no animal",
            json!(["red"]),
            json!([{ "key": "place", "value": "road" }, { "key": "year", "value": "1999" }]),
        ),
        ("100% blue_sky", "sky", json!([]), json!([])),
    ] {
        let about = json!({ "title": title, "description": description, "tags": tags, "metadata": metadata });
        customer.create(&about).await;
    }
    let cases: [(&str, &[&str]); 16] = [
        ("title=Red", &["Red Car", "Red Fox"]),
        ("title=Fox", &["Red Fox"]),
        ("title=%25", &["100% blue_sky"]),
        ("title=_", &["100% blue_sky"]),
        ("description=animal", &["Red Car"]),
        ("tags%5B%5D=red", &["Red Car", "Red Fox"]),
        ("tags%5B%5D=red&tags%5B%5D=animal", &["Red Fox"]),
        ("tags[0]=red&tags[1]=animal", &["Red Fox"]),
        ("tags=animal", &["Red Fox"]),
        ("tags[]=none", &[]),
        ("metadata%5Bplace%5D=road", &["Red Car"]),
        ("metadata[place]=road&metadata[year]=1999", &["Red Car"]),
        ("metadata[place]=wood&metadata[year]=1999", &[]),
        ("metadata[place]=", &[]),
        ("tags[]=red&title=Fox&metadata[place]=wood", &["Red Fox"]),
        ("liveStreamId=li400mYKSgQ6xs7taUeSaEKr", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(titles(&customer, &format!("{query}&sortBy=title&sortOrder=asc")).await, expected, "{query}");
    }
}

async fn orders_are_the_ones_asked_for(house: &mut House) {
    let customer = house.customer().await;
    let mut ids = Vec::new();
    for title in ["b", "a", "c"] {
        ids.push(customer.create(&json!({ "title": title })).await);
    }
    assert_eq!(titles(&customer, "sortBy=title&sortOrder=asc").await, ["a", "b", "c"]);
    assert_eq!(titles(&customer, "sortBy=title&sortOrder=desc").await, ["c", "b", "a"]);
    assert_eq!(titles(&customer, "sortBy=createdAt&sortOrder=asc").await, ["b", "a", "c"]);
    assert_eq!(titles(&customer, "").await, ["c", "a", "b"], "newest first when nothing is said");
    customer.patch(&format!("/videos/{}", ids[0]), &json!({ "description": "changed" })).await.expect(200);
    assert_eq!(titles(&customer, "sortBy=updatedAt&sortOrder=desc").await[0], "b");
    assert_eq!(titles(&customer, "sortBy=publishedAt").await.len(), 3);
}

async fn sessions_are_listed_by_video_and_by_life(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let (one, other) = (customer.create_private().await, customer.create_private().await);
    let mut handles = Vec::new();
    for video in [&one, &one, &other] {
        handles.push(viewer.enter(video, &customer.token(video).await).await);
    }
    let path = session_path(&other, &customer.token(&other).await);
    viewer.get_with(&path, &[("user-agent", "Story/1.0")]).await.expect(200);
    let count = async |query: &str| {
        customer.get(&format!("/sessions?{query}")).await.expect(200).json()["pagination"]["itemsTotal"]
            .as_u64()
            .unwrap()
    };
    assert_eq!(count("").await, 4);
    assert_eq!((count(&format!("videoId={one}")).await, count(&format!("videoId={other}")).await), (2, 2));
    let ended = house.forge().session_of(&handles[0], &one);
    customer.delete(&format!("/sessions/{ended}")).await.expect(204);
    assert_eq!((count("active=true").await, count("active=false").await), (3, 4));
    assert_eq!(count(&format!("active=true&videoId={one}")).await, 1);
    let newest = customer.get("/sessions?pageSize=1").await.expect(200).json();
    assert_eq!(newest["data"][0]["agent"], "Story/1.0");
    let members: Vec<_> = newest["data"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["agent", "createdAt", "endsAt", "network", "sessionId", "videoId"]);
    assert!(!newest.to_string().contains(&handles[2]), "a session's list is no list of handles");
    expect_problem(customer.get("/sessions?active=yes").await, 400, "invalid-query-parameter");
    expect_problem(customer.get("/sessions?videoId=x").await, 404, "resource-not-found");
}
