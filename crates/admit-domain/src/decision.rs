//! What was decided about requests, told to whoever keeps it for an operator's questions.

use crate::{
    asker::Asker,
    claims::Fault,
    id::{ProjectId, RequestId, VideoId},
    revocation::Seq,
    time::Timestamp,
    verdict::Denial,
};

/// What an edge refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub request: RequestId,
    pub at: Timestamp,
    /// What the edge judged by.
    pub seq: Seq,
    pub video: Option<VideoId>,
    pub fault: Fault,
    /// Whom the rules kept from beginning a session.
    pub newcomer: Option<Newcomer>,
}

/// Somebody who wants to begin a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    pub project: ProjectId,
    pub asker: Asker,
}

/// Somebody wanted to begin a session with a credential that was believed, and was judged by rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub request: Option<RequestId>,
    pub at: Timestamp,
    /// What it was judged by.
    pub seq: Seq,
    pub video: VideoId,
    pub newcomer: Newcomer,
    /// What the rules of the credential itself said; they are not its project's to change.
    pub by_credential: Result<(), Denial>,
    pub verdict: Result<(), Denial>,
}
