//! Becoming an edge: a join token is spent, once, for an id and a secret.

use http::StatusCode;
use reqwest::Method;

use super::{
    upstreams::{EdgeSecret, Upstreams, bounded},
    wire::{JoinBody, JoinedBody},
};
use crate::told::told;
use admit_domain::limits::{EDGE_ANSWER_BYTES_MAX, EDGE_ASK};

/// Who an edge is. Not `Debug`: it holds the secret.
#[derive(Clone)]
pub struct Identity {
    pub id: String,
    pub secret: EdgeSecret,
}

/// Why a control plane did not take an edge in.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    #[error("the control plane does not know this join token")]
    Unknown,
    #[error("this join token was used before, or its 24 hours are over")]
    Spent,
    #[error("the control plane answered {0}")]
    Refused(StatusCode),
    #[error("no control plane answered: {0}")]
    NoAnswer(String),
}

impl Identity {
    /// Spends the token at the first control plane that answers.
    pub async fn join(upstreams: &Upstreams, join_token: &str, name: &str) -> Result<Self, JoinError> {
        let mut silence = String::new();
        for upstream in upstreams.all() {
            let body = JoinBody { join_token, name };
            let response = match upstream.request(Method::POST, "join").json(&body).timeout(EDGE_ASK).send().await {
                Ok(response) => response,
                Err(error) if error.is_connect() => {
                    silence = told(&error);
                    continue;
                }
                // It may have arrived, and then the token is spent.
                Err(error) => return Err(JoinError::NoAnswer(told(&error))),
            };
            return match response.status() {
                StatusCode::CREATED => {
                    let body = bounded(response, EDGE_ANSWER_BYTES_MAX).await.unwrap_or_default();
                    let joined: JoinedBody =
                        serde_json::from_slice(&body).map_err(|error| JoinError::NoAnswer(error.to_string()))?;
                    Ok(Self { id: joined.edge_id, secret: EdgeSecret::new(joined.secret) })
                }
                StatusCode::UNAUTHORIZED => Err(JoinError::Unknown),
                StatusCode::GONE => Err(JoinError::Spent),
                status => Err(JoinError::Refused(status)),
            };
        }
        Err(JoinError::NoAnswer(silence))
    }
}
