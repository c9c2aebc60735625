//! Looks at a body while it passes, and hands on what it was made of.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use admit_domain::limits::BODY_SLICE_BYTES;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;

use crate::reply::{Body, BodyError};

/// Smaller bodies are copied: a slice of a larger piece would hold all of it in memory.
const COPIED_BYTES_MAX: usize = 64 * 1_024;

pub(super) struct Gather<F> {
    body: Body,
    left: u64,
    slices: Vec<Bytes>,
    /// Called once, when all bytes have passed.
    done: Option<F>,
}

impl<F: FnOnce(Vec<Bytes>) + Send + Unpin + 'static> Gather<F> {
    /// `bytes` is the length of the body.
    pub(super) fn new(body: Body, bytes: u64, done: F) -> Self {
        Self { body, left: bytes, slices: Vec::new(), done: Some(done) }
    }

    pub(super) fn into_body(self) -> Body {
        self.boxed_unsync()
    }

    /// What reads a body of known length may stop asking when it has all of it, so the end is when the bytes are there.
    fn take(&mut self, data: &Bytes) {
        self.left = self.left.saturating_sub(data.len() as u64);
        let mut rest = data.clone();
        while rest.len() > BODY_SLICE_BYTES {
            self.slices.push(rest.split_to(BODY_SLICE_BYTES));
        }
        self.slices.push(rest);
        if let Some(done) = self.done.take_if(|_| self.left == 0) {
            done(compact(std::mem::take(&mut self.slices)));
        }
    }
}

fn compact(slices: Vec<Bytes>) -> Vec<Bytes> {
    if slices.iter().map(Bytes::len).sum::<usize>() > COPIED_BYTES_MAX {
        return slices;
    }
    vec![slices.concat().into()]
}

impl<F: FnOnce(Vec<Bytes>) + Send + Unpin + 'static> http_body::Body for Gather<F> {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            self.take(data);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
