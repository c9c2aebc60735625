//! Reads HTTP/1 strictly before hyper does. hyper is lenient where nothing stands in front of it: it takes bare line feeds,
//! drops a Content-Length beside a Transfer-Encoding, and folds two equal ones. Behind a proxy each of these is a second
//! reading of the same bytes, so heads are judged here, one at a time, and bodies are counted to know where the next begins.
//!
//! A refused head is replaced by a request that only names the refusal. It passes through hyper like any other, so the
//! answer comes in its turn, with a request id, and ends the connection.
//!
//! A plain request for media whose answer is at hand never gets as far as hyper: it is answered here. hyper is given one
//! request at a time, and none while an answer is under way, so answers keep the order of their requests.

mod chunked;
mod counter;
mod head;
mod plain;

use std::{
    cell::Cell,
    future::poll_fn,
    io::{self, IoSlice},
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf as _, Bytes, BytesMut};
use http::Method;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

pub(super) use self::counter::Counter;
use self::{chunked::Chunks, head::Framing};
use super::{
    limits::{Limits, MAX_HEADER_BYTES},
    pulse::Pulse,
    refusal::Refusal,
    shortcut::Shortcut,
    transport::Transport,
};

/// Read at once while a head is awaited: one or two of a browser's.
const READ_BYTES: usize = 2 * 1_024;

thread_local! {
    /// The buffer of whoever stopped reading last, for whoever reads next: for most requests none is made.
    static SPARE: Cell<BytesMut> = Cell::default();
}

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

/// What hyper owes its peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Debt {
    Nothing,
    /// The answer to a request that it was given when so many had begun.
    Since(usize),
}

#[derive(Debug)]
pub(super) struct Inlet {
    io: Transport,
    place: Place,
    /// Read, and not yet judged.
    raw: BytesMut,
    /// Judged, and not yet taken by hyper.
    judged: Bytes,
    /// Runs while a head is awaited or read, and while a refused peer is heard out. It may ring too early: the deadline
    /// moves with every answer, and to move the timer each time would cost more than an alarm for nothing now and then.
    timer: Pin<Box<Sleep>>,
    deadline: Instant,
    lingers: bool,
    limits: Limits,
    debt: Debt,
    pulse: Pulse,
}

/// What came of waiting for more of a head.
enum More {
    Bytes,
    /// The peer has said its last, or we have.
    End,
    Late,
}

impl Inlet {
    pub(super) fn new(io: Transport, limits: Limits, pulse: Pulse) -> Self {
        let deadline = Instant::now() + limits.header_read;
        Self {
            io,
            place: Place::Head,
            raw: BytesMut::new(),
            judged: Bytes::new(),
            timer: Box::pin(tokio::time::sleep_until(deadline)),
            deadline,
            lingers: false,
            limits,
            debt: Debt::Nothing,
            pulse,
        }
    }

    /// Answers what is at hand until there is a head for hyper to answer: true. False is the end of the connection.
    pub(super) async fn next<X: Shortcut>(
        &mut self,
        counter: &Counter<'_, X>,
        mut stopped: Pin<&mut impl Future<Output = ()>>,
    ) -> io::Result<bool> {
        let mut searched_bytes = 0;
        loop {
            if !self.raw.is_empty()
                && let Some(plain) = plain::read(&self.raw)
                && let Some(answer) = counter.answer(&plain)
            {
                let taken = plain.bytes;
                counter.give(&mut self.io, &answer).await?;
                self.raw.advance(taken);
                searched_bytes = 0;
                self.await_head();
                continue;
            }
            if self.judge_head(searched_bytes) {
                return Ok(true);
            }
            searched_bytes = self.raw.len();
            match self.read_more(stopped.as_mut()).await? {
                More::Bytes if searched_bytes == 0 => self.hasten(self.limits.header_read),
                More::Bytes => {}
                More::Late if !self.raw.is_empty() => {
                    self.refuse(Refusal::HeadTimeout);
                    return Ok(true);
                }
                // Half a head asks for nothing.
                More::End | More::Late => return Ok(false),
            }
        }
    }

    /// An answer is given: the peer has so long to ask again.
    pub(super) fn await_head(&mut self) {
        self.deadline = Instant::now() + self.limits.keep_alive_idle;
        if !self.raw.is_empty() {
            self.hasten(self.limits.header_read);
        }
    }

    fn hasten(&mut self, wait: Duration) {
        self.deadline = self.deadline.min(Instant::now() + wait);
    }

    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.deadline < self.timer.deadline() {
            self.timer.as_mut().reset(self.deadline);
        }
        loop {
            ready!(self.timer.as_mut().poll(cx));
            if self.deadline <= Instant::now() {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(self.deadline);
        }
    }

