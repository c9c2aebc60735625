//! A body that is judged anew with each piece: what is revoked stops in the middle.

use admit_domain::{gate::Permit, id::SessionId, seats::SeatWish, verdict::Denial};
use admit_objects::Slices;
use bytes::Bytes;
use futures_util::stream;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};

use crate::{
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

/// What comes a piece at a time.
pub(crate) trait Pieces: Send + 'static {
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, BodyError>> + Send;
}

impl Pieces for Slices {
    async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        Ok(Slices::next(self).await?)
    }
}

/// Pieces on their way to a viewer.
pub(crate) struct Judged<P> {
    pieces: P,
    watched: Watched,
}

impl<P: Pieces> Judged<P> {
    pub(crate) const fn new(pieces: P, watched: Watched) -> Self {
        Self { pieces, watched }
    }

    pub(crate) fn into_body(self) -> Body {
        let frames = stream::unfold(Some(self), async |state| {
            let mut judged = state?;
            match judged.next().await {
                Ok(Some(piece)) => Some((Ok(Frame::data(piece)), Some(judged))),
                Ok(None) => None,
                // Ending with an error resets the connection: the viewer cannot take a cut body for a whole one.
                Err(error) => Some((Err(error), None)),
            }
        });
        StreamBody::new(frames).boxed_unsync()
    }

    async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        let piece = self.pieces.next().await?;
        // However long it took to come: what was taken back meanwhile is not given.
        self.watched.judge().await?;
        Ok(piece)
    }
}
