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
        shortcut::Shortcut,
        tail::{self, Tail},
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
        Some(Given { answer, tail: tail::tail(now)?, is_head: plain.is_head })
    }

    /// Writes all of it, or as much as may be given: the rest of a body is judged anew before each slice.
    pub(super) async fn give(&self, io: &mut (impl AsyncWrite + Unpin), given: &Given<X::Answer>) -> io::Result<()> {
        let Given { answer, tail, is_head } = given;
        let slice = |index| if *is_head { None } else { self.shortcut.slice(answer, index) };
        write_all(io, [self.shortcut.head(answer), tail, slice(0).unwrap_or_default()]).await?;
        let mut index = 1;
        while let Some(slice) = slice(index) {
            if !self.shortcut.stands(answer, self.clock.now()) {
                // The peer cannot take a cut body for a whole one: it was told the length.
                return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "what was permitted was taken back"));
            }
            io.write_all(slice).await?;
            index += 1;
        }
        io.flush().await
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
