//! Why a call came to nothing: all of it for the operator's log, and none of it for the customer.

use std::error::Error;

use admit_domain::outbound::Refused;
use reqwest::StatusCode;

/// The addresses themselves stay out of it: what lies beyond the origin may open something.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("refused: {0}")]
    Refused(#[from] Refused),
    #[error("there is no such name")]
    NoSuchName,
    #[error("the name cannot be looked up: {0}")]
    Lookup(String),
    #[error("it is moved too often, or to nowhere")]
    Redirects,
    #[error("the answer is {0}")]
    Status(StatusCode),
    #[error("{0}")]
    Slow(&'static str),
    #[error("it is larger than allowed")]
    TooLarge,
    #[error("it is empty")]
    Empty,
    #[error("{0}")]
    Broken(String),
}

impl CallError {
    /// Calling again gives the same answer.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Self::Refused(_) | Self::NoSuchName | Self::Redirects | Self::TooLarge | Self::Empty => true,
            Self::Status(status) => {
                let may_pass = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
                !status.is_server_error() && !may_pass.contains(status)
            }
            Self::Lookup(_) | Self::Slow(_) | Self::Broken(_) => false,
        }
    }
}

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(next) = cause {
            // What our own look-up said comes back wrapped in what the client makes of it.
            if let Some(ours) = next.downcast_ref::<Self>() {
                return ours.clone();
            }
            text.push_str(": ");
            text.push_str(&next.to_string());
            cause = next.source();
        }
        Self::Broken(text)
    }
}
