//! Over the counter: a plain request is answered from what is at hand, with one write where the peer takes it at once.

use std::{
    future::poll_fn,
    io::{self, IoSlice},
    net::IpAddr,
    pin::Pin,
    task::{Poll, ready},
};

use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{
    super::{
        sendfile,
        shortcut::{Lies, Shortcut},
        tail::{self, Tail},
        transport::Transport,
    },
    plain::Plain,
};
use crate::clock::Clock;

/// What the counter of one connection stands on.
#[derive(Debug)]
pub(crate) struct Counter<'a, X> {
    pub(crate) shortcut: &'a X,
    pub(crate) clock: &'a Clock,
    pub(crate) from: IpAddr,
}

/// What is to be written for one request.
pub(super) struct Given<A> {
    answer: A,
    tail: Tail,
    is_head: bool,
}

impl<X: Shortcut> Counter<'_, X> {
    pub(super) fn answer(&self, plain: &Plain<'_>) -> Option<Given<X::Answer>> {
        let now = self.clock.now();
        let answer = self.shortcut.at_hand(&plain.asked, self.from, now)?;
        let (request, tail) = tail::tail(now)?;
        self.shortcut.named(&answer, request, now);
        Some(Given { answer, tail, is_head: plain.asked.is_head })
    }

    /// Writes all of it, or as much as may be given: the rest of a body is judged anew before each slice.
    pub(super) async fn give(&self, io: &mut Transport, given: &Given<X::Answer>) -> io::Result<()> {
        let Given { answer, tail, is_head } = given;
        let head = self.shortcut.head(answer);
        match self.shortcut.body(answer) {
            _ if *is_head => write_all(io, [head, tail]).await?,
            Lies::InMemory(slices) => {
                let (first, rest) = slices.split_first().map_or((&[][..], slices), |(first, rest)| (first, rest));
                write_all(io, [head, tail, first]).await?;
                for slice in rest {
                    self.judge(answer)?;
                    io.write_all(slice).await?;
                }
            }
            Lies::InFile(file, range) => {
                // Who encrypts keeps nothing in files.
                let stream = io.in_clear().ok_or(io::ErrorKind::Unsupported)?;
                stream.cork(true)?;
                let lead = sendfile::lead(file, &range)?;
                write_all(stream, [head, tail, &lead]).await?;
                let start = range.start + lead.len() as u64;
                for slice in sendfile::slices(start..range.end) {
                    if slice.start > start {
                        self.judge(answer)?;
                    }
                    sendfile::send(stream, file, slice).await?;
                }
                stream.cork(false)?;
            }
        }
        io.flush().await
    }

    fn judge(&self, answer: &X::Answer) -> io::Result<()> {
        if self.shortcut.stands(answer, self.clock.now()) {
            return Ok(());
        }
        // The peer cannot take a cut body for a whole one: it was told the length.
        Err(io::Error::new(io::ErrorKind::ConnectionAborted, "what was permitted was taken back"))
    }
}

async fn write_all<const N: usize>(io: &mut (impl AsyncWrite + Unpin), mut parts: [&[u8]; N]) -> io::Result<()> {
    poll_fn(|cx| {
        while parts.iter().any(|part| !part.is_empty()) {
            let slices = parts.map(IoSlice::new);
            let mut wrote = ready!(Pin::new(&mut *io).poll_write_vectored(cx, &slices))?;
            if wrote == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            for part in &mut parts {
                let of_part = wrote.min(part.len());
                *part = &part[of_part..];
                wrote -= of_part;
            }
        }
        Poll::Ready(Ok(()))
    })
    .await
}
