//! `admit explain`: the server's own words on why somebody may watch or may not.

use admit_domain::id::RequestId;
use serde_json::Value;

use super::{
    args::credentials::Question,
    failure::Failure,
    output::{Output, text},
};
use crate::client::Client;

pub(super) async fn run(client: &Client, mut question: Question, output: Output) -> Result<(), Failure> {
    let what = std::mem::take(&mut question.what);
    let slot = if what.parse::<RequestId>().is_ok() {
        &mut question.request_id
    } else if what.contains('/') {
        &mut question.url
    } else {
        &mut question.token
    };
    *slot = Some(what);
    let answer = client.explain(&question).await?;
    Ok(output.tell(&answer, || told(&answer))?)
}

/// Steps first, and the verdict last, where the eye is.
pub(super) fn told(answer: &Value) -> Vec<String> {
    let steps = answer["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut lines: Vec<_> = steps.iter().map(step).collect();
    let rules = text(answer, "/words");
    if !rules.is_empty() {
        lines.push(format!("rules: {rules}"));
    }
    match answer.get("refusal").filter(|refusal| refusal.is_object()) {
        None => lines.push("allowed".to_owned()),
        Some(refusal) => {
            lines.push(format!(
                "refused: {} ({} {})",
                text(refusal, "/title"),
                text(refusal, "/code"),
                refusal["status"]
            ));
            for (name, pointer) in [("field", "/field"), ("wanted", "/wanted"), ("help", "/help")] {
                let value = text(refusal, pointer);
                if !value.is_empty() {
                    lines.push(format!("  {name:<7} {value}"));
                }
            }
        }
    }
    lines
}

fn step(step: &Value) -> String {
    let mark = if step["passed"] == Value::Bool(true) { "ok  " } else { "FAIL" };
    format!("{mark}  {:<12}  {}", text(step, "/rule"), text(step, "/says"))
}
