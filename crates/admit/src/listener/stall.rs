//! Ends a connection whose peer stops taking what it asked for. It sits under TLS, where progress can be seen byte by byte.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use rustix::fd::{AsFd as _, BorrowedFd};
use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep},
};

#[derive(Debug)]
pub(super) struct Stall<I> {
    io: I,
    limit: Duration,
    /// Made at the first write that has to wait, and then used again.
    timer: Option<Pin<Box<Sleep>>>,
    waiting: bool,
}

impl<I> Stall<I> {
    pub(super) fn new(io: I, limit: Duration) -> Self {
        Self { io, limit, timer: None, waiting: false }
    }

    fn judge<T>(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if wrote.is_ready() {
            self.waiting = false;
            return wrote;
        }
        let limit = self.limit;
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        if !self.waiting {
            self.waiting = true;
            timer.as_mut().reset(Instant::now() + limit);
        }
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer takes no bytes")))
    }
}

impl Stall<TcpStream> {
    /// Holds back what does not fill a packet, or lets it go. The system hands files over in pieces that are a little larger
    /// than its largest packets, and would otherwise send the little rest of each by itself.
    pub(super) fn cork(&self, on: bool) -> io::Result<()> {
        Ok(rustix::net::sockopt::set_tcp_cork(&self.io, on)?)
    }

    /// Makes a system call that hands bytes to the peer, as soon as there is room for some of them.
    pub(super) fn poll_call(
        &mut self,
        cx: &mut Context<'_>,
        mut call: impl FnMut(BorrowedFd<'_>) -> rustix::io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        let wrote = loop {
            match self.io.poll_write_ready(cx) {
                Poll::Pending => break Poll::Pending,
                Poll::Ready(Err(error)) => break Poll::Ready(Err(error)),
                Poll::Ready(Ok(())) => {}
            }
            match self.io.try_io(Interest::WRITABLE, || Ok(call(self.io.as_fd())?)) {
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
                called => break Poll::Ready(called),
            }
        };
        self.judge(cx, wrote)
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Stall<I> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Stall<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.io).poll_write(cx, buf);
        self.judge(cx, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.judge(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const LIMIT: Duration = Duration::from_millis(40);

    #[tokio::test]
    async fn a_peer_that_takes_nothing_is_given_up() {
        let (ours, _theirs) = tokio::io::duplex(8);
        let error = Stall::new(ours, LIMIT).write_all(&[0; 64]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_slow_peer_is_served_for_as_long_as_it_takes_something() {
        let (ours, mut theirs) = tokio::io::duplex(8);
        let reader = async {
            for _ in 0..8 {
                // sleep: a peer that is slow, and within the limit
                tokio::time::sleep(LIMIT / 2).await;
                theirs.read_exact(&mut [0; 8]).await.unwrap();
            }
        };
        let mut stall = Stall::new(ours, LIMIT);
        let (wrote, ()) = tokio::join!(stall.write_all(&[0; 64]), reader);
        wrote.unwrap();
    }
}
