//! Tries again what may be tried again, a bounded number of times and ever more slowly.

use std::time::Duration;

use reqwest::StatusCode;

use super::error::ClientError;
use crate::random;

/// The first try and these: 0.5, 1, 2, 4 and 8 seconds apart.
const MAX_RETRIES: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// A server may ask for a longer pause than ours, up to this one.
const MAX_PAUSE: Duration = Duration::from_mins(1);

/// What a second try of the same request could do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// Nothing that the first has not done, and too much was done already to give up while the server restarts.
    Persistent,
    /// Nothing that the first has not done. A server that is not there at all is reported at once.
    Safe,
    /// Something twice, unless the server turned the first away unread.
    IfNotReceived,
}

pub(super) async fn with_retries<T, F>(again: Again, attempt: impl FnMut() -> F) -> Result<T, ClientError>
where
    F: Future<Output = Result<T, ClientError>>,
{
    with_pauses(FIRST_PAUSE, again, attempt).await
}

async fn with_pauses<T, F>(first: Duration, again: Again, mut attempt: impl FnMut() -> F) -> Result<T, ClientError>
where
    F: Future<Output = Result<T, ClientError>>,
{
    let mut pause = first;
    for _ in 0..MAX_RETRIES {
        match attempt().await {
            Err(error) if is_passing(&error, again) => {
                tokio::time::sleep(jittered(wanted(&error).unwrap_or(pause))).await;
            }
            done => return done,
        }
        pause *= 2;
    }
    attempt().await
}

fn is_passing(error: &ClientError, again: Again) -> bool {
    match error {
        ClientError::Unreachable(error) => match again {
            Again::Persistent => true,
            Again::Safe => !error.is_connect(),
            Again::IfNotReceived => false,
        },
        ClientError::Refused(problem) => match problem.status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => true,
            status => {
                again != Again::IfNotReceived && (status == StatusCode::REQUEST_TIMEOUT || status.is_server_error())
            }
        },
        ClientError::NotUnderstood(_) | ClientError::File { .. } => false,
    }
}

fn wanted(error: &ClientError) -> Option<Duration> {
    match error {
        ClientError::Refused(problem) => problem.retry_after.map(|pause| pause.min(MAX_PAUSE)),
        _ => None,
    }
}

/// Up to a quarter longer, so that clients a server turned away together do not come back together.
fn jittered(pause: Duration) -> Duration {
    let [chance] = random::fill::<1>().unwrap_or_default();
    pause + pause * u32::from(chance) / 1_024
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::client::error::Problem;

    fn refused(status: StatusCode) -> ClientError {
        ClientError::Refused(Box::new(Problem { status, ..Problem::default() }))
    }

    async fn tries(status: StatusCode, again: Again) -> u32 {
        let count = Cell::new(0);
        let attempt = || {
            count.set(count.get() + 1);
            async { Err::<(), _>(refused(status)) }
        };
        with_pauses(Duration::from_millis(1), again, attempt).await.unwrap_err();
        count.get()
    }

    #[tokio::test]
    async fn only_what_may_pass_is_tried_again() {
        for (status, again, expected) in [
            (StatusCode::BAD_REQUEST, Again::Safe, 1),
            (StatusCode::UNAUTHORIZED, Again::Safe, 1),
            (StatusCode::BAD_GATEWAY, Again::Safe, 1 + MAX_RETRIES),
            (StatusCode::REQUEST_TIMEOUT, Again::Persistent, 1 + MAX_RETRIES),
            (StatusCode::BAD_GATEWAY, Again::IfNotReceived, 1),
            (StatusCode::TOO_MANY_REQUESTS, Again::IfNotReceived, 1 + MAX_RETRIES),
        ] {
            assert_eq!(tries(status, again).await, expected, "{status} {again:?}");
        }
    }
}
