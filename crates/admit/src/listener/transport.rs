//! One connection's bytes, in clear or in TLS, and which HTTP is spoken on it.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::stall::Stall;

/// What an HTTP/2 client says first (RFC 9113 §3.4). As an HTTP/1 request line it is none we would answer.
const H2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    Http1,
    Http2,
}

#[derive(Debug)]
enum Wire {
    Clear(Stall<TcpStream>),
    Tls(Box<TlsStream<Stall<TcpStream>>>),
}

#[derive(Debug)]
pub(super) struct Transport {
    wire: Wire,
    /// What was read to find out who speaks.
    heard: Bytes,
}

impl Transport {
    /// The bare connection, where bytes go out as they are.
    pub(super) fn in_clear(&mut self) -> Option<&mut Stall<TcpStream>> {
        match &mut self.wire {
            Wire::Clear(stream) => Some(stream),
            Wire::Tls(_) => None,
        }
    }
}

/// Within `patience` a peer must have finished its handshake or said enough to tell one HTTP from the other.
pub(super) async fn open(
    stream: TcpStream,
    tls: Option<&TlsAcceptor>,
    write_stall: Duration,
    patience: Duration,
) -> io::Result<(Transport, Speech)> {
    // A refusal or a playlist is one small write; it must not wait for an acknowledgement of the one before.
    stream.set_nodelay(true)?;
    let stream = Stall::new(stream, write_stall);
    let opened = async {
        let Some(tls) = tls else { return hear(stream).await };
        let stream = tls.accept(stream).await?;
        let speech = if stream.get_ref().1.alpn_protocol() == Some(b"h2") { Speech::Http2 } else { Speech::Http1 };
        Ok((Transport { wire: Wire::Tls(Box::new(stream)), heard: Bytes::new() }, speech))
    };
    tokio::time::timeout(patience, opened).await?
}

async fn hear(mut stream: Stall<TcpStream>) -> io::Result<(Transport, Speech)> {
    let mut heard = BytesMut::with_capacity(H2_PREFACE.len());
    let speech = loop {
        if heard.as_ref() == H2_PREFACE {
            break Speech::Http2;
        }
        if !H2_PREFACE.starts_with(&heard) {
            break Speech::Http1;
        }
        let missing = (H2_PREFACE.len() - heard.len()) as u64;
        if (&mut stream).take(missing).read_buf(&mut heard).await? == 0 {
            break Speech::Http1;
        }
    };
    Ok((Transport { wire: Wire::Clear(stream), heard: heard.freeze() }, speech))
}

/// Runs one method on whichever stream there is.
macro_rules! on_wire {
    ($transport:expr, $stream:ident => $call:expr) => {
        match &mut $transport.get_mut().wire {
            Wire::Clear($stream) => $call,
            Wire::Tls($stream) => $call,
        }
    };
}

impl AsyncRead for Transport {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.heard.is_empty() {
            return on_wire!(self, stream => Pin::new(stream).poll_read(cx, buf));
        }
        let length = self.heard.len().min(buf.remaining());
        buf.put_slice(&self.heard[..length]);
        self.heard.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Transport {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        on_wire!(self, stream => Pin::new(stream).poll_write(cx, buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        on_wire!(self, stream => Pin::new(stream).poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.wire {
            Wire::Clear(stream) => stream.is_write_vectored(),
            Wire::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        on_wire!(self, stream => Pin::new(stream).poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        on_wire!(self, stream => Pin::new(stream).poll_shutdown(cx))
    }
}
