//! The API of api.video's clients: who may call, what is answered in which exact form, and what a list can be asked.

mod browsers;
mod callers;
mod discarded;
pub(crate) mod inventory;
mod lists;
mod rates;
mod settings;
mod videos;

use crate::house::Answer;

/// A problem as api.video's clients read it: JSON without a parameter, and a slug at the end of its type.
#[track_caller]
pub(crate) fn expect_problem(answer: Answer, status: u16, slug: &str) -> Answer {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), Some("application/json"), "{}", answer.asked);
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", answer.asked);
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{}", answer.asked);
    let problem = answer.json();
    assert_eq!(problem["type"], format!("https://docs.api.video/reference/{slug}"), "{}", answer.asked);
    assert_eq!(problem["status"], status, "{}", answer.asked);
    assert!(problem["title"].as_str().is_some_and(|title| title.ends_with('.')), "{problem}");
    answer
}
