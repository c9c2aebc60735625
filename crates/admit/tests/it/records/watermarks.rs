//! Pictures to burn into films are kept, listed and forgotten.

use reqwest::multipart::Form;
use serde_json::json;

use super::{jpeg, png};
use crate::{
    house::{House, on_both},
    management::expect_problem,
};

on_both! {
    a_watermark_is_kept_listed_and_forgotten,
    what_is_no_picture_is_not_kept,
}

async fn a_watermark_is_kept_listed_and_forgotten(house: &mut House) {
    let customer = house.customer().await;
    let one = customer.send("/watermarks", "a.png", &png(64, 64)).await.expect(200);
    let members: Vec<_> = one.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["createdAt", "watermarkId"], "and nothing that is not declared");
    let other = customer.send("/watermarks", "b", &jpeg(8, 8)).await.expect(200);
    let ids = [one.text_at("/watermarkId"), other.text_at("/watermarkId")];
    assert!(ids.iter().all(|id| id.len() == 32 && id.starts_with("watermark_")), "{ids:?}");
    assert_eq!(house.stored("watermarks").len(), 2);

    let list = customer.get("/watermarks?sortBy=createdAt&sortOrder=asc&pageSize=100").await.expect(200).json();
    assert_eq!(list["pagination"]["itemsTotal"], 2);
    for answer in [&one, &other] {
        assert!(list["data"].as_array().unwrap().contains(&answer.json()), "{list}");
    }
    assert_eq!(
        customer.get("/watermarks?pageSize=1&currentPage=2").await.expect(200).json()["data"][0]["watermarkId"]
            .as_str()
            .map(str::len),
        Some(32)
    );
    expect_problem(customer.get("/watermarks?sortBy=name").await, 400, "invalid-query-parameter");

    let path = format!("/watermarks/{}", ids[0]);
    let deleted = customer.delete(&path).await.expect(204);
    assert_eq!((deleted.header("content-type"), deleted.body.len()), (None, 0));
    for path in [path.as_str(), "/watermarks/watermark_x"] {
        let gone = expect_problem(customer.delete(path).await, 404, "resource-not-found");
        assert_eq!(gone.text_at("/name"), "watermarkId");
    }
    assert_eq!(house.stored("watermarks"), [ids[1].clone()], "its picture is gone, the other is not");
    let left = customer.get("/watermarks").await.expect(200).json();
    assert_eq!(left["data"], json!([other.json()]));
}

async fn what_is_no_picture_is_not_kept(house: &mut House) {
    let customer = house.customer().await;
    let cases = [
        (b"GIF89a".to_vec(), "uploaded-file-extension-invalid"),
        (Vec::new(), "uploaded-file-extension-invalid"),
        (png(8_193, 1), "uploaded-file-invalid-file"),
        ([png(1, 1), vec![0; 8 * 1024 * 1024]].concat(), "uploaded-file-too-large"),
    ];
    for (bytes, slug) in cases {
        expect_problem(customer.send("/watermarks", "a.png", &bytes).await, 400, slug);
    }
    let none = customer.send_form("/watermarks", Form::new().text("file", "x")).await;
    expect_problem(none, 400, "uploaded-file-no-file");
    expect_problem(customer.post("/watermarks", &json!({})).await, 400, "invalid-payload");
    assert_eq!(customer.get("/watermarks").await.expect(200).json()["pagination"]["itemsTotal"], 0);
    assert!(house.stored("watermarks").is_empty());
}
