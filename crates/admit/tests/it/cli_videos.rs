//! `admit video list`, `show` and `rm`: words for people, JSON for programs.

use crate::support::{
    program::Person,
    stub::{Stub, VIDEO},
};

#[tokio::test]
async fn lists_say_how_many_pages_there_are() {
    let (stub, person) = (Stub::open().await, Person::new());
    let ran = person.runs(&stub.env(), &["video", "list", "--page", "2", "--page-size", "10"]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out, format!("{VIDEO}  private  2026-11-21T10:00:00+00:00  A film \u{fffd}[31m\npage 2 of 3\n"));
    let ran = person.runs(&stub.env(), &["video", "list", "--json"]).await;
    assert_eq!(ran.json()["data"][0]["videoId"], VIDEO);
    assert_eq!(ran.json()["pagination"]["pageSize"], 25);
    stub.close().await;
}

#[tokio::test]
async fn what_was_removed_is_not_shown() {
    let (stub, person) = (Stub::open().await, Person::new());
    let ran = person.runs(&stub.env(), &["video", "show", VIDEO]).await;
    assert!(ran.out.contains("access     private") && ran.out.contains("hls        http://a/vod/x/hls"), "{}", ran.out);
    let ran = person.runs(&stub.env(), &["video", "rm", VIDEO, "--json"]).await;
    assert_eq!(ran.json(), serde_json::json!({ "deleted": VIDEO }));
    let ran = person.runs(&stub.env(), &["video", "show", VIDEO, "--json"]).await;
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.err.starts_with("error: the server answered 404: The requested resource was not found."),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("\nhint: `admit video list`"), "{}", ran.err);
    stub.close().await;
}
