//! A body that is judged anew before each slice: what is revoked stops in the middle.

use admit_domain::{gate::Permit, id::SessionId, verdict::Denial};
use admit_objects::Slices;
use futures_util::stream;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};

use crate::{
    control::SeatWish,
    edge::Edge,
    reply::{Body, BodyError},
};

/// A permit that outlives its request, to be put to the gate again.
pub(crate) struct Watched {
    pub(crate) permit: Permit,
    /// Who must keep a seat meanwhile.
    pub(crate) seat: Option<SessionId>,
    pub(crate) edge: Edge,
}

impl Watched {
    async fn judge(&self) -> Result<(), Denial> {
        let Self { permit, seat, edge } = self;
        if let Some(session) = *seat {
            edge.take_seat(SeatWish { session, video: permit.video(), takes_over: false }).await?;
        }
        edge.gate.load().stands(permit, (edge.now)())
    }
}

/// Slices on their way to a viewer.
pub(crate) struct Judged {
    slices: Slices,
    watched: Watched,
    /// The first slice was judged with the request.
    begun: bool,
}

impl Judged {
    pub(crate) const fn new(slices: Slices, watched: Watched) -> Self {
        Self { slices, watched, begun: false }
    }

    pub(crate) fn into_body(self) -> Body {
        let frames = stream::unfold(Some(self), async |state| {
            let mut judged = state?;
            match judged.next().await {
                Ok(Some(slice)) => Some((Ok(Frame::data(slice)), Some(judged))),
                Ok(None) => None,
                // Ending with an error resets the connection: the viewer cannot take a cut body for a whole one.
                Err(error) => Some((Err(error), None)),
            }
        });
        StreamBody::new(frames).boxed_unsync()
    }

    async fn next(&mut self) -> Result<Option<bytes::Bytes>, BodyError> {
        if std::mem::replace(&mut self.begun, true) {
            self.watched.judge().await?;
        }
        Ok(self.slices.next().await?)
    }
}
