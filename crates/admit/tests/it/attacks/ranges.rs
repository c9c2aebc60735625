//! Ranges and conditionals on media (U18–U21): a table, floods of ranges, and validators that tell strangers nothing.

use super::Scene;
use crate::house::House;

on_one! {
    a_range_has_one_reading,
    many_ranges_are_one_body,
    a_validator_is_for_whoever_may_watch,
    a_reach_into_the_middle_spends_nothing,
}

async fn a_range_has_one_reading(house: &mut House) {
    let scene = Scene::set(house).await;
    for path in [scene.at("mp4/source.mp4"), scene.segment().await, scene.at("thumbnail.jpg")] {
        let whole = scene.viewer.get(&path).await.expect(200);
        let size = whole.body.len();
        let last = size - 1;
        let part = |from: usize, to: usize| (206, Some(from..to));
        let all = (200, Some(0..size));
        let none = (416, None);
        let rows = [
            ("bytes=0-0".to_owned(), part(0, 1)),
            ("bytes=0-".to_owned(), part(0, size)),
            ("bytes=-1".to_owned(), part(last, size)),
            ("bytes=-0".to_owned(), none.clone()),
            (format!("bytes=-{}", size + 1_000), part(0, size)),
            (format!("bytes={last}-"), part(last, size)),
            (format!("bytes={last}-{last}"), part(last, size)),
            (format!("bytes={size}-"), none.clone()),
            (format!("bytes=0-{size}"), part(0, size)),
            ("bytes=5-2".to_owned(), all.clone()),
            ("bytes=a-b".to_owned(), all.clone()),
            ("bytes=0x0-0x5".to_owned(), all.clone()),
            ("bytes=-".to_owned(), all.clone()),
            ("bytes=".to_owned(), all.clone()),
            ("bytes".to_owned(), all.clone()),
            ("items=0-1".to_owned(), all.clone()),
            ("Bytes=0-1".to_owned(), all.clone()),
            ("bytes =0-1".to_owned(), all.clone()),
            ("bytes=0 -1".to_owned(), all.clone()),
            ("bytes=0-9223372036854775808".to_owned(), part(0, size)),
            ("bytes=9223372036854775808-".to_owned(), none.clone()),
            ("bytes=0-18446744073709551616".to_owned(), part(0, size)),
            ("bytes=18446744073709551616-".to_owned(), none.clone()),
            // Several ranges are one body: the whole (RFC 9110 §14.2 allows it), so no sum of lengths can overflow.
            ("bytes=-200,-9223372036854758792".to_owned(), all.clone()),
            ("bytes=0-0,2-2".to_owned(), all.clone()),
        ];
        for (range, (status, wanted)) in rows {
            let answer = scene.viewer.get_with(&path, &[("range", &range)]).await.expect(status);
            let told = answer.header("content-range").map(str::to_owned);
            match (status, wanted) {
                (206, Some(wanted)) => {
                    assert_eq!(told, Some(format!("bytes {}-{}/{size}", wanted.start, wanted.end - 1)), "{range}");
                    assert_eq!(answer.body, whole.body.slice(wanted), "{range}");
                }
                (200, _) => assert!(told.is_none() && answer.body == whole.body, "{range}: {told:?}"),
                _ => assert!(answer.body.is_empty() && told == Some(format!("bytes */{size}")), "{range}: {told:?}"),
            }
        }
        let twice = [("range", "bytes=0-0"), ("range", "bytes=1-1")];
        let answer = scene.viewer.get_with(&path, &twice).await;
        assert!(matches!(answer.status, 200 | 206) && answer.body.len() <= size, "{}", answer.status);
    }
}

