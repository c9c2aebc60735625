//! Waiting until every edge that serves viewers judges by an entry of the log.

use std::{collections::BTreeMap, time::Duration};

use admit_db::edges;
use admit_domain::{id::EdgeId, revocation::Seq};
use tokio::time::Instant;

use crate::{app::App, error::ApiError};

/// The name of the edge in the process that is asked.
pub(crate) const LOCAL: &str = "local";
/// How often it is looked what edges said to other processes.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Who has acknowledged an entry, and after how many milliseconds; and who has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Acks {
    pub(crate) edges: Vec<(String, u64)>,
    pub(crate) missing: Vec<String>,
}

/// Waits for every edge that was heard of within the time after which it would refuse viewers anyway.
pub(crate) async fn wait(app: &App, seq: Seq, begun: Instant, timeout: Duration) -> Result<Acks, ApiError> {
    let deadline = begun + timeout;
    let mut bell = app.edges.bell();
    let mut acked = BTreeMap::new();
    loop {
        let since = app.feed.now().minus(app.feed.max_staleness());
        let written = edges::heard_since(&app.db, since).await?;
        let mut live: Vec<_> = written.iter().map(|edge| (edge.id, edge.heard)).collect();
        for id in app.edges.heard_since(since) {
            if !live.iter().any(|(known, _)| *known == id) {
                live.push((id, None));
            }
        }
        let judges_by = |id: &EdgeId, written: Option<(edges::Applied, _)>| {
            let here = app.edges.last(id).map(|(applied, _)| applied.seq);
            here.max(written.map(|(applied, _)| applied.seq)) >= Some(seq)
        };
        let mut missing = Vec::new();
        let mut take = |name: String, has_it: bool| {
            if has_it {
                acked.entry(name).or_insert_with(|| begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX));
            } else {
                missing.push(name);
            }
        };
        take(LOCAL.to_owned(), app.feed.seq() >= seq);
        for (id, written) in &live {
            take(id.to_string(), judges_by(id, *written));
        }
        if missing.is_empty() || Instant::now() >= deadline {
            return Ok(Acks { edges: acked.into_iter().collect(), missing });
        }
        let look_at = deadline.min(Instant::now() + LOOK_EVERY);
        // Whether the bell rang or the time is over, it is looked again.
        let _ = tokio::time::timeout_at(look_at, bell.changed()).await;
    }
}
