//! Refusals, taken down for the operator: viewers are told the code alone.

use admit_domain::{
    claims::Fault,
    decision::{Newcomer, Refused},
    id::{RequestId, VideoId},
    time::Timestamp,
    verdict::Denial,
};
use http::request::Parts;

use crate::{ask::request_id, edge::Edge};

/// A request, and when it arrived.
pub(crate) type Arrived<'a> = (&'a Parts, Timestamp);

impl Edge {
    /// Takes down a fault for the operator, and leaves its denial for the viewer.
    pub(crate) fn heed<T>(&self, arrived: Arrived<'_>, video: VideoId, judged: Result<T, Fault>) -> Result<T, Denial> {
        judged.map_err(|fault| {
            let denial = fault.denial;
            self.take_down(arrived, Some(video), fault, None);
            denial
        })
    }

    /// Takes down why a request is refused: the first word about it counts.
    pub(crate) fn take_down(
        &self,
        (parts, at): Arrived<'_>,
        video: Option<VideoId>,
        fault: Fault,
        newcomer: Option<Newcomer>,
    ) {
        if let Some(request) = request_id(parts) {
            self.tell((request, at), video, fault, newcomer);
        }
    }

    /// The same of a request by its name.
    pub(crate) fn tell(
        &self,
        (request, at): (RequestId, Timestamp),
        video: Option<VideoId>,
        fault: Fault,
        newcomer: Option<Newcomer>,
    ) {
        let seq = self.gate.load().revoked().seq;
        (self.refusals)(Refused { request, at, seq, video, fault, newcomer });
    }
}
