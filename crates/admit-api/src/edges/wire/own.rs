//! What an edge says of itself.

use admit_db::edges::Applied;
use admit_domain::revocation::Seq;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JoinBody {
    pub(crate) join_token: String,
    pub(crate) name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JoinedBody {
    pub(crate) edge_id: String,
    pub(crate) secret: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppliedBody {
    seq: i64,
    stale_ms: u64,
    hits: u64,
    misses: u64,
}

impl From<AppliedBody> for Applied {
    fn from(body: AppliedBody) -> Self {
        let AppliedBody { seq, stale_ms, hits, misses } = body;
        Self { seq: Seq(seq), stale_ms, hits, misses }
    }
}
