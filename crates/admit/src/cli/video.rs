//! `admit video list`, `show` and `rm`.

use serde_json::{Value, json};

use super::{
    failure::Failure,
    output::{Output, text},
};
use crate::client::Client;

pub(super) async fn list(client: &Client, page: u32, page_size: u32, output: &Output) -> Result<(), Failure> {
    let answer = client.videos(page, page_size).await?;
    Ok(output.tell(&answer, || {
        let videos = answer.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut lines: Vec<_> = videos.iter().map(line).collect();
        let pages = answer.pointer("/pagination/pagesTotal").and_then(Value::as_u64).unwrap_or(1);
        if pages > 1 {
            lines.push(format!("page {page} of {pages}"));
        }
        lines
    })?)
}

fn line(video: &Value) -> String {
    let visibility = if video["public"] == json!(false) { "private" } else { "public " };
    format!("{}  {visibility}  {}  {}", text(video, "/videoId"), text(video, "/createdAt"), text(video, "/title"))
}

pub(super) async fn show(client: &Client, id: &str, output: &Output) -> Result<(), Failure> {
    let video = client.video(id).await?;
    Ok(output.tell(&video, || described(&video))?)
}

pub(super) async fn remove(client: &Client, id: &str, output: &Output) -> Result<(), Failure> {
    client.delete_video(id).await?;
    Ok(output.tell(&json!({ "deleted": id }), || vec![format!("deleted {id}")])?)
}

/// A video in words: its id first, then what it is and where it is.
pub(super) fn described(video: &Value) -> Vec<String> {
    let visibility = if video["public"] == json!(false) { "private" } else { "public" };
    let mut lines = vec![
        text(video, "/videoId").to_owned(),
        format!("  title      {}", text(video, "/title")),
        format!("  access     {visibility}"),
    ];
    for name in ["player", "hls", "mp4", "thumbnail"] {
        let address = text(video, &format!("/assets/{name}"));
        if !address.is_empty() {
            lines.push(format!("  {name:<9}  {address}"));
        }
    }
    lines
}
