//! What may go wrong between us and a server, in words for the person at the terminal.

use std::{error::Error as _, path::Path, time::Duration};

use bytes::Bytes;
use reqwest::{StatusCode, header::RETRY_AFTER};
use serde::Deserialize;

#[derive(Debug)]
pub enum ClientError {
    /// The server answered, and its answer is no.
    Refused(Box<Problem>),
    /// No answer came.
    Unreachable(reqwest::Error),
    /// The answer is not what this API answers.
    NotUnderstood(serde_json::Error),
    File {
        path: String,
        source: std::io::Error,
    },
}

/// A problem document (RFC 9457), as much of it as we use.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    #[serde(skip)]
    pub status: StatusCode,
    #[serde(skip)]
    pub retry_after: Option<Duration>,
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub detail: Option<String>,
    pub name: Option<String>,
}

impl Problem {
    /// What the server says of a part or a source it has had from us before.
    pub(super) fn says_already_received(&self) -> bool {
        self.kind.ends_with("part-already-sent") || self.kind.ends_with("video-source-already-uploaded")
    }
}

/// An error answer longer than this is a page of something else, not a problem document.
const MAX_PROBLEM_BYTES: u64 = 64 * 1_024;

impl ClientError {
    pub(super) fn file(path: &Path, source: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), source }
    }

    pub(super) async fn refused(answer: reqwest::Response) -> Self {
        let status = answer.status();
        let seconds = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let is_short = answer.content_length().is_none_or(|length| length <= MAX_PROBLEM_BYTES);
        let body = if is_short { answer.bytes().await.unwrap_or_default() } else { Bytes::new() };
        let mut problem: Problem = serde_json::from_slice(&body).unwrap_or_default();
        problem.status = status;
        problem.retry_after = seconds.map(Duration::from_secs);
        if problem.title.is_empty() {
            status.canonical_reason().unwrap_or("no reason given").clone_into(&mut problem.title);
        }
        Self::Refused(Box::new(problem))
    }

    /// What the person at the terminal may try.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Refused(problem) => match problem.status {
                StatusCode::UNAUTHORIZED => {
                    Some("give a valid key with --api-key or ADMIT_API_KEY; `admit api-key create` makes one")
                }
                StatusCode::NOT_FOUND => Some("`admit video list` shows the videos this key can see"),
                StatusCode::TOO_MANY_REQUESTS => Some("the server limits how often it is asked; try again in a minute"),
                status if status.is_redirection() => {
                    Some("the server is elsewhere; give its own address with --server")
                }
                _ => None,
            },
            Self::Unreachable(error) if error.is_connect() => {
                Some("is the server running there? --server or ADMIT_SERVER names another")
            }
            Self::Unreachable(_) => Some("run the same command again; an upload continues where it stopped"),
            Self::NotUnderstood(_) => Some("is this an admit server?"),
            Self::File { .. } => None,
        }
    }
}

impl std::fmt::Display for ClientError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(problem) => {
                write!(f, "the server answered {}: {}", problem.status.as_u16(), problem.title)?;
                let more = [&problem.name, &problem.detail];
                more.into_iter().flatten().filter(|text| !text.is_empty()).try_for_each(|text| write!(f, " ({text})"))
            }
            Self::Unreachable(error) => {
                // The address may hold a token in its query; the innermost cause says what happened without it.
                let mut innermost: &dyn std::error::Error = error;
                while let Some(source) = innermost.source() {
                    innermost = source;
                }
                if error.source().is_none() {
                    f.write_str("no answer from the server")
                } else {
                    write!(f, "no answer from the server: {innermost}")
                }
            }
            Self::NotUnderstood(_) => f.write_str("the server's answer was not understood"),
            Self::File { path, source } => write!(f, "cannot read {path}: {source}"),
        }
    }
}

impl std::error::Error for ClientError {}

impl From<reqwest::Error> for ClientError {
    fn from(error: reqwest::Error) -> Self {
        Self::Unreachable(error.without_url())
    }
}
