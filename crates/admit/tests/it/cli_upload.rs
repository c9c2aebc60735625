//! `admit video upload`: parts, waiting, continuing where it broke off.

use crate::support::{
    program::Person,
    stub::{KEY, Stub, VIDEO},
};

const MIB: usize = 1_024 * 1_024;

/// Twelve MiB that differ from place to place.
fn film() -> Vec<u8> {
    (0..12 * MIB).map(|n| u8::try_from(n / 1_000 % 251).unwrap()).collect()
}

#[tokio::test]
async fn a_file_arrives_in_parts_and_is_waited_for() {
    let (stub, person) = (Stub::open().await, Person::new());
    let file = person.file("film.mp4", &film());
    let args =
        ["video", "upload", file.to_str().unwrap(), "--private", "--title", "A film", "--part-mib", "5", "--json"];
    let ran = person.runs(&stub.env(), &args).await;
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.json()["videoId"], VIDEO);
    assert_eq!(stub.memory().created, [serde_json::json!({ "title": "A film", "public": false })]);
    assert_eq!(stub.memory().ranges, ["part 1/3", "part 2/3", "part 3/3"]);
    let whole: Vec<u8> = stub.memory().parts.values().flatten().copied().collect();
    assert!(whole == film(), "every byte, in order");
    stub.close().await;
}

#[tokio::test]
async fn a_small_file_is_one_part_and_the_server_decides_who_may_watch() {
    let (stub, person) = (Stub::open().await, Person::new());
    let file = person.file("short.mp4", b"tiny");
    let ran =
        person.runs(&[], &["video", "upload", file.to_str().unwrap(), "--server", &stub.url, "--api-key", KEY]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.starts_with(VIDEO) && ran.out.contains("http://a/vod/x?token=t"), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'), "a title cannot colour the terminal");
    assert_eq!(stub.memory().created, [serde_json::json!({ "title": "short.mp4" })]);
    assert_eq!(stub.memory().ranges, ["part 1/1"]);
    stub.close().await;
}

#[tokio::test]
async fn the_same_command_continues_what_broke_off() {
    let (stub, person) = (Stub::open().await, Person::new());
    let file = person.file("film.mp4", &film());
    let upload = |mib: &'static str| ["video", "upload", file.to_str().unwrap(), "--part-mib", mib, "--json"];
    stub.memory().refuse.insert(2);
    let ran = person.runs(&stub.env(), &upload("5")).await;
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert!(ran.err.contains("error: cannot send part 2 of 3"), "{}", ran.err);
    assert!(ran.err.contains("hint: what has arrived is kept"), "{}", ran.err);
    assert_eq!(stub.memory().ranges, ["part 1/3", "part 2/3"]);

    stub.memory().refuse.clear();
    stub.memory().ranges.clear();
    // Another size of parts would not fit what has arrived; the one it began with is kept.
    let ran = person.runs(&stub.env(), &upload("7")).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(stub.memory().ranges, ["part 2/3", "part 3/3"], "only what was missing");
    assert_eq!(stub.memory().created.len(), 1, "no second video");

    stub.memory().parts.clear();
    assert_eq!(person.runs(&stub.env(), &upload("5")).await.code, 0);
    assert_eq!(stub.memory().created.len(), 2, "what is finished is not continued");
    stub.close().await;
}

#[tokio::test]
async fn a_lost_answer_is_not_a_lost_part() {
    let (stub, person) = (Stub::open().await, Person::new());
    stub.memory().lose.insert(1);
    let file = person.file("short.mp4", b"tiny");
    let ran = person.runs(&stub.env(), &["video", "upload", file.to_str().unwrap(), "--no-wait", "--json"]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(stub.memory().ranges, ["part 1/1", "part 1/1"], "sent again, and known already");
    stub.close().await;
}

#[tokio::test]
async fn a_film_that_cannot_be_encoded_is_an_error() {
    let (stub, person) = (Stub::open().await, Person::new());
    stub.memory().encoding_fails = true;
    let file = person.file("notes.txt", b"no film");
    let ran = person.runs(&stub.env(), &["video", "upload", file.to_str().unwrap()]).await;
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("cannot be encoded: hls 720p failed"), "{}", ran.err);
    stub.close().await;
}

#[tokio::test]
async fn what_is_no_film_is_not_begun() {
    let (stub, person) = (Stub::open().await, Person::new());
    let empty = person.file("empty.mp4", b"");
    let folder = person.home.path().to_str().unwrap();
    for (path, complaint) in
        [(empty.to_str().unwrap(), "is empty"), (folder, "is not a file"), ("/none.mp4", "cannot read /none.mp4")]
    {
        let ran = person.runs(&stub.env(), &["video", "upload", path]).await;
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains(complaint), "{}", ran.err);
    }
    assert!(stub.memory().created.is_empty());
    stub.close().await;
}
