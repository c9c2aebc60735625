//! Reads HTTP/1 strictly before hyper does. hyper is lenient where nothing stands in front of it: it takes bare line feeds,
//! drops a Content-Length beside a Transfer-Encoding, and folds two equal ones. Behind a proxy each of these is a second
//! reading of the same bytes, so heads are judged here, one at a time, and bodies are counted to know where the next begins.
//!
//! A refused head is replaced by a request that only names the refusal. It passes through hyper like any other, so the
//! answer comes in its turn, with a request id, and ends the connection.

mod chunked;
mod head;

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf as _, Bytes, BytesMut};
use http::Method;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

use self::{chunked::Chunks, head::Framing};
use super::{
    limits::{Limits, MAX_HEADER_BYTES},
    refusal::Refusal,
};

/// How a refusal found on the wire is spelled as a method. A stranger who sends it is refused, which is what it says.
const REFUSED: &str = "REFUSED-";

pub(super) fn refused_on_the_wire(method: &Method) -> Option<Refusal> {
    method.as_str().strip_prefix(REFUSED).and_then(Refusal::from_code)
}

#[derive(Debug)]
enum Place {
    /// Between requests, or in a head.
    Head,
    Sized {
        left: u64,
    },
    Chunked(Chunks),
    /// Nothing more is read for hyper.
    Refused,
}

#[derive(Debug)]
pub(super) struct Inlet<I> {
    io: I,
    place: Place,
    /// Read, and not yet judged.
    raw: BytesMut,
    /// Judged, and not yet taken by hyper.
    judged: Bytes,
    /// Runs while a head is awaited at the start, while one is being read, and while a refused peer is heard out.
    timer: Pin<Box<Sleep>>,
    timed: bool,
    lingers: bool,
    limits: Limits,
}

impl<I: AsyncRead + Unpin> Inlet<I> {
    pub(super) fn new(io: I, limits: Limits) -> Self {
        let timer = Box::pin(tokio::time::sleep(limits.header_read));
        Self {
            io,
            place: Place::Head,
            raw: BytesMut::new(),
            judged: Bytes::new(),
            timer,
            timed: true,
            lingers: false,
            limits,
        }
    }

    /// Judges the head that `raw` begins with, if it is whole.
    fn judge_head(&mut self, searched_bytes: usize) {
        let end = match head::end(&self.raw, searched_bytes) {
            Some(end) if end <= MAX_HEADER_BYTES => end,
            None if self.raw.len() <= MAX_HEADER_BYTES => return,
            _ => return self.refuse(head::overlong(&self.raw)),
        };
        let head = self.raw.split_to(end).freeze();
        match head::judge(&head) {
            Ok(framing) => {
                self.place = match framing {
                    Framing::Nothing => Place::Head,
                    Framing::Sized(left) => Place::Sized { left },
                    Framing::Chunked => Place::Chunked(Chunks::default()),
                };
                self.judged = head;
                self.timed = false;
            }
            Err(refusal) => self.refuse(refusal),
        }
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.place = Place::Refused;
        self.judged = Bytes::from(format!("{REFUSED}{} / HTTP/1.1\r\nhost: refused\r\n\r\n", refusal.code()));
    }

    /// Reads more of a head; `Ready(true)` when the peer has said its last.
    fn poll_head(&mut self, cx: &mut Context<'_>, scratch: &mut ReadBuf<'_>) -> Poll<io::Result<bool>> {
        let before = scratch.filled().len();
        if Pin::new(&mut self.io).poll_read(cx, scratch)?.is_pending() {
            if self.timed {
                ready!(self.timer.as_mut().poll(cx));
                if self.raw.is_empty() {
                    return Poll::Ready(Ok(true));
                }
                self.refuse(Refusal::HeadTimeout);
                return Poll::Ready(Ok(false));
            }
            return Poll::Pending;
        }
        let searched_bytes = self.raw.len();
        self.raw.extend_from_slice(&scratch.filled()[before..]);
        scratch.set_filled(before);
        if self.raw.len() == searched_bytes {
            return Poll::Ready(Ok(true));
        }
        self.start_timer(self.limits.header_read);
        self.judge_head(searched_bytes);
        Poll::Ready(Ok(false))
    }

