//! What an edge refused.

use std::borrow::Cow;

use admit_domain::{
    claims::Fault,
    decision::{Newcomer, Refused},
    revocation::Seq,
    time::Timestamp,
    verdict::Denial,
};
use serde::Deserialize;

use super::credentials::AskerBody;

/// What an edge can find wrong by itself; whatever else it refuses, a control plane has told it to.
const FIELDS: [&str; 8] = ["validFrom", "validUntil", "domains", "networks", "countries", "agents", "rights", "seats"];

#[derive(Deserialize)]
pub(crate) struct RefusalsBody {
    pub(crate) refusals: Vec<RefusedBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefusedBody {
    request_id: String,
    at: i64,
    seq: i64,
    video_id: Option<String>,
    code: String,
    field: String,
    wanted: String,
    newcomer: Option<NewcomerBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewcomerBody {
    project_id: String,
    #[serde(flatten)]
    asker: AskerBody,
}

impl RefusedBody {
    /// None where an edge of another release speaks of what this one does not know.
    pub(crate) fn read(self) -> Option<Refused> {
        let field = FIELDS.into_iter().find(|field| **field == self.field).unwrap_or_default();
        let newcomer = match self.newcomer {
            Some(NewcomerBody { project_id, asker }) => {
                Some(Newcomer { project: project_id.parse().ok()?, asker: asker.into() })
            }
            None => None,
        };
        Some(Refused {
            request: self.request_id.parse().ok()?,
            at: Timestamp::from_millis(self.at),
            seq: Seq(self.seq),
            video: match self.video_id {
                Some(id) => Some(id.parse().ok()?),
                None => None,
            },
            fault: Fault::new(Denial::parse(&self.code)?, field, Cow::Owned(self.wanted)),
            newcomer,
        })
    }
}
