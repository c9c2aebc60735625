//! The body of an answer: no larger than allowed, and no slower.

use std::time::Duration;

use admit_domain::limits::{OUTBOUND_BYTES_PER_SECOND_MIN, OUTBOUND_FETCH};
use bytes::Bytes;
use reqwest::Response;
use tokio::time::Instant;

use super::failure::CallError;

/// Bytes on their way in.
#[derive(Debug)]
pub(crate) struct Stream {
    answer: Response,
    left: u64,
    wait: Duration,
    /// The stretch of time in which enough has to arrive.
    stretch_ends: Instant,
    stretch_bytes: u64,
    ends: Instant,
}

impl Stream {
    pub(super) fn of(answer: Response, bytes_max: u64, wait: Duration) -> Result<Self, CallError> {
        match answer.content_length() {
            Some(0) => return Err(CallError::Empty),
            Some(bytes) if bytes > bytes_max => return Err(CallError::TooLarge),
            _ => {}
        }
        let now = Instant::now();
        let (stretch_ends, ends) = (now + wait, now + OUTBOUND_FETCH);
        Ok(Self { answer, left: bytes_max, wait, stretch_ends, stretch_bytes: 0, ends })
    }

    /// The next bytes; `None` when all have come.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, CallError> {
        loop {
            let until = self.stretch_ends.min(self.ends);
            let Ok(slice) = tokio::time::timeout_at(until, self.answer.chunk()).await else {
                self.judge_stretch(until)?;
                continue;
            };
            let Some(slice) = slice? else { return Ok(None) };
            let bytes = slice.len() as u64;
            self.left = self.left.checked_sub(bytes).ok_or(CallError::TooLarge)?;
            self.stretch_bytes += bytes;
            return Ok(Some(slice));
        }
    }

    fn judge_stretch(&mut self, now: Instant) -> Result<(), CallError> {
        if now == self.ends {
            return Err(CallError::Slow("it takes too long in all"));
        }
        if self.stretch_bytes < OUTBOUND_BYTES_PER_SECOND_MIN * self.wait.as_secs() {
            return Err(CallError::Slow("it comes too slowly"));
        }
        self.stretch_bytes = 0;
        self.stretch_ends = now + self.wait;
        Ok(())
    }
}