async fn many_ranges_are_one_body(house: &mut House) {
    let scene = Scene::set(house).await;
    let path = scene.at("mp4/source.mp4");
    let whole = scene.viewer.get(&path).await.expect(200);
    let single: Vec<_> = (0..1_300).map(|n| format!("{n}-{n}")).collect();
    let overlapping = vec!["0-"; 1_300];
    let suffixes: Vec<_> = (1..1_300).map(|n| format!("-{n}")).collect();
    for ranges in [single.join(","), overlapping.join(","), suffixes.join(",")] {
        let answer = scene.viewer.get_with(&path, &[("range", &format!("bytes={ranges}"))]).await.expect(200);
        assert_eq!(answer.body, whole.body, "one body, and no byte twice");
    }
    let long = vec!["0-0"; 16 * 1_024].join(",");
    scene.viewer.get_with(&path, &[("range", &format!("bytes={long}"))]).await.expect_not_let_in(
        431,
        "head-too-large",
        &whole.body,
    );
}

async fn a_validator_is_for_whoever_may_watch(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let future = "Fri, 01 Jan 2100 00:00:00 GMT";
    for path in [scene.at("mp4/source.mp4"), scene.segment().await] {
        let whole = viewer.get(&path).await.expect(200);
        let etag = whole.header("etag").unwrap().to_owned();
        assert_eq!(whole.header("last-modified"), None, "the tag is the only validator");
        let list = format!("\"x\", {etag}");
        let weak = format!("W/{etag}");
        for known in [etag.as_str(), &list, &weak, "*"] {
            let unchanged = viewer.get_with(&path, &[("if-none-match", known)]).await.expect(304);
            assert!(unchanged.body.is_empty() && unchanged.header("etag") == Some(&etag), "{known}");
        }
        for (name, value) in
            [("if-none-match", "\"x\""), ("if-modified-since", future), ("if-none-match", "x"), ("if-none-match", "")]
        {
            assert_eq!(viewer.get_with(&path, &[(name, value)]).await.expect(200).body, whole.body, "{name} {value}");
        }
        for (validator, status) in [(etag.as_str(), 206), (&weak, 200), ("\"x\"", 200), (future, 200), ("", 200)] {
            viewer.get_with(&path, &[("if-range", validator), ("range", "bytes=0-0")]).await.expect(status);
        }
        // Without leave, not even that there is nothing new.
        let below = path.split_once(&format!("{video}/")).unwrap().1.to_owned();
        let stranger = house.forge().handle(&format!("vi{}", "0".repeat(22)));
        for (path, status) in [(format!("/s/{stranger}/{video}/{below}"), 403), (format!("/vod/{video}/{below}"), 404)]
        {
            for headers in [
                vec![("if-none-match", etag.as_str())],
                vec![("if-none-match", "*")],
                vec![("if-modified-since", future)],
                vec![("if-range", etag.as_str()), ("range", "bytes=0-0")],
                vec![("range", "bytes=99999999999-")],
            ] {
                let refused = viewer.get_with(&path, &headers).await.expect(status);
                let reason = refused.header("admit-reason").unwrap().to_owned();
                refused.expect_refused(status, &reason, &whole.body);
            }
        }
    }
    // Nor for whoever had leave and has it no longer.
    let path = scene.at("mp4/source.mp4");
    let etag = viewer.get(&path).await.expect(200).header("etag").unwrap().to_owned();
    let session = customer.sessions().await[0]["sessionId"].as_str().unwrap().to_owned();
    customer.delete(&format!("/sessions/{session}")).await.expect(204);
    viewer.get_with(&path, &[("if-none-match", &etag)]).await.expect_refused(410, "session_ended", b"");
}

async fn a_reach_into_the_middle_spends_nothing(house: &mut House) {
    let scene = Scene::set(house).await;
    let token = scene.customer.token(&scene.video).await;
    let path = format!("/vod/{}/token/{token}/mp4/source.mp4", scene.video);
    let before = scene.customer.count_sessions().await;
    for range in ["bytes=100-", "bytes=1-1", "bytes=-1", "bytes=100-200,300-400"] {
        let refused = scene.viewer.get_with(&path, &[("range", range)]).await;
        assert!(refused.status >= 400 && refused.body.len() < 400, "{range}: {}", refused.status);
    }
    assert_eq!(scene.customer.count_sessions().await, before);
    scene.viewer.enter(&scene.video, &token).await;
}