    fn start_timer(&mut self, wait: std::time::Duration) {
        if !self.timed {
            self.timed = true;
            self.timer.as_mut().reset(Instant::now() + wait);
        }
    }

    /// Fills `buf` from what was read too far, or from the peer.
    fn poll_body(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.raw.is_empty() {
            return Pin::new(&mut self.io).poll_read(cx, buf);
        }
        let length = self.raw.len().min(buf.remaining());
        buf.put_slice(&self.raw[..length]);
        self.raw.advance(length);
        Poll::Ready(Ok(()))
    }

    /// Keeps of what was filled since `before` what belongs to this body; the rest begins the next head.
    fn count_body(&mut self, before: usize, buf: &mut ReadBuf<'_>) -> io::Result<()> {
        let read = &buf.filled()[before..];
        let (kept, is_over) = match &mut self.place {
            Place::Sized { left } => {
                let kept = usize::try_from(*left).map_or(read.len(), |left| left.min(read.len()));
                *left -= kept as u64;
                (kept, *left == 0)
            }
            Place::Chunked(chunks) => {
                let Ok(taken) = chunks.take(read) else {
                    self.place = Place::Refused;
                    return Err(io::Error::new(io::ErrorKind::InvalidData, Refusal::Chunk.code()));
                };
                taken
            }
            Place::Head | Place::Refused => return Ok(()),
        };
        if kept < read.len() {
            let mut surplus = BytesMut::from(&read[kept..]);
            surplus.extend_from_slice(&self.raw);
            self.raw = surplus;
            buf.set_filled(before + kept);
        }
        if is_over {
            self.place = Place::Head;
        }
        Ok(())
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Inlet<I> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let inlet = self.get_mut();
        loop {
            if !inlet.judged.is_empty() {
                let length = inlet.judged.len().min(buf.remaining());
                buf.put_slice(&inlet.judged[..length]);
                inlet.judged.advance(length);
                return Poll::Ready(Ok(()));
            }
            match inlet.place {
                // Until the answer is written and hyper closes; an end of file here would make it give up the answer.
                Place::Refused => return Poll::Pending,
                Place::Sized { .. } | Place::Chunked(_) => {
                    let before = buf.filled().len();
                    ready!(inlet.poll_body(cx, buf))?;
                    return Poll::Ready(inlet.count_body(before, buf));
                }
                Place::Head if !inlet.raw.is_empty() && !inlet.timed => {
                    // A pipelined head, or the beginning of one, came with the end of the last body.
                    inlet.start_timer(inlet.limits.header_read);
                    inlet.judge_head(0);
                }
                Place::Head => {
                    let is_end = ready!(inlet.poll_head(cx, buf))?;
                    if is_end {
                        // Half a head is hyper's to complain about; it will not find a whole one in it.
                        inlet.judged = inlet.raw.split().freeze();
                        if inlet.judged.is_empty() {
                            return Poll::Ready(Ok(()));
                        }
                    }
                }
            }
        }
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Inlet<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    /// Closing a socket that has unread bytes resets it, and the reset can overtake the answer. So a peer that was refused
    /// in the middle of sending is first told that we are done, and what it still sends is read away for a moment.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let inlet = self.get_mut();
        ready!(Pin::new(&mut inlet.io).poll_shutdown(cx))?;
        if matches!(inlet.place, Place::Head) && inlet.raw.is_empty() {
            return Poll::Ready(Ok(()));
        }
        if !inlet.lingers {
            inlet.lingers = true;
            inlet.timer.as_mut().reset(Instant::now() + inlet.limits.linger);
        }
        let mut scratch = [0; 4_096];
        while inlet.timer.as_mut().poll(cx).is_pending() {
            let mut away = ReadBuf::new(&mut scratch);
            ready!(Pin::new(&mut inlet.io).poll_read(cx, &mut away))?;
            if away.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}
