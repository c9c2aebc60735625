//! Waiting for what a story needs, and never longer than it may take.

use std::time::Duration;

/// Between two looks at something that cannot call.
const LOOK_EVERY: Duration = Duration::from_millis(30);

/// The outcome of something that must come to its end in time.
pub(crate) async fn within<T>(limit: Duration, what: &str, event: impl Future<Output = T>) -> T {
    let in_time = tokio::time::timeout(limit, event).await;
    in_time.unwrap_or_else(|_| panic!("not within {limit:?}: {what}"))
}

/// Looks again and again until there is something to see.
pub(crate) async fn until<T>(limit: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            // sleep: the server does not call back, so it is asked again in a while
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    within(limit, what, looking).await
}
