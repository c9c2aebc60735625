//! The bodies of a request and of its answer, watched while they pass.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep};

use super::{limits::Limits, pulse::Turn, refusal::Refusal};

/// Why a request body ended before its end.
#[derive(Debug)]
pub enum BodyError {
    /// Nothing came for too long, or too little.
    TooSlow,
    /// It was malformed, or the connection broke.
    Broken(hyper::Error),
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooSlow => "the request body did not arrive in time",
            Self::Broken(_) => "the request body broke off",
        })
    }
}

impl Error for BodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::TooSlow => None,
            Self::Broken(source) => Some(source),
        }
    }
}

/// What became of a body, told by the body to the face, which answers for it whatever the handler made of it.
#[derive(Debug, Default)]
pub(super) struct Fate {
    /// Why it failed.
    refusal: OnceLock<Refusal>,
    /// All of it was taken in. What was not would be read as the next request.
    is_read: AtomicBool,
}

pub(super) type Verdict = Arc<Fate>;

impl Fate {
    pub(super) fn refusal(&self) -> Option<Refusal> {
        self.refusal.get().copied()
    }

    pub(super) fn is_read(&self) -> bool {
        self.is_read.load(Ordering::Relaxed)
    }
}

/// A request body that must make progress. Only the time spent waiting for the peer counts: a handler may take its own.
#[derive(Debug)]
pub struct RequestBody {
    incoming: Incoming,
    verdict: Verdict,
    timer: Option<Pin<Box<Sleep>>>,
    waiting_since: Option<Instant>,
    waited: Duration,
    received_bytes: u64,
    limits: Limits,
}

impl RequestBody {
    pub(super) fn new(incoming: Incoming, limits: Limits) -> (Self, Verdict) {
        let verdict = Verdict::default();
        verdict.is_read.store(incoming.is_end_stream(), Ordering::Relaxed);
        let body = Self {
            incoming,
            verdict: Arc::clone(&verdict),
            timer: None,
            waiting_since: None,
            waited: Duration::ZERO,
            received_bytes: 0,
            limits,
        };
        (body, verdict)
    }

    /// How long this wait may last: until nothing came for too long, or the whole is slower than the least rate.
    fn patience(&self) -> Duration {
        let earned = Duration::from_secs(self.received_bytes / self.limits.body_min_bytes_per_second.max(1));
        let by_rate = earned.max(self.limits.body_grace).saturating_sub(self.waited);
        by_rate.min(self.limits.body_stall)
    }

    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.waiting_since.is_none() {
            let now = Instant::now();
            self.waiting_since = Some(now);
            let deadline = now + self.patience();
            match &mut self.timer {
                Some(timer) => timer.as_mut().reset(deadline),
                timer => *timer = Some(Box::pin(tokio::time::sleep_until(deadline))),
            }
        }
        self.timer.as_mut().map_or(Poll::Pending, |timer| timer.as_mut().poll(cx))
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(cx) else {
            return self.poll_patience(cx).map(|()| {
                let _ = self.verdict.refusal.set(Refusal::BodyTimeout);
                Some(Err(BodyError::TooSlow))
            });
        };
        if let Some(since) = self.waiting_since.take() {
            self.waited += since.elapsed();
        }
        let is_read = frame.is_none() || self.incoming.is_end_stream();
        self.verdict.is_read.store(is_read, Ordering::Relaxed);
        match frame {
            Some(Ok(frame)) => {
                self.received_bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                Poll::Ready(Some(Ok(frame)))
            }
            Some(Err(error)) => {
                // A peer that went away reads no answer; one that sent nonsense does.
                let _ = self.verdict.refusal.set(Refusal::Chunk);
                Poll::Ready(Some(Err(BodyError::Broken(error))))
            }
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

pin_project_lite::pin_project! {
    /// The answer's body: the service's, or our own refusal. It holds the request's turn until it is sent or dropped.
    pub(super) struct AnswerBody<B> {
        #[pin]
        origin: Origin<B>,
        turn: Turn,
    }
}

pin_project_lite::pin_project! {
    #[project = OriginProjection]
    enum Origin<B> {
        Service { #[pin] body: B },
        House { #[pin] body: Full<Bytes> },
    }
}

impl<B> AnswerBody<B> {
    pub(super) fn service(body: B, turn: Turn) -> Self {
        Self { origin: Origin::Service { body }, turn }
    }

    pub(super) fn house(body: Full<Bytes>, turn: Turn) -> Self {
        Self { origin: Origin::House { body }, turn }
    }
}

impl<B> Body for AnswerBody<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.project();
        let frame = match this.origin.project() {
            OriginProjection::Service { body } => body.poll_frame(cx).map_err(Into::into),
            OriginProjection::House { body } => body.poll_frame(cx).map_err(|never| match never {}),
        };
        this.turn.passes_to_peer(frame.is_ready());
        frame
    }

    fn is_end_stream(&self) -> bool {
        match &self.origin {
            Origin::Service { body } => body.is_end_stream(),
            Origin::House { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.origin {
            Origin::Service { body } => body.size_hint(),
            Origin::House { body } => body.size_hint(),
        }
    }
}