    async fn read_more(&mut self, mut stopped: Pin<&mut impl Future<Output = ()>>) -> io::Result<More> {
        poll_fn(|cx| {
            if let Poll::Ready(read) = self.poll_raw(cx) {
                return Poll::Ready(read.map(|bytes| if bytes == 0 { More::End } else { More::Bytes }));
            }
            if self.raw.is_empty() {
                // Ten thousand viewers who pause hold no buffers.
                SPARE.set(std::mem::take(&mut self.raw));
            }
            if stopped.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(More::End));
            }
            self.poll_deadline(cx).map(|()| Ok(More::Late))
        })
        .await
    }

    fn poll_raw(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.raw.capacity() == 0 {
            self.raw = SPARE.take();
        }
        self.raw.reserve(READ_BYTES);
        pin!(self.io.read_buf(&mut self.raw)).poll(cx)
    }

    /// Judges the head that `raw` begins with, if it is whole, and says whether there is one for hyper.
    fn judge_head(&mut self, searched_bytes: usize) -> bool {
        let end = match head::end(&self.raw, searched_bytes) {
            Some(end) if end <= MAX_HEADER_BYTES => end,
            None if self.raw.len() <= MAX_HEADER_BYTES => return false,
            _ => {
                self.refuse(head::overlong(&self.raw));
                return true;
            }
        };
        let head = self.raw.split_to(end).freeze();
        match head::judge(&head) {
            Ok(framing) => {
                self.place = match framing {
                    Framing::Nothing => Place::Head,
                    Framing::Sized(left) => Place::Sized { left },
                    Framing::Chunked => Place::Chunked(Chunks::default()),
                };
                self.give_to_hyper(head);
            }
            Err(refusal) => self.refuse(refusal),
        }
        true
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.place = Place::Refused;
        let head = format!("{REFUSED}{} / HTTP/1.1\r\nhost: refused\r\n\r\n", refusal.code());
        self.give_to_hyper(Bytes::from(head));
    }

    fn give_to_hyper(&mut self, head: Bytes) {
        self.judged = head;
        self.debt = Debt::Since(self.pulse.begun());
        self.pulse.set_rests(false);
    }

    /// hyper has all of the request. While it owes an answer, it is told when the peer leaves, and nothing else.
    fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.debt == Debt::Nothing || !self.raw.is_empty() {
            return Poll::Pending;
        }
        match ready!(self.poll_raw(cx))? {
            0 => Poll::Ready(Ok(())),
            _ => Poll::Pending,
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

impl AsyncRead for Inlet {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let inlet = self.get_mut();
        if !inlet.judged.is_empty() {
            let length = inlet.judged.len().min(buf.remaining());
            buf.put_slice(&inlet.judged[..length]);
            inlet.judged.advance(length);
            return Poll::Ready(Ok(()));
        }
        match inlet.place {
            // Until the answer is written and hyper closes; an end of file here would make it give up the answer.
            Place::Refused => Poll::Pending,
            Place::Sized { .. } | Place::Chunked(_) => {
                let before = buf.filled().len();
                ready!(inlet.poll_body(cx, buf))?;
                Poll::Ready(inlet.count_body(before, buf))
            }
            Place::Head => inlet.poll_rest(cx),
        }
    }
}

impl AsyncWrite for Inlet {
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

    /// hyper flushes us when it has handed over all that it had to write.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_flush(cx))?;
        if let Debt::Since(begun) = self.debt
            && self.pulse.has_answered_since(begun)
        {
            self.debt = Debt::Nothing;
            self.pulse.set_rests(matches!(self.place, Place::Head) && self.judged.is_empty());
        }
        Poll::Ready(Ok(()))
    }

    /// Closing a socket that has unread bytes resets it, and the reset can overtake the answer. So a peer that was refused
    /// in the middle of sending is first told that we are done, and what it still sends is read away for a moment.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let inlet = self.get_mut();
        inlet.pulse.set_rests(false);
        ready!(Pin::new(&mut inlet.io).poll_shutdown(cx))?;
        if matches!(inlet.place, Place::Head) && inlet.raw.is_empty() {
            return Poll::Ready(Ok(()));
        }
        if !inlet.lingers {
            inlet.lingers = true;
            inlet.deadline = Instant::now() + inlet.limits.linger;
        }
        let mut scratch = [0; 4_096];
        while inlet.poll_deadline(cx).is_pending() {
            let mut away = ReadBuf::new(&mut scratch);
            ready!(Pin::new(&mut inlet.io).poll_read(cx, &mut away))?;
            if away.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}
