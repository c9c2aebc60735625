//! One keep-alive connection: a request out, an answer in, its body dropped unread where that can be.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use rustix::net::{RecvFlags, SendFlags, recv, send};
use rustls::{ClientConfig, ClientConnection, pki_types::ServerName};

use super::answer::Head;

/// A server that says nothing for so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// As much of an answer as is copied to find its head; what exceeds it is dropped in the kernel.
pub(crate) const HEAD_CHUNK: usize = 8 * 1024;

pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    tls: Option<Box<ClientConnection>>,
    head: Vec<u8>,
    answer: Option<Head>,
    /// Bytes of the body still to come.
    rest: usize,
    pub(crate) sent_at: Instant,
}

impl Connection {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    pub(crate) fn open(address: SocketAddr, tls: Option<&Arc<ClientConfig>>) -> Result<Self> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let tls = match tls {
            None => None,
            Some(config) => {
                let name = ServerName::IpAddress(address.ip().into());
                let mut client = Box::new(ClientConnection::new(config.clone(), name)?);
                while client.is_handshaking() {
                    client.complete_io(&mut stream).context("shake hands")?;
                }
                Some(client)
            }
        };
        stream.set_nonblocking(true)?;
        Ok(Self { stream, tls, head: Vec::new(), answer: None, rest: 0, sent_at: Instant::now() })
    }

    /// Requests are far smaller than a socket's buffer, and one is sent when the one before was answered.
    pub(crate) fn send(&mut self, request: &[u8], now: Instant) -> Result<()> {
        self.sent_at = now;
        match &mut self.tls {
            None => ensure!(send(&self.stream, request, SendFlags::NOSIGNAL)? == request.len(), "half a request"),
            Some(tls) => {
                tls.writer().write_all(request)?;
                while tls.wants_write() {
                    tls.write_tls(&mut self.stream)?;
                }
            }
        }
        Ok(())
    }

    /// Takes what has come; an answer when it is whole.
    pub(crate) fn receive(&mut self, scratch: &mut [u8]) -> Result<Option<Head>> {
        if self.tls.is_some() { self.receive_tls(scratch) } else { self.receive_plain(scratch) }
    }

    fn receive_plain(&mut self, scratch: &mut [u8]) -> Result<Option<Head>> {
        loop {
            let (most, flags) = match self.answer {
                None => (HEAD_CHUNK, RecvFlags::empty()),
                Some(_) => (self.rest, RecvFlags::TRUNC),
            };
            let most = most.min(scratch.len());
            let received = match recv(&self.stream, &mut scratch[..most], flags) {
                Ok((_, received)) => received,
                Err(rustix::io::Errno::AGAIN) => return Ok(None),
                Err(error) => return Err(error).context("receive"),
            };
            ensure!(received > 0, "the server closed the connection");
            if let Some(whole) = self.take(&scratch[..received.min(most)])? {
                return Ok(Some(whole));
            }
        }
    }

    fn receive_tls(&mut self, scratch: &mut [u8]) -> Result<Option<Head>> {
        loop {
            let tls = self.tls.as_mut().context("a TLS connection")?;
            match tls.read_tls(&mut self.stream) {
                Ok(read) => ensure!(read > 0, "the server closed the connection"),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(error).context("receive"),
            }
            tls.process_new_packets()?;
            loop {
                let tls = self.tls.as_mut().context("a TLS connection")?;
                let received = match tls.reader().read(scratch) {
                    Ok(received) => received,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error).context("receive"),
                };
                if let Some(whole) = self.take(&scratch[..received])? {
                    return Ok(Some(whole));
                }
            }
        }
    }

    /// Counts what was received, and says when that was the end of an answer.
    fn take(&mut self, received: &[u8]) -> Result<Option<Head>> {
        let body = if self.answer.is_some() {
            received.len()
        } else {
            self.head.extend_from_slice(received);
            let Some(head) = Head::parse(&self.head)? else { return Ok(None) };
            (self.answer, self.rest) = (Some(head), head.body_bytes);
            let body = self.head.len() - head.bytes;
            self.head.clear();
            body
        };
        self.rest = self.rest.checked_sub(body).context("more bytes than the answer said")?;
        Ok(if self.rest == 0 { self.answer.take() } else { None })
    }
}
