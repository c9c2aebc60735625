//! Nasty strings wherever a customer has a say (U44): they come back as they were, break no line, and open nothing.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    house::{
        House, clip, on_both,
        outside::{Outside, Reply},
        until::until,
    },
    outbound::may_call,
};

on_both! {
    what_is_written_is_read_again,
    a_film_of_nasty_names_plays,
}

/// Short, and each known to have broken somebody.
const NASTY: [&str; 52] = [
    "",
    " ",
    "null",
    "undefined",
    "true",
    "0",
    "-1",
    "NaN",
    "1E400",
    "0x0",
    "\\",
    "\\\\n",
    "\"",
    "'",
    "`",
    "\"'\"'\"''''\"",
    "<script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "%s%n",
    "%00",
    "%0d%0aX-Evil: 1",
    "\r\nX-Evil: 1",
    "\n#EXT-X-KEY:METHOD=NONE",
    "\n\n00:00.000 --> 99:00.000\nevil",
    "-->",
    "]]>",
    "'; DROP TABLE video; --",
    "' OR '1'='1",
    "../../../etc/passwd",
    "file:///etc/passwd",
    "$(touch /tmp/evil)",
    "`id`",
    "|id",
    "\u{0}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{feff}",
    "\u{202e}txt.exe",
    "\u{200b}",
    "\u{2028}",
    "é",
    "e\u{301}",
    "ﬃ",
    "田中さん",
    "👩‍👩‍👧",
    "ﷺ",
    "Z\u{351}\u{36b}\u{343}\u{36a}",
    "\u{10ffff}",
];

async fn what_is_written_is_read_again(house: &mut House) {
    let customer = house.customer().await;
    let mut kept = 0;
    for nasty in NASTY {
        let about = json!({
            "title": nasty, "description": nasty, "tags": [nasty],
            "metadata": [{ "key": nasty, "value": nasty }],
        });
        let made = customer.post("/videos", &about).await;
        assert!(matches!(made.status, 201 | 400), "{nasty:?}: {} {:?}", made.status, made.body);
        let (video, wanted) = if made.status == 201 {
            (made.text_at("/videoId"), about)
        } else {
            // Some may not stand everywhere; a title may be any text that is one.
            let title = customer.post("/videos", &json!({ "title": nasty })).await;
            assert!(matches!(title.status, 201 | 400), "{nasty:?}: {}", title.status);
            let Some(video) = (title.status == 201).then(|| title.text_at("/videoId")) else { continue };
            (video, json!({ "title": nasty }))
        };
        kept += 1;
        let read = customer.get(&format!("/videos/{video}")).await.expect(200);
        for (name, value) in wanted.as_object().unwrap() {
            assert_eq!(&read.json()[name], value, "{nasty:?}");
        }
        let filtered = customer.request(http::Method::GET, "/videos").query(&[("title", nasty), ("tags[]", nasty)]);
        assert!(matches!(filtered.send().await.unwrap().status().as_u16(), 200 | 400), "{nasty:?}");
        let odd = customer.request(http::Method::GET, "/videos").query(&[(format!("metadata[{nasty}]"), nasty)]);
        assert!(matches!(odd.send().await.unwrap().status().as_u16(), 200 | 400), "{nasty:?}");
        let sorted = customer.request(http::Method::GET, "/videos").query(&[("sortBy", nasty), ("sortOrder", nasty)]);
        assert!(matches!(sorted.send().await.unwrap().status().as_u16(), 200 | 400), "{nasty:?}");
    }
    assert!(kept >= 40, "only {kept} of them were kept");
    // All of them are still there: nothing was dropped by any of them.
    let total = customer.get("/videos?pageSize=100").await.expect(200).json()["pagination"]["itemsTotal"].as_u64();
    assert_eq!(total, Some(kept));
}

/// In the film's playlists, its player's page and what a webhook is told.
async fn a_film_of_nasty_names_plays(house: &mut House) {
    let outside = Outside::open("127.0.0.1:0", |_, _| Reply::status("202 Accepted")).await;
    let customer = may_call(house, &outside, &[]).await;
    let hook =
        json!({ "events": ["video.encoding.quality.completed"], "url": format!("http://{}/hook", outside.address) });
    customer.post("/webhooks", &hook).await.expect(201);
    let all: String = NASTY.iter().filter(|nasty| !nasty.contains('\0')).copied().collect();
    let mut title: String = all.chars().take(200).collect();
    title.push_str("\r\nX-Evil: 1\n#EXT-X-EVIL");
    let video = customer.create(&json!({ "title": title, "public": false, "metadata": [] })).await;
    let film = std::fs::read(clip::small()).unwrap();
    let name = "a\"; filename=\"..\\..\\evil.sh";
    customer.send(&format!("/videos/{video}/source"), name, &film).await.expect(201);
    customer.until_complete(&video).await;
    let words: Vec<&str> = NASTY.into_iter().filter(|nasty| !nasty.contains(['\0', '\r'])).collect();
    let words = words.join("\n");
    let captions = format!("WEBVTT\n\n00:00.000 --> 00:05.000\n{}\n", words.replace("-->", "").replace("\n\n", "\n"));
    let sent = customer.send(&format!("/videos/{video}/captions/fr"), name, captions.as_bytes()).await;
    assert!(matches!(sent.status, 200 | 400), "{}", sent.status);

    let viewer = house.viewer();
    let handle = viewer.enter(&video, &customer.token(&video).await).await;
    let at = |below: &str| format!("/s/{handle}/{video}/{below}");
    for below in ["hls/master.m3u8", "dash/manifest.mpd", "player.json", "storyboard.vtt"] {
        let answer = viewer.get(&at(below)).await.expect(200);
        assert_eq!(answer.header("x-evil"), None, "{below}");
        assert!(
            !answer.text().lines().any(|line| line.starts_with("X-Evil") || line.starts_with("#EXT-X-EVIL")),
            "{below}"
        );
    }
    let told: Value = viewer.get(&at("player.json")).await.json();
    assert_eq!(told["title"], title.as_str());
    let page = viewer.get(&format!("/vod/{video}")).await.expect(200);
    assert!(!page.text().contains("X-Evil") && !page.text().contains("DROP TABLE"), "the page names nothing");
    let film = viewer.get(&at("mp4/source.mp4")).await.expect(200);
    assert!(film.headers.values().all(|value| !value.as_bytes().windows(4).any(|four| four == b"evil")));
    let heard =
        until(Duration::from_secs(20), "the webhook is told", async || outside.heard().into_iter().next()).await;
    assert!(!heard.head.lines().any(|line| line.starts_with("x-evil")), "{}", heard.head);
    let event: Value = serde_json::from_str(&heard.body).unwrap();
    assert_eq!(event["videoId"], video.as_str());
}
